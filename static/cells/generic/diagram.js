/** The plain picture of any cell: a box for each gate and one for each equation of its states. */
import { narrow } from "./narrow.js";
import { wide } from "./wide.js";

/** @typedef {import("../kind.js").CellKind} CellKind */

/** @type {CellKind["diagram"]} */
export const generic = { wide, narrow };

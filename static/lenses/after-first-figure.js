/**
 * The views that nobody sees at once. Their modules are fetched when the first figure is there, so
 * that it need not wait for them.
 */
import { mountCard } from "../bar/model-card.js";
import { mountHelp } from "../bar/help.js";
import { mountArithmetic } from "../inspector/opened-number.js";
import { mountCellWording } from "../ui/cell-wording.js";
import { mountFocus } from "../ui/focus.js";
import { mountPresent } from "../ui/present.js";
import { mountProse } from "../ui/timestep-prose.js";
import { mountSaveAllPanels } from "./take/all-panels-view.js";
import { mountCopyLink } from "./take/copy-link.js";
import { mountJsonAddress } from "./take/json-address.js";
import { mountSaveNumbers } from "./take/numbers-view.js";
import { mountSavePage } from "./take/save-page.js";
import { mountHeldGates } from "./whatif/held-gates.js";

/** @type {import("./views-of-lens.js").Mount[]} */
export const AFTER_FIRST_FIGURE = [
  ["#arithmetic", mountArithmetic],
  ["#help", mountHelp],
  ["#help", mountCellWording],
  ["#card", mountCard],
  ["#copy-link", mountCopyLink],
  ["#same-numbers", mountJsonAddress],
  ["#save", mountSavePage],
  ["#take-pictures", mountSaveAllPanels],
  ["#take-data", mountSaveNumbers],
  ["body", mountHeldGates],
  ["main", mountProse],
  ["body", mountFocus],
  ["body", mountPresent],
];

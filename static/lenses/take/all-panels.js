/**
 * Every panel of the cell at one timestep on one sheet: the cell and the unrolled sentence, and
 * under them each path through the cell by itself.
 */
import { plainText } from "../../words/sentence.js";
import { cellFigure } from "../../cells/diagram.js";
import { cellOf } from "../../cells/kinds.js";
import { pathCaption } from "../paths/words.js";
import { cellCaption } from "../cell/words.js";
import { unrolledCaption } from "../unrolled/words.js";
import { capital, nameAt } from "../../draw/text.js";
import { unrolledFigure } from "../unrolled/figure.js";
import { NAMES } from "../../cells/quantities.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Figure} Figure */
/** @typedef {import("../../core/types.js").Quantity} Quantity */
/** @typedef {{figure: Figure, title: string, caption: string}} SheetPanel */

const COLUMN = 600; // pixels
const GAP = 32; // as pictures have it

/** @param {Trace} trace @param {number} timestep */
export const allPanelsTitle = (trace, timestep) =>
  `${cellOf(trace).name} cell at timestep ${timestep} of ${trace.steps.length}, ` +
  nameAt(trace, timestep);

/**
 * @param {Trace} trace
 * @param {Omit<import("../../core/types.js").FigureOptions, "width">} options
 * @returns {SheetPanel[][]} rows of panels
 */
export function allPanelsRows(trace, options) {
  const { order } = cellOf(trace);
  const columns = order.length % 3 === 0 ? 3 : 2;
  const across = columns * COLUMN + (columns - 1) * GAP;
  // side by side where both have room enough
  const beside = columns === 3;
  const wide = { ...options, width: beside ? Math.floor((across - GAP) / 2) : across };
  const cursor = { timestep: options.timestep, unit: options.unit };
  const whole = [
    {
      figure: cellFigure(trace, { ...wide, focus: null }),
      title: "The cell",
      caption: plainText(cellCaption(trace, cursor)),
    },
    {
      figure: unrolledFigure(trace, wide),
      title: "The sentence, unrolled",
      caption: plainText(unrolledCaption(trace, cursor)),
    },
  ];
  const paths = order.map((quantity) => ({
    figure: cellFigure(trace, { ...options, width: COLUMN, focus: quantity, quiet: true }),
    title: capital(quantity === "cell_state" ? "cell update" : NAMES[quantity]),
    caption: plainText(pathCaption(trace, { ...cursor, quantity })),
  }));
  return [...inRows(whole, beside ? 2 : 1), ...inRows(paths, columns)];
}

/** @template T @param {T[]} items @param {number} columns @returns {T[][]} */
const inRows = (items, columns) =>
  Array.from({ length: Math.ceil(items.length / columns) }, (_, k) =>
    items.slice(k * columns, (k + 1) * columns),
  );

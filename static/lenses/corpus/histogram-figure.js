/** How often a unit has which value, over all words of a corpus. */
import { fixed } from "../../draw/format.js";
import { plainLayout } from "../../draw/word-columns.js";
import { nameOf } from "./words.js";

/** @typedef {import("./types.js").UnitPage} UnitPage */

const HEIGHT = 170;

/**
 * @param {UnitPage} page
 * @param {{theme: import("../../core/theme.js").Theme, width: number}} options
 * @returns {import("../../core/types.js").Figure}
 */
export function histogramFigure({ unit, quantity, histogram, count }, { theme, width }) {
  const { edges, counts } = histogram;
  const middles = counts.map((_, k) => (edges[k] + edges[k + 1]) / 2);
  const rows = counts.map((one, k) => [`${fixed(edges[k])} to ${fixed(edges[k + 1])}`, `${one}`]);
  const hue = theme.quantity[/** @type {import("../../core/types.js").Quantity} */ (quantity)];
  const axis = { color: theme.muted, gridcolor: theme.line, zeroline: false, fixedrange: true };
  const figure = {
    data: [
      {
        type: "bar",
        x: middles,
        y: counts,
        width: edges[1] - edges[0],
        marker: { color: hue ?? theme.ink, line: { color: theme.paper, width: 1 } },
        hovertext: rows.map(([range, one]) => `${range}: ${one} words`),
        hoverinfo: "text",
      },
    ],
    layout: {
      ...plainLayout(theme),
      width,
      height: HEIGHT,
      margin: { l: 52, r: 12, t: 10, b: 40 },
      xaxis: {
        ...axis,
        title: { text: nameOf(quantity), font: { size: 12 } },
        range: [edges[0], edges[edges.length - 1]],
      },
      yaxis: { ...axis, title: { text: "words", font: { size: 12 } } },
      meta: {
        label: `How often unit ${unit}\u2019s ${nameOf(quantity)} has which value, over ${count} words.`,
        table: { columns: [nameOf(quantity), "words"], rows },
      },
    },
  };
  return /** @type {import("../../core/types.js").Figure} */ (/** @type {unknown} */ (figure));
}

/** How the numbers of one unit look, worked through: values, weights, products, and what they open. */
import { LETTERS, gaugeOf, hoverText, limitOf, valueAt } from "../../cells/quantities.js";
import { cellOf, transformed } from "../../cells/kinds.js";
import { functionOf } from "../../core/activations.js";
import { overrideAt } from "../../core/overrides.js";
import { mix } from "../../draw/color.js";
import { faded } from "../../draw/faded.js";
import { compact, fixed, precise } from "../../draw/format.js";
import { block, frame, join, label } from "../../draw/primitives.js";
import { productOf, totalOf } from "./sums.js";

/** @typedef {import("../../core/types.js").Mark} Mark */
/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Part} Part */
/** @typedef {import("../../draw/primitives.js").Point} Point */
/** @typedef {import("./sums.js").Row} Row */
/** @typedef {import("./sums.js").Side} Side */
/** @typedef {import("../../arithmetic/arithmetic.js").Term} Term */
/** @typedef {import("../../core/types.js").FigureOptions & {height?: number, phase?: number | null,
 *   weights?: import("../../arithmetic/arithmetic.js").LayerWeights | null}} UnitOptions phase: from 0,
 *   what comes after it is faded */

const FADE = 0.84; // at padding, and of what is not computed yet
const SUMS = 4; // where the colours of a sum end: a gate is all but open or shut there
export const BOX = { width: 46, height: 24 };

/** @param {Trace} trace @param {UnitOptions} options @param {Row[]} rows */
export function unitParts(trace, { timestep, unit, theme, phase = null }, rows) {
  const padding = Boolean(trace.steps[timestep - 1].masked);
  const limit = Math.max(
    1,
    ...rows.flatMap(({ terms }) => Object.values(terms).flat().map(productOf)).map(Math.abs),
  );
  /** @param {string} color */
  const tint = (color) => (padding ? mix(color, theme.panel, FADE) : color);

  /**
   * @param {number} value
   * @param {Point} at its middle
   * @param {{mark: Mark, hover: string, scale: Mark["quantity"], limit: number, line?: string,
   *   width?: number, height?: number, selected?: boolean, pinned?: boolean}} look
   */
  function box(value, [x, y], look) {
    const { mark, hover, scale, line, width = BOX.width, height = BOX.height } = look;
    const gauge = gaugeOf(scale, value, look.limit, theme);
    const edge = tint(line ?? theme.quantity[scale]);
    const drawn = {
      text: compact(value),
      color: tint(theme.paper),
      gauge: { ...gauge, color: tint(gauge.color) },
      ink: padding ? theme.muted : theme.ink,
      hover,
      mark,
      selected: look.selected ?? false,
      pinned: look.pinned ?? false,
    };
    const rect = { x: x - width / 2, y: y - height / 2, width, height };
    return block(rect, [drawn], 1, {
      line: edge,
      hairline: edge,
      selection: theme.ink,
      size: width < 38 ? 11 : 12,
    });
  }

  return {
    tint,
    cell: cellOf(trace),

    /** What is there after a phase. @param {number} made from 0
     * @param {import("../../draw/primitives.js").Drawing} drawn */
    after: (made, drawn) =>
      phase === null || padding || made <= phase ? drawn : faded(drawn, theme.panel, FADE),

    /** A number of the trace, or what an equation takes of it. @param {Mark} mark @param {Point} at
     * @param {{width?: number, height?: number, selected?: boolean}} [look] */
    value(mark, at, look) {
      const { how, quantity } = mark;
      return box(transformed(how, valueAt(trace, mark)), at, {
        mark,
        hover: hoverText(trace, mark, how),
        scale: quantity,
        limit: how ? 1 : limitOf(trace, quantity),
        pinned: overrideAt(trace, mark) !== undefined,
        ...look,
      });
    },

    /** One product, with the weight in it above. @param {Row} row @param {Side} of
     * @param {Term} term @param {Point} at @param {{width?: number, weight?: number}} [look] weight: how
     *   far above it stands */
    product(row, of, term, [x, y], { width, weight = 17 } = {}) {
      const value = productOf(term);
      const by = term.factors[term.factors.length - 1];
      const written = term.factors.map(({ text }) => text).join(" \u00d7 ");
      const hover = `${term.label}: ${written} = <b>${term.text}</b>`;
      const one = term.factors.length === 1;
      const sign = (width ?? BOX.width) < 42 ? "" : "\u00d7";
      return join(
        box(value, [x, y], { ...summed(row, of, value), hover, width, height: 22 }),
        one
          ? null
          : label(x, y - weight, `${sign}${compact(by.value)}`, { color: theme.muted, size: 11 }),
      );
    },

    /** Several products together. @param {Row} row @param {Side} of @param {Term[]} terms
     * @param {Point} at @param {{width?: number}} [look] */
    together(row, of, terms, at, look) {
      const value = totalOf(terms);
      const hover = `${terms.length} products together: <b>${precise(value)}</b>`;
      return box(value, at, { ...summed(row, of, value), hover, height: 22, ...look });
    },

    /** A product of the update of a state. @param {number} value @param {Point} at
     * @param {{mark: Mark, hover: string}} what */
    made: (value, at, what) =>
      box(value, at, {
        ...what,
        scale: what.mark.quantity,
        limit: limitOf(trace, what.mark.quantity),
      }),

    /** What the activation is taken of. @param {Row} row @param {Point} at
     * @param {{width?: number}} [look] */
    sum({ gate, sum }, at, look) {
      if (sum === null) return null;
      return box(sum, at, {
        mark: { quantity: gate, timestep, unit },
        hover: `sum, before the activation<br><b>${precise(sum)}</b>`,
        scale: "cell_state",
        limit: Math.max(SUMS, Math.abs(sum)),
        line: theme.quantity[gate],
        ...look,
      });
    },

    /** The activation itself. @param {Row} row @param {Point} at */
    activation({ gate }, [x, y]) {
      const name = cellOf(trace).sums[gate]?.activation ?? "sigmoid";
      const { sign } = functionOf(name);
      const width = Math.max(34, 7 * sign.length + 11);
      const color = tint(theme.quantity[gate]);
      const rect = { x: x - width / 2, y: y - 12, width, height: 24 };
      return join(
        frame(rect, { fill: theme.paper, line: color, lineWidth: 1.8, radius: 12 }),
        label(x, y, sign, { color, size: sign.length > 4 ? 11 : 14, bold: true }),
      );
    },
  };

  /** @param {Row} row @param {Side} of @param {number} value
   * @returns {{mark: Mark, scale: Mark["quantity"], limit: number, line: string}} */
  function summed({ gate }, of, value) {
    /** @type {Part} */
    const part = { of, written: fixed(value, 3) };
    const mark = { quantity: gate, timestep, unit, part };
    return {
      mark,
      scale: "hidden_state",
      limit,
      line: mix(theme.quantity[gate], theme.panel, 0.4),
    };
  }
}

/** @typedef {ReturnType<typeof unitParts>} UnitParts */

/** What a gate's sum is of, in letters. @param {import("../../cells/kind.js").CellKind} cell
 * @param {import("../../cells/kind.js").Block} gate */
export function lettersIn(cell, gate) {
  const { reset, peephole } = cell.sums[gate] ?? {};
  const met = reset ? LETTERS[reset.gate] : "";
  if (!reset) return `<i>xW + hU + b${peephole ? " + pc" : ""}</i>`;
  return `<i>xW+${reset.after ? `${met}\u2299hU` : `(${met}\u2299h)U`}+b</i>`;
}

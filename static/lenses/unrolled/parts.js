/** What both layouts of the unrolled sentence are made of. */
import { cellOf } from "../../cells/kinds.js";
import { mix, readable } from "../../draw/color.js";
import { block, drawing, frame, join, label, touch } from "../../draw/primitives.js";
import { compact } from "../../draw/format.js";
import { functionOf } from "../../core/activations.js";
import { overrideAt } from "../../core/overrides.js";
import { word } from "../../draw/text.js";
import {
  LETTERS,
  hoverText,
  limitOf,
  countOf,
  shownOf,
  valueColor,
  vector,
  windowAround,
} from "../../cells/quantities.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Mark} Mark */
/** @typedef {import("../../core/types.js").FigureOptions} FigureOptions */
/** @typedef {import("../../draw/primitives.js").Point} Point */
/** @typedef {import("../../cells/kind.js").StateName} StateName */

/** Up to so many units stand in a cell as numbers, more as stripes. */
const NUMBERED = 4;
const STRIPES = 64;
const FADE = 0.72;

/** The parts of the cells; words after the cursor are not read yet, and faded.
 * @param {Trace} trace @param {FigureOptions} options */
export function unrolledParts(trace, { timestep, unit, theme }) {
  const numbered = trace.layer.units <= NUMBERED;
  const units = windowAround(trace.layer.units, unit, numbered ? NUMBERED : STRIPES);
  const backwards = trace.layer.go_backwards ?? false;
  const isRead = (/** @type {number} */ when) =>
    when === 0 ||
    ((backwards ? when >= timestep : when <= timestep) && !trace.steps[when - 1].masked);
  const tint = (/** @type {number} */ when, /** @type {string} */ color) =>
    isRead(when) ? color : mix(color, theme.panel, FADE);

  /** @param {Mark} at @param {string | null} [text] */
  function value(at, text = null) {
    const count = countOf(trace.layer, at.quantity);
    const mark = at.quantity === "input" ? at : { ...at, unit: Math.min(at.unit, count - 1) };
    const number = vector(trace, mark.quantity, mark.timestep)[mark.unit];
    const fill = valueColor(mark.quantity, number, limitOf(trace, mark.quantity), theme);
    return {
      text: text ?? compact(number),
      color: tint(mark.timestep, fill),
      ink: isRead(mark.timestep) ? readable(fill, theme) : mix(theme.ink, theme.panel, 0.45),
      hover: hoverText(trace, mark),
      mark,
      selected: false,
      pinned: overrideAt(trace, mark) !== undefined,
    };
  }

  /** @param {Mark["quantity"]} quantity @param {number} when */
  const style = (quantity, when) => {
    const line = tint(when, theme.quantity[quantity]);
    const hairline = mix(line, theme.panel, 0.6);
    return { line, hairline, selection: tint(when, theme.ink), size: 11 };
  };

  /** @param {StateName} quantity @param {number} when @param {Point} center @param {number} room */
  function numbers(quantity, when, [x, y], room) {
    const shown = shownOf(trace, quantity, units, unit);
    const width = Math.min(42, room / shown.length) * shown.length;
    const values = shown.map((k) => ({
      ...value({ quantity, timestep: when, unit: k }),
      selected: k === unit,
    }));
    const rect = { x: x - width / 2, y: y - 12, width, height: 24 };
    return block(rect, values, values.length, style(quantity, when));
  }

  /** @param {StateName} quantity @param {number} when @param {Point} center @param {number} room */
  function stripes(quantity, when, [x, y], room) {
    const rect = { x: x - room / 2, y: y - 12, width: room, height: 24 };
    const all = vector(trace, quantity, when);
    const limit = limitOf(trace, quantity);
    const shown = shownOf(trace, quantity, units, unit);
    const one = room / shown.length;
    const at = Math.max(0, shown.indexOf(unit));
    const middle = rect.x + (at + 0.5) * one;
    const slot = Math.max(one, 5);
    const mark = { quantity, timestep: when, unit: shown[at] };
    const shares = shown.map((k) => (all[k] / limit + 1) / 2);
    const { line, selection } = style(quantity, when);
    return join(
      drawing({
        stripes: [{ ...rect, shares, scale: theme.signed, faded: !isRead(when) }],
        hits: [{ x, y, text: hoverText(trace, mark), mark }],
      }),
      frame(rect, { line, lineWidth: 1.4, radius: 3, layer: "above" }),
      frame(
        { x: middle - slot / 2, y: rect.y - 2, width: slot, height: 28 },
        { line: selection, lineWidth: 1.6, radius: 2, layer: "above" },
      ),
    );
  }

  const cell = cellOf(trace);

  return {
    numbered,
    units,
    backwards,
    states: cell.states,
    isRead,
    tint,
    value,
    style,

    /** A state's vector. @param {StateName} quantity @param {number} when @param {Point} center
     * @param {number} room its width at most */
    state: (quantity, when, center, room) =>
      (numbered ? numbers : stripes)(quantity, when, center, room),

    /** The gates of the unit under the cursor: numbers under their letters where there is room,
     * else letters on the value's colour. A cell without gates says what it does instead.
     * @param {number} when @param {Point} center @param {number} room */
    gates(when, [x, y], room) {
      const count = cell.gates.length;
      const { sign } = functionOf(cell.squash);
      if (count === 0) return label(x, y, sign, { color: theme.muted, size: 13 });
      const roomy = room >= 44 * count;
      const width = roomy ? Math.min(46, room / count - 4) : Math.min(30, room / count - 3);
      const pitch = width + (roomy ? 4 : 3);
      return join(
        ...cell.gates.map(({ quantity }, k) => {
          const at = x + (k - (count - 1) / 2) * pitch;
          const mark = { quantity, timestep: when, unit };
          const letter = `<i>${LETTERS[quantity]}</i>`;
          const { line } = style(quantity, when);
          const rect = { x: at - width / 2, y: y - 11, width, height: 22 };
          return join(
            block(rect, [value(mark, roomy ? null : letter)], 1, {
              line: null,
              hairline: line,
              selection: line,
              size: roomy ? 11 : 13,
            }),
            roomy ? label(at, y - 21, letter, { color: line, size: 14 }) : null,
          );
        }),
      );
    },

    /** @param {number} when */
    ink: (when) => ({ color: isRead(when) ? theme.ink : theme.muted, bold: when === timestep }),

    /** What the model would say had the sentence ended here.
     * @param {number} when @param {number} room */
    prediction(when, room) {
      const row = trace.prediction?.by_timestep?.[when - 1];
      if (!row || !trace.prediction) return null;
      const best = row.indexOf(Math.max(...row));
      const text = word(trace.prediction.labels[best], room, 13);
      const share = `${Math.round(row[best] * 100)}%`;
      const mark = { quantity: /** @type {const} */ ("answer"), timestep: when, unit: best };
      /** @param {[number, number][]} points where it opens */
      const opens = (points) =>
        touch(points.map(([x, y]) => ({ x, y, text: `${text}: <b>${share}</b>`, mark })));
      return { text, share, opens };
    },
  };
}

/** @typedef {ReturnType<typeof unrolledParts>} UnrolledParts */

/** The unrolled sentence from left to right, as many cells around the cursor as there is room for. */
import { cellOf } from "../../cells/kinds.js";
import { block, frame, join, label, wire } from "../../draw/primitives.js";
import { stepName, word } from "../../draw/text.js";
import { drawStack, placeRows, rowName } from "./stacked-layers.js";
import { symbol, windowAround } from "../../cells/quantities.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").FigureOptions & {height?: number}} FigureOptions */
/** @typedef {import("./parts.js").UnrolledParts} UnrolledParts */

const SIDE = 62;
const GAP = 26;
const NAMES = 116; // of other layers

/** What stands where under the top of a cell: of one with two states, with one and gates, and with a
 * state alone. */
const TWO_STATES = { cell_state: 32, hidden_state: 138, gates: 88, height: 170 };
const ONE_STATE = { cell_state: 0, hidden_state: 32, gates: 88, height: 116 };
const NO_GATES = { cell_state: 0, hidden_state: 28, gates: 72, height: 94 };

const AROUND = 120; // pixels that a word and the key beneath it take
const TALLEST = 2; // times as high as it need be

/** What stands where in a cell that has room to spare. @param {typeof TWO_STATES} rows
 * @param {number} spare pixels */
function stretched(rows, spare) {
  const by = Math.min(TALLEST, 1 + Math.max(0, spare) / rows.height);
  const { cell_state: cell, hidden_state: hidden, gates, height } = rows;
  return {
    cell_state: cell * by,
    hidden_state: hidden * by,
    gates: gates * by,
    height: height * by,
  };
}

/** @param {Trace} trace @param {FigureOptions} options @param {UnrolledParts} parts
 * @param {import("./stacked-layers.js").Stack | null} stack */
export function unrolledLandscape(trace, { timestep, width, height }, { numbered, units }, stack) {
  const least = numbered ? Math.max(118, units.length * 36 + 34) : 108;
  const indent = stack ? NAMES - SIDE + 8 : 0;
  const inner = width - indent - 2 * SIDE;
  const room = Math.min(8, Math.max(1, Math.floor(inner / least)));
  const shown = windowAround(trace.steps.length, timestep - 1, room).map((k) => k + 1);
  const pitch = Math.min(270, inner / shown.length);
  const { states, gates } = cellOf(trace);
  const usual = states.length > 1 ? TWO_STATES : gates.length > 0 ? ONE_STATE : NO_GATES;
  const head = trace.prediction?.by_timestep ? 68 : 34;
  const rows = stretched(usual, stack || !height ? 0 : height - head - usual.height - AROUND);
  const placed = stack && placeRows(stack, trace.layer.name, head, rows.height);
  const top = placed?.chosen.y ?? head;
  const foot = placed?.bottom ?? top + rows.height;
  return {
    shown,
    pitch,
    left: (width + indent - pitch * shown.length) / 2,
    cellWidth: pitch - GAP,
    names: NAMES,
    placed,
    head,
    foot,
    top,
    stateY: { cell_state: top + rows.cell_state, hidden_state: top + rows.hidden_state },
    gatesY: top + rows.gates,
    bottom: top + rows.height,
    wordY: foot + 36,
    height: foot + 62,
  };
}

/** @typedef {ReturnType<typeof unrolledLandscape>} Plan */

/** @param {Plan} plan @param {number} timestep */
const centre = ({ left, pitch, shown }, timestep) => left + (timestep - shown[0] + 0.5) * pitch;

/** @param {Trace} trace @param {FigureOptions} options @param {UnrolledParts} parts
 * @param {Plan} plan @param {number} when */
function cell(trace, { theme, timestep }, parts, plan, when) {
  const x = centre(plan, when);
  const current = when === timestep;
  const { cellWidth, head, foot, top, bottom, wordY } = plan;
  const rect = { x: x - cellWidth / 2, y: top, width: cellWidth, height: bottom - top };
  const line = current ? theme.ink : theme.line;
  const answer = parts.prediction(when, plan.pitch - 10);
  return join(
    frame(rect, { fill: theme.panel, line, lineWidth: current ? 2.6 : 1, radius: 12 }),
    ...parts.states.map((quantity) =>
      parts.state(quantity, when, [x, plan.stateY[quantity]], cellWidth - 12),
    ),
    parts.gates(when, [x, plan.gatesY], cellWidth - 12),
    wire(
      [
        [x, wordY - 14],
        [x, foot],
      ],
      { color: parts.tint(when, theme.quantity.input) },
    ),
    wire(
      [
        [x, head],
        [x, head - 20],
      ],
      { color: parts.tint(when, theme.quantity.hidden_state) },
    ),
    label(x, wordY, word(trace.steps[when - 1].token, plan.pitch - 10, 15), {
      ...parts.ink(when),
      size: 15,
    }),
    label(x, wordY + 19, `${when}`, { color: theme.muted, size: 12 }),
    answer && label(x, head - 50, answer.text, { ...parts.ink(when), size: 13 }),
    answer && label(x, head - 33, answer.share, { color: theme.muted, size: 12 }),
    answer &&
      answer.opens([
        [x, head - 50],
        [x, head - 33],
      ]),
  );
}

/** The lanes between cells, never under them.
 * @param {FigureOptions} options @param {UnrolledParts} parts @param {Plan} plan */
function lanes({ theme }, parts, plan) {
  const { shown, cellWidth, left, pitch } = plan;
  const last = shown[shown.length - 1];
  return join(
    ...parts.states.flatMap((quantity) => {
      const y = plan.stateY[quantity];
      const width = quantity === parts.states[0] ? 3.5 : 2;
      return [shown[0] - 1, ...shown].map((when) => {
        const from = when < shown[0] ? left - 8 : centre(plan, when) + cellWidth / 2;
        const to =
          when === last ? left + pitch * shown.length + 10 : centre(plan, when + 1) - cellWidth / 2;
        const reader = parts.backwards ? Math.max(shown[0], when) : Math.min(last, when + 1);
        const color = parts.tint(reader, theme.quantity[quantity]);
        /** @type {import("../../draw/primitives.js").Point[]} */
        const ends = [
          [from, y],
          [to, y],
        ];
        return wire(parts.backwards ? ends.toReversed() : ends, { color, width });
      });
    }),
  );
}

/** @param {number} x @param {number} y @param {number} count @param {string} name
 * @param {string} where @param {string} color */
const more = (x, y, count, name, where, color) =>
  join(
    label(x, y - 17, `\u2026 ${count}`, { color, size: 14, bold: true }),
    label(x, y, name, { color }),
    label(x, y + 15, where, { color }),
  );

/** What comes in at the left and goes out at the right: states, or words that are not shown.
 * @param {Trace} trace @param {FigureOptions} options @param {UnrolledParts} parts
 * @param {Plan} plan */
function ends(trace, { unit, theme }, parts, plan) {
  const { shown, left, pitch, gatesY } = plan;
  const [first, last] = [shown[0], shown[shown.length - 1]];
  const after = trace.steps.length - last;
  const right = left + pitch * shown.length;
  return join(
    ...parts.states.map((quantity) => {
      const y = plan.stateY[quantity];
      const box = { y: y - 11, width: 38, height: 22 };
      const rect = { ...box, x: parts.backwards ? right + 14 : left - 46 };
      const given = parts.value({ quantity, timestep: 0, unit });
      const name = (/** @type {number} */ x, /** @type {number} */ when, dy = -24) => {
        const color = parts.tint(when, theme.quantity[quantity]);
        return label(x, y + dy, symbol(quantity, `${when}`), { color, size: 16 });
      };
      const aside = quantity === parts.states[0] ? -20 : 22; // clear of the words before
      const [starts, ends] = parts.backwards
        ? [after === 0, first === 1]
        : [first === 1, after === 0];
      return join(
        starts ? block(rect, [given], 1, parts.style(quantity, 0)) : null,
        starts ? name(rect.x + 19, 0) : null,
        starts || plan.placed
          ? null
          : name(
              parts.backwards ? right + 28 : left - 28,
              parts.backwards ? last + 1 : first - 1,
              aside,
            ),
        ends
          ? name(parts.backwards ? left - 14 : right + 14, parts.backwards ? first : last)
          : null,
      );
    }),
    first > 1
      ? more(left - 28, gatesY, first - 1, stepName(trace, first - 1), "before", theme.muted)
      : null,
    after > 0
      ? more(right + 28, gatesY, after, stepName(trace, after), "after", theme.muted)
      : null,
  );
}

/** The rows around this one, and this one's name where nothing else comes in.
 * @param {Trace} trace @param {FigureOptions} options @param {UnrolledParts} parts
 * @param {Plan} plan */
function around(trace, options, parts, plan) {
  const { placed, shown, gatesY, stateY } = plan;
  if (!placed) return null;
  const y = shown[0] > 1 ? stateY[parts.states[0]] : gatesY;
  return join(
    drawStack(options, parts, placed, plan, true),
    rowName(placed.chosen.layer, plan, y, options.theme.ink, true),
  );
}

/** @param {Trace} trace @param {FigureOptions} options @param {UnrolledParts} parts
 * @param {Plan} plan */
export const drawUnrolledLandscape = (trace, options, parts, plan) =>
  join(
    around(trace, options, parts, plan),
    lanes(options, parts, plan),
    ...plan.shown.map((when) => cell(trace, options, parts, plan, when)),
    ends(trace, options, parts, plan),
  );

/** The unrolled sentence from top to bottom, for narrow screens: a row for each word. */
import { cellOf } from "../../cells/kinds.js";
import { block, frame, join, label, wire } from "../../draw/primitives.js";
import { fitted, stepName } from "../../draw/text.js";
import { drawStack, placeRows } from "./stacked-layers.js";
import { symbol, windowAround } from "../../cells/quantities.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").FigureOptions} FigureOptions */
/** @typedef {import("./parts.js").UnrolledParts} UnrolledParts */

const LEFT = 92;
const ROW = 96;
const PITCH = 122;
const NAMES = 88; // of layers: “bidirectional” is whole

/** @param {Trace} trace @param {FigureOptions} options
 * @param {import("./stacked-layers.js").Stack | null} stack */
export function unrolledPortrait(trace, { timestep, width }, stack) {
  const shown = windowAround(trace.steps.length, timestep - 1, 5).map((k) => k + 1);
  const inner = width - LEFT - 6;
  const alone = cellOf(trace).states.length === 1;
  const hasMore = shown[shown.length - 1] < trace.steps.length;
  const placed = stack && placeRows(stack, trace.layer.name, 20);
  const above = placed ? placed.bottom + 62 : 0;
  const top = above + 84;
  return {
    placed,
    above,
    shown,
    inner,
    top,
    stateX: { cell_state: LEFT + inner * 0.26, hidden_state: LEFT + inner * (alone ? 0.5 : 0.74) },
    height: top + PITCH * shown.length + (hasMore || trace.layer.go_backwards ? 30 : 16),
  };
}

/** @typedef {ReturnType<typeof unrolledPortrait>} Plan */

/** @param {Plan} plan @param {number} when the top of its row */
const rowTop = ({ top, shown }, when) => top + (when - shown[0]) * PITCH;

/** @param {Trace} trace @param {FigureOptions} options @param {UnrolledParts} parts
 * @param {Plan} plan @param {number} when */
function row(trace, { theme, timestep }, parts, plan, when) {
  const y = rowTop(plan, when);
  const current = when === timestep;
  const rect = { x: LEFT, y, width: plan.inner, height: ROW };
  const line = current ? theme.ink : theme.line;
  const answer = parts.prediction(when, LEFT - 12);
  const name = fitted(trace.steps[when - 1].token, LEFT - 28, 15, current);
  const left = /** @type {const} */ ("left");
  const muted = { color: theme.muted, align: left };
  return join(
    frame(rect, { fill: theme.panel, line, lineWidth: current ? 2.6 : 1, radius: 12 }),
    ...parts.states.map((quantity) =>
      parts.state(
        quantity,
        when,
        [plan.stateX[quantity], y + 22],
        plan.inner / parts.states.length - 14,
      ),
    ),
    parts.gates(when, [LEFT + plan.inner / 2, y + 74], plan.inner - 24),
    label(4, y + 14, `${when}`, muted),
    label(4, y + 34, name.text, {
      ...parts.ink(when),
      size: name.size,
      align: left,
    }),
    wire(
      [
        [LEFT - 17, y + 34],
        [LEFT, y + 34],
      ],
      {
        color: parts.tint(when, theme.quantity.input),
        width: 1.6,
      },
    ),
    answer && label(4, y + 62, answer.text, { ...parts.ink(when), size: 12, align: left }),
    answer && label(4, y + 78, answer.share, muted),
    answer &&
      answer.opens([
        [20, y + 62],
        [20, y + 78],
      ]),
  );
}

/** @param {Trace} trace @param {FigureOptions} options @param {UnrolledParts} parts
 * @param {Plan} plan */
function lanes(trace, { theme, unit }, parts, plan) {
  const { shown } = plan;
  const [first, last] = [shown[0], shown[shown.length - 1]];
  return join(
    ...parts.states.flatMap((quantity) => {
      const x = plan.stateX[quantity];
      const width = quantity === parts.states[0] ? 3.5 : 2;
      const given = parts.value({ quantity, timestep: 0, unit });
      const { backwards } = parts;
      const end = rowTop(plan, last) + ROW;
      const atEnd = last === trace.steps.length;
      const starts = backwards ? atEnd : first === 1;
      const rect = { x: x - 20, y: backwards ? end + 26 : plan.above + 28, width: 40, height: 22 };
      const top = symbol(quantity, `${backwards ? first : first - 1}`);
      const style = { color: theme.quantity[quantity], size: 16 };
      return [
        ...[first - 1, ...shown].map((when) => {
          const from = when < first ? plan.top - (first > 1 ? 24 : 32) : rowTop(plan, when) + ROW;
          const reader = backwards ? Math.max(first, when) : Math.min(last, when + 1);
          /** @type {import("../../draw/primitives.js").Point[]} */
          const ends = [
            [x, from],
            [x, rowTop(plan, when + 1)],
          ];
          const color = parts.tint(reader, theme.quantity[quantity]);
          return wire(backwards ? ends.toReversed() : ends, { color, width });
        }),
        starts ? block(rect, [given], 1, parts.style(quantity, 0)) : null,
        backwards && starts ? label(x + 40, end + 37, symbol(quantity, "0"), style) : null,
        label(x, first > 1 || backwards ? plan.top - 38 : plan.above + 14, top, style),
      ];
    }),
  );
}

/** All layers over the cells of one, the timesteps from left to right.
 * @param {Trace} trace @param {FigureOptions} options @param {UnrolledParts} parts
 * @param {Plan} plan */
function scheme(trace, options, parts, { placed, shown }) {
  if (!placed) return null;
  const { theme, width, timestep } = options;
  const left = NAMES + 4;
  const pitch = Math.min(90, (width - left - 14) / shown.length);
  const { input, hidden_state: hidden } = theme.quantity;
  return join(
    drawStack(options, parts, placed, { shown, left, pitch, cellWidth: pitch - 14, names: NAMES }),
    ...shown.map((when, k) => {
      const x = left + (k + 0.5) * pitch;
      /** @param {number} from @param {number} to @returns {import("../../draw/primitives.js").Point[]} */
      const up = (from, to) => [
        [x, from],
        [x, to],
      ];
      return join(
        wire(up(placed.top, placed.top - 16), { color: parts.tint(when, hidden), width: 1.6 }),
        wire(up(placed.bottom + 18, placed.bottom), {
          color: parts.tint(when, input),
          width: 1.6,
        }),
        label(x, placed.bottom + 28, `${when}`, { color: theme.muted, bold: when === timestep }),
      );
    }),
  );
}

/** @param {Trace} trace @param {FigureOptions} options @param {UnrolledParts} parts
 * @param {Plan} plan */
export function drawUnrolledPortrait(trace, options, parts, plan) {
  const { theme } = options;
  const [before, after] = [
    plan.shown[0] - 1,
    trace.steps.length - plan.shown[plan.shown.length - 1],
  ];
  const words = (/** @type {number} */ count) => `\u2026 ${count} ${stepName(trace, count)}`;
  const style = { color: theme.muted, bold: true, size: 13, align: /** @type {const} */ ("left") };
  return join(
    scheme(trace, options, parts, plan),
    lanes(trace, options, parts, plan),
    ...plan.shown.map((when) => row(trace, options, parts, plan, when)),
    before > 0 ? label(4, plan.above + 20, `${words(before)} before`, style) : null,
    after > 0 ? label(4, plan.height - 22, `${words(after)} after`, style) : null,
  );
}

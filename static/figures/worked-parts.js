/** The worked cell: what is drawn where, and how one value looks. */
import { mix, readable } from "./color.js";
import { disc } from "./draw.js";
import { compact } from "./format.js";
import { heldAt } from "./pins.js";
import { hoverText, limitOf, valueColor, vector, windowAround } from "./vectors.js";

/** @typedef {import("../types.js").Trace} Trace */
/** @typedef {import("../types.js").Gate} Gate */
/** @typedef {import("../types.js").Mark} Mark */
/** @typedef {import("./draw.js").Point} Point */
/** @typedef {import("../types.js").FigureOptions & {weights?: import("./arithmetic.js").LayerWeights
 *   | null}} WorkedOptions */

export const GATES = /** @type {Gate[]} */ ([
  "forget_gate",
  "input_gate",
  "candidate",
  "output_gate",
]);
export const RADIUS = 17;
export const PITCH = 39;
const SIDE_BY_SIDE_FROM = 900;
const FADE = 0.84;

/** Draws single values. @param {Trace} trace @param {WorkedOptions} options */
export function valuePainter(trace, { timestep, unit, theme }) {
  const padding = Boolean(trace.steps[timestep - 1].masked);
  /** @param {Mark} mark @param {Point} at @param {{tanh?: boolean}} [how] */
  return (mark, at, { tanh = false } = {}) => {
    const raw = vector(trace, mark.quantity, mark.timestep)[mark.unit];
    const value = tanh ? Math.tanh(raw) : raw;
    const color = valueColor(mark.quantity, value, tanh ? 1 : limitOf(trace, mark.quantity), theme);
    const drawn = {
      text: compact(value),
      color: padding ? mix(color, theme.panel, FADE) : color,
      ink: padding ? theme.muted : readable(color, theme),
      hover: hoverText(trace, mark, { tanh }),
      mark,
      selected: mark.quantity !== "input" && mark.unit === unit,
      pinned: heldAt(trace, mark) !== undefined,
    };
    const edge = theme.quantity[mark.quantity];
    const line = padding ? mix(edge, theme.panel, FADE) : edge;
    return disc(at, RADIUS, drawn, { line, selection: theme.ink, size: 11.5 });
  };
}

/** @typedef {ReturnType<typeof valuePainter>} Paint */

/** What is drawn where. @param {Trace} trace @param {WorkedOptions} options */
export function planOf(trace, { unit, width }) {
  const narrow = width < 480;
  const units = windowAround(trace.layer.units, unit, narrow ? 4 : 6);
  const features = windowAround(trace.layer.features, 0, 8);
  const beside = width >= SIDE_BY_SIDE_FROM;
  const part = beside ? width * 0.46 : width;
  const inputX = narrow ? 44 : 64;
  const gateWidth = Math.max(units.length * 42 + 16, Math.min(250, part - 190));
  const gateX = part - gateWidth - (beside ? 16 : 8);
  const inputTop = 66;
  const hiddenTop =
    inputTop + features.length * PITCH + (features.length < trace.layer.features ? 54 : 34);
  const inputsBottom = hiddenTop + units.length * PITCH;
  const gatePitch = Math.max(92, (inputsBottom - 30) / 4);
  return {
    units,
    features,
    beside,
    inputX,
    gateX,
    gateWidth,
    inputTop,
    hiddenTop,
    gateTop: 22,
    gatePitch,
    bottom: Math.max(inputsBottom, 22 + 4 * gatePitch),
  };
}

/** @typedef {ReturnType<typeof planOf>} Plan */

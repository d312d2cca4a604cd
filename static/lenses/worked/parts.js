/** The worked cell: what is drawn where, and how one value looks. */
import { blocksOf, cellOf, transformed } from "../../cells/kinds.js";
import { mix, readable } from "../../draw/color.js";
import { disc } from "../../draw/primitives.js";
import { compact, precise } from "../../draw/format.js";
import { functionOf } from "../../core/activations.js";
import { overrideAt } from "../../core/overrides.js";
import { hoverText, limitOf, valueAt, valueColor, windowAround } from "../../cells/quantities.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Mark} Mark */
/** @typedef {import("../../draw/primitives.js").Point} Point */
/** @typedef {import("../../core/types.js").FigureOptions & {weights?: import("../../arithmetic/arithmetic.js").LayerWeights
 *   | null}} WorkedOptions */

export const RADIUS = 17;
export const PITCH = 39;
const SIDE_BY_SIDE_FROM = 900;
const NAMED = 148; // pixels, for a gate's name and its function
const FADE = 0.84;

/** @param {Trace} trace @param {Mark} mark */
function sumOf(trace, { quantity, timestep, unit }) {
  const sums = trace.steps[timestep - 1].preactivations;
  return sums?.[/** @type {import("../../cells/kind.js").Block} */ (quantity)]?.[unit] ?? 0;
}

/** The largest of them in the whole trace. @param {Trace} trace @param {Mark} mark */
const sumLimit = (trace, mark) =>
  trace.steps.reduce((limit, { timestep }) => {
    const units = Array.from({ length: trace.layer.units }, (_, unit) => unit);
    const sizes = units.map((unit) => Math.abs(sumOf(trace, { ...mark, timestep, unit })));
    return Math.max(limit, ...sizes);
  }, 1);

/** Draws single values. @param {Trace} trace @param {WorkedOptions} options */
export function valuePainter(trace, { timestep, unit, theme }) {
  const padding = Boolean(trace.steps[timestep - 1].masked);
  const squash = functionOf(cellOf(trace).squash).sign;
  /** @param {Mark} mark @param {Point} at
   * @param {{how?: import("../../cells/kind.js").Operand["how"] | "sum"}} [as] sum: what its activation is
   *   taken of */
  return (mark, at, { how } = {}) => {
    const sum = how === "sum";
    const raw = sum ? sumOf(trace, mark) : valueAt(trace, mark);
    if (raw === undefined) return null; // a projected state has fewer numbers than units
    const value = sum ? raw : transformed(how, raw);
    const limit = sum ? sumLimit(trace, mark) : how ? 1 : limitOf(trace, mark.quantity);
    const color = valueColor(mark.quantity, value, limit, theme);
    const drawn = {
      text: compact(value),
      color: padding ? mix(color, theme.panel, FADE) : color,
      ink: padding ? theme.muted : readable(color, theme),
      hover: sum
        ? `sum before the ${squash}, unit ${mark.unit}<br><b>${precise(raw)}</b>`
        : hoverText(trace, mark, how),
      mark: how && !sum ? { ...mark, how } : mark,
      selected: mark.quantity !== "input" && mark.unit === unit,
      pinned: overrideAt(trace, mark) !== undefined,
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
  const gateWidth = Math.max(NAMED, units.length * 42 + 16, Math.min(250, part - 190));
  const gateX = part - gateWidth - (beside ? 16 : 8);
  const inputTop = 66;
  const hiddenTop =
    inputTop + features.length * PITCH + (features.length < trace.layer.features ? 54 : 34);
  const inputsBottom = hiddenTop + units.length * PITCH;
  const blocks = blocksOf(cellOf(trace));
  const gatePitch = Math.max(92, (inputsBottom - 30) / blocks.length);
  return {
    blocks,
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
    bottom: Math.max(inputsBottom, 22 + blocks.length * gatePitch),
  };
}

/** @typedef {ReturnType<typeof planOf>} Plan */

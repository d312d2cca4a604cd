/** One quantity at one timestep: a bar for each unit. */
import {
  along,
  drawing,
  frame,
  join,
  label,
  overrideMark,
  toFigure,
} from "../../draw/primitives.js";
import { compact, fixed, precise } from "../../draw/format.js";
import { overrideAt } from "../../core/overrides.js";
import {
  hoverText,
  isGate,
  scaleOf,
  limitOf,
  NAMES,
  vector,
  windowAround,
  shownOf,
} from "../../cells/quantities.js";
import { nameAt } from "../../draw/text.js";

/** @typedef {import("../../core/types.js").Quantity} Quantity */
/** @typedef {import("../../core/types.js").Trace} Trace */

const MOST = 8; // bars in one figure
const ROW = 27;
const LEFT = 54; // room for "unit 7"
const RIGHT = 52; // room for "−0.52"
const STRIP = 14;

/** Where the bars lie, in pixels: what a hand that holds one needs to know.
 * @param {Trace} trace @param {{unit: number, width: number, quantity: Quantity}} options */
export function activationGeometry(trace, { unit, width, quantity }) {
  const { units } = trace.layer;
  const limit = limitOf(trace, quantity);
  const low = isGate(quantity) ? 0 : -limit;
  const across = width - LEFT - RIGHT;
  return {
    shown: shownOf(trace, quantity, windowAround(units, unit, MOST), unit),
    top: units > MOST ? STRIP + 26 : 4,
    row: ROW,
    low,
    limit,
    /** @param {number} value */
    xOf: (value) => LEFT + ((value - low) / (limit - low)) * across,
    /** @param {number} x */
    valueAt: (x) => low + ((x - LEFT) / across) * (limit - low),
  };
}

/**
 * @param {Trace} trace
 * @param {import("../../core/types.js").FigureOptions & {quantity: Quantity}} options
 * @returns {import("../../core/types.js").Figure}
 */
export function activationFigure(trace, options) {
  const { timestep, unit: cursor, theme, width, quantity } = options;
  const values = vector(trace, quantity, timestep);
  const { shown, top, low, limit, xOf } = activationGeometry(trace, options);
  const many = values.length > MOST;
  const bottom = top + shown.length * ROW;

  const rows = shown.map((unit, k) => {
    const value = values[unit];
    const y = top + k * ROW;
    const [from, to] = [xOf(Math.min(0, value)), xOf(Math.max(0, value))];
    const chosen = unit === cursor;
    const color = chosen ? theme.ink : theme.muted;
    return join(
      frame(
        { x: LEFT, y: y + 5, width: width - LEFT - RIGHT, height: ROW - 10 },
        { fill: theme.panel, radius: 3 },
      ),
      frame(
        { x: from, y: y + 5, width: Math.max(1, to - from), height: ROW - 10 },
        { fill: theme.quantity[quantity], radius: 3 },
      ),
      label(LEFT - 8, y + ROW / 2, unit < 100 ? `unit ${unit}` : `${unit}`, {
        color,
        bold: chosen,
        align: "right",
      }),
      label(width - RIGHT + 12, y + ROW / 2, compact(value), {
        color,
        bold: chosen,
        align: "left",
      }),
      overrideAt(trace, { quantity, timestep, unit }) === undefined
        ? null
        : overrideMark([LEFT + 12, y + 5]),
      drawing({
        // on the bar, and on its number
        hits: along(LEFT, width).map((x) => ({
          x,
          y: y + ROW / 2,
          text: hoverText(trace, { quantity, timestep, unit }),
          mark: { quantity, timestep, unit },
        })),
      }),
    );
  });
  /** @param {number} value @param {"left" | "center" | "right"} align */
  const end = (value, align) =>
    label(xOf(value), bottom + 9, fixed(value, value % 1 ? 1 : 0), {
      color: theme.muted,
      size: 11,
      align,
    });

  return toFigure(
    join(
      many ? strip(values, { ...options, limit }, shown) : null,
      ...rows,
      end(low, "center"),
      end(limit, "center"),
      isGate(quantity) ? null : end(0, "center"),
    ),
    {
      width,
      height: bottom + 20,
      theme,
      label: labelOf(trace, options, values),
      table: tableOf(trace, options, values),
    },
  );
}

/**
 * All units in one row of colours, with a frame around those that have a bar below.
 *
 * @param {number[]} values
 * @param {import("../../core/types.js").FigureOptions & {quantity: Quantity, limit: number}} options
 * @param {number[]} shown
 */
function strip(values, { theme, width, quantity, limit }, shown) {
  const rect = { x: LEFT, y: 2, width: width - LEFT - RIGHT, height: STRIP };
  const each = rect.width / values.length;
  const gate = isGate(quantity);
  const shares = values.map((value) => (gate ? value : (value / limit + 1) / 2));
  return join(
    drawing({
      stripes: [{ ...rect, shares, scale: scaleOf(quantity, theme), faded: false }],
    }),
    frame(
      { x: rect.x + shown[0] * each, y: 0, width: shown.length * each, height: STRIP + 4 },
      { line: theme.ink, lineWidth: 2, radius: 2, layer: "above" },
    ),
    label(LEFT, STRIP + 14, `units ${shown[0]}–${shown[shown.length - 1]} of ${values.length}`, {
      color: theme.muted,
      size: 11,
      align: "left",
    }),
  );
}

/**
 * @param {Trace} trace
 * @param {{timestep: number, unit: number, quantity: Quantity}} options
 * @param {number[]} values
 */
function labelOf(trace, { timestep, unit, quantity }, values) {
  return (
    `Bars: the ${NAMES[quantity]} at ${nameAt(trace, timestep)} for each of ` +
    `${values.length} units` +
    (values[unit] === undefined ? "." : `; unit ${unit} is ${fixed(values[unit])}.`)
  );
}

/**
 * @param {Trace} trace
 * @param {{timestep: number, quantity: Quantity}} options
 * @param {number[]} values
 * @returns {import("../../core/types.js").Table}
 */
function tableOf(trace, { timestep, quantity }, values) {
  return {
    columns: ["unit", `${NAMES[quantity]} at ${nameAt(trace, timestep)}`],
    rows: values.map((value, unit) => [
      `${unit}`,
      { text: precise(value), mark: { quantity, timestep, unit } },
    ]),
  };
}

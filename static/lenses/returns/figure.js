/**
 * What leaves the layer: a hidden state for each word, or only the last; and, where asked for, the
 * final states once more. What stays inside is drawn pale.
 */
import { cellOf } from "../../cells/kinds.js";
import { shapeText } from "../../cells/framework-code.js";
import { block, frame, join, label, toFigure, wire } from "../../draw/primitives.js";
import { compact, precise } from "../../draw/format.js";
import { shownUnits } from "../../draw/legend.js";
import { fitted, stepName, textWidth } from "../../draw/text.js";
import {
  hoverText,
  limitOf,
  shownOf,
  NAMES,
  symbol,
  gaugeOf,
  vector,
  windowAround,
} from "../../cells/quantities.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").FigureOptions & {return_sequences: boolean,
 *   return_state: boolean}} ReturnsOptions */

const MOST_UNITS = 6;
const VALUE = { width: 54, height: 22 };
const LETTERS_Y = 46;
const VALUES_Y = 60;
const CELL = { width: 46, height: 44 };
const HEADING = 12.5; // pixels
const STATES_GAP = 24; // between the output and the final states
const LEAD = 12; // before the first word drawn, where there are others before it

/** How wide the final states are. @param {Trace} trace */
const statesWidth = (trace) => cellOf(trace).states.length * (VALUE.width + 10) - 10;

/** What stands over the final states. @param {Trace} trace */
function statesHeading(trace) {
  const times = cellOf(trace).states.length > 1 ? "2 × " : "";
  const shape = `${times}${shapeText([null, trace.layer.units])}`;
  // digits and brackets are narrow
  return { text: `<b>state</b> ${shape}`, width: 0.85 * textWidth(`state ${shape}`, HEADING) };
}

/** The shapes Keras gives, batch first. @param {Trace} trace @param {{return_sequences: boolean}}
 *   setting */
export function outputShapes(trace, { return_sequences }) {
  const { units } = trace.layer;
  return {
    output: shapeText(return_sequences ? [null, trace.steps.length, units] : [null, units]),
    state: shapeText([null, units]),
  };
}

/** The timesteps as the layer reads them, and hands them out. @param {Trace} trace */
function readingOrder({ layer, steps }) {
  const order = steps.map(({ timestep }) => timestep);
  return layer.go_backwards ? order.toReversed() : order;
}

/** The one that is read last, whose states are final. @param {Trace} trace */
const finalStep = (trace) => (trace.layer.go_backwards ? 1 : trace.steps.length);

/** The words drawn: all, or a window around the cursor and always the last that is read.
 * @param {Trace} trace @param {number} timestep @param {number} room */
function columnsOf(trace, timestep, room) {
  const order = readingOrder(trace);
  if (order.length <= room) return order;
  const shown = windowAround(order.length - 1, order.indexOf(timestep), room - 1);
  return [...shown.map((k) => order[k]), finalStep(trace)];
}

/** Where everything stands. @param {Trace} trace @param {ReturnsOptions} options */
function planOf(trace, { timestep, unit, width }) {
  const units = windowAround(trace.layer.units, unit, MOST_UNITS);
  const { length } = trace.steps;
  const states = Math.max(statesWidth(trace), statesHeading(trace).width);
  const space = width - STATES_GAP - states - LEAD - 4;
  const pitch = Math.min(150, Math.max(VALUE.width + 12, space / length));
  const columns = columnsOf(trace, timestep, Math.max(2, Math.floor(space / pitch)));
  const lead = columns[0] === readingOrder(trace)[0] ? 0 : LEAD;
  const valuesEnd = VALUES_Y + units.length * VALUE.height;
  const cellY = valuesEnd + 36 + CELL.height / 2;
  return {
    units,
    columns,
    pitch,
    valuesEnd,
    cellY,
    height: cellY + CELL.height / 2 + 58,
    statesX: lead + columns.length * pitch + STATES_GAP,
    /** @param {number} k */
    x: (k) => lead + k * pitch + pitch / 2,
  };
}

/** @param {Trace} trace @param {ReturnsOptions} options @returns {import("../../core/types.js").Figure} */
export function returnsFigure(trace, options) {
  const { theme, width, return_sequences, return_state } = options;
  const plan = planOf(trace, options);
  const shapes = outputShapes(trace, options);
  const last = plan.columns.length - 1;
  const half = VALUE.width / 2;
  const from = plan.x(return_sequences ? 0 : last) - half;
  return toFigure(
    join(
      ...plan.columns.map((t, k) => columnOf(trace, t, k, plan, options)),
      statesOf(trace, plan, options),
      label(6, plan.height - 12, shownUnits(plan.units, options.unit, trace.layer.units), {
        color: theme.muted,
        align: "left",
      }),
      group(
        [from, plan.x(last) + half],
        `<b>output</b> ${shapes.output}`,
        theme,
        !return_sequences && last > 0,
      ),
      return_state
        ? group(
            [plan.statesX, plan.statesX + statesWidth(trace)],
            statesHeading(trace).text,
            theme,
            false,
          )
        : null,
    ),
    {
      width,
      height: plan.height,
      theme,
      label: labelOf(trace, options),
      table: tableOf(trace, options),
    },
  );
}

/** As a small box has room for it. @param {Trace} trace */
const shortName = (trace) => cellOf(trace).short;

/** A heading over some columns, with a line as wide as they are.
 * @param {[number, number]} ends @param {string} text @param {import("../../core/theme.js").Theme} theme
 * @param {boolean} endsThere whether the text ends where the columns do */
const group = ([left, right], text, theme, endsThere) =>
  join(
    label(endsThere ? right : left, 12, text, {
      color: theme.ink,
      size: HEADING,
      align: endsThere ? "right" : "left",
    }),
    frame({ x: left, y: 24, width: right - left, height: 3 }, { fill: theme.ink, radius: 1.5 }),
  );

/**
 * One word: its cell and its hidden state, pale where it stays inside.
 *
 * @param {Trace} trace
 * @param {number} t
 * @param {number} k
 * @param {ReturnType<typeof planOf>} plan
 * @param {ReturnsOptions} options
 */
function columnOf(trace, t, k, plan, options) {
  const { theme, timestep, return_sequences } = options;
  const leaves = return_sequences || t === finalStep(trace);
  const color = leaves ? theme.quantity.hidden_state : theme.muted;
  const top = plan.cellY - CELL.height / 2;
  const x = plan.x(k);
  const left = k > 0 ? plan.x(k - 1) + CELL.width / 2 : 4;
  const follows = k > 0 || t !== readingOrder(trace)[0];
  const skips = k > 0 ? Math.abs(plan.columns[k - 1] - t) > 1 : follows;
  const name = fitted(trace.tokens[t - 1].text, plan.pitch - 6, 13, t === timestep);
  return join(
    frame(
      { ...CELL, x: x - CELL.width / 2, y: top },
      {
        fill: theme.panel,
        line: t === timestep ? theme.ink : theme.line,
        lineWidth: t === timestep ? 2.4 : 1.2,
        radius: 8,
      },
    ),
    label(x, plan.cellY, shortName(trace), { color: theme.ink, size: 12 }),
    label(x, plan.cellY + CELL.height / 2 + 16, name.text, {
      color: theme.ink,
      size: name.size,
      bold: t === timestep,
    }),
    label(x, LETTERS_Y, symbol("hidden_state", String(t)), { color, size: 16 }),
    leaves
      ? wire(
          [
            [x, top],
            [x, plan.valuesEnd + 4],
          ],
          { color, width: 2.4 },
        )
      : null,
    values(trace, "hidden_state", t, plan, { x: x - VALUE.width / 2, options, pale: !leaves }),
    follows
      ? wire(
          [
            [left, plan.cellY],
            [x - CELL.width / 2, plan.cellY],
          ],
          { color: theme.muted, width: 1.6 },
        )
      : null,
    skips
      ? label((left + x - CELL.width / 2) / 2, plan.cellY - 12, "…", {
          color: theme.muted,
          size: 16,
        })
      : null,
  );
}

/**
 * @param {Trace} trace
 * @param {"hidden_state" | "cell_state"} quantity
 * @param {number} timestep
 * @param {ReturnType<typeof planOf>} plan
 * @param {{x: number, options: ReturnsOptions, pale: boolean}} place
 */
function values(trace, quantity, timestep, { units }, { x, options, pale }) {
  const { theme, unit: cursor } = options;
  const limit = limitOf(trace, quantity);
  const all = vector(trace, quantity, timestep);
  const shown = shownOf(trace, quantity, units, cursor);
  const boxes = shown.map((unit) => {
    const mark = { quantity, timestep, unit };
    return {
      text: compact(all[unit]),
      color: theme.paper,
      ...(!pale && { gauge: gaugeOf(quantity, all[unit], limit, theme) }),
      ink: pale ? theme.muted : theme.ink,
      hover: hoverText(trace, mark),
      mark,
      selected: unit === cursor && !pale,
    };
  });
  const rect = { x, y: VALUES_Y, width: VALUE.width, height: shown.length * VALUE.height };
  return block(rect, boxes, 1, {
    line: pale ? theme.line : theme.quantity[quantity],
    hairline: pale ? theme.paper : theme.line,
    selection: theme.ink,
  });
}

/**
 * The final states, to the right of the last cell.
 *
 * @param {Trace} trace
 * @param {ReturnType<typeof planOf>} plan
 * @param {ReturnsOptions} options
 */
function statesOf(trace, plan, options) {
  const { theme, return_state } = options;
  const end = finalStep(trace);
  const from = plan.x(plan.columns.length - 1) + CELL.width / 2;
  const states = cellOf(trace).states.toReversed();
  return join(
    ...states.map((quantity, k) => {
      const x = plan.statesX + k * (VALUE.width + 10);
      const middle = x + VALUE.width / 2;
      const y = plan.cellY + (states.length === 1 ? 0 : k ? 9 : -9);
      const color = return_state ? theme.quantity[quantity] : theme.muted;
      return join(
        return_state
          ? wire(
              [
                [from, y],
                [middle, y],
                [middle, plan.valuesEnd + 4],
              ],
              { color, width: 2.4 },
            )
          : null,
        values(trace, quantity, end, plan, { x, options, pale: !return_state }),
        label(middle, LETTERS_Y, symbol(quantity, String(end)), { color, size: 16 }),
      );
    }),
  );
}

/** @param {Trace} trace @param {ReturnsOptions} options */
function labelOf(trace, { return_sequences, return_state }) {
  const { output, state } = outputShapes(trace, { return_sequences });
  const states = return_state
    ? cellOf(trace).states.length > 1
      ? `; the final hidden state and cell state leave it too, each ${state}`
      : `; the final hidden state leaves it once more, ${state}`
    : "";
  const which = return_sequences
    ? `a hidden state for each ${stepName(trace)}`
    : "the last hidden state";
  return `The layer's output is ${which}, ${output}${states}.`;
}

/** @param {Trace} trace @param {ReturnsOptions} options @returns {import("../../core/types.js").Table} */
function tableOf(trace, { return_sequences, return_state }) {
  const end = finalStep(trace);
  const rows = readingOrder(trace)
    .filter((timestep) => return_sequences || timestep === end)
    .map((timestep) => ({ name: "output", quantity: "hidden_state", timestep }));
  const states = return_state
    ? cellOf(trace)
        .states.toReversed()
        .map((name) => ({ name, quantity: name, timestep: end }))
    : [];
  return {
    columns: [
      "returned as",
      `after the ${stepName(trace)}`,
      ...Array.from({ length: trace.layer.units }, (_, unit) => `unit ${unit}`),
    ],
    rows: [...rows, ...states].map(({ name, quantity, timestep }) => {
      const of = /** @type {keyof typeof NAMES} */ (quantity);
      return [
        name,
        `${timestep} ${trace.tokens[timestep - 1].text}`,
        ...vector(trace, of, timestep).map((value, unit) => ({
          text: precise(value),
          mark: { quantity: of, timestep, unit },
        })),
      ];
    }),
  };
}

/** The cell at one timestep, with the live numbers on its wires. */
import { STRIPES, cellParts } from "./diagram-parts.js";
import { cellOf, previous } from "./kinds.js";
import { join, label, toFigure } from "../draw/primitives.js";
import { precise } from "../draw/format.js";
import { PADDING, legend, shownUnits } from "../draw/legend.js";
import { nameAt, readsNumbers, word } from "../draw/text.js";
import { NAMES, symbol, vector, preciseAt } from "./quantities.js";

/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("../core/types.js").Mark} Mark */
/** @typedef {import("../core/types.js").Quantity} Quantity */
/** @typedef {import("./diagram-parts.js").CellOptions} CellOptions */
/** @typedef {import("./diagram-parts.js").CellParts} CellParts */

const PORTRAIT_BELOW = 560;

/** The word's features and the word itself.
 * @param {Trace} trace @param {CellOptions} options @param {CellParts} parts
 * @param {{x: number, y: number, room: number, box: {width: number, height: number}}} place */
function wordRow(trace, { timestep, theme }, parts, { x, y, room, box }) {
  const input = parts.input(x, y, room, box);
  const narrow = x < 100;
  const text = readsNumbers(trace) ? nameAt(trace, timestep) : trace.steps[timestep - 1].token;
  const color = parts.tint("x", theme.ink);
  const style = { color, size: 15, bold: true, align: /** @type {const} */ ("left") };
  const named = { color: parts.tint("x", theme.quantity.input), size: 16 };
  if (!narrow) {
    return join(
      input.drawn,
      label(x - 8, y, symbol("input"), { ...named, align: "right" }),
      label(x + input.across + 12, y, word(text, 180, 15), style),
    );
  }
  if (y < 26) {
    const [left, most] = [x + 34, Math.min(150, 0.4 * room)];
    const beside = parts.input(left, y, most, { width: box.width, height: 18 });
    const at = left + beside.across + 10;
    return join(
      beside.drawn,
      label(x + 8, y, symbol("input"), { ...named, align: "left" }),
      label(at, y, word(text, room - at, 15), style),
    );
  }
  return join(
    input.drawn,
    label(x, y - 26, symbol("input"), { ...named, align: "left" }),
    label(x + 26, y - 26, word(text, room - 40, 15), style),
  );
}

/** What the cell does now, in one sentence. @param {Trace} trace @param {CellOptions} options */
function sentence(trace, { timestep, unit, focus }) {
  const step = trace.steps[timestep - 1];
  const { name, order, states } = cellOf(trace);
  const read = readsNumbers(trace) ? "" : `, ${nameAt(trace, timestep)}`;
  const place = `${name} cell at timestep ${timestep} of ${trace.steps.length}${read}`;
  if (step.masked) return `${place}: ${PADDING}.`;
  const value = (/** @type {Quantity} */ quantity) =>
    preciseAt(trace, { quantity, timestep, unit });
  if (focus)
    return `${place}, with the path of the ${NAMES[focus]} lit: unit ${unit} has ${value(focus)}.`;
  const [memory] = states;
  const before = precise(vector(trace, memory, previous(trace, timestep))[unit]);
  const told = order.map((quantity) =>
    quantity === memory
      ? `; ${NAMES[quantity]} ${before} becomes ${value(quantity)}; `
      : `, ${NAMES[quantity]} ${value(quantity)}`,
  );
  const line = told
    .join("")
    .replaceAll("; , ", "; ")
    .replace(/^[;,] |; $/g, "");
  return `${place}. Unit ${unit}: ${line}.`;
}

/** @param {Trace} trace @param {number} timestep @param {number[]} units
 * @returns {import("../core/types.js").Table} */
function tableOf(trace, timestep, units) {
  const { order, states } = cellOf(trace);
  /** @typedef {[string, Quantity, number]} Column */
  const columns = [
    ...states.map(
      (state) =>
        /** @type {Column} */ ([`previous ${NAMES[state]}`, state, previous(trace, timestep)]),
    ),
    ...order.map((quantity) => /** @type {Column} */ ([NAMES[quantity], quantity, timestep])),
  ];
  const cell = (/** @type {Mark} */ mark) => {
    const value = vector(trace, mark.quantity, mark.timestep)[mark.unit];
    return value === undefined ? "" : { text: precise(value), mark };
  };
  const features = trace.steps[timestep - 1].input.slice(0, STRIPES);
  return {
    columns: ["", "input", ...columns.map(([name]) => name)],
    rows: [
      ...units.map((unit) => [
        `unit ${unit}`,
        "",
        ...columns.map(([, quantity, when]) => cell({ quantity, timestep: when, unit })),
      ]),
      ...features.map((_, feature) => [
        `feature ${feature}`,
        cell({ quantity: "input", timestep, unit: feature }),
        ...columns.map(() => ""),
      ]),
    ],
  };
}

/** What is not to be seen in the picture itself, at the end of the word's row.
 * @param {string[]} notes @param {{y: number, right: number}} place
 * @param {import("../core/theme.js").Theme} theme */
const asideNote = (notes, { y, right }, theme) =>
  label(right, y, notes.join("; "), { color: theme.muted, align: "right" });

/** Which units are shown; on a stage, where there is little room, only where some are not.
 * @param {number[]} units @param {number} unit @param {number} total @param {boolean} staged */
function shownNotes(units, unit, total, staged) {
  if (!staged) return [shownUnits(units, unit, total)];
  return units.length === total ? [] : [`${units.length} of ${total} units`];
}

/** @param {Trace} trace @param {CellOptions} options @returns {import("../core/types.js").Figure} */
export function cellFigure(trace, options) {
  const { timestep, unit, theme, width, height } = options;
  const quiet = options.quiet || height !== undefined; // a stage has no room for a key
  const { units: total, features } = trace.layer;
  const narrow = width < PORTRAIT_BELOW;
  const cell = cellOf(trace);
  const layout = narrow ? cell.diagram.narrow : cell.diagram.wide;
  const parts = cellParts(trace, options, layout.count(total, width, height, cell));
  const notes = [
    ...(trace.steps[timestep - 1].masked ? [PADDING] : []),
    ...shownNotes(parts.units, unit, total, height !== undefined),
    ...(trace.layer.peephole ? ["peepholes: the gates look at the cell state too"] : []),
    ...(trace.layer.go_backwards ? ["reads from the end: t+1 comes before t"] : []),
    ...(features > STRIPES ? [`the first ${STRIPES} of ${features} features`] : []),
  ];
  /** @param {import("../draw/primitives.js").Drawing} drawn @param {{x: number, y: number, room: number,
   *   right: number, box: {width: number, height: number}}} place @param {number} bottom */
  const finish = (drawn, place, bottom) => {
    // of six cells with one path lit each, none needs to say again what the colours mean
    const key = quiet ? null : legend(bottom + 24, width, notes, theme, cell.gates.length > 0);
    const note = height === undefined ? null : asideNote(notes, place, theme);
    return toFigure(join(drawn, wordRow(trace, options, parts, place), key?.drawn ?? note), {
      width,
      height: bottom + (key ? 24 + key.height : 8),
      theme,
      label: sentence(trace, options),
      table: tableOf(trace, timestep, parts.units),
    });
  };
  const fill = height && height - 8; // of the margin below
  const plan = layout.plan(parts.units, width, cell, fill);
  const drawn = layout.draw(parts, plan, options);
  if (narrow) {
    const place = { x: 10, y: plan.inputY, room: width - 20, right: width - 10, box: plan.box };
    return finish(drawn, place, plan.bottom);
  }
  const x = plan.panelLeft + 6;
  const right = plan.rightX - plan.across / 2 - 12; // before a state's block
  const place = { x, y: plan.inputY, room: width - x - 200, right, box: plan.box };
  return finish(drawn, place, plan.inputY + 16);
}

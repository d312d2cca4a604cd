/** The cell laid out as in the textbooks: states left to right, the word from below. */
import { frame, join, label, route } from "../../draw/primitives.js";

/** @typedef {import("../diagram-parts.js").CellParts} CellParts */
/** @typedef {import("../../draw/primitives.js").Drawing} Drawing */
/** @typedef {import("../../draw/primitives.js").Point} Point */

const MARGIN = 8;

/** How the values of `count` units stand in their blocks, so that so many blocks fit side by side:
 * in as few full rows as there is room for.
 * @param {number} count @param {number} width @param {number} [blocks] */
export function boxFor(count, width, blocks = 7) {
  const splits = Array.from({ length: count - 1 }, (_, k) => Math.ceil(count / (k + 1)));
  const fitting = splits
    .map((columns) => ({ columns, room: Math.floor((width - 194) / blocks / columns) }))
    .filter(({ columns, room }) => room >= 32 && columns > 1 && !(count === 3 && columns === 2));
  const best = fitting.find(({ columns }) => count % columns === 0) ?? fitting[0];
  if (!best) return { columns: 1, rows: count, width: 42, height: 24 };
  const { columns, room } = best;
  return { columns, rows: Math.ceil(count / columns), width: Math.min(room, 42), height: 24 };
}

/** Units shown: fewer where they can only stand in one high column.
 * @param {number} units @param {number} width @param {number} [blocks] */
export const landscapeCount = (units, width, blocks) =>
  Math.min(units, boxFor(Math.min(units, 8), width, blocks).columns > 1 ? 8 : 5);

/** @param {number[]} units @param {number} width */
export function landscape(units, width) {
  const box = boxFor(units.length, width);
  const digits = String(units[units.length - 1]).length;
  const namesWidth = box.columns > 1 && box.rows > 1 ? 14 * digits + 20 : 34;
  const [across, tall] = [box.columns * box.width, box.rows * box.height];
  const panelLeft = namesWidth + across + 24;
  const panelRight = width - MARGIN - across - 30;
  const pitch = (panelRight - panelLeft - 58) / 5;
  const column = (/** @type {number} */ k) => panelLeft + 14 + pitch * (k + 0.5);
  const cellRail = Math.max(76, tall / 2 + 40);
  const tanhTop = cellRail + 88;
  const operators = tanhTop + tall + 32;
  const stripTop = operators + 42;
  const gateY = stripTop + tall + 18 + 21;
  const hiddenRail = gateY + 21 + 28;
  const panelBottom = hiddenRail + 30;
  return {
    box,
    across,
    tall,
    panelLeft,
    panelRight,
    pitch,
    columns: [0, 1, 2, 3].map(column),
    tanhX: column(4),
    upX: panelRight - 22,
    cellRail,
    tanhTop,
    operators,
    stripTop,
    gateY,
    hiddenRail,
    panelTop: cellRail - 44,
    panelBottom,
    inputY: Math.max(panelBottom + 34, hiddenRail + tall / 2 + 30),
    leftX: namesWidth + across / 2,
    rightX: width - MARGIN - across / 2,
  };
}

/** @typedef {ReturnType<typeof landscape>} Plan */

/** The wires, those in focus over the faded ones. @param {CellParts} parts @param {Plan} plan */
function wires(parts, plan) {
  const { columns, cellRail, hiddenRail, operators, gateY, tanhX, upX } = plan;
  const [f, i, g, o] = columns;
  const left = plan.leftX + plan.across / 2;
  const right = plan.rightX - plan.across / 2;
  const start = plan.panelLeft + 26;
  const thick = { width: 4, arrow: false };
  const plain = { arrow: false };
  const hidden = "hidden_state";
  /** @type {import("../diagram-parts.js").WireArguments[]} */
  const list = [
    ["cPrev", "cell_state", route(left, cellRail, { x: f }), thick],
    ["kept", "cell_state", route(f, cellRail, { x: g }), thick],
    ["c", "cell_state", route(g, cellRail, { x: right }), { width: 4 }],
    ["fIn", hidden, route(f, hiddenRail, { y: gateY }), plain],
    ["iIn", hidden, route(i, hiddenRail, { y: gateY }), plain],
    ["gIn", hidden, route(g, hiddenRail, { y: gateY }), plain],
    ["f", "forget_gate", route(f, gateY, { y: cellRail + 13 })],
    ["i", "input_gate", route(i, gateY, { y: operators }, { x: g - 13 })],
    ["g", "candidate", route(g, gateY, { y: operators + 13 })],
    ["add", "candidate", route(g, operators, { y: cellRail + 13 })],
    ["o", "output_gate", route(o, gateY, { y: operators }, { x: tanhX - 13 })],
    ["tanh", "cell_state", route(tanhX, cellRail, { y: operators - 13 })],
    ["h", hidden, route(tanhX, operators, { y: hiddenRail }, { x: right })],
    ["h", hidden, route(upX, hiddenRail, { y: 6 })],
    ["oIn", hidden, route(g, hiddenRail, { x: o }, { y: gateY }), plain],
    ...railPieces(parts, [left, f, i, g], hiddenRail),
    ["x", "input", route(start, plan.inputY, { y: hiddenRail }, { x: start + 20 }), plain],
  ];
  return parts.wires(list);
}

/** The hidden state's rail under the gates, lit as far as the gate that is in focus.
 * @param {CellParts} parts @param {number[]} stops @param {number} y
 * @returns {import("../diagram-parts.js").WireArguments[]} */
function railPieces(parts, stops, y) {
  return stops
    .slice(0, -1)
    .map((from, k) => [
      parts.railTag(k),
      "hidden_state",
      route(from, y, { x: stops[k + 1] }),
      { arrow: false },
    ]);
}

/** @param {CellParts} parts @param {Plan} plan @param {import("../diagram-parts.js").CellOptions} options */
export function drawLandscape(parts, plan, { timestep, theme }) {
  const { box, columns, cellRail, hiddenRail, tall, operators } = plan;
  const panel = {
    x: plan.panelLeft,
    y: plan.panelTop,
    width: plan.panelRight - plan.panelLeft,
    height: plan.panelBottom - plan.panelTop,
  };
  const middle = plan.stripTop + tall / 2;
  return join(
    frame(panel, { fill: theme.panel, line: theme.line, radius: 18 }),
    wires(parts, plan),
    parts.strip("cPrev", "cell_state", parts.before, [plan.leftX, cellRail], box),
    parts.strip("hPrev", "hidden_state", parts.before, [plan.leftX, hiddenRail], box),
    parts.strip("c", "cell_state", timestep, [plan.rightX, cellRail], box),
    parts.strip("h", "hidden_state", timestep, [plan.rightX, hiddenRail], box),
    ...parts.cell.gates.map((gate, k) =>
      join(
        parts.gate(gate, [columns[k], plan.gateY], Math.min(76, plan.pitch - 6)),
        parts.strip(gate.tag, gate.quantity, timestep, [columns[k], middle], box),
      ),
    ),
    parts.operator("keep", [columns[0], cellRail], "\u00d7"),
    parts.operator("add", [columns[2], cellRail], "+"),
    parts.operator("write", [columns[2], operators], "\u00d7"),
    parts.operator("show", [plan.tanhX, operators], "\u00d7"),
    parts.unitNames("cPrev", [plan.leftX, cellRail], box),
    parts.unitNames("hPrev", [plan.leftX, hiddenRail], box),
    parts.junction("tanh", "cell_state", [plan.tanhX, cellRail]),
    parts.junction("h", "hidden_state", [plan.upX, hiddenRail]),
    ...parts.cell.gates.slice(0, 3).map(({ tag }, k) => {
      const into = /** @type {import("../diagram-parts.js").Tag} */ (`${tag}In`);
      return parts.junction(into, "hidden_state", [columns[k], hiddenRail]);
    }),
    parts.tanh([plan.tanhX, cellRail + 42]),
    parts.squashed([plan.tanhX, plan.tanhTop + tall / 2], box),
    label(plan.upX - 8, 14, "<i>h</i><sub>t</sub>", {
      color: parts.tint("h", theme.quantity.hidden_state),
      size: 16,
      align: "right",
    }),
  );
}

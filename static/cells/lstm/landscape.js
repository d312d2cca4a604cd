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

/** Units shown of an LSTM, whose blocks stand beside each other as high as there is room.
 * @param {number} units @param {number} width @param {number} [height] */
export const stagedCount = (units, width, height) =>
  height === undefined ? landscapeCount(units, width) : Math.min(units, 8);

const TOP = 26; // of the memory's blocks, under their names
const AROUND = 252; // pixels that everything but the gates' blocks takes at least

/** The same for a height that is given: one column, so that a unit is a row across the whole cell, as
 * long as its numbers can be read; null where they cannot, however they stand.
 * @param {number} count @param {{tall: number, across: number}} room pixels for one block */
export function boxWithin(count, { tall, across }) {
  const boxes = Array.from({ length: count }, (_, k) => {
    const columns = k + 1;
    const rows = Math.ceil(count / columns);
    return {
      columns,
      rows,
      width: Math.min(56, Math.floor(across / columns)),
      height: Math.min(30, Math.floor(tall / rows)),
    };
  });
  return boxes.find((box) => box.height >= 16 && box.width >= 32) ?? null;
}

/** @param {number} count @param {number} width @param {number} height */
const boxIn = (count, width, height) =>
  boxWithin(count, {
    tall: Math.min(height - AROUND, (height - 2 * TOP - 20) / 2),
    across: (width - 238) / 7,
  }) ?? { ...boxFor(count, width), height: 19 };

/**
 * Where everything stands. The memory's line runs along the top and the hidden state's along the
 * bottom, between blocks of what they were and are; the gates stand between the two.
 *
 * @param {number[]} units @param {number} width @param {unknown} [cell]
 * @param {number} [height] pixels to fill; as few as will do where none are given
 */
export function landscape(units, width, cell, height) {
  const box =
    height === undefined ? boxFor(units.length, width) : boxIn(units.length, width, height);
  const digits = String(units[units.length - 1]).length;
  const namesWidth = box.columns > 1 && box.rows > 1 ? 14 * digits + 20 : 34;
  const [across, tall] = [box.columns * box.width, box.rows * box.height];
  const least = Math.max(AROUND + tall, 2 * (TOP + tall) + 20);
  const whole = Math.max(least, height ?? least);
  const spare = whole - AROUND - tall; // shared out among the gaps
  const panelLeft = namesWidth + across + 24;
  const panelRight = width - MARGIN - across - 30;
  const pitch = (panelRight - panelLeft - 58) / 5;
  const column = (/** @type {number} */ k) => panelLeft + 14 + pitch * (k + 0.5);
  const gate = { width: Math.min(92, pitch - 6), height: 38 };
  const cellRail = TOP + Math.min(tall / 2, 28);
  const operators = cellRail + 46 + 0.3 * spare;
  const stripTop = operators + 34 + 0.1 * spare;
  const gateY = stripTop + tall + 12 + 0.05 * spare + gate.height / 2;
  const hiddenRail = gateY + gate.height / 2 + 22 + 0.25 * spare;
  const panelBottom = hiddenRail + 16 + 0.15 * spare;
  return {
    box,
    across,
    tall,
    panelLeft,
    panelRight,
    pitch,
    gate,
    columns: [0, 1, 2, 3].map(column),
    tanhX: column(4),
    upX: panelRight - 22,
    cellRail,
    operators,
    stripTop,
    gateY,
    hiddenRail,
    panelTop: TOP - 6,
    panelBottom,
    inputY: whole - 16,
    memoryY: TOP + tall / 2,
    hiddenY: Math.min(hiddenRail, whole - 4 - tall / 2),
    leftX: namesWidth + across / 2,
    rightX: width - MARGIN - across / 2,
  };
}

/** @typedef {ReturnType<typeof landscape>} Plan */

/** The wires, those in focus over the faded ones. @param {CellParts} parts @param {Plan} plan */
function wires(parts, plan) {
  const { columns, cellRail, hiddenRail, operators, gateY, stripTop, tanhX, upX } = plan;
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
    [
      "o",
      "output_gate",
      // over its block and down again, to where the memory comes out of the tanh
      route(
        o,
        gateY,
        { y: stripTop - 14 },
        { x: (o + tanhX) / 2 },
        { y: gateY },
        { x: tanhX - 13 },
      ),
    ],
    ["tanh", "cell_state", route(tanhX, cellRail, { y: gateY - 13 })],
    ["h", hidden, route(tanhX, gateY, { y: hiddenRail }, { x: right })],
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
  const { box, columns, cellRail, hiddenRail, tall, operators, memoryY, hiddenY, gateY } = plan;
  const [f, , g] = columns;
  const panel = {
    x: plan.panelLeft,
    y: plan.panelTop,
    width: plan.panelRight - plan.panelLeft,
    height: plan.panelBottom - plan.panelTop,
  };
  const middle = plan.stripTop + tall / 2;
  const state = (/** @type {"left" | "right"} */ align) => ({ align });
  /** @param {import("../diagram-parts.js").Tag} tag
   * @param {import("../../core/types.js").Quantity} quantity @param {number} x @param {number} y
   * @param {string} text */
  const does = (tag, quantity, x, y, text) =>
    label(x + 18, y, text, { color: parts.tint(tag, theme.quantity[quantity]), align: "left" });
  return join(
    frame(panel, { fill: theme.panel, line: theme.line, radius: 18 }),
    wires(parts, plan),
    parts.strip("cPrev", "cell_state", parts.before, [plan.leftX, memoryY], box, state("left")),
    parts.strip("hPrev", "hidden_state", parts.before, [plan.leftX, hiddenY], box, state("left")),
    parts.strip("c", "cell_state", timestep, [plan.rightX, memoryY], box, state("right")),
    parts.strip("h", "hidden_state", timestep, [plan.rightX, hiddenY], box, state("right")),
    ...parts.cell.gates.map((gate, k) =>
      join(
        parts.gate(gate, [columns[k], gateY], plan.gate.width, plan.gate.height),
        parts.strip(gate.tag, gate.quantity, timestep, [columns[k], middle], box),
      ),
    ),
    parts.operator("keep", [f, cellRail], "\u00d7"),
    parts.operator("add", [g, cellRail], "+"),
    parts.operator("write", [g, operators], "\u00d7"),
    parts.operator("show", [plan.tanhX, gateY], "\u00d7"),
    does("f", "forget_gate", f, (cellRail + operators) / 2, "keep"),
    does("add", "candidate", g, (cellRail + operators) / 2, "write"),
    does("o", "output_gate", plan.tanhX, gateY, "show"),
    parts.unitNames("cPrev", [plan.leftX, memoryY], box),
    parts.unitNames("hPrev", [plan.leftX, hiddenY], box),
    parts.junction("tanh", "cell_state", [plan.tanhX, cellRail]),
    parts.junction("h", "hidden_state", [plan.upX, hiddenRail]),
    ...parts.cell.gates.slice(0, 3).map(({ tag }, k) => {
      const into = /** @type {import("../diagram-parts.js").Tag} */ (`${tag}In`);
      return parts.junction(into, "hidden_state", [columns[k], hiddenRail]);
    }),
    parts.tanh([plan.tanhX, (cellRail + plan.stripTop) / 2 + 2]),
    parts.squashed([plan.tanhX, middle], box),
    label(plan.upX - 8, 12, "<i>h</i><sub>t</sub>", {
      color: parts.tint("h", theme.quantity.hidden_state),
      size: 16,
      align: "right",
    }),
  );
}

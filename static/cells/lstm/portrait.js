/** The cell turned by a quarter for narrow screens: states run from top to bottom, gates are rows. */
import { frame, join, route } from "../../draw/primitives.js";

/** @typedef {import("../diagram-parts.js").CellParts} CellParts */
/** @typedef {import("../diagram-parts.js").Tag} Tag */

const RAIL = 22;
const GATE = 30; // pixels left of a gate

/** Units shown, where blocks stand one under another. @param {number} units */
export const portraitCount = (units) => Math.min(units, 6);

/** Units shown of an LSTM. @param {number} units */
export const stagedPortraitCount = (units) => Math.min(units, 8);

const THREE_FROM = 320; // pixels: below, the third would lie under the operators

/** Values in a row of a block: no row is left half empty, where that can be.
 * @param {number} count @param {number} width of the figure */
export const portraitColumns = (count, width) =>
  Math.min(count, count === 4 || width < THREE_FROM ? 2 : 3);

/** The same for an LSTM, whose rows are as long as they can be.
 * @param {number} count @param {number} width of the figure */
function columnsIn(count, width) {
  const most = Math.max(1, Math.floor((width - GATE - BESIDE) / NARROWEST));
  const rows = Math.ceil(count / Math.min(count, 4, most));
  return Math.ceil(count / rows);
}

const EDGE = 8;

const NAMED = 96; // pixels of a state’s name

const BESIDE = 166; // pixels of the gates’ names, the operators and the memory’s line

const NARROWEST = 34; // pixels of a box with its number

const AROUND = 186; // pixels that everything but six blocks takes at least

/**
 * @param {number[]} units @param {number} width @param {unknown} [cell]
 * @param {number} [height] pixels to fill; as few as will do where none are given
 */
export function portrait(units, width, cell, height) {
  const count = units.length;
  const columns = columnsIn(count, width);
  const rows = Math.ceil(count / columns);
  const room = Math.floor(((height ?? 0) - AROUND) / 7 / rows);
  const box = {
    columns,
    rows,
    width: Math.floor(
      Math.min(44, (width - GATE - BESIDE) / columns, (width - 2 * EDGE - 16) / 2 / columns),
    ),
    height: Math.min(28, Math.max(height === undefined ? 24 : 19, room)),
  };
  const [across, tall] = [columns * box.width, rows * box.height];
  const least = AROUND + 7 * tall + 4 * Math.max(0, 38 - tall);
  const whole = Math.max(least, height ?? least);
  const gap = 10 + (whole - least) / 6;
  const row = Math.max(38, tall) + gap;
  const statesY = 58 + tall / 2;
  const panelTop = 58 + tall + 12;
  const first = panelTop + 12 + Math.max(38, tall) / 2;
  const gateRows = [first, first + row, first + 2 * row];
  const squashedY = gateRows[2] + row + 4;
  const outputY = squashedY + row;
  const outY = outputY + Math.max(38, tall) / 2 + 14;
  const panelBottom = outY + 12;
  const rightX = width - EDGE - across / 2;
  const cellRail = width - 26;
  return {
    box,
    across,
    tall,
    rows: [...gateRows, outputY],
    statesY,
    panelTop,
    panelBottom,
    gate: { width: 72, height: 38 },
    branchY: squashedY,
    squashedY,
    outY,
    cellRail,
    operators: cellRail - 36,
    stripX: GATE + 84 + across / 2,
    inputY: 14,
    leftX: EDGE + across / 2,
    rightX,
    lastY: panelBottom + 30 + tall / 2,
    bottom: panelBottom + 30 + tall + 4,
  };
}

/** @typedef {ReturnType<typeof portrait>} Plan */

/** @param {CellParts} parts @param {Plan} plan @param {number} width */
function wires(parts, plan, width) {
  const { rows, cellRail, operators, tall, statesY, squashedY, outY, lastY, inputY } = plan;
  const [f, i, g, o] = rows;
  const top = statesY + tall / 2;
  const end = lastY - tall / 2;
  const thick = { width: 4, arrow: false };
  const plain = { arrow: false };
  const hidden = "hidden_state";
  const into = GATE + 8;
  return parts.wires([
    ["cPrev", "cell_state", route(cellRail, top, { y: f }), thick],
    ["kept", "cell_state", route(cellRail, f, { y: g }), thick],
    ["c", "cell_state", route(cellRail, g, { y: end }), { width: 4 }],
    ["fIn", hidden, route(RAIL, f, { x: into }), plain],
    ["iIn", hidden, route(RAIL, i, { x: into }), plain],
    ["gIn", hidden, route(RAIL, g, { x: into }), plain],
    ["f", "forget_gate", route(into, f, { x: cellRail - 13 })],
    ["i", "input_gate", route(into, i, { x: operators }, { y: g - 13 })],
    ["g", "candidate", route(into, g, { x: operators - 13 })],
    ["add", "candidate", route(operators, g, { x: cellRail - 13 })],
    ["o", "output_gate", route(into, o, { x: operators - 13 })],
    ["tanh", "cell_state", route(cellRail, squashedY, { x: operators }, { y: o - 13 })],
    ["h", hidden, route(operators, o, { y: outY }, { x: plan.leftX }, { y: end })],
    ["h", hidden, route(operators, outY, { x: width - 2 })],
    ["x", "input", route(5, inputY, { y: f - 16 }, { x: RAIL }), plain],
    [parts.railTag(0), hidden, route(RAIL, top, { y: f }), plain],
    [parts.railTag(1), hidden, route(RAIL, f, { y: i }), plain],
    [parts.railTag(2), hidden, route(RAIL, i, { y: g }), plain],
    ["oIn", hidden, route(RAIL, g, { y: o }, { x: into }), plain],
  ]);
}

/** @param {CellParts} parts @param {Plan} plan @param {import("../diagram-parts.js").CellOptions} options */
export function drawPortrait(parts, plan, { timestep, theme, width }) {
  const { box, rows, cellRail, operators, squashedY, statesY, lastY, stripX, outY } = plan;
  const panel = {
    x: 3,
    y: plan.panelTop,
    width: width - 6,
    height: plan.panelBottom - plan.panelTop,
  };
  const named = { align: /** @type {const} */ ("left") };
  // where a block is narrower than its name, that ends before the memory's line
  const narrow = { align: /** @type {const} */ ("right"), x: cellRail - 8 };
  const memory = plan.across < NAMED ? narrow : named;
  return join(
    frame(panel, { fill: theme.panel, line: theme.line, radius: 16 }),
    wires(parts, plan, width),
    parts.strip("hPrev", "hidden_state", parts.before, [plan.leftX, statesY], box, named),
    parts.strip("cPrev", "cell_state", parts.before, [plan.rightX, statesY], box, memory),
    parts.strip("h", "hidden_state", timestep, [plan.leftX, lastY], box, named),
    parts.strip("c", "cell_state", timestep, [plan.rightX, lastY], box, memory),
    ...parts.cell.gates.map((gate, k) =>
      join(
        parts.gate(gate, [GATE + 42, rows[k]], plan.gate.width, plan.gate.height),
        parts.values(gate.tag, gate.quantity, timestep, [stripX, rows[k]], box),
      ),
    ),
    parts.operator("keep", [cellRail, rows[0]], "\u00d7"),
    parts.operator("write", [operators, rows[2]], "\u00d7"),
    parts.operator("add", [cellRail, rows[2]], "+"),
    parts.operator("show", [operators, rows[3]], "\u00d7"),
    parts.junction("tanh", "cell_state", [cellRail, plan.branchY]),
    parts.junction("h", "hidden_state", [operators, outY]),
    ...parts.cell.gates
      .slice(0, 3)
      .map(({ tag }, k) =>
        parts.junction(/** @type {Tag} */ (`${tag}In`), "hidden_state", [RAIL, rows[k]]),
      ),
    parts.tanh([GATE + 42, squashedY]),
    parts.squashed([stripX, squashedY], box),
  );
}

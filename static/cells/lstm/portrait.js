/** The cell turned by a quarter for narrow screens: states run from top to bottom, gates are rows. */
import { frame, join, label, route } from "../../draw/primitives.js";

/** @typedef {import("../diagram-parts.js").CellParts} CellParts */
/** @typedef {import("../diagram-parts.js").Tag} Tag */

const RAIL = 30;
const GATE = 82;

/** Units shown. @param {number} units */
export const portraitCount = (units) => Math.min(units, 6);

const THREE_FROM = 320; // pixels: below, the third would lie under the operators

/** Values in a row of a block: no row is left half empty, where that can be.
 * @param {number} count @param {number} width of the figure */
export const portraitColumns = (count, width) =>
  Math.min(count, count === 4 || width < THREE_FROM ? 2 : 3);

/** @param {number[]} units @param {number} width */
export function portrait(units, width) {
  const count = units.length;
  const columns = portraitColumns(count, width);
  const box = {
    columns,
    rows: Math.ceil(count / columns),
    width: width < 350 ? 33 : width < 400 ? 36 : 42,
    height: 24,
  };
  const [across, tall] = [box.columns * box.width, box.rows * box.height];
  const row = Math.max(44, tall) + 34;
  const statesY = 116 + tall / 2;
  const panelTop = 116 + tall + 24;
  const first = panelTop + 40 + row / 2;
  const rows = [first, first + row, first + 2 * row];
  const squashedY = rows[2] + row / 2 + 66 + tall / 2;
  const outputY = squashedY + tall / 2 + 40 + Math.max(20, tall / 2);
  const outY = outputY + Math.max(44, tall / 2 + 20);
  const panelBottom = outY + 18;
  const rightX = width - 8 - across / 2;
  const cellRail = rightX + across / 2 - box.width / 2;
  return {
    box,
    across,
    tall,
    rows: [...rows, outputY],
    statesY,
    panelTop,
    panelBottom,
    branchY: rows[2] + (squashedY - tall / 2 - rows[2]) * 0.36,
    tanhY: rows[2] + (squashedY - tall / 2 - rows[2]) * 0.7,
    squashedY,
    outY,
    cellRail,
    operators: cellRail - 12 - Math.max(across / 2, 40),
    stripX: GATE + 42 + across / 2,
    inputY: 40,
    leftX: RAIL + 14 + across / 2,
    rightX,
    lastY: panelBottom + 60 + tall / 2,
    // Three digits at the left edge would be cut; the block at the right has the same rows.
    namesFit: units[count - 1] < 100,
    bottom: panelBottom + 60 + tall + 14,
  };
}

/** @typedef {ReturnType<typeof portrait>} Plan */

/** @param {CellParts} parts @param {Plan} plan @param {number} width */
function wires(parts, plan, width) {
  const { rows, cellRail, operators, branchY, tall, statesY, outY, lastY, inputY, panelTop } = plan;
  const [f, i, g, o] = rows;
  const top = statesY + tall / 2;
  const end = lastY - tall / 2;
  const branch = outY - 16;
  const thick = { width: 4, arrow: false };
  const plain = { arrow: false };
  const hidden = "hidden_state";
  return parts.wires([
    ["cPrev", "cell_state", route(cellRail, top, { y: f }), thick],
    ["kept", "cell_state", route(cellRail, f, { y: g }), thick],
    ["c", "cell_state", route(cellRail, g, { y: end }), { width: 4 }],
    ["fIn", hidden, route(RAIL, f, { x: GATE }), plain],
    ["iIn", hidden, route(RAIL, i, { x: GATE }), plain],
    ["gIn", hidden, route(RAIL, g, { x: GATE }), plain],
    ["f", "forget_gate", route(GATE, f, { x: cellRail - 13 })],
    ["i", "input_gate", route(GATE, i, { x: operators }, { y: g - 13 })],
    ["g", "candidate", route(GATE, g, { x: operators - 13 })],
    ["add", "candidate", route(operators, g, { x: cellRail - 13 })],
    ["o", "output_gate", route(GATE, o, { x: operators - 13 })],
    ["tanh", "cell_state", route(cellRail, branchY, { x: operators }, { y: o - 13 })],
    ["h", hidden, route(operators, o, { y: outY }, { x: plan.leftX }, { y: end })],
    ["h", hidden, route(operators, branch, { x: width - 2 })],
    ["x", "input", route(16, inputY, { y: panelTop + 28 }, { x: RAIL }), plain],
    [
      parts.railTag(0),
      hidden,
      route(RAIL + 30, top, { y: panelTop + 10 }, { x: RAIL }, { y: f }),
      plain,
    ],
    [parts.railTag(1), hidden, route(RAIL, f, { y: i }), plain],
    [parts.railTag(2), hidden, route(RAIL, i, { y: g }), plain],
    ["oIn", hidden, route(RAIL, g, { y: o }, { x: GATE }), plain],
  ]);
}

/** @param {CellParts} parts @param {Plan} plan @param {import("../diagram-parts.js").CellOptions} options */
export function drawPortrait(parts, plan, { timestep, theme, width }) {
  const { box, rows, cellRail, operators, squashedY, statesY, lastY } = plan;
  const panel = {
    x: 6,
    y: plan.panelTop,
    width: width - 12,
    height: plan.panelBottom - plan.panelTop,
  };
  return join(
    frame(panel, { fill: theme.panel, line: theme.line, radius: 16 }),
    wires(parts, plan, width),
    parts.strip("hPrev", "hidden_state", parts.before, [plan.leftX, statesY], box),
    parts.strip("cPrev", "cell_state", parts.before, [plan.rightX, statesY], box),
    parts.strip("h", "hidden_state", timestep, [plan.leftX, lastY], box),
    parts.strip("c", "cell_state", timestep, [plan.rightX, lastY], box),
    plan.namesFit ? parts.unitNames("h", [plan.leftX, lastY], box) : null,
    parts.unitNames("c", [plan.rightX, lastY], box),
    ...parts.cell.gates.map((gate, k) =>
      join(
        parts.gate(gate, [GATE, rows[k]], 70),
        parts.strip(gate.tag, gate.quantity, timestep, [plan.stripX, rows[k]], box),
      ),
    ),
    parts.operator("keep", [cellRail, rows[0]], "\u00d7"),
    parts.operator("write", [operators, rows[2]], "\u00d7"),
    parts.operator("add", [cellRail, rows[2]], "+"),
    parts.operator("show", [operators, rows[3]], "\u00d7"),
    parts.junction("tanh", "cell_state", [cellRail, plan.branchY]),
    parts.junction("h", "hidden_state", [operators, plan.outY - 16]),
    ...parts.cell.gates
      .slice(0, 3)
      .map(({ tag }, k) =>
        parts.junction(/** @type {Tag} */ (`${tag}In`), "hidden_state", [RAIL, rows[k]]),
      ),
    parts.tanh([operators, plan.tanhY]),
    parts.squashed([operators, squashedY], box),
    label((operators + cellRail) / 2, plan.outY, "<i>h</i><sub>t</sub>", {
      color: parts.tint("h", theme.quantity.hidden_state),
      size: 16,
    }),
  );
}

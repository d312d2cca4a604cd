/** A gated recurrent unit for narrow screens: its state runs from top to bottom, gates are rows. */
import { portraitColumns } from "../lstm/portrait.js";
import { frame, join, label, route } from "../../draw/primitives.js";

/** @typedef {import("../diagram-parts.js").CellParts} CellParts */
/** @typedef {import("../diagram-parts.js").WireArguments} WireArguments */
/** @typedef {import("../kind.js").Tag} Tag */

const INPUT = 16; // the rails at the left edge
const HIDDEN = 31;
const GATE = 90;
const RESET = 104; // where the hidden state, reset, enters the candidate from above

/** @param {number[]} units @param {number} width @param {import("../kind.js").CellKind} cell */
export function gruPortrait(units, width, cell) {
  const columns = portraitColumns(units.length, width);
  const box = {
    columns,
    rows: Math.ceil(units.length / columns),
    width: width < 350 ? 33 : width < 400 ? 36 : 42,
    height: 24,
  };
  const [across, tall] = [box.columns * box.width, box.rows * box.height];
  const row = Math.max(44, tall) + 34;
  const panelTop = 116 + tall + 20;
  const z = panelTop + 36 + row / 2;
  const r = z + row;
  const g = r + row + 52;
  const outY = g + Math.max(22, tall / 2) + 22;
  const panelBottom = outY + 22;
  const rightX = width - 8 - across / 2;
  const stateRail = rightX + across / 2 - box.width / 2;
  return {
    box,
    across,
    tall,
    after: cell.sums.candidate?.reset?.after,
    rows: [z, r, g],
    statesY: 116 + tall / 2,
    panelTop,
    panelBottom,
    branchY: panelTop + 14,
    restY: z + row / 2 + 4,
    resetY: g - 21 - 33,
    outY,
    stateRail,
    operators: stateRail - 47,
    stripX: GATE + 42 + across / 2,
    inputY: 40,
    rightX,
    lastY: panelBottom + 40 + tall / 2,
    bottom: panelBottom + 40 + tall + 14,
  };
}

/** @typedef {ReturnType<typeof gruPortrait>} Plan */

/** What the gates read: two rails, and from each a wire into every gate.
 * @param {CellParts} parts @param {Plan} plan @returns {WireArguments[]} */
function readers(parts, { rows, stateRail, branchY, inputY, resetY }) {
  const plain = { arrow: false };
  const hidden = [rows[0] - 9, rows[1] - 9, resetY];
  const input = rows.map((y) => y + 10);
  /** @type {WireArguments[]} */
  const list = [
    [
      parts.railTag(0),
      "hidden_state",
      route(stateRail, branchY, { x: HIDDEN }, { y: hidden[0] }),
      plain,
    ],
    ["x", "input", route(INPUT, inputY, { y: input[0] }), plain],
    ["gIn", "hidden_state", route(RESET, resetY, { y: rows[2] - 21 })],
  ];
  for (const k of [1, 2]) {
    list.push(
      [parts.railTag(k), "hidden_state", route(HIDDEN, hidden[k - 1], { y: hidden[k] }), plain],
      [parts.railTag(k), "input", route(INPUT, input[k - 1], { y: input[k] }), plain],
    );
  }
  parts.cell.gates.forEach(({ tag }, k) => {
    const into = /** @type {Tag} */ (`${tag}In`);
    list.push(
      [into, "input", route(INPUT, input[k], { x: GATE }), plain],
      [into, "hidden_state", route(HIDDEN, hidden[k], { x: k === 2 ? RESET - 13 : GATE }), plain],
    );
  });
  return list;
}

/** @param {CellParts} parts @param {Plan} plan @param {number} width */
function wires(parts, plan, width) {
  const { rows, stateRail, operators, statesY, tall, branchY, restY, resetY, outY, lastY } = plan;
  const [z, r, g] = rows;
  const top = statesY + tall / 2;
  const turn = plan.stripX + plan.across / 2 + 9;
  const thick = { width: 4, arrow: false };
  const state = "hidden_state";
  return parts.wires([
    ["hPrev", state, route(stateRail, top, { y: branchY }), thick],
    ["keep", state, route(stateRail, branchY, { y: z }), thick],
    ["kept", state, route(stateRail, z, { y: g }), thick],
    ["h", state, route(stateRail, g, { y: lastY - tall / 2 }), { width: 4 }],
    ["h", state, route(stateRail, outY, { x: width - 2 })],
    ["z", "update_gate", route(GATE, z, { x: stateRail - 13 })],
    ["z", "update_gate", route(operators, z, { y: restY - 13 })],
    ["rest", "update_gate", route(operators, restY, { y: g - 13 })],
    ["g", "candidate", route(GATE, g, { x: operators - 13 })],
    ["add", "candidate", route(operators, g, { x: stateRail - 13 })],
    ["r", "reset_gate", route(GATE, r, { x: turn }, { y: resetY }, { x: RESET + 13 })],
    ...readers(parts, plan),
  ]);
}

/** @param {CellParts} parts @param {Plan} plan @param {import("../diagram-parts.js").CellOptions} options */
export function drawGruPortrait(parts, plan, { timestep, theme, width }) {
  const { box, rows, stateRail, operators, resetY, outY } = plan;
  const panel = {
    x: 6,
    y: plan.panelTop,
    width: width - 12,
    height: plan.panelBottom - plan.panelTop,
  };
  const into = (/** @type {number} */ k) => /** @type {Tag} */ (`${parts.cell.gates[k].tag}In`);
  return join(
    frame(panel, { fill: theme.panel, line: theme.line, radius: 16 }),
    wires(parts, plan, width),
    parts.strip("hPrev", "hidden_state", parts.before, [plan.rightX, plan.statesY], box),
    parts.strip("h", "hidden_state", timestep, [plan.rightX, plan.lastY], box),
    parts.unitNames("h", [plan.rightX, plan.lastY], box),
    ...parts.cell.gates.map((gate, k) =>
      join(
        parts.gate(gate, [GATE, rows[k]], 70),
        parts.strip(gate.tag, gate.quantity, timestep, [plan.stripX, rows[k]], box),
      ),
    ),
    plan.after ? parts.product("gIn", "hidden_state", [62, resetY], "<i>hU+b\u2032</i>", 46) : null,
    parts.operator("keep", [stateRail, rows[0]], "\u00d7"),
    parts.operator("rest", [operators, plan.restY], "1\u2212"),
    parts.operator("reset", [RESET, resetY], "\u00d7"),
    parts.operator("write", [operators, rows[2]], "\u00d7"),
    parts.operator("add", [stateRail, rows[2]], "+"),
    parts.junction("hPrev", "hidden_state", [stateRail, plan.branchY]),
    parts.junction("h", "hidden_state", [stateRail, outY]),
    parts.junction("z", "update_gate", [operators, rows[0]]),
    ...[0, 1].flatMap((k) => [
      parts.junction(into(k), "hidden_state", [HIDDEN, rows[k] - 9]),
      parts.junction(into(k), "input", [INPUT, rows[k] + 10]),
    ]),
    label(stateRail - 12, outY, "<i>h</i><sub>t</sub>", {
      color: parts.tint("h", theme.quantity.hidden_state),
      size: 16,
      align: "right",
    }),
  );
}

/** A gated recurrent unit: its one state left to right on top, the word from below. */
import { boxFor, boxWithin, landscapeCount } from "../lstm/landscape.js";
import { frame, join, label, route } from "../../draw/primitives.js";

/** @typedef {import("../diagram-parts.js").CellParts} CellParts */
/** @typedef {import("../diagram-parts.js").WireArguments} WireArguments */
/** @typedef {import("../kind.js").Tag} Tag */

const MARGIN = 8;
const BLOCKS = 6; // as wide as so many of them
const HIDDEN = -16; // where the hidden state enters a gate, from its middle
const INPUT = 22; // and where the word does

const TOP = 26; // of the state's blocks, under their names
const AROUND = 332; // pixels that everything but the gates' blocks takes at least
const SPARE = 80; // more of them where no height is given

/** @param {number} count @param {number} width @param {number} height */
const boxIn = (count, width, height) =>
  boxWithin(count, { tall: height - AROUND, across: (width - 194) / BLOCKS });

/** Units shown: on a stage as many as can be read. @param {number} units @param {number} width
 * @param {number} [height] */
export function gruLandscapeCount(units, width, height) {
  if (height === undefined) return landscapeCount(units, width, BLOCKS);
  return Math.min(units, [8, 6, 4].find((count) => boxIn(count, width, height)) ?? 4);
}

/** @param {number[]} units @param {number} width @param {import("../kind.js").CellKind} cell
 * @param {number} [height] pixels to fill; as few as will do where none are given */
export function gruLandscape(units, width, cell, height) {
  const natural = boxFor(units.length, width, BLOCKS);
  const box = (height === undefined ? null : boxIn(units.length, width, height)) ?? natural;
  const digits = String(units[units.length - 1]).length;
  const namesWidth = box.columns > 1 && box.rows > 1 ? 14 * digits + 20 : 34;
  const [across, tall] = [box.columns * box.width, box.rows * box.height];
  const panelLeft = namesWidth + across + 24;
  const panelRight = width - MARGIN - across - 30;
  const pitch = (panelRight - panelLeft - 80) / 3;
  const after = cell.sums.candidate?.reset?.after;
  const spare = height === undefined ? SPARE : Math.max(0, height - AROUND - tall);
  const stateRail = TOP + Math.min(tall / 2, 28);
  const operators = stateRail + 44 + 0.25 * spare;
  const stripTop = operators + 32 + 0.15 * spare;
  const gateY = stripTop + tall + 14 + 21 + 0.1 * spare;
  const resetY = gateY + 21 + 20 + 0.15 * spare;
  const productY = resetY + 32 + 0.1 * spare;
  const hiddenRail = (after ? productY : resetY) + 26 + 0.1 * spare;
  const inputRail = hiddenRail + 16 + 0.05 * spare;
  const panelBottom = inputRail + 12 + 0.05 * spare;
  return {
    box,
    across,
    tall,
    panelLeft,
    panelRight,
    pitch,
    after,
    columns: [0, 1, 2].map((k) => panelLeft + 36 + pitch * (k + 0.5)),
    branchX: panelLeft + 18,
    upX: panelRight - 22,
    stateRail,
    stateY: TOP + tall / 2,
    operators,
    stripTop,
    gateY,
    resetY,
    productY,
    hiddenRail,
    inputRail,
    panelTop: TOP - 6,
    panelBottom,
    inputY: Math.max(panelBottom + 24, (height ?? 0) - 16),
    leftX: namesWidth + across / 2,
    rightX: width - MARGIN - across / 2,
  };
}

/** @typedef {ReturnType<typeof gruLandscape>} Plan */

/** What the gates read: two rails, and from each a wire into every gate.
 * @param {CellParts} parts @param {Plan} plan @returns {WireArguments[]} */
function readers(parts, plan) {
  const { columns, stateRail, hiddenRail, inputRail, inputY, gateY, resetY, branchX } = plan;
  const plain = { arrow: false };
  const start = branchX + 16;
  const hidden = columns.map((x) => x + HIDDEN);
  const input = columns.map((x) => x + INPUT);
  return [
    [
      parts.railTag(0),
      "hidden_state",
      route(branchX, stateRail, { y: hiddenRail }, { x: hidden[0] }),
      plain,
    ],
    ["x", "input", route(start, inputY, { y: inputRail }, { x: input[0] }), plain],
    ...[1, 2].flatMap((k) => [
      /** @type {WireArguments} */ ([
        parts.railTag(k),
        "hidden_state",
        route(hidden[k - 1], hiddenRail, { x: hidden[k] }),
        plain,
      ]),
      /** @type {WireArguments} */ ([
        parts.railTag(k),
        "input",
        route(input[k - 1], inputRail, { x: input[k] }),
        plain,
      ]),
    ]),
    ...parts.cell.gates.flatMap(({ tag }, k) => {
      const into = /** @type {Tag} */ (`${tag}In`);
      return [
        /** @type {WireArguments} */ ([
          into,
          "input",
          route(input[k], inputRail, { y: gateY }),
          plain,
        ]),
        /** @type {WireArguments} */ ([
          into,
          "hidden_state",
          route(hidden[k], hiddenRail, { y: k === 2 ? resetY : gateY }),
          plain,
        ]),
      ];
    }),
    ["gIn", "hidden_state", route(hidden[2], resetY, { y: gateY + 21 })],
  ];
}

/** @param {CellParts} parts @param {Plan} plan */
function wires(parts, plan) {
  const { columns, stateRail, operators, gateY, stripTop, resetY, branchX, upX } = plan;
  const [z, r, g] = columns;
  const left = plan.leftX + plan.across / 2;
  const right = plan.rightX - plan.across / 2;
  const thick = { width: 4, arrow: false };
  const state = "hidden_state";
  return parts.wires([
    ["hPrev", state, route(left, stateRail, { x: branchX }), thick],
    ["keep", state, route(branchX, stateRail, { x: z }), thick],
    ["kept", state, route(z, stateRail, { x: g }), thick],
    ["h", state, route(g, stateRail, { x: right }), { width: 4 }],
    ["h", state, route(upX, stateRail, { y: 6 })],
    ["z", "update_gate", route(z, gateY, { y: stateRail + 13 })],
    ["z", "update_gate", route(z, operators, { x: r - 13 })],
    ["rest", "update_gate", route(r, operators, { x: g - 13 })],
    ["g", "candidate", route(g, gateY, { y: operators + 13 })],
    ["add", "candidate", route(g, operators, { y: stateRail + 13 })],
    [
      "r",
      "reset_gate",
      route(
        r,
        gateY,
        { y: stripTop - 18 },
        { x: (r + g) / 2 },
        { y: resetY },
        { x: g + HIDDEN - 13 },
      ),
    ],
    ...readers(parts, plan),
  ]);
}

/** @param {CellParts} parts @param {Plan} plan @param {import("../diagram-parts.js").CellOptions} options */
export function drawGruLandscape(parts, plan, { timestep, theme }) {
  const { box, columns, stateRail, hiddenRail, inputRail, tall, operators } = plan;
  const panel = {
    x: plan.panelLeft,
    y: plan.panelTop,
    width: plan.panelRight - plan.panelLeft,
    height: plan.panelBottom - plan.panelTop,
  };
  const middle = plan.stripTop + tall / 2;
  const into = (/** @type {number} */ k) => /** @type {Tag} */ (`${parts.cell.gates[k].tag}In`);
  const product = "<i>hU + b\u2032</i>";
  return join(
    frame(panel, { fill: theme.panel, line: theme.line, radius: 18 }),
    wires(parts, plan),
    parts.strip("hPrev", "hidden_state", parts.before, [plan.leftX, plan.stateY], box),
    parts.strip("h", "hidden_state", timestep, [plan.rightX, plan.stateY], box),
    ...parts.cell.gates.map((gate, k) =>
      join(
        parts.gate(gate, [columns[k], plan.gateY], Math.min(84, plan.pitch - 6)),
        parts.strip(gate.tag, gate.quantity, timestep, [columns[k], middle], box),
      ),
    ),
    plan.after
      ? parts.product("gIn", "hidden_state", [columns[2] + HIDDEN, plan.productY], product, 62)
      : null,
    parts.operator("keep", [columns[0], stateRail], "\u00d7"),
    parts.operator("rest", [columns[1], operators], "1\u2212"),
    parts.operator("write", [columns[2], operators], "\u00d7"),
    parts.operator("add", [columns[2], stateRail], "+"),
    parts.operator("reset", [columns[2] + HIDDEN, plan.resetY], "\u00d7"),
    parts.unitNames("hPrev", [plan.leftX, plan.stateY], box),
    parts.junction("hPrev", "hidden_state", [plan.branchX, stateRail]),
    parts.junction("h", "hidden_state", [plan.upX, stateRail]),
    parts.junction("z", "update_gate", [columns[0], operators]),
    ...[0, 1].flatMap((k) => [
      parts.junction(into(k), "hidden_state", [columns[k] + HIDDEN, hiddenRail]),
      parts.junction(into(k), "input", [columns[k] + INPUT, inputRail]),
    ]),
    label(plan.upX - 8, 14, "<i>h</i><sub>t</sub>", {
      color: parts.tint("h", theme.quantity.hidden_state),
      size: 16,
      align: "right",
    }),
  );
}

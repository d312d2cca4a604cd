/** Any cell left to right: its memory on top, its gates in a row, the word from below. */
import { boxFor, boxWithin, landscapeCount } from "../lstm/landscape.js";
import { frame, join, route } from "../../draw/primitives.js";
import { lettersIn, rolesOf } from "./parts.js";

/** @typedef {import("../diagram-parts.js").CellOptions} CellOptions */
/** @typedef {import("../diagram-parts.js").CellParts} CellParts */
/** @typedef {import("../diagram-parts.js").WireArguments} WireArguments */

const MARGIN = 8;
const BLOCKS = 7; // as wide as so many of them
const HIDDEN = -16; // where the hidden state enters a gate, from its middle
const INPUT = 22; // and where the word does
const HALF = 12; // of a box with an equation in it

const TOP = 26; // of the states' blocks, under their names
const SPARE = 90; // pixels beyond the least where no height is given

/** Pixels that everything but the gates' blocks takes at least.
 * @param {import("../kind.js").CellKind} cell */
function around(cell) {
  const { two, reset } = rolesOf(cell);
  return 254 + (two ? 46 : 0) + (!reset ? 0 : reset.after ? 52 : 20);
}

/** @param {number} count @param {number} width @param {import("../kind.js").CellKind} cell
 * @param {number} height */
const boxIn = (count, width, cell, height) =>
  boxWithin(count, {
    tall: Math.min(height - around(cell), rolesOf(cell).two ? (height - 92) / 2 : Infinity),
    across: (width - 194) / BLOCKS,
  });

/** @param {number[]} units @param {number} width @param {import("../kind.js").CellKind} cell
 * @param {number} [height] pixels to fill; as few as will do where none are given */
function plan(units, width, cell, height) {
  const roles = rolesOf(cell);
  const natural = boxFor(units.length, width, BLOCKS);
  const box = (height === undefined ? null : boxIn(units.length, width, cell, height)) ?? natural;
  const digits = String(units[units.length - 1]).length;
  const namesWidth = box.columns > 1 && box.rows > 1 ? 14 * digits + 20 : 34;
  const [across, tall] = [box.columns * box.width, box.rows * box.height];
  const panelLeft = namesWidth + across + 24;
  const panelRight = width - MARGIN - across - 30;
  const count = Math.max(1, cell.gates.length);
  const pitch = (panelRight - panelLeft - 80) / count;
  const spare = height === undefined ? SPARE : Math.max(0, height - around(cell) - tall);
  const part = spare / (roles.two ? 10 : 8);
  const stateRail = TOP + Math.min(tall / 2, 28);
  const showY = roles.two ? stateRail + 46 + 2 * part : stateRail;
  const stripTop = showY + HALF + 36 + 2 * part;
  const gateY = stripTop + tall + 14 + 21 + part;
  const resetY = gateY + 21 + 20 + part;
  const lowest = roles.reset?.after ? resetY + 32 : roles.reset ? resetY : gateY + 21 + part;
  const hiddenRail = lowest + 26 + 2 * part;
  const inputRail = hiddenRail + 16 + part;
  const panelBottom = inputRail + 12 + part;
  const inputY = Math.max(
    panelBottom + 24,
    (height ?? 0) - 16,
    roles.two ? TOP + 2 * tall + 44 : 0,
  );
  return {
    roles,
    box,
    across,
    tall,
    panelLeft,
    panelRight,
    panelTop: TOP - 6,
    panelBottom,
    columns: cell.gates.map((_, k) => panelLeft + 36 + pitch * (k + 0.5)),
    gateWidth: Math.min(84, pitch - 12),
    branchX: panelLeft + 18,
    stateRail,
    stateY: TOP + tall / 2,
    showY,
    stripTop,
    gateY,
    resetY,
    hiddenRail,
    inputRail,
    hiddenY: inputY + 12 - tall / 2,
    inputY,
    leftX: namesWidth + across / 2,
    rightX: width - MARGIN - across / 2,
  };
}

/** @typedef {ReturnType<typeof plan>} Plan */

/** Where the box of an equation stands over the gates that it takes. @param {Plan} plan
 * @param {number[]} gates @param {number} y */
function boxOver({ columns, panelLeft, panelRight }, gates, y) {
  const xs = gates.map((k) => columns[k]);
  const middle = (Math.min(...xs) + Math.max(...xs)) / 2;
  const room = 2 * Math.min(middle - panelLeft - 40, panelRight - 12 - middle);
  const width = Math.min(room, Math.max(Math.max(...xs) - Math.min(...xs) + 60, 176));
  return { x: middle, y, width, left: middle - width / 2, right: middle + width / 2 };
}

/** @param {Plan} plan */
const boxesOf = (plan) => ({
  memory: boxOver(plan, plan.roles.written, plan.stateRail),
  shown: plan.roles.two ? boxOver(plan, [plan.roles.showing], plan.showY) : null,
});

/** What the gates read: two rails, and from each a wire into every gate that is a sum.
 * @param {CellParts} parts @param {Plan} plan @returns {WireArguments[]} */
function readers(parts, plan) {
  const { roles, columns, hiddenRail, inputRail, inputY, gateY, resetY, branchX } = plan;
  const plain = { arrow: false };
  const reach = plan.tall / 2 - 6; // a strip is left where it is level with the rail, if it can be
  const level = Math.min(Math.max(hiddenRail, plan.hiddenY - reach), plan.hiddenY + reach);
  const from = roles.two ? [plan.leftX + plan.across / 2, level] : [branchX, plan.stateRail];
  const start = branchX + 16;
  return roles.weighed.flatMap((k, at) => {
    const into = `${parts.cell.gates[k].tag}In`;
    const [hidden, input] = [columns[k] + HIDDEN, columns[k] + INPUT];
    const last = roles.weighed[at - 1];
    const meets = roles.reset?.to === k;
    const rails =
      at === 0
        ? [
            route(from[0], from[1], { x: branchX }, { y: hiddenRail }, { x: hidden }),
            route(start, inputY, { y: inputRail }, { x: input }),
          ]
        : [
            route(columns[last] + HIDDEN, hiddenRail, { x: hidden }),
            route(columns[last] + INPUT, inputRail, { x: input }),
          ];
    return /** @type {WireArguments[]} */ ([
      [parts.railTag(k), "hidden_state", rails[0], plain],
      [at === 0 ? "x" : parts.railTag(k), "input", rails[1], plain],
      [into, "input", route(input, inputRail, { y: gateY }), plain],
      [into, "hidden_state", route(hidden, hiddenRail, { y: meets ? resetY : gateY }), plain],
      ...(meets ? [[into, "hidden_state", route(hidden, resetY, { y: gateY + 21 })]] : []),
    ]);
  });
}

/** From the gates up into the equations, and the states through them.
 * @param {CellParts} parts @param {Plan} plan @returns {WireArguments[]} */
function flows(parts, plan) {
  const { roles, columns, stateRail, showY, gateY } = plan;
  const { memory, shown } = boxesOf(plan);
  const gate = (/** @type {number} */ k) => parts.cell.gates[k];
  const thick = { width: 4, arrow: false };
  const left = plan.leftX + plan.across / 2;
  const right = plan.rightX - plan.across / 2;
  /** @type {WireArguments[]} */
  const list = [
    [roles.before, roles.memory, route(left, stateRail, { x: memory.left }), thick],
    [roles.now, roles.memory, route(memory.right, stateRail, { x: right }), { width: 4 }],
    ...roles.written.map(
      (k) =>
        /** @type {WireArguments} */ ([
          gate(k).tag,
          gate(k).quantity,
          route(columns[k], gateY, { y: stateRail + HALF }),
        ]),
    ),
    ...roles.derived.map(
      ({ from, to }) =>
        /** @type {WireArguments} */ ([
          "rest",
          gate(from).quantity,
          route(columns[from] + plan.gateWidth / 2, gateY, { x: columns[to] - plan.gateWidth / 2 }),
        ]),
    ),
  ];
  if (shown) {
    const x = columns[roles.showing];
    const down = [{ x: plan.panelRight - 10 }, { y: plan.hiddenY }];
    list.push(
      [roles.now, roles.memory, route(x, stateRail, { y: showY - HALF })],
      [gate(roles.showing).tag, gate(roles.showing).quantity, route(x, gateY, { y: showY + HALF })],
      ["h", "hidden_state", route(shown.right, showY, ...down, { x: right }), { width: 3 }],
    );
  }
  if (roles.reset) {
    const { from, to } = roles.reset;
    const [source, target] = [columns[from], columns[to]];
    const way = [{ y: plan.stripTop - 22 }, { x: (source + target) / 2 }, { y: plan.resetY }];
    const met = route(source, gateY, ...way, { x: target + HIDDEN - 13 });
    list.push([gate(from).tag, gate(from).quantity, met]);
  }
  return list;
}

/** @param {CellParts} parts @param {Plan} plan @param {CellOptions} options */
function draw(parts, plan, { timestep, theme }) {
  const { roles, box, columns, stateRail, tall, gateY, resetY } = plan;
  const { memory, shown } = boxesOf(plan);
  const panel = {
    x: plan.panelLeft,
    y: plan.panelTop,
    width: plan.panelRight - plan.panelLeft,
    height: plan.panelBottom - plan.panelTop,
  };
  const middle = plan.stripTop + tall / 2;
  const met = roles.reset && columns[roles.reset.to] + HIDDEN;
  return join(
    frame(panel, { fill: theme.panel, line: theme.line, radius: 18 }),
    parts.wires([...flows(parts, plan), ...readers(parts, plan)]),
    parts.strip(roles.before, roles.memory, parts.before, [plan.leftX, plan.stateY], box),
    parts.strip(roles.now, roles.memory, timestep, [plan.rightX, plan.stateY], box),
    roles.two
      ? join(
          parts.strip("hPrev", "hidden_state", parts.before, [plan.leftX, plan.hiddenY], box),
          parts.strip("h", "hidden_state", timestep, [plan.rightX, plan.hiddenY], box),
          parts.junction(roles.now, roles.memory, [columns[roles.showing], stateRail]),
        )
      : parts.junction("hPrev", "hidden_state", [plan.branchX, stateRail]),
    parts.unitNames(roles.before, [plan.leftX, plan.stateY], box),
    ...parts.cell.gates.map((gate, k) =>
      join(
        parts.gate(gate, [columns[k], gateY], plan.gateWidth),
        parts.strip(gate.tag, gate.quantity, timestep, [columns[k], middle], box),
      ),
    ),
    parts.product(
      "update",
      roles.memory,
      [memory.x, memory.y],
      lettersIn(parts, roles.memory),
      memory.width,
    ),
    shown
      ? parts.product(
          "show",
          "hidden_state",
          [shown.x, shown.y],
          lettersIn(parts, "hidden_state"),
          shown.width,
        )
      : null,
    met !== null && roles.reset?.after
      ? parts.product("gIn", "hidden_state", [met, resetY + 38], "<i>hU + b\u2032</i>", 62)
      : null,
    met !== null ? parts.operator("reset", [met, resetY], "\u00d7") : null,
  );
}

/** @type {import("../kind.js").Layout} */
export const wide = {
  count: (units, width, height, cell) => {
    if (height === undefined) return landscapeCount(units, width, BLOCKS);
    return Math.min(units, [8, 6, 4].find((count) => boxIn(count, width, cell, height)) ?? 4);
  },
  plan,
  draw,
};

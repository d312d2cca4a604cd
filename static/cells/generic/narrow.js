/** Any cell for narrow screens: its gates are rows, and its equations stand under them. */
import { portraitColumns, portraitCount } from "../lstm/portrait.js";
import { frame, join, route } from "../../draw/primitives.js";
import { lettersIn, rolesOf } from "./parts.js";

/** @typedef {import("../diagram-parts.js").CellOptions} CellOptions */
/** @typedef {import("../diagram-parts.js").CellParts} CellParts */
/** @typedef {import("../diagram-parts.js").WireArguments} WireArguments */

const INPUT = 16; // the rails at the left edge
const HIDDEN = 31;
const GATE = 90;
const RESET = 104; // where the hidden state enters the candidate from above
const HALF = 12; // of a box with an equation in it
const BUS = 9; // between wires from the gates down to the equations

/** @param {number[]} units @param {number} width @param {import("../kind.js").CellKind} cell */
function plan(units, width, cell) {
  const roles = rolesOf(cell);
  const columns = portraitColumns(units.length, width);
  const rows = Math.ceil(units.length / columns);
  const box = { columns, rows, width: width < 350 ? 33 : width < 400 ? 36 : 42, height: 24 };
  const [across, tall] = [box.columns * box.width, box.rows * box.height];
  const row = Math.max(44, tall) + 34;
  const statesY = 116 + tall / 2;
  const panelTop = 116 + tall + 20;
  const extra = (/** @type {number} */ k) => (roles.reset && k >= roles.reset.to ? 40 : 0);
  const gates = cell.gates.map((_, k) => panelTop + 36 + row * (k + 0.5) + extra(k));
  const updateY = (gates[gates.length - 1] ?? panelTop) + row / 2 + 36;
  const showY = roles.two ? updateY + 46 : updateY;
  const panelBottom = showY + 32;
  const lastY = panelBottom + 40 + tall / 2;
  const rightX = width - 8 - across / 2;
  return {
    roles,
    box,
    across,
    tall,
    gates,
    statesY,
    panelTop,
    panelBottom,
    branchY: panelTop + 14,
    resetY: roles.reset ? gates[roles.reset.to] - Math.max(21, tall / 2) - 34 : 0,
    updateY,
    showY,
    rail: width - 20,
    stripX: GATE + 50 + across / 2,
    left: 46, // of the box of the memory's equation
    leftX: 24 + across / 2, // of the hidden state's strip where there are two
    rightX,
    inputY: 40,
    lastY,
    bottom: lastY + tall / 2 + 14,
  };
}

/** @typedef {ReturnType<typeof plan>} Plan */

/** The wire on which a gate goes down. @param {Plan} plan @param {number} k */
const busOf = ({ stripX, across }, k) => stripX + across / 2 + BUS * (k + 1);

/** @param {Plan} plan */
const endOf = (plan) => busOf(plan, Math.max(...plan.roles.written)) + BUS;

/** What the gates read: two rails, and from each a wire into every gate that is a sum.
 * @param {CellParts} parts @param {Plan} plan @returns {WireArguments[]} */
function readers(parts, { roles, gates, statesY, tall, branchY, resetY, rail, inputY }) {
  const plain = { arrow: false };
  return roles.weighed.flatMap((k, at) => {
    const into = `${parts.cell.gates[k].tag}In`;
    const meets = roles.reset?.to === k;
    const hidden = (/** @type {number} */ of) => (roles.reset?.to === of ? resetY : gates[of] - 9);
    const last = roles.weighed[at - 1];
    const top = statesY + tall / 2;
    const first = roles.two
      ? route(HIDDEN, top, { y: hidden(k) })
      : route(rail, top, { y: branchY }, { x: HIDDEN }, { y: hidden(k) });
    return /** @type {WireArguments[]} */ ([
      [
        parts.railTag(k),
        "hidden_state",
        at ? route(HIDDEN, hidden(last), { y: hidden(k) }) : first,
        plain,
      ],
      [
        at ? parts.railTag(k) : "x",
        "input",
        route(INPUT, at ? gates[last] + 10 : inputY, { y: gates[k] + 10 }),
        plain,
      ],
      [into, "input", route(INPUT, gates[k] + 10, { x: GATE }), plain],
      [into, "hidden_state", route(HIDDEN, hidden(k), { x: meets ? RESET - 13 : GATE }), plain],
      ...(meets ? [[into, "hidden_state", route(RESET, resetY, { y: gates[k] - 21 })]] : []),
    ]);
  });
}

/** From the gates down into the equations, and the states through them.
 * @param {CellParts} parts @param {Plan} plan @returns {WireArguments[]} */
function flows(parts, plan) {
  const { roles, gates, statesY, tall, updateY, showY, rail, lastY } = plan;
  const gate = (/** @type {number} */ k) => parts.cell.gates[k];
  const thick = { width: 4, arrow: false };
  const strip = plan.stripX + plan.across / 2;
  /** @param {number} k @param {number} y @returns {WireArguments} */
  const down = (k, y) => [
    gate(k).tag,
    gate(k).quantity,
    route(strip, gates[k], { x: busOf(plan, k) }, { y }),
  ];
  const out = roles.two ? plan.left + 14 : rail;
  /** @type {WireArguments[]} */
  const list = [
    [
      roles.before,
      roles.memory,
      route(rail, statesY + tall / 2, { y: updateY }, { x: endOf(plan) }),
      thick,
    ],
    ...roles.written.map((k) => down(k, updateY - HALF)),
    ...roles.derived.map(
      ({ from, to }) =>
        /** @type {WireArguments} */ ([
          "rest",
          gate(from).quantity,
          route(GATE, gates[from] + 21, { y: gates[to] - 21 }),
        ]),
    ),
  ];
  if (roles.two) {
    const end = busOf(plan, roles.showing) + BUS;
    list.push(
      [roles.now, roles.memory, route(out, updateY + HALF, { y: lastY - tall / 2 }), { width: 4 }],
      [roles.now, roles.memory, route(out, showY, { x: out + 24 })],
      down(roles.showing, showY - HALF),
      ["h", "hidden_state", route(end, showY, { x: rail }, { y: lastY - tall / 2 }), { width: 3 }],
    );
  } else {
    const y = plan.panelBottom - 10;
    const x = plan.left + 30;
    list.push([
      roles.now,
      roles.memory,
      route(x, updateY + HALF, { y }, { x: rail }, { y: lastY - tall / 2 }),
      { width: 4 },
    ]);
  }
  if (roles.reset) {
    const { from } = roles.reset;
    const met = route(busOf(plan, from), plan.resetY, { x: RESET + 13 });
    list.push([gate(from).tag, gate(from).quantity, met]);
  }
  return list;
}

/** @param {CellParts} parts @param {Plan} plan @param {CellOptions} options */
function draw(parts, plan, { timestep, theme, width }) {
  const { roles, box, gates, statesY, updateY, showY, lastY, leftX, rightX } = plan;
  const panel = {
    x: 6,
    y: plan.panelTop,
    width: width - 12,
    height: plan.panelBottom - plan.panelTop,
  };
  const end = endOf(plan);
  const updated = lettersIn(parts, roles.memory);
  const center = /** @type {[number, number]} */ ([(plan.left + end) / 2, updateY]);
  const from = plan.left + 38;
  const to = roles.two ? busOf(plan, roles.showing) + BUS : 0;
  const last = roles.two ? leftX : rightX;
  return join(
    frame(panel, { fill: theme.panel, line: theme.line, radius: 16 }),
    parts.wires([...flows(parts, plan), ...readers(parts, plan)]),
    parts.strip(roles.before, roles.memory, parts.before, [rightX, statesY], box),
    parts.strip(roles.now, roles.memory, timestep, [last, lastY], box),
    roles.two
      ? join(
          parts.strip("hPrev", "hidden_state", parts.before, [leftX, statesY], box),
          parts.strip("h", "hidden_state", timestep, [rightX, lastY], box),
          parts.product(
            "show",
            "hidden_state",
            [(from + to) / 2, showY],
            lettersIn(parts, "hidden_state"),
            to - from,
          ),
          parts.junction(roles.now, roles.memory, [plan.left + 14, showY]),
        )
      : parts.junction("hPrev", "hidden_state", [plan.rail, plan.branchY]),
    ...parts.cell.gates.map((gate, k) =>
      join(
        parts.gate(gate, [GATE, gates[k]], 68),
        parts.strip(gate.tag, gate.quantity, timestep, [plan.stripX, gates[k]], box),
      ),
    ),
    parts.product("update", roles.memory, center, updated, end - plan.left),
    roles.reset ? parts.operator("reset", [RESET, plan.resetY], "\u00d7") : null,
    parts.unitNames("h", [rightX, lastY], box),
  );
}

/** @type {import("../kind.js").Layout} */
export const narrow = { count: portraitCount, plan, draw };

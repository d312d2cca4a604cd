/** The simple recurrent cell: one sum and one activation between two hidden states. */
import { boxFor, boxWithin, landscapeCount } from "../lstm/landscape.js";
import { portraitColumns } from "../lstm/portrait.js";
import { frame, join, label, route } from "../../draw/primitives.js";
import { functionOf } from "../../core/activations.js";

/** @typedef {import("../diagram-parts.js").CellParts} CellParts */
/** @typedef {import("../diagram-parts.js").CellOptions} CellOptions */

const BLOCKS = 5; // as wide as so many of them
const MARGIN = 8;

/** What makes the state, as the gates of other cells are written. @param {CellParts} parts */
const sumOf = ({ cell }) => ({
  tag: /** @type {const} */ ("h"),
  quantity: /** @type {const} */ ("hidden_state"),
  sign: functionOf(cell.squash).sign,
  name: "<i>xW + hU + b</i>",
});

/** Units shown. @param {number} units @param {number} width @param {number} [height] */
export const wideCount = (units, width, height) =>
  height === undefined ? landscapeCount(units, width, BLOCKS) : Math.min(units, 8);

const AROUND = 96; // pixels above and below the blocks of a stage

/** @param {number[]} units @param {number} width @param {unknown} [cell]
 * @param {number} [height] pixels to fill; as few as will do where none are given */
export function wide(units, width, cell, height) {
  const natural = boxFor(units.length, width, BLOCKS);
  const across = (width - 194) / BLOCKS;
  const box =
    height === undefined
      ? natural
      : (boxWithin(units.length, { tall: height - AROUND, across }) ?? natural);
  const digits = String(units[units.length - 1]).length;
  const namesWidth = box.columns > 1 && box.rows > 1 ? 14 * digits + 20 : 34;
  const [blockWidth, tall] = [box.columns * box.width, box.rows * box.height];
  const panelLeft = namesWidth + blockWidth + 24;
  const panelRight = width - MARGIN - blockWidth - 30;
  const rail = Math.max(92, tall / 2 + 44, ((height ?? 0) - 40) / 2);
  const panelTop = height === undefined ? rail - 52 : 20;
  const panelBottom = Math.max(rail + 76, (height ?? 0) - 56);
  return {
    box,
    across: blockWidth,
    panelLeft,
    panelRight,
    middle: (panelLeft + panelRight) / 2,
    upX: panelRight - 26,
    rail,
    panelTop,
    panelBottom,
    inputY: Math.max(panelBottom + 30, rail + tall / 2 + 40, (height ?? 0) - 16),
    leftX: namesWidth + blockWidth / 2,
    rightX: width - MARGIN - blockWidth / 2,
  };
}

/** @param {CellParts} parts @param {ReturnType<typeof wide>} plan @param {CellOptions} options */
export function drawWide(parts, plan, { timestep, theme }) {
  const { box, across, panelLeft, panelRight, middle, rail, upX } = plan;
  const { panelTop: y, panelBottom } = plan;
  const panel = { x: panelLeft, y, width: panelRight - panelLeft, height: panelBottom - y };
  const state = "hidden_state";
  const start = panelLeft + 26;
  return join(
    frame(panel, { fill: theme.panel, line: theme.line, radius: 18 }),
    parts.wires([
      ["hPrev", state, route(plan.leftX + across / 2, rail, { x: middle - 64 }), { width: 4 }],
      ["h", state, route(middle, rail, { x: plan.rightX - across / 2 }), { width: 4 }],
      ["h", state, route(upX, rail, { y: 6 })],
      ["x", "input", route(start, plan.inputY, { y: rail + 52 }, { x: middle }, { y: rail + 26 })],
    ]),
    parts.strip("hPrev", state, parts.before, [plan.leftX, rail], box),
    parts.strip("h", state, timestep, [plan.rightX, rail], box),
    parts.gate(sumOf(parts), [middle, rail], 128, 52),
    parts.unitNames("hPrev", [plan.leftX, rail], box),
    parts.junction("h", state, [upX, rail]),
    label(upX - 8, 14, "<i>h</i><sub>t</sub>", {
      color: parts.tint("h", theme.quantity.hidden_state),
      size: 16,
      align: "right",
    }),
  );
}

/** @param {number[]} units @param {number} width */
export function narrow(units, width) {
  const columns = portraitColumns(units.length, width);
  const box = { columns, rows: Math.ceil(units.length / columns), width: 42, height: 24 };
  const [across, tall] = [box.columns * box.width, box.rows * box.height];
  const panelTop = 116 + tall + 20;
  const sumY = panelTop + 58;
  const outY = sumY + 58;
  const panelBottom = outY + 24;
  const x = width - 8 - Math.max(across / 2, 84);
  return {
    box,
    across,
    tall,
    x,
    statesY: 116 + tall / 2,
    panelTop,
    sumY,
    outY,
    panelBottom,
    inputY: 40,
    lastY: panelBottom + 40 + tall / 2,
    bottom: panelBottom + 40 + tall + 24,
  };
}

/** @param {CellParts} parts @param {ReturnType<typeof narrow>} plan @param {CellOptions} options */
export function drawNarrow(parts, plan, { timestep, theme, width }) {
  const { box, tall, x, sumY, outY, panelTop: y, panelBottom } = plan;
  const panel = { x: 6, y, width: width - 12, height: panelBottom - y };
  const state = "hidden_state";
  return join(
    frame(panel, { fill: theme.panel, line: theme.line, radius: 16 }),
    parts.wires([
      ["hPrev", state, route(x, plan.statesY + tall / 2, { y: sumY - 26 }), { width: 4 }],
      ["h", state, route(x, sumY, { y: plan.lastY - tall / 2 }), { width: 4 }],
      ["h", state, route(x, outY, { x: width - 2 })],
      ["x", "input", route(24, plan.inputY, { y: sumY }, { x: x - 64 })],
    ]),
    parts.strip("hPrev", state, parts.before, [x, plan.statesY], box),
    parts.strip("h", state, timestep, [x, plan.lastY], box),
    parts.unitNames("h", [x, plan.lastY], box),
    parts.gate(sumOf(parts), [x, sumY], 128, 52),
    parts.junction("h", state, [x, outY]),
    label(x - 12, outY, "<i>h</i><sub>t</sub>", {
      color: parts.tint("h", theme.quantity.hidden_state),
      size: 16,
      align: "right",
    }),
  );
}

/**
 * One unit worked through, from left to right: what is read above, a row of products for each gate, its
 * sum, its activation, and what the gates then do.
 */
import { LETTERS, NAMES, symbol } from "../../cells/quantities.js";
import { previous } from "../../cells/kinds.js";
import { madeIn } from "../../cells/phases.js";
import { mix } from "../../draw/color.js";
import { frame, join, label, wire } from "../../draw/primitives.js";
import { nameAt, readsNumbers, word } from "../../draw/text.js";
import { BOX, lettersIn } from "./parts.js";
import { largestSources, othersOf } from "./sums.js";
import { drawUpdates } from "./updates.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("./parts.js").UnitOptions} UnitOptions */
/** @typedef {import("./parts.js").UnitParts} UnitParts */
/** @typedef {import("./sums.js").Row} Row */
/** @typedef {import("./sums.js").Side} Side */

/** How far apart things stand: where there is room, and where there is little. */
const ROOMY = {
  least: 42,
  names: 104,
  flow: 352,
  sum: 34,
  sign: 60,
  gate: 62,
  node: 56,
  product: 52,
};
const TIGHT = {
  least: 33,
  names: 74,
  flow: 288,
  sum: 26,
  sign: 46,
  gate: 48,
  node: 46,
  product: 46,
};
const TIGHT_BELOW = 820;
const ALONE = 190; // pixels to the right of the products, of a cell without gates
const WIDEST = 60;
const BETWEEN = 12; // the groups
const HEAD = 80; // pixels above the rows
const FOOT = 14;
const TALLEST = 150; // of a row
const USUAL = 96;

/** A column of products. @typedef {{side: Side, x: number, index: number | null, text: string}} Column
 *   index null: of several together */

/**
 * @param {Trace} trace
 * @param {UnitOptions} options
 * @param {Row[]} rows
 */
export function unitLandscape(trace, { width, height }, rows) {
  const tight = width < TIGHT_BELOW;
  const gaps = tight ? TIGHT : ROOMY;
  const left = gaps.names;
  const right = width - (rows[0].gate === "hidden_state" ? ALONE : gaps.flow);
  const peepholes = rows.some(({ terms }) => terms.state.length > 0);
  const aside = peepholes ? 2 : 1;
  const room = Math.floor((right - left - 2 * BETWEEN) / gaps.least) - aside;
  const shown = largestSources(rows, trace.layer, Math.max(4, room));
  const { columns, end, pitch } = columnsOf(trace, shown, { left, right, peepholes });
  const fill = height === undefined ? USUAL : (height - HEAD - FOOT) / rows.length;
  const tall = Math.max(62, Math.min(TALLEST, fill));
  const whole = HEAD + rows.length * tall + FOOT;
  const spare = Math.max(0, (height ?? whole) - whole);
  const top = HEAD + spare / 2;
  const headY = top - 24;
  const rowY = new Map(
    rows.map(({ gate }, k) => [/** @type {string} */ (gate), top + (k + 0.5) * tall]),
  );
  const sumX = end + gaps.sum;
  const signX = sumX + gaps.sign;
  const gateX = signX + gaps.gate;
  const nodeX = gateX + gaps.node;
  return {
    tight,
    shown,
    columns,
    box: Math.min(BOX.width, pitch - 2),
    headY,
    top,
    tall,
    rowY,
    sumX,
    signX,
    gateX,
    nodeX,
    productX: nodeX + gaps.product,
    stateX: width - 34,
    height: whole + spare,
  };
}

/** @typedef {ReturnType<typeof unitLandscape>} Plan */

/** @param {Trace} trace @param {import("./sums.js").Shown} shown
 * @param {{left: number, right: number, peepholes: boolean}} room
 * @returns {{columns: Column[], end: number, pitch: number}} */
function columnsOf({ layer }, shown, { left, right, peepholes }) {
  /** @param {"input" | "hidden"} side @param {number} all @returns {Omit<Column, "x">[]} */
  const group = (side, all) => [
    ...shown[side].map((index) => ({ side, index, text: `${index}` })),
    ...(shown[side].length < all
      ? [{ side, index: null, text: `${all - shown[side].length} others` }]
      : []),
  ];
  /** @type {Omit<Column, "x">[][]} */
  const groups = [
    group("input", layer.features),
    group("hidden", layer.units),
    [
      { side: "bias", index: null, text: "bias" },
      ...(peepholes
        ? [{ side: /** @type {const} */ ("state"), index: null, text: "peephole" }]
        : []),
    ],
  ];
  const count = groups.flat().length;
  const pitch = Math.min(WIDEST, (right - left - 2 * BETWEEN) / count);
  let at = left;
  const columns = groups.flatMap((columns) => {
    const placed = columns.map((column, k) => ({ ...column, x: at + (k + 0.5) * pitch }));
    at += columns.length * pitch + BETWEEN;
    return placed;
  });
  return { columns, end: at - BETWEEN, pitch };
}

/**
 * What is read, above the products.
 *
 * @param {Trace} trace
 * @param {UnitOptions} options
 * @param {UnitParts} parts
 * @param {Plan} plan
 */
function heads(trace, { timestep, theme }, parts, plan) {
  const { columns, headY, sumX, gateX } = plan;
  const muted = { color: theme.muted, size: 11 };
  const before = previous(trace, timestep);
  const read = readsNumbers(trace) ? nameAt(trace, timestep) : trace.steps[timestep - 1].token;
  const first = (/** @type {Side} */ side) => columns.find((column) => column.side === side);
  const [x, h] = [first("input"), first("hidden")];
  const across = x && h ? h.x - x.x - 30 : 120;
  const left = /** @type {const} */ ("left");
  return join(
    x
      ? label(x.x - 18, headY - 44, symbol("input"), {
          color: theme.quantity.input,
          size: 16,
          align: left,
        })
      : null,
    x
      ? label(x.x + 6, headY - 44, word(read, across, 14), {
          color: theme.ink,
          size: 14,
          bold: true,
          align: left,
        })
      : null,
    h
      ? label(h.x - 18, headY - 44, symbol("hidden_state", parts.cell.previous), {
          color: theme.quantity.hidden_state,
          size: 16,
          align: left,
        })
      : null,
    label(sumX, headY, "sum", muted),
    plan.rowY.has("hidden_state") ? null : label(gateX, headY, "gate", muted),
    ...columns.map(({ side, index, text, x: at }) => {
      if (index === null)
        return label(at, headY - (side === "bias" ? 0 : 4), text.replace(" ", "<br>"), muted);
      const mark =
        side === "input"
          ? { quantity: /** @type {const} */ ("input"), timestep, unit: index }
          : { quantity: /** @type {const} */ ("hidden_state"), timestep: before, unit: index };
      return join(
        label(at, headY - 21, text, muted),
        parts.value(mark, [at, headY], { width: plan.box }),
      );
    }),
  );
}

/** @param {Row} row @param {boolean} short */
function nameOf({ gate }, short) {
  if (gate === "hidden_state") return "new state";
  return short ? NAMES[gate].replace(" gate", "") : NAMES[gate];
}

/** What is read goes into every row. @param {UnitOptions} options @param {Plan} plan */
function guides({ theme }, { columns, headY, top, tall, rowY }) {
  const end = top + tall * (rowY.size - 0.5);
  return join(
    ...columns.map(({ side, index, x }) => {
      if (index === null) return null;
      const of = theme.quantity[side === "input" ? "input" : "hidden_state"];
      const color = mix(of, theme.paper, 0.4);
      return wire(
        [
          [x, headY + 12],
          [x, end],
        ],
        { color, width: 1.2, arrow: false },
      );
    }),
  );
}

/**
 * @param {UnitOptions} options
 * @param {UnitParts} parts
 * @param {Plan} plan
 * @param {Row} row
 */
function gateRow({ theme }, parts, plan, row) {
  const { gate, terms } = row;
  const y = /** @type {number} */ (plan.rowY.get(gate));
  const color = parts.tint(theme.quantity[gate]);
  const rect = {
    x: 4,
    y: y - plan.tall / 2 + 4,
    width: plan.signX + 24,
    height: plan.tall - 8,
  };
  const left = /** @type {const} */ ("left");
  const width = plan.box;
  return join(
    frame(rect, { fill: theme.panel, line: color, lineWidth: 1.4, radius: 10 }),
    label(
      plan.tight ? 10 : 14,
      y - (plan.tight ? plan.tall / 2 - 14 : 9),
      nameOf(row, plan.tight),
      {
        color,
        size: 13,
        bold: true,
        align: left,
      },
    ),
    plan.tight
      ? null
      : label(14, y + 10, lettersIn(parts.cell, gate), {
          color: theme.muted,
          size: 12,
          align: left,
        }),
    ...plan.columns.map(({ side, index, x }) => {
      const own = terms[side];
      if (own.length === 0) return null;
      if (index !== null) return parts.product(row, side, own[index], [x, y + 6], { width });
      const shown = side === "input" || side === "hidden" ? plan.shown[side] : [];
      const rest = othersOf(own, shown);
      return rest.length === 1
        ? parts.product(row, side, rest[0], [x, y + 6], { width })
        : parts.together(row, side, rest, [x, y + 6], { width });
    }),
    parts.sum(row, [plan.sumX, y + 6]),
    wire(
      [
        [plan.sumX + 24, y + 6],
        [plan.signX - 17, y + 6],
      ],
      { color, arrow: false },
    ),
    parts.activation(row, [plan.signX, y + 6]),
  );
}

/**
 * @param {Trace} trace
 * @param {UnitOptions} options
 * @param {UnitParts} parts
 * @param {Plan} plan
 * @param {Row[]} rows
 */
export function drawUnitLandscape(trace, options, parts, plan, rows) {
  const { timestep, unit, theme } = options;
  return join(
    guides(options, plan),
    ...rows.map((row) =>
      parts.after(madeIn(parts.cell, row.gate), gateRow(options, parts, plan, row)),
    ),
    heads(trace, options, parts, plan),
    ...rows.map(({ gate }) => {
      const y = /** @type {number} */ (plan.rowY.get(gate));
      const color = parts.tint(theme.quantity[gate]);
      const drawn = join(
        wire(
          [
            [plan.signX + 17, y],
            [plan.gateX - BOX.width / 2, y],
          ],
          { color, arrow: false },
        ),
        parts.value({ quantity: gate, timestep, unit }, [plan.gateX, y], { selected: true }),
        label(plan.gateX, y - 22, `<i>${LETTERS[gate]}</i><sub>t</sub>`, { color, size: 16 }),
      );
      return parts.after(madeIn(parts.cell, gate), drawn);
    }),
    drawUpdates(trace, options, parts, plan),
  );
}

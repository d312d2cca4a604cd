/** What the gates of one unit then do: the updates of its states, to the right of the sums. */
import { previous } from "../../cells/kinds.js";
import { madeIn, productIn, squashedIn } from "../../cells/phases.js";
import { LETTERS, symbol, valueAt } from "../../cells/quantities.js";
import { transformed } from "../../cells/kinds.js";
import { functionOf } from "../../core/activations.js";
import { precise } from "../../draw/format.js";
import { join, label, operator, route, wire } from "../../draw/primitives.js";
import { BOX } from "./parts.js";

/** @typedef {import("../../core/types.js").Mark} Mark */
/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../cells/kind.js").Operand} Operand */
/** @typedef {import("../../draw/primitives.js").Drawing} Drawing */
/** @typedef {import("../../draw/primitives.js").Point} Point */
/** @typedef {import("./parts.js").UnitOptions} UnitOptions */
/** @typedef {import("./parts.js").UnitParts} UnitParts */
/** @typedef {import("./landscape.js").Plan} Plan */

const APART = 84; // pixels from one product to the next at least
const RADIUS = 13;

/** @param {Trace} trace @param {Operand} operand @param {{timestep: number, unit: number}} cursor
 * @returns {Mark} */
export const markOf = (trace, { quantity, before, how }, { timestep, unit }) => ({
  quantity,
  timestep: before ? previous(trace, timestep) : timestep,
  unit,
  ...(how && { how }),
});

/** A factor in letters. @param {import("../../cells/kind.js").CellKind} cell
 * @param {Operand} operand */
export function factorName(cell, { quantity, before, how }) {
  const written = symbol(quantity, before ? cell.previous : "t");
  if (how === "rest") return `1 \u2212 ${written}`;
  return how ? `${functionOf(how).sign} ${written}` : written;
}

/** What a state's products come to, each. @param {Trace} trace @param {Operand[]} factors
 * @param {{timestep: number, unit: number}} cursor */
export const productAt = (trace, factors, cursor) =>
  factors
    .map((operand) => transformed(operand.how, valueAt(trace, markOf(trace, operand, cursor))))
    .reduce((all, value) => all * value, 1);

/** @param {Trace} trace @param {UnitOptions} options @param {UnitParts} parts @param {Plan} plan */
export function drawUpdates(trace, options, parts, plan) {
  const { cell } = parts;
  /** Where each state of this word stands. @type {Map<string, Point>} */
  const states = new Map();
  const drawn = cell.order.flatMap((quantity) => {
    const update = cell.updates[quantity];
    // a gate that is what another leaves of 1 is drawn where it is used
    if (!update || !cell.states.some((state) => state === quantity)) return [];
    const made = drawUpdate(trace, options, parts, plan, { quantity, states, ...update });
    states.set(quantity, made.at);
    return [made.drawn];
  });
  return join(...drawn);
}

/** A gate that comes of another gate, as what is taken of that. @param {import("../../cells/kind.js").CellKind} cell
 * @param {Operand} operand @returns {Operand} */
function origin(cell, operand) {
  const { quantity, before } = operand;
  const derived = !before && !cell.states.some((state) => state === quantity);
  return (derived && cell.updates[quantity]?.products[0].factors[0]) || operand;
}

/** How high each product stands: at the gates that it is of, and clear of the one before.
 * @param {Plan} plan @param {Operand[][]} products @param {number} least */
function heights(plan, products, least) {
  let lowest = least;
  return products.map((factors) => {
    const rows = factors.flatMap(({ quantity }) => plan.rowY.get(quantity) ?? []);
    const middle = rows.reduce((sum, y) => sum + y, 0) / (rows.length || 1);
    const y = Math.max(lowest, rows.length > 0 ? middle : 0);
    lowest = y + APART;
    return y;
  });
}

/**
 * @param {Trace} trace
 * @param {UnitOptions} options
 * @param {UnitParts} parts
 * @param {Plan} plan
 * @param {{quantity: import("../../core/types.js").Quantity, states: Map<string, Point>} &
 *   import("../../cells/kind.js").Update} update
 * @returns {{drawn: Drawing, at: Point}} at: where the state stands
 */
function drawUpdate(trace, options, parts, plan, { quantity, states, products }) {
  const { theme, timestep, unit } = options;
  const color = parts.tint(theme.quantity[quantity]);
  const all = products.map(({ factors }) => factors.map((one) => origin(parts.cell, one)));
  const shown = [...states.values()].map(([, y]) => y + APART);
  const ys = heights(plan, all, Math.max(0, ...shown));
  const single = all.length === 1;
  const y = single ? ys[0] : (ys[0] + ys[ys.length - 1]) / 2;
  /** @type {Point} */
  const at = [plan.stateX, y];
  const [x3, x4] = [plan.nodeX, plan.productX];
  const style = { fill: theme.paper, line: parts.tint(theme.ink), ink: parts.tint(theme.ink) };
  const nodes = all.map((factors, k) => {
    /** @type {Point} */
    const node = [single ? x4 : x3, ys[k]];
    const made = productIn(parts.cell, quantity, k);
    const multiplied = join(
      operator(node, "\u00d7", { ...style, radius: RADIUS }),
      single ? null : product(k, node, ys[k]),
    );
    return join(
      ...factors.map((operand) => {
        const { quantity: of, before } = operand;
        const squashed = !before && states.has(of);
        const drawn = incoming(trace, options, parts, plan, { operand, node, states });
        return parts.after(before ? 0 : squashed ? squashedIn(parts.cell, of) : made, drawn);
      }),
      parts.after(made, multiplied),
    );
  });
  const state = join(
    wire(
      [
        [x4 + RADIUS, y],
        [plan.stateX - BOX.width / 2, y],
      ],
      { color, width: 2 },
    ),
    single ? null : operator([x4, y], "+", { ...style, radius: RADIUS }),
    parts.value({ quantity, timestep, unit }, at, { selected: true }),
    label(plan.stateX, y + 23, symbol(quantity), { color, size: 16 }),
  );
  return {
    at,
    drawn: join(...nodes, parts.after(madeIn(parts.cell, quantity), state)),
  };

  /** One of several products, on its way to the sum. @param {number} k @param {Point} node
   * @param {number} level */
  function product(k, [x], level) {
    const value = productAt(trace, all[k], { timestep, unit });
    const edge = level < y ? y - RADIUS : y + RADIUS;
    const from = level + (level < y ? 12 : -12);
    const mark = { quantity, timestep, unit };
    return join(
      wire(
        [
          [x + RADIUS, level],
          [x4 - BOX.width / 2, level],
        ],
        { color, arrow: false },
      ),
      wire(
        [
          [x4, from],
          [x4, edge],
        ],
        { color },
      ),
      parts.made(value, [x4, level], {
        mark,
        hover: `${products[k].label}: <b>${precise(value)}</b>`,
      }),
    );
  }
}

/**
 * One factor on its way to where it is multiplied: from its gate, from the state that has just been
 * made, or from above, where no row of this word makes it.
 *
 * @param {Trace} trace
 * @param {UnitOptions} options
 * @param {UnitParts} parts
 * @param {Plan} plan
 * @param {{operand: Operand, node: Point, states: Map<string, Point>}} what
 */
function incoming(trace, options, parts, plan, { operand, node: [x, y], states }) {
  const { theme } = options;
  const { quantity, how, before } = operand;
  const color = parts.tint(theme.quantity[quantity]);
  const row = before ? undefined : plan.rowY.get(quantity);
  const mark = markOf(trace, operand, options);
  if (row !== undefined) {
    const level = Math.abs(row - y) < 1;
    const end = level ? { x: x - RADIUS } : { x };
    const points = route(plan.gateX + BOX.width / 2, row, end);
    const rest = how === "rest" ? `1 \u2212 <i>${LETTERS[quantity]}</i>` : "";
    return join(
      wire(level ? points : [...points, [x, y + (row < y ? -RADIUS : RADIUS)]], { color }),
      rest ? label(x + 6, y - 24, rest, { color, size: 11, align: "left" }) : null,
    );
  }
  const made = before ? undefined : states.get(quantity);
  if (made) {
    const [fromX, fromY] = made;
    const middle = fromY + 0.62 * (y - fromY);
    return join(
      wire(route(fromX, fromY + 34, { y: middle - 12 }), { color, arrow: false }),
      parts.value(mark, [fromX, middle]),
      label(fromX - 30, middle - 13, how ? functionOf(how).sign : "", {
        color,
        size: 12,
        align: "right",
      }),
      wire(route(fromX - BOX.width / 2, middle, { x }, { y: y - RADIUS }), { color }),
    );
  }
  const top = Math.max(plan.headY, y - 62);
  return join(
    label(x, top - 24, factorName(parts.cell, operand), { color, size: 16 }),
    parts.value(mark, [x, top]),
    wire(
      [
        [x, top + 12],
        [x, y - RADIUS],
      ],
      { color },
    ),
  );
}

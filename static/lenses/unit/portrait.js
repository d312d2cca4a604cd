/** One unit worked through where there is little width: a column of products for each gate. */
import { NAMES, symbol } from "../../cells/quantities.js";
import { previous } from "../../cells/kinds.js";
import { madeIn, productIn, squashedIn } from "../../cells/phases.js";
import { frame, join, label } from "../../draw/primitives.js";
import { nameAt, readsNumbers, word } from "../../draw/text.js";
import { BOX } from "./parts.js";
import { largestSources, othersOf } from "./sums.js";
import { factorName, markOf } from "./updates.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("./parts.js").UnitOptions} UnitOptions */
/** @typedef {import("./parts.js").UnitParts} UnitParts */
/** @typedef {import("./sums.js").Row} Row */
/** @typedef {import("./sums.js").Side} Side */

const PITCH = 42;
const LEFT = 84;
const MOST = 12; // sources

/** One row of the table: a source, several together, or a group's name.
 * @typedef {{side: Side, index: number | null, y: number, text: string}} Line */

/**
 * @param {Trace} trace
 * @param {UnitOptions} options
 * @param {Row[]} rows
 */
export function unitPortrait(trace, { width }, rows) {
  const shown = largestSources(rows, trace.layer, MOST);
  const { features, units } = trace.layer;
  let y = 64;
  /** @type {Line[]} */
  const lines = [];
  /** @type {{side: "input" | "hidden", y: number}[]} */
  const groups = [];
  const add = (
    /** @type {Side} */ side,
    /** @type {number | null} */ index,
    /** @type {string} */ text,
  ) => {
    lines.push({ side, index, text, y });
    y += PITCH;
  };
  for (const [side, all] of /** @type {["input" | "hidden", number][]} */ ([
    ["input", features],
    ["hidden", units],
  ])) {
    groups.push({ side, y: y - 2 });
    y += 34;
    for (const index of shown[side]) add(side, index, `${index}`);
    if (shown[side].length < all) add(side, null, `${all - shown[side].length} others`);
  }
  add("bias", null, "bias");
  if (rows.some(({ terms }) => terms.state.length > 0)) add("state", null, "peephole");
  const pitch = Math.min(110, (width - LEFT - 6) / rows.length);
  return {
    shown,
    lines,
    groups,
    pitch,
    box: Math.min(56, pitch - 10),
    columnX: rows.map((_, k) => LEFT + (k + 0.5) * pitch),
    sumY: y + 4,
    signY: y + 40,
    gateY: y + 78,
    updatesY: y + 116,
  };
}

/** @typedef {ReturnType<typeof unitPortrait>} Plan */

/** @param {UnitOptions} options @param {UnitParts} parts @param {Plan} plan @param {Row} row
 * @param {number} k */
function gateColumn({ timestep, unit, theme }, parts, plan, row, k) {
  const { gate, terms } = row;
  const x = plan.columnX[k];
  const color = parts.tint(theme.quantity[gate]);
  const look = { width: plan.box };
  const rect = { x: x - plan.pitch / 2 + 2, y: 4, width: plan.pitch - 4, height: plan.gateY + 20 };
  const name = gate === "hidden_state" ? "new state" : NAMES[gate].replace(" gate", "");
  return join(
    frame(rect, { fill: theme.panel, line: color, lineWidth: 1.4, radius: 10 }),
    label(x, 22, name, { color, size: plan.pitch < 76 ? 11 : 12, bold: true }),
    ...plan.lines.map(({ side, index, y }) => {
      const own = terms[side];
      if (own.length === 0) return null;
      if (index !== null) return parts.product(row, side, own[index], [x, y], look);
      const rest = othersOf(own, side === "input" || side === "hidden" ? plan.shown[side] : []);
      return rest.length === 1
        ? parts.product(row, side, rest[0], [x, y], look)
        : parts.together(row, side, rest, [x, y], look);
    }),
    parts.sum(row, [x, plan.sumY], look),
    parts.activation(row, [x, plan.signY]),
    parts.value({ quantity: gate, timestep, unit }, [x, plan.gateY], { ...look, selected: true }),
  );
}

/** @param {Trace} trace @param {UnitOptions} options @param {UnitParts} parts @param {Plan} plan */
function sources(trace, { timestep, theme }, parts, plan) {
  const before = previous(trace, timestep);
  const muted = { color: theme.muted, size: 11, align: /** @type {const} */ ("left") };
  const read = readsNumbers(trace) ? nameAt(trace, timestep) : trace.steps[timestep - 1].token;
  return join(
    ...plan.groups.map(({ side, y }) => {
      const quantity = side === "input" ? "input" : "hidden_state";
      const time = side === "input" ? "t" : parts.cell.previous;
      return join(
        label(8, y, symbol(quantity, time), {
          color: theme.quantity[quantity],
          size: 16,
          align: "left",
        }),
        side === "input"
          ? label(30, y, word(read, LEFT - 34, 12), {
              color: theme.ink,
              size: 12,
              bold: true,
              align: "left",
            })
          : null,
      );
    }),
    ...plan.lines.map(({ side, index, y, text }) => {
      if (index === null) return label(8, y, text, muted);
      /** @type {import("../../core/types.js").Mark} */
      const mark =
        side === "input"
          ? { quantity: "input", timestep, unit: index }
          : { quantity: "hidden_state", timestep: before, unit: index };
      return join(label(8, y, text, muted), parts.value(mark, [54, y]));
    }),
    label(8, plan.sumY, "sum", muted),
  );
}

/** The updates of the states, a line each. @param {Trace} trace @param {UnitOptions} options
 * @param {UnitParts} parts @param {Plan} plan */
function equations(trace, options, parts, plan) {
  const { timestep, unit, theme, width } = options;
  const { cell } = parts;
  let top = plan.updatesY;
  /** When a factor is there, where that is not with the product.
   * @param {import("../../cells/kind.js").Operand | string} piece */
  const earlier = (piece) => {
    if (typeof piece === "string") return undefined;
    if (piece.before) return 0;
    return piece.how === cell.squash ? squashedIn(cell, piece.quantity) : undefined;
  };
  const lines = cell.order.flatMap((quantity) => {
    const update = cell.updates[quantity];
    if (!update) return [];
    const whole = madeIn(cell, quantity);
    /** Each with the phase after which it is there.
     * @type {{piece: import("../../cells/kind.js").Operand | string, made: number}[]} */
    const pieces = [
      ...update.products.flatMap(({ factors }, k) => {
        const made = productIn(cell, quantity, k);
        const product = factors.flatMap((factor, at) => [...(at ? ["\u00d7"] : []), factor]);
        return [
          ...(k ? [{ piece: "+", made: whole }] : []),
          ...product.map((piece) => ({ piece, made: earlier(piece) ?? made })),
        ];
      }),
      { piece: "=", made: whole },
      { piece: { quantity }, made: whole },
    ];
    const pitch = Math.min(44, (width - 16) / pieces.length);
    const y = top + 32;
    top += 72;
    return pieces.map(({ piece, made }, k) => {
      const x = 8 + (k + 0.5) * pitch;
      if (typeof piece === "string")
        return parts.after(made, label(x, y, piece, { color: theme.ink, size: 16 }));
      const mark = markOf(trace, piece, options);
      const last = k === pieces.length - 1;
      const box = Math.min(BOX.width, pitch * 1.4);
      const drawn = join(
        label(x, y - 24, factorName(cell, piece), {
          color: parts.tint(theme.quantity[piece.quantity]),
          size: 16,
        }),
        parts.value(last ? { quantity, timestep, unit } : mark, [x, y], {
          width: box,
          selected: last,
        }),
      );
      return parts.after(made, drawn);
    });
  });
  return { drawn: join(...lines), bottom: top };
}

/**
 * @param {Trace} trace
 * @param {UnitOptions} options
 * @param {UnitParts} parts
 * @param {Plan} plan
 * @param {Row[]} rows
 */
export function drawUnitPortrait(trace, options, parts, plan, rows) {
  const updates = equations(trace, options, parts, plan);
  const drawn = join(
    ...rows.map((row, k) =>
      parts.after(madeIn(parts.cell, row.gate), gateColumn(options, parts, plan, row, k)),
    ),
    sources(trace, options, parts, plan),
    updates.drawn,
  );
  return { drawn, bottom: updates.bottom };
}

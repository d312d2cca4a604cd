/** The worked cell's two equations, as columns of numbers. */
import { cellOf, previous } from "../../cells/kinds.js";
import { frame, join, label } from "../../draw/primitives.js";
import { functionOf } from "../../core/activations.js";
import { symbol } from "../../cells/quantities.js";
import { PITCH } from "./parts.js";

/** @typedef {import("../../core/types.js").Mark} Mark */
/** @typedef {import("./parts.js").WorkedOptions} WorkedOptions */
/** @typedef {import("./parts.js").Plan} Plan */
/** @typedef {import("./parts.js").Paint} Paint */

/** @typedef {{name: string, quantity: Mark["quantity"], timestep: number,
 *   how?: import("../../cells/kind.js").Operand["how"] | "sum"}} Column */

/** @typedef {{left: number, right: number, top: number}} Place */

/** Vectors side by side as columns with signs between them.
 * @param {string} title @param {(Column | string)[]} terms @param {Place} place @param {WorkedOptions} options @param {Plan} plan @param {Paint} paint */
function columnEquation(title, terms, { left, right, top }, { unit, theme }, { units }, paint) {
  const pitch = (right - left - 36) / terms.length;
  const first = top + 78;
  const chosenY = first + units.indexOf(unit) * PITCH;
  const chosen = { x: left, y: chosenY - PITCH / 2, width: right - left, height: PITCH };
  return join(
    label(left + 2, top + 14, title, { color: theme.ink, size: 14, bold: true, align: "left" }),
    frame(chosen, { fill: theme.panel, radius: 8 }),
    ...units.map((k, at) =>
      label(left + 26, first + at * PITCH, `${k}`, {
        color: k === unit ? theme.ink : theme.muted,
        bold: k === unit,
        size: 12,
        align: "right",
      }),
    ),
    label(left + 28, top + 46, "unit", { color: theme.muted, size: 12, align: "right" }),
    ...terms.map((term, k) => {
      const x = left + 36 + (k + 0.5) * pitch;
      if (typeof term === "string") return label(x, chosenY, term, { color: theme.ink, size: 18 });
      return join(
        label(x, top + 46, term.name, { color: theme.quantity[term.quantity], size: 16 }),
        ...units.map((index, at) =>
          paint(
            { quantity: term.quantity, timestep: term.timestep, unit: index },
            [x, first + at * PITCH],
            term,
          ),
        ),
      );
    }),
  );
}

/** The columns of an update, with the signs between them.
 * @param {import("../../core/types.js").Trace} trace @param {import("../../cells/kind.js").Update} update
 * @param {import("../../cells/kind.js").StateName} state
 * @param {number} timestep @returns {(Column | string)[]} */
function columnsOf(trace, { products }, state, timestep) {
  const terms = products.flatMap(({ factors }, k) => [
    ...(k ? ["+"] : []),
    ...factors.flatMap((operand, at) => [
      ...(at ? ["\u2299"] : []),
      column(trace, operand, timestep),
    ]),
  ]);
  return [...terms, "=", column(trace, { quantity: state }, timestep)];
}

/** @param {import("../../core/types.js").Trace} trace @param {import("../../cells/kind.js").Operand} operand
 * @param {number} timestep @returns {Column} */
function column(trace, { quantity, before, how }, timestep) {
  const written = symbol(quantity, before ? cellOf(trace).previous : "t");
  const done = how === "rest" ? "1 \u2212 " : how ? `${functionOf(how).sign} ` : "";
  const when = before ? previous(trace, timestep) : timestep;
  return { name: `${done}${written}`, quantity, timestep: when, how };
}

/** What the figure writes out: the updates of the states, or of a cell without gates its one sum.
 * @param {import("../../core/types.js").Trace} trace @param {number} timestep
 * @returns {{title: string, terms: (Column | string)[]}[]} */
function written(trace, timestep) {
  const { states, updates, squash } = cellOf(trace);
  const equations = states.flatMap((state) => {
    const update = updates[state];
    return update
      ? [{ title: update.title, terms: columnsOf(trace, update, state, timestep) }]
      : [];
  });
  if (equations.length > 0 || !trace.steps[timestep - 1].preactivations) return equations;
  const result = column(trace, { quantity: "hidden_state" }, timestep);
  /** @type {Column} */
  const sum = { ...result, name: "<i>xW + hU + b</i>", how: "sum" };
  return [{ title: "New hidden state", terms: [functionOf(squash).sign, sum, "=", result] }];
}

/** @param {import("../../core/types.js").Trace} trace @param {WorkedOptions} options @param {Plan} plan
 * @param {Paint} paint */
export function equations(trace, options, plan, paint) {
  const { timestep, width } = options;
  const [first, second] = written(trace, timestep);
  if (!first) return { drawn: join(), bottom: plan.bottom };
  const tall = 78 + plan.units.length * PITCH;
  const row = !plan.beside && width >= 660;
  const left = plan.beside ? width * 0.46 + 14 : 8;
  const count = second ? 2 : 1;
  const right = row && second ? left + (width - 16) * 0.6 : width - 8;
  const room = (plan.bottom - count * tall - 10) / 2;
  const top = plan.beside ? Math.max(10, room) : plan.bottom + 16;
  // few columns in a wide row would stand too far apart to be read as one line
  const end = Math.min(right, left + 36 + 96 * first.terms.length);
  const draw = (/** @type {typeof first} */ { title, terms }, /** @type {Place} */ place) =>
    columnEquation(title, terms, place, options, plan, paint);
  if (!second) {
    const drawn = draw(first, { left, right: end, top });
    return { drawn, bottom: Math.max(plan.bottom, top + tall) };
  }
  const next = row
    ? { left: right + 20, right: width - 8, top }
    : { left, right: plan.beside ? left + (right - left) * 0.7 : right, top: top + tall + 10 };
  const drawn = join(draw(first, { left, right, top }), draw(second, next));
  return { drawn, bottom: Math.max(plan.bottom, next.top + tall) };
}

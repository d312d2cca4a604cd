/** What happens in a phase of a word's computation: a title, and a sentence with a unit's numbers. */
import { operandAt } from "../arithmetic/arithmetic.js";
import { numberAt, productMark } from "../arithmetic/state-update.js";
import { functionOf } from "../core/activations.js";
import { cellOf, previous, transformed } from "../cells/kinds.js";
import { NAMES, vector } from "../cells/quantities.js";
import { addingUp, decimalsToAddUp } from "../draw/rounding.js";
import { fixed } from "../draw/format.js";
import { capital, nameAt } from "../draw/text.js";
import { openable, phrase } from "../words/sentence.js";

/** @typedef {import("../cells/phases.js").Phase} Phase */
/** @typedef {import("../cells/kind.js").StateName} StateName */
/** @typedef {import("../core/types.js").Phrase} Phrase */
/** @typedef {import("../core/types.js").Quantity} Quantity */
/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {{timestep: number, unit: number}} Cursor */
/** @typedef {{title: string, says: Phrase}} Said */

/** The products of a state at the cursor, and its value, rounded so that they add up.
 * @param {Trace} trace @param {Cursor} cursor @param {StateName} state */
function productsOf(trace, { timestep, unit }, state) {
  const products = (cellOf(trace).updates[state]?.products ?? []).map(({ label, factors }) => {
    const operands = factors.map((operand) => operandAt(trace, operand, timestep, unit));
    const value = operands.reduce((product, operand) => product * operand.value, 1);
    return { label, factors, operands, value };
  });
  const total = products.reduce((sum, { value }) => sum + value, 0);
  const values = products.map(({ value }) => value);
  const decimals = decimalsToAddUp(values, total, 2);
  const texts = addingUp(values, total, decimals).map((value) => fixed(value, decimals));
  return { products, texts, total: fixed(total, decimals) };
}

/** @param {Trace} trace @param {Cursor} cursor @returns {Said} */
function arrive(trace, { timestep }) {
  const { units, features } = trace.layer;
  const { states } = cellOf(trace);
  const then = previous(trace, timestep);
  const first = then < 1 || then > trace.steps.length;
  const past = first
    ? "what was read before: nothing, so all of it is 0"
    : `the hidden state after ${nameAt(trace, then)}: ${units} numbers`;
  const memory = states.length > 1 ? " The memory comes in on top." : "";
  return {
    title: "The word and the past arrive",
    says: `${nameAt(trace, timestep)} comes in as ${features} numbers, and with it ${past}.${memory}`,
  };
}

/** @param {Trace} trace @param {Cursor} cursor @param {Quantity[]} quantities @returns {Said} */
function gates(trace, { timestep, unit }, quantities) {
  const values = quantities.flatMap((quantity, k) => {
    const number = numberAt(trace, quantity, timestep, unit);
    return phrase`${k === 0 ? "" : ", "}${NAMES[quantity]} ${number}`;
  });
  const names = quantities.map((quantity) => NAMES[quantity]);
  const title = names.length > 2 ? "The gates and the candidate" : capital(names.join(" and "));
  const each = quantities.length > 1 ? "Each is a weighted sum" : "It is a weighted sum";
  return {
    title,
    says: phrase`${each} of the word and the past, squashed. Unit ${unit}: ${values}.`,
  };
}

/** What of a state a product makes. @param {Trace} trace @param {Cursor} cursor
 * @param {StateName} state @param {number} which @returns {Said} */
function product(trace, cursor, state, which) {
  const { products, texts } = productsOf(trace, cursor, state);
  const { label, factors, operands } = products[which];
  const { timestep, unit } = cursor;
  const names = factors.map(({ quantity, before, how }) => {
    const name = quantity === "cell_state" && before ? "memory" : NAMES[quantity];
    if (how === "rest") return `what the ${name} leaves`;
    return how ? `${functionOf(how).sign} of the ${name}` : name;
  });
  const written = operands.map(({ value }) => fixed(value, 2)).join(" \u00d7 ");
  const mark = productMark(trace, { quantity: state, timestep, unit }, which, texts[which]);
  const made = openable(texts[which], mark);
  return {
    title: capital(names.join(" \u00d7 ")),
    says: phrase`${capital(label)}, in unit ${unit}: ${written} = ${made}.`,
  };
}

/** @param {Trace} trace @param {Cursor} cursor @param {StateName} state @returns {Said} */
function sum(trace, cursor, state) {
  const { texts, total } = productsOf(trace, cursor, state);
  const { timestep, unit } = cursor;
  const title = cellOf(trace).updates[state]?.title ?? "";
  const held = openable(total, { quantity: state, timestep, unit });
  const added = texts.map((text, k) => (k > 0 && text.startsWith("\u2212") ? `(${text})` : text));
  const after = `what unit ${unit} holds after ${nameAt(trace, timestep)}`;
  return { title, says: phrase`${added.join(" + ")} = ${held}: ${after}.` };
}

/** @param {Trace} trace @param {Cursor} cursor @param {Quantity} quantity @returns {Said} */
function squash(trace, { timestep, unit }, quantity) {
  const { squash: how } = cellOf(trace);
  const { sign } = functionOf(how);
  const value = vector(trace, quantity, timestep)[unit];
  const to = openable(fixed(transformed(how, value), 2), { quantity, timestep, unit, how });
  const within = how === "tanh" ? ", between \u22121 and 1" : "";
  return {
    title: `${capital(sign)} of the ${NAMES[quantity]}`,
    says: phrase`Unit ${unit}: ${numberAt(trace, quantity, timestep, unit)} becomes ${to}${within}.`,
  };
}

/** @param {Trace} trace @param {Phase} phase @param {Cursor} cursor @returns {Said} */
export function phaseWords(trace, { kind, quantities, which = 0 }, cursor) {
  const { timestep, unit } = cursor;
  const [quantity] = quantities;
  const state = /** @type {StateName} */ (quantity);
  switch (kind) {
    case "arrive":
      return arrive(trace, cursor);
    case "gates":
      return gates(trace, cursor, quantities);
    case "reset": {
      const value = numberAt(trace, quantity, timestep, unit);
      const says = phrase`In unit ${unit} it lets ${value} of the past into the candidate.`;
      return { title: `${capital(NAMES[quantity])} \u00d7 the past`, says };
    }
    case "derived": {
      const value = numberAt(trace, quantity, timestep, unit);
      const from = cellOf(trace).updates[quantity]?.products[0].factors[0].quantity ?? quantity;
      const says = phrase`What the ${NAMES[from]} leaves of 1, in unit ${unit}: ${value}.`;
      return { title: capital(NAMES[quantity]), says };
    }
    case "product":
      return product(trace, cursor, state, which);
    case "sum":
      return sum(trace, cursor, state);
    case "squash":
      return squash(trace, cursor, quantity);
    case "leave": {
      const value = numberAt(trace, "hidden_state", timestep, unit);
      const last = timestep === trace.steps.length;
      const to = last ? "to the answer" : "to the next word, and to the answer";
      return {
        title: "The hidden state leaves",
        says: phrase`It goes ${to}. Unit ${unit} shows ${value}.`,
      };
    }
  }
}

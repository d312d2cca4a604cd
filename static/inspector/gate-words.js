/**
 * What happens at one word, a line for each gate, in words computed from its numbers: how far the gate
 * stands open over all units, and what that does.
 */
import { cellOf, keepingFactor, previous } from "../cells/kinds.js";
import { NAMES } from "../cells/quantities.js";
import { memoryKeptAt, mostForgottenAt } from "../arithmetic/memory-kept.js";
import { droppedMark, keptMark, shareMark } from "../arithmetic/memory-contributions.js";
import { isEmpty, numberAt, percent } from "../arithmetic/state-update.js";
import { nameAt } from "../draw/text.js";
import { fixed } from "../draw/format.js";
import { openable, phrase } from "../words/sentence.js";

/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("../core/types.js").Phrase} Phrase */
/** @typedef {import("../core/types.js").Quantity} Quantity */

/** @typedef {object} GateLine
 * @property {Quantity} quantity
 * @property {string} name
 * @property {Phrase} value how far it stands open, in short
 * @property {Phrase} says
 * @property {boolean} telling whether it is what this word is about
 * @property {boolean} [held] whether it is held at this word
 */

const OPEN = 0.5; // of a gate: more than half open

const SHUT = 0.1;

const NEARLY_ALL = 0.9;

const TELLING = 0.2; // of what a word wrote, dropped at once

/** Which earlier word this one drops, where that is worth telling. @param {Trace} trace
 * @param {number} timestep */
export function droppedAt(trace, timestep) {
  const loser = keepingFactor(trace) ? mostForgottenAt(trace, timestep) : null;
  const kept = memoryKeptAt(trace, timestep);
  if (!loser || kept === null || kept > 0.85) return null;
  return loser.before - loser.after >= TELLING ? loser : null;
}

/** How many units there are of so many. @param {number} count @param {number} all */
const unitsOf = (count, all) =>
  count === all ? (all === 1 ? "the one unit" : `all ${all} units`) : `${count} of ${all} units`;

/** The least and the most of a quantity, each ready to open. @param {Trace} trace
 * @param {number} timestep @param {Quantity} quantity */
function endsOf(trace, timestep, quantity) {
  const values = trace.steps[timestep - 1][quantity];
  const at = (/** @type {number} */ value) => values.indexOf(value);
  const [low, high] = [at(Math.min(...values)), at(Math.max(...values))];
  const [least, most] = [low, high].map((unit) => numberAt(trace, quantity, timestep, unit));
  return { values, low, high, least, most };
}

/** @param {Trace} trace @param {number} timestep @param {Quantity} quantity @returns {Phrase} */
function rangeOf(trace, timestep, quantity) {
  const { values, least, most } = endsOf(trace, timestep, quantity);
  return values.length === 1 || least.text === most.text
    ? phrase`${most}`
    : phrase`${least} to ${most}`;
}

/** The gate that keeps. @param {Trace} trace @param {number} timestep @param {Quantity} quantity
 * @returns {Pick<GateLine, "value" | "says" | "telling">} */
function keeping(trace, timestep, quantity) {
  const ends = endsOf(trace, timestep, quantity);
  const { values } = ends;
  // some cells keep what a gate leaves of 1
  const [unitKept, itsGate] =
    keepingFactor(trace)?.how === "rest" ? [ends.high, ends.most] : [ends.low, ends.least];
  if (isEmpty(trace, timestep)) {
    const value = rangeOf(trace, timestep, quantity);
    return { value, says: "Nothing is in memory yet that it could keep.", telling: false };
  }
  const loser = droppedAt(trace, timestep);
  if (!loser) {
    const kept = memoryKeptAt(trace, timestep) ?? 1;
    const value = phrase`keeps ${openable(percent(kept), keptMark(trace, timestep))}`;
    const whole = kept >= NEARLY_ALL ? "Nearly all of the memory stays." : "Most of it stays.";
    const says =
      values.length > 1 ? phrase`${whole} Unit ${unitKept} keeps least: ${itsGate}.` : whole;
    return { value, says, telling: false };
  }
  const of = nameAt(trace, loser.source);
  const dropped = Math.round(100 * loser.before) - Math.round(100 * loser.after);
  const share = (/** @type {number} */ t) =>
    openable(
      percent(t === timestep ? loser.after : loser.before),
      shareMark(trace, loser.source, t),
    );
  const gate = numberAt(trace, quantity, timestep, loser.unit);
  const unit =
    values.length > 1 ? phrase` Unit ${loser.unit} lets go most: its gate is ${gate}.` : "";
  const [was, is] = [share(previous(trace, timestep)), share(timestep)];
  return {
    value: phrase`${openable(`${dropped}%`, droppedMark(trace, loser.source, timestep))} dropped`,
    says: phrase`Of what ${of} wrote, ${was} was left; now ${is} is.${unit}`,
    telling: true,
  };
}

/** What gates do: shut for all units, less than half open for all, or open for some. @type {Partial<
 *   Record<Quantity, {shut: string, half: string, open: (units: string) => string}>>} */
const DOES = {
  input_gate: {
    shut: "Next to nothing is written.",
    half: "Less than half of the candidate is written.",
    open: (units) => `It lets ${units} write.`,
  },
  output_gate: {
    shut: "Next to nothing of the memory is shown.",
    half: "Less than half of the memory is shown.",
    open: (units) => `It shows the memory of ${units}.`,
  },
  reset_gate: {
    shut: "The candidate is made of this word alone.",
    half: "Less than half of the past goes into the candidate.",
    open: (units) => `For ${units} the candidate reads the past.`,
  },
};

const OTHER = {
  shut: "It is shut for every unit.",
  half: "It is less than half open for every unit.",
  open: (/** @type {string} */ units) => `It is open for ${units}.`,
};

/** @param {Trace} trace @param {number} timestep @param {Quantity} quantity
 * @returns {Phrase} */
function opening(trace, timestep, quantity) {
  const { values, low, least } = endsOf(trace, timestep, quantity);
  const does = DOES[quantity] ?? OTHER;
  const open = values.filter((value) => value > OPEN).length;
  if (open === 0) return Math.max(...values) < SHUT ? does.shut : does.half;
  const all = does.open(unitsOf(open, values.length));
  return open === values.length ? all : phrase`${all} Unit ${low} least: ${least}.`;
}

/** What is proposed. @param {Trace} trace @param {number} timestep @param {Quantity} quantity
 * @returns {Phrase} */
function proposing(trace, timestep, quantity) {
  const { values } = endsOf(trace, timestep, quantity);
  const sizes = values.map(Math.abs);
  const clear = sizes.filter((size) => size >= NEARLY_ALL).length;
  const strongest = sizes.indexOf(Math.max(...sizes));
  const number = numberAt(trace, quantity, timestep, strongest);
  const what = nameAt(trace, timestep);
  if (clear === 0) {
    return phrase`What ${what} would write. Strongest in unit ${strongest}: ${number}.`;
  }
  return `What ${what} would write: close to 1 or −1 in ${unitsOf(clear, values.length)}.`;
}

/** Which units of a gate are held where. @param {Trace} trace @param {number} timestep
 * @param {Quantity} quantity @returns {string} empty where none is */
function heldAt({ pins = [], layer }, timestep, quantity) {
  const here = pins.filter((pin) => pin.timestep === timestep && pin.gate === quantity);
  const last = here[here.length - 1];
  if (!last) return "";
  if (last.unit === null)
    return `Held at ${fixed(last.value)} for ${unitsOf(layer.units, layer.units)}.`;
  return here.length === 1
    ? `Unit ${last.unit} is held at ${fixed(last.value)}.`
    : `Units ${here.map(({ unit }) => unit).join(", ")} are held.`;
}

/**
 * A line for each gate of the cell, in the order in which they are drawn.
 *
 * @param {Trace} trace
 * @param {number} timestep from 1
 * @returns {GateLine[]} none where the timestep is padding, or the cell has no gates
 */
export function gateLines(trace, timestep) {
  if (trace.steps[timestep - 1].masked) return [];
  const keeps = keepingFactor(trace)?.quantity;
  return cellOf(trace).gates.map(({ quantity }) => {
    const held = heldAt(trace, timestep, quantity);
    const name = NAMES[quantity].replace(/^./, (letter) => letter.toUpperCase());
    if (held) {
      const value = rangeOf(trace, timestep, quantity);
      return { quantity, name, value, says: held, telling: true, held: true };
    }
    if (quantity === keeps) return { quantity, name, ...keeping(trace, timestep, quantity) };
    const value = rangeOf(trace, timestep, quantity);
    const tells = quantity === "candidate" || quantity === "hidden_state" ? proposing : opening;
    return { quantity, name, value, says: tells(trace, timestep, quantity), telling: false };
  });
}

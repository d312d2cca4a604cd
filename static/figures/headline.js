/**
 * What the gate that keeps did at one word, in plain sentences and two bars: before and after. The
 * shares are those of all units together: every unit counts with the size of what it holds.
 */
import { cellOf, previous } from "./cells.js";
import { fixed } from "./format.js";
import { sureOf } from "./explaining.js";
import { droppedMark, keptMark, leftMark, shareMark, wholeMark } from "./left.js";
import { numberAt, paddingAt, percent } from "./parts.js";
import { opening, said } from "./said.js";
import { keepingGate } from "./pins.js";
import { isolate, nameAt } from "./text.js";
import { saidAt, turnAt, turningPoint } from "./turning.js";
import { NAMES, vector } from "./vectors.js";

/** @typedef {import("../types.js").Trace} Trace */
/** @typedef {import("../types.js").Gate} Gate */
/** @typedef {import("../types.js").Openable} Openable */
/** @typedef {import("../types.js").Said} Said */
/** @typedef {{says: Said, shows: Said, picture: {title: string, bars: Bar[]} | null}} Headline */
/** @typedef {{name: string, share: number, text: string, mark: Openable}} Bar share in 0..1 */

const OPEN = 0.95; // of the whole memory
const NEARLY_OPEN = 0.85;

/** A trace never changes, so its gate is sought once. @type {WeakMap<Trace, Gate | undefined>} */
const gates = new WeakMap();

/** @param {Trace} trace */
function gateOf(trace) {
  if (!gates.has(trace)) gates.set(trace, keepingGate(trace));
  return gates.get(trace);
}

/** What a unit of the gate that keeps lets stay at a word; a masked word changes nothing.
 * @param {Trace} trace @param {number} timestep @param {number} unit */
function keeps(trace, timestep, unit) {
  const step = trace.steps[timestep - 1];
  return step.masked ? 1 : step[gateOf(trace) ?? "forget_gate"][unit];
}

/** What a word writes to a unit of the memory. @param {Trace} trace @param {number} timestep
 * @param {number} unit */
function writes(trace, timestep, unit) {
  const { masked, input_gate, update_gate, candidate } = trace.steps[timestep - 1];
  if (masked) return 0;
  return (input_gate?.[unit] ?? 1 - update_gate[unit]) * candidate[unit];
}

/** The timesteps read before one, the nearest first. @param {Trace} trace @param {number} timestep */
function readBefore({ layer, steps }, timestep) {
  return layer.go_backwards
    ? steps.slice(timestep).map((step) => step.timestep)
    : steps
        .slice(0, timestep - 1)
        .map((step) => step.timestep)
        .reverse();
}

/**
 * How much of the memory a word keeps.
 *
 * @param {Trace} trace
 * @param {number} timestep from 1
 * @returns {number | null} 0..1; null where nothing is in memory yet, or no gate keeps anything
 */
export function keptAt(trace, timestep) {
  if (!gateOf(trace) || trace.steps[timestep - 1].masked) return null;
  const before = vector(trace, cellOf(trace).states[0], previous(trace, timestep)).map(Math.abs);
  const all = before.reduce((sum, size) => sum + size, 0);
  if (all === 0) return null;
  return before.reduce((sum, size, unit) => sum + keeps(trace, timestep, unit) * size, 0) / all;
}

/**
 * The word that loses most at another: what each one wrote, times what has been kept since.
 *
 * @param {Trace} trace
 * @param {number} timestep
 * @returns {{source: number, before: number, after: number, unit: number, held: number} | null}
 *   before and after: shares of what it wrote; unit: where it loses most, which held that much of
 *   it; null where no word was read before
 */
export function loserAt(trace, timestep) {
  const { units } = trace.layer;
  /** what is left, at the word before, of what was written then @type {number[]} */
  const left = Array(units).fill(1);
  /** @type {ReturnType<typeof loserAt> & {lost: number} | null} */
  let loser = null;
  for (const source of readBefore(trace, timestep)) {
    let [written, before, after, unit, most, held] = [0, 0, 0, 0, -1, 0];
    for (let k = 0; k < units; k++) {
      const wrote = writes(trace, source, k);
      const now = left[k] * wrote;
      const size = Math.abs(now);
      const stays = size * keeps(trace, timestep, k);
      written += Math.abs(wrote);
      before += size;
      after += stays;
      if (size - stays > most) [unit, most, held] = [k, size - stays, now];
      left[k] *= keeps(trace, source, k);
    }
    if (written > 0 && (!loser || before - after >= loser.lost)) {
      const shares = { before: before / written, after: after / written };
      loser = { source, ...shares, unit, held, lost: before - after };
    }
  }
  return loser;
}

/**
 * Where the page opens: at the last word that changes the answer, and at the unit in which it is
 * seen best what went there.
 *
 * @param {Trace} trace
 * @returns {{timestep: number, unit: number} | null}
 */
export function openingAt(trace) {
  const timestep = turningPoint(trace);
  if (timestep === null) return null;
  return { timestep, unit: gateOf(trace) ? (loserAt(trace, timestep)?.unit ?? 0) : 0 };
}

/** Whether somebody holds the gate that keeps there. @param {Trace} trace @param {number} timestep */
const isHeld = (trace, timestep) =>
  (trace.pins ?? []).some((pin) => pin.timestep === timestep && pin.gate === gateOf(trace));

/**
 * What every word read by then has left in memory after one: the ledger's row, sizes of all units.
 *
 * @param {Trace} trace
 * @param {number} timestep
 * @returns {{source: number, size: number, share: number}[]} in the order of the sentence; share: of
 *   what the word wrote
 */
export function partsAt(trace, timestep) {
  const left = Array(trace.layer.units).fill(1);
  const parts = [];
  for (const source of [timestep, ...readBefore(trace, timestep)]) {
    let [written, size] = [0, 0];
    for (let k = 0; k < left.length; k++) {
      const wrote = Math.abs(writes(trace, source, k));
      written += wrote;
      size += left[k] * wrote;
      left[k] *= keeps(trace, source, k);
    }
    parts.push({ source, size, share: written > 0 ? size / written : 0 });
  }
  return parts.sort((a, b) => a.source - b.source);
}

/**
 * @param {Trace} trace
 * @param {number} timestep
 * @returns {Headline}
 */
export function headline(trace, timestep) {
  const at = `At ${nameAt(trace, timestep)}`;
  const gate = keepingGate(trace);
  if (trace.steps[timestep - 1].masked) {
    return { says: `${paddingAt(trace, timestep)}.`, shows: [], picture: null };
  }
  if (!gate) {
    const says = `${at} the whole memory is written anew: a simple RNN has no gate that keeps any of it.`;
    return { says, shows: [], picture: null };
  }
  const kept = keptAt(trace, timestep);
  const name = NAMES[gate];
  if (kept === null) {
    return { says: `${at} nothing is in memory to forget yet.`, shows: [], picture: null };
  }
  const held = isHeld(trace, timestep) && "is held where you put it";
  const loser = loserAt(trace, timestep);
  if (kept >= NEARLY_OPEN || !loser) {
    const mark = keptMark(trace, timestep);
    const stays = kept >= OPEN ? "stays open" : "stays nearly open";
    const verb = held || (kept < NEARLY_OPEN ? "lets go" : stays);
    return {
      says: said`${at} the ${name} ${verb}: ${opening(percent(kept), mark)} of the memory stays.`,
      shows: answerText(trace, timestep),
      picture: pictureOf(trace, timestep, "What stays of the memory", [
        { share: 1, mark: wholeMark(trace, timestep) },
        { share: kept, mark },
      ]),
    };
  }
  const of = nameAt(trace, loser.source);
  const dropped = Math.round(100 * loser.before) - Math.round(100 * loser.after);
  const gone = opening(`${dropped}%`, droppedMark(trace, loser.source, timestep));
  const share = (/** @type {number} */ t) => shareMark(trace, loser.source, t);
  return {
    says: held
      ? said`${at} the ${name} ${held}: ${gone} of what ${of} wrote is dropped.`
      : said`${at} the ${name} drops ${gone} of what ${of} wrote.`,
    shows: [...unitText(trace, timestep, loser), ...answerText(trace, timestep)],
    picture: pictureOf(trace, timestep, `What is left of ${of}, all units`, [
      { share: loser.before, mark: share(previous(trace, timestep)) },
      { share: loser.after, mark: share(timestep) },
    ]),
  };
}

/** @param {Trace} trace @param {number} timestep @param {string} title
 * @param {{share: number, mark: Openable}[]} shares before and after
 * @returns {Headline["picture"]} */
function pictureOf(trace, timestep, title, shares) {
  const bars = shares.map(({ share, mark }, k) => {
    const name = `${k ? "after" : "before"} ${nameAt(trace, timestep)}`;
    return { name, share, text: percent(share), mark };
  });
  return { title, bars };
}

/** The unit in which it is seen best, with decimals enough for the product to come out as shown.
 * @param {Trace} trace @param {number} timestep
 * @param {NonNullable<ReturnType<typeof loserAt>>} loser */
function unitText(trace, timestep, { source, unit, held }) {
  const gate = /** @type {import("../types.js").Gate} */ (keepingGate(trace));
  const value = keeps(trace, timestep, unit);
  const adds = (/** @type {number} */ d) =>
    (Number(value.toFixed(d)) * Number(held.toFixed(d))).toFixed(d) === (value * held).toFixed(d);
  const decimals = [2, 3, 4].find(adds) ?? 4;
  const left = (/** @type {number} */ amount, /** @type {number} */ t) =>
    opening(fixed(amount, decimals), leftMark(trace, source, t, unit));
  const { units } = trace.layer;
  const place =
    units > 1
      ? `Best seen in unit ${unit}, one of the memory’s ${units} numbers`
      : "The memory is one number";
  const before = left(held, previous(trace, timestep));
  const stays = left(value * held, timestep);
  const times = numberAt(trace, gate, timestep, unit, decimals);
  return [
    ...said`${place}: of ${nameAt(trace, source)} it held ${before}; times the ${NAMES[gate]}, `,
    ...said`${times}, that leaves ${stays}.`,
  ];
}

/** What the model answers there, after the question where its title is one. @param {Trace} trace
 * @param {number} timestep */
function answerText(trace, timestep) {
  const { title } = trace.model;
  const here = title.endsWith("?") ? ` To “${isolate(title)}” the answer here` : " Here the answer";
  const turn = turnAt(trace, timestep);
  if (!turn) {
    const now = saidAt(trace, timestep);
    return now
      ? said`${here} is “${isolate(now.label)}” (${sureOf(trace, now.index, timestep)}).`
      : [];
  }
  const [from, to] = [turn.from, turn.to].map((text) => `\u201c${isolate(text)}\u201d`);
  const [was, is] = [timestep - 1, timestep].map((t) => sureOf(trace, turn.index, t));
  return from === to
    ? said`${here} stays ${to}, and goes from ${was} to ${is}.`
    : said`${here} turns from ${from} to ${to}.`;
}

/**
 * Where in the sentence least is kept.
 *
 * @param {Trace} trace
 * @returns {{timestep: number, kept: number} | null}
 */
export function leastKept(trace) {
  /** @type {{timestep: number, kept: number} | null} */
  let least = null;
  for (const { timestep } of trace.steps) {
    const kept = keptAt(trace, timestep);
    if (kept !== null && (!least || kept < least.kept)) least = { timestep, kept };
  }
  return least;
}

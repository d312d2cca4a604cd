/**
 * What the gate that keeps did at one word, in plain sentences and two bars: before and after. The
 * shares are those of all units together: every unit counts with the size of what it holds.
 */
import { cellOf, keepingFactor, previous } from "../cells/kinds.js";
import { fixed } from "../draw/format.js";
import { keeps, memoryKeptAt, mostForgottenAt } from "../arithmetic/memory-kept.js";
import {
  droppedMark,
  keptMark,
  leftMark,
  shareMark,
  wholeMark,
} from "../arithmetic/memory-contributions.js";
import { paddingAt, percent } from "../arithmetic/state-update.js";
import { quote, sureOf } from "../words/phrases.js";
import { openable, phrase } from "../words/sentence.js";
import { isolate, nameAt } from "../draw/text.js";
import { learnedAnswerAt, answerTurnAt } from "../arithmetic/answer-turns.js";
import { NAMES } from "../cells/quantities.js";

/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("../core/types.js").Gate} Gate */
/** @typedef {import("../core/types.js").Openable} Openable */
/** @typedef {import("../core/types.js").Phrase} Phrase */

/** @typedef {{says: Phrase, shows: Phrase, picture: {title: string, bars: Bar[]} | null}} Headline */

/** @typedef {{name: string, share: number, text: string, mark: Openable}} Bar share in 0..1 */

const OPEN = 0.95; // of the whole memory

const NEARLY_OPEN = 0.85;

/** Whether somebody holds the gate that keeps there. @param {Trace} trace @param {number} timestep */
const isHeld = (trace, timestep) =>
  (trace.pins ?? []).some(
    (pin) => pin.timestep === timestep && pin.gate === keepingFactor(trace)?.quantity,
  );

/**
 * What happened at a word, in a few: one word takes another's place, where the answer turns so.
 *
 * @param {Trace} trace
 * @param {number} timestep
 * @returns {{title: Phrase, answer: Phrase}}
 */
export function happening(trace, timestep) {
  const { says } = headline(trace, timestep);
  const turn = answerTurnAt(trace, timestep);
  if (!turn) {
    const now = learnedAnswerAt(trace, timestep);
    if (!now) return { title: says, answer: "" };
    const sure = brief(sureOf(trace, now.index, timestep));
    return { title: says, answer: phrase`The answer here: ${quote(now.label)} (${sure}).` };
  }
  const { from, to, index } = turn;
  const labels = trace.prediction?.labels ?? [];
  const was = brief(sureOf(trace, labels.indexOf(from), timestep - 1));
  const is = brief(sureOf(trace, index, timestep));
  const answer =
    from === to
      ? phrase`The answer stays ${quote(to)}, and goes from ${was} to ${is}.`
      : phrase`The answer turns from ${quote(from)} (${was}) to ${quote(to)} (${is}).`;
  const loser = keepingFactor(trace) ? mostForgottenAt(trace, timestep) : null;
  const replaces = loser && isWord(trace, loser.source, from) && isWord(trace, timestep, to);
  return { title: replaces ? `${quote(to)} replaces ${quote(from)}` : says, answer };
}

/** @param {import("../words/sentence.js").Opening} number */
const brief = ({ text, mark }) =>
  openable(text.replace("more than ", ">").replace("less than ", "<"), mark);

/** Whether a label is the word that stands there. @param {Trace} trace @param {number} timestep
 * @param {string} label */
const isWord = ({ tokens }, timestep, label) =>
  tokens[timestep - 1].text.toLowerCase() === label.toLowerCase();

/**
 * @param {Trace} trace
 * @param {number} timestep
 * @returns {Headline}
 */
export function headline(trace, timestep) {
  const at = `At ${nameAt(trace, timestep)}`;
  const factor = keepingFactor(trace);
  if (trace.steps[timestep - 1].masked) {
    return { says: `${paddingAt(trace, timestep)}.`, shows: [], picture: null };
  }
  if (!factor) {
    const says = `${at} the whole memory is written anew: ${cellOf(trace).noun} has no gate that keeps any of it.`;
    return { says, shows: [], picture: null };
  }
  const kept = memoryKeptAt(trace, timestep);
  const name = NAMES[factor.quantity];
  const open = factor.how === "rest" ? "shut" : "open";
  if (kept === null) {
    return { says: `${at} nothing is in memory to forget yet.`, shows: [], picture: null };
  }
  const held = isHeld(trace, timestep) && "is held where you set it";
  const loser = mostForgottenAt(trace, timestep);
  if (kept >= NEARLY_OPEN || !loser) {
    const mark = keptMark(trace, timestep);
    const stays = kept >= OPEN ? `stays ${open}` : `stays nearly ${open}`;
    const verb = held || (kept < NEARLY_OPEN ? "lets go" : stays);
    return {
      says: phrase`${at} the ${name} ${verb}: ${openable(percent(kept), mark)} of the memory stays.`,
      shows: answerText(trace, timestep),
      picture: pictureOf(trace, timestep, "What stays of the memory", [
        { share: 1, mark: wholeMark(trace, timestep) },
        { share: kept, mark },
      ]),
    };
  }
  const of = nameAt(trace, loser.source);
  const dropped = Math.round(100 * loser.before) - Math.round(100 * loser.after);
  const gone = openable(`${dropped}%`, droppedMark(trace, loser.source, timestep));
  const share = (/** @type {number} */ t) => shareMark(trace, loser.source, t);
  return {
    says: held
      ? phrase`${at} the ${name} ${held}: ${gone} of what ${of} wrote is dropped.`
      : phrase`${at} the ${name} drops ${gone} of what ${of} wrote.`,
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
 * @param {NonNullable<ReturnType<typeof mostForgottenAt>>} loser */
function unitText(trace, timestep, { source, unit, held }) {
  const factor = keepingFactor(trace);
  if (!factor) return [];
  const value = keeps(trace, timestep, unit);
  const adds = (/** @type {number} */ d) =>
    (Number(value.toFixed(d)) * Number(held.toFixed(d))).toFixed(d) === (value * held).toFixed(d);
  const decimals = [2, 3, 4].find(adds) ?? 4;
  const left = (/** @type {number} */ amount, /** @type {number} */ t) =>
    openable(fixed(amount, decimals), leftMark(trace, source, t, unit));
  const { units } = trace.layer;
  const place =
    units > 1
      ? `Best seen in unit ${unit}, one of the memory’s ${units} numbers`
      : "The memory is one number";
  const before = left(held, previous(trace, timestep));
  const stays = left(value * held, timestep);
  const mark = {
    quantity: factor.quantity,
    timestep,
    unit,
    ...(factor.how && { how: factor.how }),
  };
  const times = openable(fixed(value, decimals), mark);
  const what =
    factor.how === "rest"
      ? `1 \u2212 the ${NAMES[factor.quantity]}`
      : `the ${NAMES[factor.quantity]}`;
  return [
    ...phrase`${place}: of ${nameAt(trace, source)} it held ${before}; times ${what}, `,
    ...phrase`${times}, that leaves ${stays}.`,
  ];
}

/** What the model answers there, after the question where its title is one. @param {Trace} trace
 * @param {number} timestep */
function answerText(trace, timestep) {
  const { title } = trace.model;
  const here = title.endsWith("?") ? ` To “${isolate(title)}” the answer here` : " Here the answer";
  const turn = answerTurnAt(trace, timestep);
  if (!turn) {
    const now = learnedAnswerAt(trace, timestep);
    return now
      ? phrase`${here} is “${isolate(now.label)}” (${sureOf(trace, now.index, timestep)}).`
      : [];
  }
  const [from, to] = [turn.from, turn.to].map((text) => `\u201c${isolate(text)}\u201d`);
  const [was, is] = [timestep - 1, timestep].map((t) => sureOf(trace, turn.index, t));
  return from === to
    ? phrase`${here} stays ${to}, and goes from ${was} to ${is}.`
    : phrase`${here} turns from ${from} to ${to}.`;
}

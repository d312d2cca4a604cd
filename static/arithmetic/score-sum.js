/**
 * The sum behind a word's share of the logit: for every hidden state that the head reads, what the
 * word wrote there, seen through the squashing and the output gate, times the head's weight.
 */
import { gathered, ofRun, readings, unitName } from "./answer-sum.js";
import { cellOf } from "../cells/kinds.js";
import { derived, differenceOf, calculated } from "./derived-numbers.js";
import { fixed } from "../draw/format.js";
import { functionOf } from "../core/activations.js";
import { leftAt, leftMark } from "./memory-contributions.js";
import { DECIMALS, amount, closed, digits, factor, factorAt, SCALE, term } from "./terms.js";
import { isolate, nameAt } from "../draw/text.js";

/** @typedef {import("../core/types.js").Head} Head */
/** @typedef {import("../core/types.js").SumMark} SumMark */
/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("./answer-sum.js").Reading} Reading */
/** @typedef {import("./arithmetic.js").Arithmetic} Arithmetic */

/** @param {Trace} trace */
const labelOf = ({ attributions }) => `\u201c${isolate(attributions?.label ?? "")}\u201d`;

/** Which output of the head a label is, and its sign. @param {Trace} trace @param {Head} head */
function outputOf({ attributions, prediction }, head) {
  const label = prediction?.labels.indexOf(attributions?.label ?? "") ?? 0;
  const single = head.bias.length === 1;
  return { column: single ? 0 : label, sign: single && label === 0 ? -1 : 1 };
}

/** The sources in the order in which they are read, up to one.
 * @param {Trace} trace @param {number} source */
function upTo({ layer, steps }, source) {
  const times = steps.map(({ timestep }) => timestep);
  const order = [0, ...(layer.go_backwards ? times.reverse() : times)];
  return order.slice(0, order.indexOf(source) + 1);
}

/** The last timestep, up to one, at which something was computed.
 * @param {Trace} trace @param {number} timestep */
const computedAt = ({ steps }, timestep) =>
  steps.slice(0, timestep).findLast(({ masked }) => !masked)?.timestep ?? timestep;

/** The part of a unit's memory that sources up to one wrote.
 * @param {Trace} trace @param {number[]} sources @param {number} timestep @param {number} unit */
const partial = (trace, sources, timestep, unit) =>
  sources.reduce((sum, source) => sum + leftAt(trace, source, timestep, unit), 0);

/** The same, squashed, which opens. @param {Trace} trace @param {number[]} sources
 * @param {number} timestep @param {number} unit */
function squashed(trace, sources, timestep, unit) {
  const { squash } = cellOf(trace);
  const { sign, of } = functionOf(squash);
  const sum = partial(trace, sources, timestep, unit);
  const last = sources[sources.length - 1];
  const name =
    sources.length < 2 && !last ? "nothing yet" : `what is there up to ${nameOf(trace, last)}`;
  const work = () => {
    const terms = sources.map((source) =>
      term("state", nameOf(trace, source), [
        factor(
          "left",
          leftAt(trace, source, timestep, unit),
          leftMark(trace, source, timestep, unit),
        ),
      ]),
    );
    const output = of(digits(sum) / SCALE);
    return {
      title: `${sign} of ${name}, unit ${unit}`,
      equation: `${sign}(what each has left after ${nameAt(trace, timestep)})`,
      terms: closed(terms, sum),
      sum: amount("sum", sum),
      activation: {
        name: squash,
        symbol: sign,
        input: fixed(sum, DECIMALS),
        output: fixed(output, DECIMALS),
        rounding: null,
        held: false,
      },
      result: amount("", output),
    };
  };
  return { name, value: of(sum), mark: derived(work) };
}

/** @param {Trace} trace @param {number | undefined} source */
const nameOf = (trace, source) => (source ? nameAt(trace, source) : "the initial state");

/** What a word adds to one hidden state of a run, as factors. @param {Trace} trace
 * @param {number} source @param {number} timestep @param {number} unit
 * @param {Trace} shown the run that is shown */
function added(trace, source, timestep, unit, shown) {
  if (cellOf(trace).states.length === 1) {
    const value = leftAt(trace, source, timestep, unit);
    return [factor("left", value, leftMark(trace, source, timestep, unit))];
  }
  const sources = upTo(trace, source);
  const [after, before] = [sources, sources.slice(0, -1)].map((some) =>
    squashed(trace, some, timestep, unit),
  );
  const mark = derived(() =>
    differenceOf({
      title: `what ${nameOf(trace, source)} moves in unit ${unit}`,
      from: after,
      taken: before,
    }),
  );
  return [
    factorAt(trace, ofRun(trace, shown, { quantity: "output_gate", timestep, unit })),
    factor("moved", after.value - before.value, mark),
  ];
}

/** @param {Trace} trace @param {number} source @param {number} value the share
 * @returns {(head: Head | null) => Arithmetic} */
const scoreWork = (trace, source, value) => (head) => {
  const { column, sign } = outputOf(trace, /** @type {Head} */ (head));
  const read = readings(trace, /** @type {Head} */ (head), trace.steps.length);
  const terms = read.flatMap((one) => {
    const { run } = one;
    const timestep = computedAt(run, one.timestep);
    if (!isWritten(run, source, timestep)) return [];
    const name = unitName(run, /** @type {Head} */ (head), one.unit);
    return [
      term("hidden", `${name}, after ${nameAt(trace, one.timestep)}`, [
        ...added(run, source, timestep, one.unit, trace),
        factor(`W[${one.row},${column}]`, sign * (head?.kernel[one.row][column] ?? 0)),
        ...(one.share === 1 ? [] : [factor("of all", one.share)]),
      ]),
    ];
  });
  return calculated({
    title: `share of ${nameOf(trace, source)} in the logit of ${labelOf(trace)}`,
    equation: "output gate \u00d7 what the word moves \u00d7 the head\u2019s weight, unit by unit",
    name: "share",
    terms: gathered(terms),
    value,
  });
};

/** @param {Trace} trace @param {number} source @param {number} timestep */
const isWritten = ({ layer }, source, timestep) =>
  source === 0 || (layer.go_backwards ? source >= timestep : source <= timestep);

/**
 * A word's share of the logit.
 *
 * @param {Trace} trace with attributions
 * @param {number} source 0 for the initial state
 * @returns {SumMark}
 */
export function scoreMark(trace, source) {
  const { scores = [], initial_state = 0 } = trace.attributions ?? {};
  const value = source === 0 ? initial_state : scores[source - 1];
  return derived(scoreWork(trace, source, value), { timestep: source, needsHead: true });
}

/** The head's bias, as it counts for the label. @param {Trace} trace @returns {SumMark} */
export const biasMark = (trace) =>
  derived(
    (head) => {
      const { column, sign } = outputOf(trace, /** @type {Head} */ (head));
      const bias = sign * (head?.bias[column] ?? 0);
      const terms = [term("bias", "learned by the head", [factor(`b[${column}]`, bias)])];
      return calculated({ title: `bias for ${labelOf(trace)}`, terms, value: bias });
    },
    { needsHead: true },
  );

/** A sum of shares. @param {string} title @param {{name: string, value: number, mark: SumMark}[]}
 * parts @param {number} timestep @returns {SumMark} */
export const togetherMark = (title, parts, timestep) =>
  derived(
    () =>
      calculated({
        title,
        terms: parts.map(({ name, value, mark }) => term("state", name, [factor("", value, mark)])),
        value: parts.reduce((sum, part) => sum + part.value, 0),
      }),
    { timestep },
  );

/** How much the logit falls without a word. @param {Trace} trace @param {number | null} without the
 * logit then; null where nothing is left to run @param {number} timestep @returns {SumMark} */
export const leftOutMark = (trace, without, timestep) =>
  derived(
    () =>
      differenceOf({
        title: `logit of ${labelOf(trace)} with ${nameAt(trace, timestep)} and without`,
        from: { name: "logit of the whole", ...logitOf(trace) },
        taken:
          without !== null
            ? { name: "that of the run without it", value: without, mark: null }
            : { name: "the bias", value: trace.attributions?.bias ?? 0, mark: biasMark(trace) },
      }),
    { timestep },
  );

/** A run's logit, which opens. @param {Trace} run */
function logitOf(run) {
  const unit = run.prediction?.labels.indexOf(run.attributions?.label ?? "") ?? -1;
  const quantity = /** @type {const} */ ("answer");
  const timestep = run.steps?.length ?? 0;
  const mark = unit < 0 ? null : { quantity, timestep, unit };
  return { value: run.attributions?.logit ?? 0, mark };
}

/** The logit, which opens the sum behind the answer. @param {Trace} trace */
export function logitMark(trace) {
  const unit = trace.prediction?.labels.indexOf(trace.attributions?.label ?? "") ?? 0;
  return { quantity: /** @type {const} */ ("answer"), timestep: trace.steps.length, unit };
}

/** How many times as large one gradient is as another. @param {number} one @param {number} other
 * @param {string} shown @returns {SumMark} */
export const timesMark = (one, other, shown) =>
  derived(() => {
    const [large, small] = [Math.max(one, other), Math.min(one, other)];
    const written = (/** @type {number} */ value) => ({
      name: "",
      value,
      text: value.toPrecision(4),
      mark: gradientMark("This factor"),
    });
    const factors = [written(large), { ...written(small), divides: true }];
    // of the factors as displayed, as in every product
    const value = Number(factors[0].text) / Number(factors[1].text);
    const text = value.toPrecision(4);
    /** @type {import("./arithmetic.js").Term} */
    const quotient = {
      kind: "state",
      label: "the larger by the smaller",
      factors,
      product: value,
      text,
    };
    const result = { name: "times", value, text, note: `, that is about ${shown} times` };
    const title = "how many times as far";
    return { title, equation: "", terms: [quotient], sum: result, activation: null, result };
  });

/** Why a gradient does not open. @param {string} what @returns {SumMark} */
export const gradientMark = (what) => derived(() => `${what} ${GRADIENT}`);

const GRADIENT =
  "is a derivative: how far the logit would move with a small change there. It comes of one pass " +
  "back through every word, with all the weights at every step, and is no sum of numbers that " +
  "stand on this page. The server checks it against small changes really made.";

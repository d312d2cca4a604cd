/**
 * Whether what a framework gave is what is computed here: numbers found in pasted text, held to
 * everything they may be.
 *
 * @typedef {import("../../core/types.js").Trace} Trace
 *
 * @typedef {object} Pasted
 * @property {number} value
 * @property {number} step the last digit that was printed, as a number
 *
 * @typedef {object} Candidate something that the numbers may be
 * @property {string} name
 * @property {number[]} values
 * @property {number[]} shape
 *
 * @typedef {object} Verdict
 * @property {boolean} matches
 * @property {string} text
 * @property {{at: number, theirs: number, ours: number}[]} worst the largest differences first
 * @property {import("../../core/types.js").Compared} [compared] where numbers were held to others
 */
import { bareText, isShortened, shapeIn, SHORTENED } from "../../core/pasted-numbers.js";

const EXACT = 1e-6; // what float32 frameworks differ by among themselves
const COARSE = 1e-3; // fewer digits than these prove little
const SHOWN = 6;

const NUMBER = /(?<![\w.])[-+]?(?:(nan|inf(?:inity)?)|\d+\.?(\d*)|\.(\d+))(?:e([-+]?\d+))?(?!\w)/gi;

/**
 * @param {string} text an array as it is printed: names and brackets are passed over
 * @returns {Pasted[]}
 */
export function numbersIn(text) {
  const found = [...bareText(text).matchAll(NUMBER)].map(([whole, odd, after, only, exponent]) => ({
    value: odd ? NaN : Number(whole),
    decimals: (after ?? only ?? "").length,
    exponent: exponent === undefined ? null : Number(exponent),
  }));
  // zeros at the end are often left out: the longest number says how many digits were meant
  const plain = found.filter(({ exponent }) => exponent === null);
  const most = Math.max(0, ...plain.map(({ decimals }) => decimals));
  return found.map(({ value, decimals, exponent }) => ({
    value,
    step: exponent === null ? 10 ** -most : 10 ** (exponent - decimals),
  }));
}

/** @param {unknown} nested @returns {number[]} */
const flat = (nested) => (Array.isArray(nested) ? nested.flatMap(flat) : [Number(nested)]);

/** @param {unknown} nested @returns {number[]} */
const sizes = (nested) => (Array.isArray(nested) ? [nested.length, ...sizes(nested[0])] : []);

/** @param {string} name @param {unknown} numbers @returns {Candidate} */
const candidate = (name, numbers) => ({ name, values: flat(numbers), shape: sizes(numbers) });

/**
 * What a framework may have given for a model: its output first, then the states of its layers.
 *
 * @param {Trace[]} traces of each layer, in order, with all hidden states as their output
 * @param {string} [shown] the layer whose states come first
 * @returns {Candidate[]}
 */
export function candidatesOf(traces, shown = "") {
  const { prediction, answer } = traces[0];
  const head = prediction ?? answer;
  const both = prediction?.probabilities ?? [];
  const states = traces.toSorted((a, b) => before(b, shown) - before(a, shown)).flatMap(statesOf);
  const pairs = traces.flatMap((forward) => {
    const other = forward.layer.name.replace(/\/forward$/, "/backward");
    const backward = traces.find(({ layer }) => layer.name === other);
    return backward && backward !== forward ? sideBySide(forward, backward) : [];
  });
  return [
    ...(head ? [candidate("the model’s output", head.output)] : []),
    ...(both.length > 0 ? [candidate("the labels’ probabilities", both)] : []),
    ...states,
    ...pairs,
    ...(head ? [] : [allReturned(traces, pairs)]),
  ];
}

/** @param {Trace} trace @param {string} shown */
const before = ({ layer }, shown) => Number(layer.name === shown);

/** What a module of PyTorch returns: the last layer's output, then the last states of all.
 * @param {Trace[]} traces @param {Candidate[]} pairs */
function allReturned(traces, pairs) {
  const last = traces[traces.length - 1];
  const merged = /\/backward$/.test(last.layer.name) ? pairs[pairs.length - 2] : null;
  const output = merged?.values ?? flat(last.output);
  const states = ["hidden_state", "cell_state"].flatMap((name) =>
    traces.flatMap(
      ({ state }) => /** @type {Record<string, number[]>} */ (state ?? {})[name] ?? [],
    ),
  );
  return candidate("the output and the last states together", [...output, ...states]);
}

/** @param {Trace} trace */
const statesOf = ({ output, state, layer }) => [
  candidate(`all hidden states of ${layer.name}`, output),
  ...(state ? [candidate(`the last hidden state of ${layer.name}`, state.hidden_state)] : []),
  ...(state?.cell_state
    ? [candidate(`the last cell state of ${layer.name}`, state.cell_state)]
    : []),
];

/** Both directions of a layer, as frameworks put them side by side.
 * @param {Trace} forward @param {Trace} backward */
function sideBySide(forward, backward) {
  const name = forward.layer.name.replace(/\/forward$/, ", both directions");
  // steps stand in the order in which the sequence is written, the output in that of the reading
  const rows = forward.steps.map(({ hidden_state: own }, t) => [
    ...own,
    ...backward.steps[t].hidden_state,
  ]);
  const last = [forward, backward].flatMap(({ state }) => state?.hidden_state ?? []);
  return [
    candidate(`all hidden states of ${name}`, rows),
    candidate(`the last hidden states of ${name}`, last),
  ];
}

/** @param {number} value */
function small(value) {
  if (value === 0) return "0";
  return value < COARSE ? value.toExponential(0) : String(Number(value.toPrecision(2)));
}

/**
 * @param {string} text as it was pasted
 * @param {Candidate[]} candidates
 * @returns {Verdict}
 */
export function verdictOf(text, candidates) {
  const pasted = numbersIn(text);
  if (pasted.length === 0) return refused("There are no numbers in what you pasted.");
  if (isShortened(text)) return refused(SHORTENED);
  const odd = pasted.findIndex(({ value }) => Number.isNaN(value));
  if (odd >= 0) return refused(notFinite(odd, pasted));
  const fitting = candidates.filter(({ values }) => values.length === pasted.length);
  if (fitting.length === 0) return refused(otherShape(pasted, shapeIn(text), candidates));
  const measured = fitting.map((candidate) => measure(pasted, candidate));
  const best = measured.find(({ matches }) => matches) ?? measured[0];
  const { name, largest, rough, worst, matches } = best;
  const step = Math.max(...pasted.map((one) => one.step));
  const count = `${pasted.length} ${pasted.length === 1 ? "number" : "numbers"}`;
  if (matches && rough && step >= COARSE) {
    return refused(
      `What you pasted agrees with ${name}, but was printed with too few digits to prove anything. ` +
        "Print at least four.",
    );
  }
  const compared = { matches, numbers: pasted.length, largest, of: name };
  const digits = rough ? `; you pasted it to ${small(step)}` : "";
  return matches
    ? {
        matches,
        text: `Matches: ${count} of ${name}, largest difference ${small(largest)}${digits}.`,
        worst,
        compared,
      }
    : {
        matches,
        text: `Differs from ${name}: the largest difference is ${small(largest)}.`,
        worst,
        compared,
      };
}

/** @param {number} at @param {Pasted[]} pasted */
function notFinite(at, pasted) {
  const count = pasted.filter(({ value }) => Number.isNaN(value)).length;
  const which = count === 1 ? "is" : `and ${count - 1} more are`;
  return (
    `Number ${at + 1} of ${pasted.length} ${which} nan or infinite. Here every number is finite: ` +
    "your framework read or made one that is not. Look at its input and its weights, and run it again."
  );
}

/** What was expected, what came, and what to do.
 * @param {Pasted[]} pasted @param {number[] | null} shape @param {Candidate[]} candidates */
function otherShape({ length }, shape, candidates) {
  const sized = (/** @type {number} */ count, /** @type {number[]} */ sizes) =>
    sizes.length > 1 ? `${count} (${sizes.join(" × ")})` : `${count}`;
  const came = `${length} ${length === 1 ? "number" : "numbers"}`;
  const printed = shape && shape.length > 1 ? `, ${shape.join(" × ")}` : "";
  const known = candidates.map(
    ({ name, values, shape: own }) => `${name} has ${sized(values.length, own)}`,
  );
  const batch = candidates.find(
    ({ values }) => length > values.length && length % values.length === 0,
  );
  const way = batch
    ? `It may be ${length / batch.values.length} sequences at once: run the one in the box.`
    : "Paste one of these whole, for the input in the box.";
  return `You pasted ${came}${printed}, but ${known.join(", ")}. ${way}`;
}

/** @param {string} text @returns {Verdict} */
const refused = (text) => ({ matches: false, text, worst: [] });

/** @param {Pasted[]} pasted @param {Candidate} candidate */
function measure(pasted, { name, values }) {
  const rows = pasted.map(({ value, step }, at) => {
    const difference = Math.abs(value - values[at]);
    const exact = EXACT * Math.max(1, Math.abs(values[at]));
    // half a digit, and what float32 may add to it
    const fits = difference <= Math.max(exact, step / 2 + exact);
    return { at, theirs: value, ours: values[at], difference, fits, exact: difference <= exact };
  });
  const sorted = [...rows].sort((a, b) => b.difference - a.difference);
  return {
    name,
    largest: sorted[0].difference,
    matches: rows.every(({ fits }) => fits),
    rough: !rows.every(({ exact }) => exact),
    worst: sorted.filter(({ exact }) => !exact).slice(0, SHOWN),
  };
}

/**
 * The snippet with what is read now, and the file's own name.
 *
 * @param {string} snippet
 * @param {Trace} trace
 * @param {string} file
 */
export function filledSnippet(snippet, { tokens, asked }, file) {
  const named = /^[\w.-]+$/.test(file) ? snippet.replace(/"model\.[\w.]+"/, `"${file}"`) : snippet;
  const input = sequence(tokens, asked);
  if (!input) return named;
  return named.replace(/^(inputs = \w+\.\w+\()\[.*\](.*?\)) {2}#.*$/m, (_, before, after) => {
    return `${before}[${input}]${after}`;
  });
}

const MOST = 400; // numbers in a snippet

/**
 * @param {Trace["tokens"]} tokens
 * @param {Trace["asked"]} asked
 * @returns {string | null}
 */
function sequence(tokens, asked) {
  if (asked && "inputs" in asked) {
    const [first] = asked.inputs;
    if (asked.inputs.length * first.length > MOST) return null;
    const padding = Array(tokens.length - asked.inputs.length).fill(first.map(() => 0));
    return JSON.stringify([...padding, ...asked.inputs]).replaceAll(",", ", ");
  }
  if (tokens.length > MOST || tokens.some(({ id }) => id === null)) return null;
  return `[${tokens.map(({ id }) => id).join(", ")}]`;
}

/**
 * Whether what a framework gave is what is computed here: numbers found in pasted text, held to
 * everything they may be.
 *
 * @typedef {import("./types.js").Trace} Trace
 *
 * @typedef {object} Pasted
 * @property {number} value
 * @property {number} step the last digit that was printed, as a number
 *
 * @typedef {object} Candidate something that the numbers may be
 * @property {string} name
 * @property {number[]} values
 *
 * @typedef {object} Verdict
 * @property {boolean} matches
 * @property {string} text
 * @property {{at: number, theirs: number, ours: number}[]} worst the largest differences first
 */

const EXACT = 1e-6; // what float32 frameworks differ by among themselves
const COARSE = 1e-3; // fewer digits than these prove little
const SHOWN = 6;

const NUMBER = /(?<![\w.])[-+]?(?:\d+\.?(\d*)|\.(\d+))(?:e([-+]?\d+))?(?!\w)/gi;

/**
 * @param {string} text an array as it is printed: names and brackets are passed over
 * @returns {Pasted[]}
 */
export function numbersIn(text) {
  const bare = text.replace(/\w+\s*=\s*(\([^)]*\)|<[^>]*>|[^\s,)\]]+)/g, " ").replaceAll("−", "-");
  const found = [...bare.matchAll(NUMBER)].map(([whole, after, only, exponent]) => ({
    value: Number(whole),
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

/**
 * What a framework may have given for a model: its output first.
 *
 * @param {Trace} trace with all hidden states as its output
 * @returns {Candidate[]}
 */
export function candidatesOf({ prediction, answer, output, state, layer }) {
  const head = prediction ?? answer;
  const both = prediction?.probabilities ?? [];
  return [
    ...(head ? [{ name: "the model’s output", values: flat(head.output) }] : []),
    ...(both.length > 0 ? [{ name: "the labels’ probabilities", values: both }] : []),
    { name: `all hidden states of ${layer.name}`, values: flat(output) },
    ...(state
      ? [{ name: `the last hidden state of ${layer.name}`, values: state.hidden_state }]
      : []),
    ...(state?.cell_state
      ? [{ name: `the last cell state of ${layer.name}`, values: state.cell_state }]
      : []),
  ];
}

/** @param {number} value */
function small(value) {
  if (value === 0) return "0";
  return value < COARSE ? value.toExponential(0) : String(Number(value.toPrecision(2)));
}

/**
 * @param {Pasted[]} pasted
 * @param {Candidate[]} candidates
 * @returns {Verdict}
 */
export function verdictOf(pasted, candidates) {
  if (pasted.length === 0) return refused("There are no numbers in what you pasted.");
  const fitting = candidates.filter(({ values }) => values.length === pasted.length);
  if (fitting.length === 0) {
    const sizes = candidates.map(({ name, values }) => `${name} has ${values.length}`);
    const came = `${pasted.length} ${pasted.length === 1 ? "number" : "numbers"}`;
    return refused(`You pasted ${came}, but ${sizes.join(", ")}.`);
  }
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
  const digits = rough ? `; you pasted it to ${small(step)}` : "";
  return matches
    ? {
        matches,
        text: `Matches: ${count} of ${name}, largest difference ${small(largest)}${digits}.`,
        worst,
      }
    : {
        matches,
        text: `Differs from ${name}: the largest difference is ${small(largest)}.`,
        worst,
      };
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

/**
 * What is left in memory of a word, number by number: what it wrote, times every gate that kept it
 * since. The same numbers as the ledger's, with the products that make them.
 */
import { operandAt } from "./arithmetic.js";
import { cellOf, keepingFactor, previous, writingFactors } from "../cells/kinds.js";
import { derived, differenceOf, calculated, shareOf } from "./derived-numbers.js";
import { keeps } from "./memory-kept.js";
import { fixed } from "../draw/format.js";
import { factor, factorAt, letter, term } from "./terms.js";
import { nameAt, stepName } from "../draw/text.js";
import { vector } from "../cells/quantities.js";

/** @typedef {import("../core/types.js").Gate} Gate */
/** @typedef {import("../cells/kind.js").Operand} Operand */
/** @typedef {import("../core/types.js").SumMark} SumMark */
/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("./arithmetic.js").Factor} Factor */
/** @typedef {import("./derived-numbers.js").Part} Part */

const MOST = 8; // gates in one product; more are taken together

/** @param {Trace} trace @param {number} source */
const writer = (trace, source) => (source === 0 ? "the initial state" : nameAt(trace, source));

/** The timesteps at which a word has been kept. @param {Trace} trace @param {number} source 0 for
 * the initial state @param {number} timestep */
function since({ layer, steps }, source, timestep) {
  const times = steps.filter(({ masked }) => !masked).map((step) => step.timestep);
  return layer.go_backwards
    ? times.filter((t) => t >= timestep && (source === 0 || t < source)).reverse()
    : times.filter((t) => t > source && t <= timestep);
}

/** What a unit's memory is multiplied with at a timestep, as a factor. @param {Trace} trace
 * @param {number} timestep @param {number} unit */
const keptAt = (trace, timestep, unit) =>
  operandAt(trace, /** @type {Operand} */ (keepingFactor(trace)), timestep, unit);

/** What a word wrote, as factors. @param {Trace} trace @param {number} source @param {number} unit
 * @returns {Factor[]} */
function written(trace, source, unit) {
  const [memory] = cellOf(trace).states;
  if (source === 0) return [factorAt(trace, { quantity: memory, timestep: 0, unit })];
  if (trace.steps[source - 1].masked) return [factor("padding", 0)];
  return writingFactors(trace).map((operand) => operandAt(trace, operand, source, unit));
}

/** @param {Trace} trace @param {number} source @param {number} timestep @param {number} unit */
export function leftAt(trace, source, timestep, unit) {
  const wrote = written(trace, source, unit).reduce((all, { value }) => all * value, 1);
  return since(trace, source, timestep).reduce((left, t) => left * keeps(trace, t, unit), wrote);
}

/**
 * What a word has left in one unit after another, with its sign.
 *
 * @param {Trace} trace
 * @param {number} source 0 for the initial state
 * @param {number} timestep
 * @param {number} unit
 * @returns {SumMark}
 */
export const leftMark = (trace, source, timestep, unit) =>
  derived(
    () => {
      const times = since(trace, source, timestep);
      const last = times.slice(-MOST);
      const before = times[times.length - MOST - 1];
      const name = `left of ${writer(trace, source)}`;
      const begin = before
        ? [partFactor(leftPart(trace, source, before, unit))]
        : written(trace, source, unit);
      const kept = last.map((t) => keptAt(trace, t, unit));
      return calculated({
        title: `${name} in unit ${unit}, after ${nameAt(trace, timestep)}`,
        equation: "what was written \u00d7 every gate that has kept it since",
        name,
        terms: [term("state", name, [...begin, ...kept])],
        value: leftAt(trace, source, timestep, unit),
      });
    },
    { timestep, unit },
  );

/** @param {Part} part */
const partFactor = ({ name, value, mark }) => factor(name, value, mark);

/** @param {Trace} trace @param {number} source @param {number} timestep @param {number} unit */
const leftPart = (trace, source, timestep, unit) => ({
  name: `left after ${nameAt(trace, timestep)}`,
  value: leftAt(trace, source, timestep, unit),
  mark: leftMark(trace, source, timestep, unit),
});

/** @param {Trace} trace */
const unitsOf = (trace) => Array.from({ length: trace.layer.units }, (_, unit) => unit);

/** What a word has left in all units, in sizes. @param {Trace} trace @param {number} source
 * @param {number} timestep */
export const sizeAt = (trace, source, timestep) =>
  unitsOf(trace).reduce((all, unit) => all + Math.abs(leftAt(trace, source, timestep, unit)), 0);

/** @param {Trace} trace @param {number} source @param {number} timestep @returns {SumMark} */
export const sizeMark = (trace, source, timestep) =>
  derived(
    () =>
      calculated({
        title: `left of ${writer(trace, source)} in all units, after ${nameAt(trace, timestep)}`,
        equation: "the sizes in all units, whatever their signs",
        terms: unitsOf(trace).map((unit) => {
          const { value, mark } = leftPart(trace, source, timestep, unit);
          return term("state", `unit ${unit}`, [factor("size", Math.abs(value), mark)]);
        }),
        value: sizeAt(trace, source, timestep),
      }),
    { timestep },
  );

/** @param {Trace} trace @param {number} source @param {number} timestep @param {number | null} unit
 * @param {string} name @returns {Part} */
const partOf = (trace, source, timestep, unit, name) => ({
  name,
  value:
    unit === null
      ? sizeAt(trace, source, timestep)
      : Math.abs(leftAt(trace, source, timestep, unit)),
  mark: unit === null ? sizeMark(trace, source, timestep) : leftMark(trace, source, timestep, unit),
});

/** When a word wrote. @param {Trace} trace @param {number} source */
const writtenAt = ({ layer, steps }, source) =>
  source > 0 ? source : layer.go_backwards ? steps.length : 1;

/** @param {Trace} trace @param {number} source @param {number} timestep @param {number | null} unit */
function shareAt(trace, source, timestep, unit) {
  const whole = partOf(trace, source, writtenAt(trace, source), unit, "written");
  const part = partOf(trace, source, timestep, unit, "left");
  return { part, whole, value: whole.value === 0 ? 0 : part.value / whole.value };
}

/**
 * How much of what a word wrote is left after another.
 *
 * @param {Trace} trace
 * @param {number} source
 * @param {number} timestep
 * @param {number | null} [unit] null: all of them, in sizes
 * @returns {SumMark}
 */
export const shareMark = (trace, source, timestep, unit = null) =>
  derived(
    () => {
      const { part, whole } = shareAt(trace, source, timestep, unit);
      return shareOf({
        title: `share left of what ${writer(trace, source)} wrote, after ${nameAt(trace, timestep)}`,
        equation: "what is left \u00f7 what was written",
        label: unit === null ? "all units, in sizes" : `unit ${unit}, in size`,
        part,
        whole,
      });
    },
    { timestep },
  );

/**
 * How much less is left of what a word wrote, in whole percents as the shares are shown.
 *
 * @param {Trace} trace
 * @param {number} source
 * @param {number} timestep
 * @returns {SumMark}
 */
export const droppedMark = (trace, source, timestep) =>
  derived(
    () => {
      const at = previous(trace, timestep);
      const [before, after] = [at, timestep].map((t) => shareAt(trace, source, t, null).value);
      const [from, to] = [before, after].map((share) => Math.round(100 * share));
      return differenceOf({
        title: `dropped of what ${writer(trace, source)} wrote, at ${nameAt(trace, timestep)}`,
        from: {
          name: `share left before ${nameAt(trace, timestep)}`,
          value: before,
          mark: shareMark(trace, source, at),
        },
        taken: {
          name: "what is left after it",
          value: after,
          mark: shareMark(trace, source, timestep),
        },
        note: `, in whole percents ${from}% \u2212 ${to}% = ${from - to}%`,
      });
    },
    { timestep },
  );

/** What each unit held before a timestep, in size. @param {Trace} trace @param {number} timestep */
function heldBefore(trace, timestep) {
  const [memory] = cellOf(trace).states;
  const at = previous(trace, timestep);
  return vector(trace, memory, at).map((value, unit) =>
    factor(`size of ${letter({ quantity: memory, timestep: at, unit })}`, Math.abs(value), {
      quantity: memory,
      timestep: at,
      unit,
    }),
  );
}

/**
 * How much of its memory, all units together, a cell keeps at a timestep.
 *
 * @param {Trace} trace
 * @param {number} timestep
 * @returns {SumMark}
 */
export const keptMark = (trace, timestep) =>
  derived(
    () => {
      const held = heldBefore(trace, timestep);
      const gates = held.map((_, unit) => keptAt(trace, timestep, unit));
      const at = nameAt(trace, timestep);
      /** @param {string} title @param {Factor[][]} rows @returns {Part} */
      const together = (title, rows) => {
        const value = rows.reduce((all, row) => all + row.reduce((p, f) => p * f.value, 1), 0);
        const terms = rows.map((row, unit) => term("state", `unit ${unit}`, row));
        return { name: title, value, mark: derived(() => calculated({ title, terms, value })) };
      };
      return shareOf({
        title: `share of the memory that stays at ${at}`,
        equation: "what the gate keeps of all units \u00f7 what they held",
        label: "all units, in sizes",
        part: together(
          `kept at ${at}`,
          held.map((size, unit) => [gates[unit], size]),
        ),
        whole: together(
          `held before ${at}`,
          held.map((size) => [size]),
        ),
      });
    },
    { timestep },
  );

/** All of the memory before a timestep: what its parts are parts of. @param {Trace} trace
 * @param {number} timestep @returns {SumMark} */
export const wholeMark = (trace, timestep) =>
  derived(
    () => {
      const terms = heldBefore(trace, timestep).map((size, unit) =>
        term("state", `unit ${unit}`, [size]),
      );
      const value = terms.reduce((all, { factors }) => all + factors[0].value, 0);
      return calculated({
        title: `the whole memory before ${nameAt(trace, timestep)}, in sizes`,
        terms,
        value,
        note: ", which counts as 100%",
      });
    },
    { timestep },
  );

/** How many timesteps there are of a kind. @param {Trace} trace @param {string} what
 * @param {Gate} gate @param {number} unit @param {(value: number) => boolean} test
 * @returns {SumMark} */
export const countMark = (trace, what, gate, unit, test) =>
  derived(() => {
    const steps = trace.steps.filter(({ masked }) => !masked);
    const found = steps.filter((step) => test(step[gate][unit]));
    const terms = found.map(({ timestep }) =>
      term(
        "given",
        `${nameAt(trace, timestep)}: ${fixed(trace.steps[timestep - 1][gate][unit], 4)}`,
        [factor("counts", 1, { quantity: gate, timestep, unit })],
      ),
    );
    const kind = `at which the ${gate.replace("_", " ")} of unit ${unit} is ${what}`;
    if (found.length === 0) return `There are no ${stepName(trace, 2).toLowerCase()} ${kind}.`;
    const share = found.length / steps.length;
    return calculated({
      title: `${stepName(trace, 2)} ${kind}`,
      name: "count",
      terms,
      value: found.length,
      note: ` of ${steps.length}, that is ${fixed(100 * share, 0)}%`,
    });
  });

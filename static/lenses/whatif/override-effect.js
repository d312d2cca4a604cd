/**
 * What holding gates has done to the memory: how much of each earlier word is left just after the
 * last word at which something is held, beside the same in the run with nothing held.
 */
import { cellOf, keepingFactor, keepingValue, remembers } from "../../cells/kinds.js";
import { change, gateName, other, percent, predicted, quote, sureOf } from "../../words/phrases.js";
import { along, frame, join, label, toFigure, touch } from "../../draw/primitives.js";
import { fixed } from "../../draw/format.js";
import { memorySharesAt } from "../../arithmetic/memory-kept.js";
import { shareMark, sizeMark } from "../../arithmetic/memory-contributions.js";
import { openable, phrase } from "../../words/sentence.js";
import { gatesOf, overrideCount } from "../../core/overrides.js";
import { capital, nameAt, stepName, word } from "../../draw/text.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Phrase} Phrase */
/** @typedef {import("../../core/types.js").FigureOptions} FigureOptions */
/** @typedef {{size: number, share: number}} Part what a word has left: its size over all units, and
 *   its share of what it wrote */
/** @typedef {{source: number, free: Part, held: Part}} Row */
/** @typedef {{timestep: number, rows: Row[], free: Trace}} OverriddenMemory */

const MOST = 10; // words
const ROW = 34;
const HEAD = 34;

/** Whether a run is of the same words by the same layer: what is out of sight is not asked for.
 * @param {Trace} free @param {Trace} trace */
export const isOf = (free, trace) =>
  free.model.id === trace.model.id &&
  free.layer.name === trace.layer.name &&
  free.tokens.length === trace.tokens.length &&
  free.tokens.every(({ text }, k) => text === trace.tokens[k].text);

/**
 * @param {Trace} trace
 * @param {Trace | null} free the same run with nothing held
 * @returns {OverriddenMemory | null} the words most changed, in their order; null where no gate keeps
 *   anything, nothing is held, or the other run is of other words
 */
export function overriddenMemory(trace, free) {
  const held = trace.pins ?? [];
  if (!free || !isOf(free, trace) || !remembers(trace) || held.length === 0) return null;
  const last = trace.layer.go_backwards ? Math.min : Math.max; // that is read
  const timestep = last(...held.map((pin) => pin.timestep));
  const [was, is] = [free, trace].map((run) => memorySharesAt(run, timestep));
  const all = was.map((part, k) => ({ source: part.source, free: part, held: is[k] }));
  const weight = (/** @type {Row} */ row) => Math.max(row.free.size, row.held.size);
  const rows = [...all].sort((a, b) => weight(b) - weight(a)).slice(0, MOST);
  return { timestep, rows: rows.sort((a, b) => a.source - b.source), free };
}

/** Which gates are held where, as a question supposes it. @param {Trace} trace */
function supposed(trace) {
  const pins = trace.pins ?? [];
  const [{ gate, value, timestep, unit }] = pins;
  const alike = pins.every((pin) => pin.gate === gate && pin.value === value && pin.unit === null);
  const count = overrideCount(trace);
  if (!alike || unit !== null) {
    return `With ${count} ${count === 1 ? "number" : "numbers"} held`;
  }
  const everywhere = trace.steps.length > 1 && pins.length === trace.steps.length;
  const where = everywhere
    ? `at every ${stepName(trace)}`
    : pins.length === 1
      ? `at ${nameAt(trace, timestep)}`
      : `at ${pins.length} ${stepName(trace, pins.length)}`;
  const factor = keepingFactor(trace);
  if (factor && gate === factor.quantity && value === keepingValue(factor)) {
    const open = value === 1 ? "open" : "shut";
    return `Had the ${gateName(gate)} stayed ${open} ${where}`;
  }
  return `Had the ${gateName(gate)} been ${fixed(value)} for all units ${where}`;
}

/**
 * What holding gates has done, in one sentence: to the memory, and to the answer.
 *
 * @param {Trace} trace
 * @param {Trace | null} free the same run with nothing held
 * @returns {Phrase}
 */
export function overrideCaption(trace, free) {
  if (gatesOf(trace).length === 0) {
    return `${capital(cellOf(trace).noun)} has no gates, and so nothing to hold.`;
  }
  if (overrideCount(trace) === 0) {
    const says = trace.prediction && predicted(trace.prediction);
    return says
      ? phrase`Nothing is held: the answer at the end is ${quote(says.label)} (${sureOf(trace, says.index)}).`
      : "Nothing is held.";
  }
  if (!free || !isOf(free, trace)) return `${supposed(trace)}: asking what there was without.`;
  const memory = memoryText(trace, overriddenMemory(trace, free));
  const [was, is] = [free.prediction, trace.prediction];
  const answer =
    was && is && change({ ...other(free), prediction: was }, { ...trace, prediction: is });
  const nothing = memory.length === 0;
  if (!answer) {
    return phrase`${supposed(trace)}, ${nothing ? "every state after it is another" : memory}.`;
  }
  return phrase`${supposed(trace)}, ${memory}${nothing ? "" : "; "}at the end ${answer}.`;
}

/** The word whose share has changed most. @param {Trace} trace @param {OverriddenMemory | null} memory
 * @returns {Phrase} */
function memoryText(trace, memory) {
  if (!memory) return "";
  const by = (/** @type {Row} */ { free, held }) => Math.abs(held.size - free.size);
  const earlier = memory.rows.filter((row) => row.source !== memory.timestep && by(row) > 1e-6);
  const rows = earlier.length > 0 ? earlier : memory.rows;
  const { source, free, held } = rows.reduce((a, b) => (by(b) > by(a) ? b : a));
  const after = nameAt(trace, memory.timestep);
  if (source === memory.timestep) {
    const [was, is] = marksOf(trace, memory.free, source, memory.timestep, sizeMark);
    const now = openable(fixed(held.size), is);
    return [
      ...phrase`${after} itself would write ${now}, all units together, in place of `,
      openable(fixed(free.size), was),
    ];
  }
  const [was, is] = marksOf(trace, memory.free, source, memory.timestep, shareMark);
  const left = phrase`${openable(percent(held.share), is)} of what ${nameAt(trace, source)} wrote`;
  const before = openable(percent(free.share), was);
  return phrase`${left} would be left after ${after}, in place of ${before}`;
}

/** A number of both runs. @param {Trace} trace @param {Trace} free @param {number} source
 * @param {number} timestep @param {typeof shareMark | typeof sizeMark} of */
const marksOf = (trace, free, source, timestep, of) => [
  { ...of(free, source, timestep), run: free },
  of(trace, source, timestep),
];

/**
 * A word a row, two bars each: as it was computed, and with what is held.
 *
 * @param {Trace} trace
 * @param {OverriddenMemory} memory
 * @param {FigureOptions} options
 * @returns {import("../../core/types.js").Figure}
 */
export function overrideFigure(trace, { timestep, rows, free: freeRun }, { theme, width }) {
  const left = Math.min(120, width * 0.28);
  const room = width - left - 62;
  const largest = Math.max(1e-9, ...rows.flatMap(({ free, held }) => [free.size, held.size]));
  const length = (/** @type {number} */ size) => Math.max(1.5, (size / largest) * room);
  const muted = { color: theme.muted, size: 12, align: /** @type {const} */ ("left") };
  const ink = theme.quantity.cell_state;
  const key = (/** @type {number} */ x, /** @type {string} */ text, /** @type {string} */ fill) =>
    join(
      frame({ x, y: 8, width: 16, height: 10 }, { fill, line: ink, lineWidth: 1.2, radius: 2 }),
      label(x + 22, 13, text, muted),
    );
  const drawn = rows.map(({ source, free, held }, k) => {
    const y = HEAD + k * ROW;
    const shares = marksOf(trace, freeRun, source, timestep, shareMark);
    const both = [
      { name: "as computed", part: free, fill: theme.paper },
      { name: "with what is held", part: held, fill: ink },
    ];
    return join(
      label(left - 8, y + ROW / 2 - 2, word(trace.tokens[source - 1].text, left - 12, 13), {
        color: theme.ink,
        size: 13,
        align: "right",
      }),
      ...both.map(({ name, part, fill }, i) => {
        const top = y + 2 + i * 14;
        const text = `${name}: ${percent(part.share)} left, ${fixed(part.size)} in size`;
        return join(
          frame(
            { x: left, y: top, width: length(part.size), height: 11 },
            { fill, line: ink, lineWidth: 1.2, radius: 2 },
          ),
          label(left + length(part.size) + 6, top + 5.5, percent(part.share), {
            ...muted,
            size: 11,
            color: i ? theme.ink : theme.muted,
          }),
          touch(along(left, width).map((x) => ({ x, y: top + 5, text, mark: shares[i] }))),
        );
      }),
    );
  });
  return toFigure(
    join(key(left, "as computed", theme.paper), key(left + 120, "held", ink), ...drawn),
    {
      width,
      height: HEAD + rows.length * ROW + 4,
      theme,
      label:
        `What is left in the ${gateName(cellOf(trace).states[0])} after ` +
        `${nameAt(trace, timestep)} of ${rows.length} ${stepName(trace, rows.length)}, as computed and with what is held: ` +
        rows
          .map(
            (row) =>
              `${nameAt(trace, row.source)} ${percent(row.free.share)}, ${percent(row.held.share)}`,
          )
          .join("; "),
      table: {
        columns: [
          stepName(trace),
          "left as computed",
          "left with what is held",
          "size before",
          "size now",
        ],
        rows: rows.map(({ source, free, held }) => {
          const [wasShare, isShare] = marksOf(trace, freeRun, source, timestep, shareMark);
          const [wasSize, isSize] = marksOf(trace, freeRun, source, timestep, sizeMark);
          return [
            `${source} ${trace.tokens[source - 1].text}`,
            { text: percent(free.share), mark: wasShare },
            { text: percent(held.share), mark: isShare },
            { text: fixed(free.size, 4), mark: wasSize },
            { text: fixed(held.size, 4), mark: isSize },
          ];
        }),
      },
    },
  );
}

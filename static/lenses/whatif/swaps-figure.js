/** One word put in the place of another: how likely the same answer is then, a bar for each. */
import { along, drawing, frame, join, label, toFigure } from "../../draw/primitives.js";
import { fixed } from "../../draw/format.js";
import { textWidth, word } from "../../draw/text.js";

/** @typedef {import("../../core/types.js").Figure} Figure */
/** @typedef {import("../../core/types.js").Prediction} Prediction */
/** @typedef {{text: string, known: boolean, prediction: Prediction, run: import("../../core/types.js").Trace
 *   }} Swap run: with that word */

const ROW = 30;
const TEXT = 12;

/**
 * @param {Swap[]} swaps the word itself first
 * @param {{label: string, theme: import("../../core/theme.js").Theme, width: number}} options
 * @returns {Figure}
 */
export function swapsFigure(swaps, { label: name, theme, width }) {
  const left = Math.min(130, width * 0.28);
  const notes = swaps.map(({ prediction }) => {
    const says = answerOf(prediction);
    const percent = `${fixed(100 * probabilityOf(prediction, name), 0)}%`;
    return says === name ? percent : `${percent} says ${says}`;
  });
  const longest = Math.max(...notes.map((note) => textWidth(note, TEXT)));
  const right = Math.min(0.47 * width, longest + 14);
  const bar = width - left - right;
  const rows = swaps.map(({ text, prediction, run }, k) => {
    const probability = probabilityOf(prediction, name);
    const y = 26 + k * ROW;
    return join(
      frame({ x: left, y: y + 7, width: bar, height: ROW - 14 }, { fill: theme.panel, radius: 3 }),
      frame(
        { x: left, y: y + 7, width: Math.max(1, probability * bar), height: ROW - 14 },
        { fill: k === 0 ? theme.muted : theme.quantity.hidden_state, radius: 3 },
      ),
      label(left - 8, y + ROW / 2, word(text, left - 12, 13), {
        color: theme.ink,
        size: 13,
        bold: k === 0,
        align: "right",
      }),
      label(left + bar + 8, y + ROW / 2, word(notes[k], right - 8, TEXT), {
        color: theme.ink,
        size: TEXT,
        align: "left",
      }),
      drawing({
        hits: along(left, width).map((x) => ({
          x,
          y: y + ROW / 2,
          text: `with “${word(text)}”: ${fixed(100 * probability, 2)}% ${word(name)}`,
          mark: markOf(run, prediction, name),
        })),
      }),
    );
  });
  return toFigure(
    join(
      label(left, 12, `how likely “${word(name, width - left - 120, 12)}” is with`, {
        color: theme.muted,
        align: "left",
      }),
      ...rows,
    ),
    {
      width,
      height: 30 + swaps.length * ROW,
      theme,
      label:
        `Bars: the probability of “${name}” with “${swaps[0].text}” and with ` +
        `${swaps.length - 1} other words in its place.`,
      table: {
        columns: ["word", `probability of ${name}`, "answer"],
        rows: swaps.map(({ text, prediction, run }) => [
          text,
          {
            text: fixed(probabilityOf(prediction, name), 4),
            mark: markOf(run, prediction, name),
          },
          answerOf(prediction),
        ]),
      },
    },
  );
}

/** @param {import("../../core/types.js").Trace} run @param {Prediction} prediction @param {string} label */
const markOf = (run, { labels }, label) => ({
  quantity: /** @type {const} */ ("answer"),
  timestep: run.steps.length,
  unit: labels.indexOf(label),
  run,
});

/** @param {Prediction} prediction */
const answerOf = ({ labels, probabilities }) =>
  labels[probabilities.indexOf(Math.max(...probabilities))];

/** @param {Prediction} prediction @param {string} label */
const probabilityOf = ({ labels, probabilities }, label) =>
  probabilities[labels.indexOf(label)] ?? 0;

/** The sentence unrolled: one cell for each word, passing its states along. */
import { cellOf } from "../../cells/kinds.js";
import { join, toFigure } from "../../draw/primitives.js";
import { legend, shownUnits } from "../../draw/legend.js";
import { drawUnrolledLandscape, unrolledLandscape } from "./landscape.js";
import { stackOf, stackText } from "./stacked-layers.js";
import { unrolledParts } from "./parts.js";
import { drawUnrolledPortrait, unrolledPortrait } from "./portrait.js";
import { LETTERS, NAMES, preciseAt } from "../../cells/quantities.js";
import { nameAt, readsNumbers, stepName } from "../../draw/text.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").FigureOptions & {height?: number}} FigureOptions */

const PORTRAIT_BELOW = 560;

/** @param {Trace} trace @param {number[]} shown @param {number} unit
 * @returns {import("../../core/types.js").Table} */
function tableOf(trace, shown, unit) {
  const { gates, states } = cellOf(trace);
  const quantities = [...gates.map(({ quantity }) => quantity), ...states];
  return {
    columns: [
      "timestep",
      readsNumbers(trace) ? "read" : "word",
      ...quantities.map((quantity) => NAMES[quantity]),
    ],
    rows: shown.map((timestep) => [
      `${timestep}`,
      trace.steps[timestep - 1].token,
      ...quantities.map((quantity) => ({
        text: preciseAt(trace, { quantity, timestep, unit }),
        mark: { quantity, timestep, unit },
      })),
    ]),
  };
}

/** What the figure says now. @param {Trace} trace @param {FigureOptions} options
 * @param {number[]} shown @param {import("./stacked-layers.js").Stack | null} stack */
function sentence(trace, { timestep, unit }, shown, stack) {
  const states = cellOf(trace).states.map(
    (name) => `${NAMES[name]} ${preciseAt(trace, { quantity: name, timestep, unit })}`,
  );
  return (
    `The ${readsNumbers(trace) ? "series" : "sentence"} unrolled, ${stepName(trace, 2)} ${shown[0]} to ${shown[shown.length - 1]} of ` +
    `${trace.steps.length}. The cursor is at ${nameAt(trace, timestep)}: there unit ` +
    `${unit} has ${states.join(" and ")}.` +
    (stack ? ` ${stackText(stack)}; the numbers are those of ${trace.layer.name}.` : "")
  );
}

/** @param {Trace} trace @param {FigureOptions} options
 * @param {{summary: import("../../core/types.js").Summary | null}} [state] knows the other layers
 * @returns {import("../../core/types.js").Figure} */
export function unrolledFigure(trace, options, { summary } = { summary: null }) {
  const { unit, theme, width } = options;
  const parts = unrolledParts(trace, options);
  const stack = stackOf(trace, summary);
  const letters = cellOf(trace)
    .gates.map(({ quantity }) => LETTERS[quantity])
    .join(", ");
  const notes = [
    ...(stack ? [stackText(stack), "a click on a box shows its layer"] : []),
    shownUnits(parts.units, unit, trace.layer.units),
    ...(letters ? [`${letters} are unit ${unit}\u2019s`] : []),
    ...(trace.prediction?.by_timestep ? ["%: the answer if the sentence ended there"] : []),
  ];
  /** @param {import("../../draw/primitives.js").Drawing} drawn @param {{shown: number[], height: number}} plan */
  const finish = (drawn, { shown, height }) => {
    const key = legend(height + 14, width, notes, theme, letters !== "");
    return toFigure(join(drawn, key.drawn), {
      width,
      height: height + 14 + key.height,
      theme,
      label: sentence(trace, options, shown, stack),
      table: tableOf(trace, shown, unit),
    });
  };
  if (width < PORTRAIT_BELOW) {
    const plan = unrolledPortrait(trace, options, stack);
    return finish(drawUnrolledPortrait(trace, options, parts, plan), plan);
  }
  const plan = unrolledLandscape(trace, options, parts, stack);
  return finish(drawUnrolledLandscape(trace, options, parts, plan), plan);
}

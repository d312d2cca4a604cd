/**
 * The model in code, its summary, and its recurrent layer's matrices as three frameworks keep them.
 *
 * @typedef {import("../../cells/weight-layouts.js").Framework} Framework
 * @typedef {import("../../core/types.js").Store} Store
 */
import { neighbourLayersText } from "./neighbour-layers.js";
import { kindOf } from "../../cells/kinds.js";
import { shapeText } from "../../cells/framework-code.js";
import { keptBy, ownRow, parameterCounts } from "../../cells/weight-layouts.js";
import { isDrawnWhole, matricesFigure } from "./matrices-figure.js";
import { inThousands, layerMark, totalMark } from "../../arithmetic/parameter-counts.js";
import { modelCaption } from "./words.js";
import { LETTERS } from "../../cells/quantities.js";
import { cursorOf } from "../../core/store.js";
import { writeCode } from "../../ui/code-lines.js";
import { el, find, numberButton } from "../../ui/dom.js";
import { mountFigure } from "../../ui/figure.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { mountCaption } from "../../ui/caption.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountModel(root, store) {
  /** @type {Framework} */
  let framework = "keras";

  mountCaption(
    root,
    store,
    (trace, _, { summary }) => (summary ? modelCaption(trace, summary) : ""),
    ["summary"],
  );
  const matrices = mountFigure(find(root, "[data-figure]"), store, {
    build: (trace, options, { weights }) =>
      matricesFigure(trace, { ...options, weights, framework }),
    keys: ["unit", "weights"],
    previews: ["unit"],
    // a weight is at work at every word: this one's is shown
    asOpened: (mark) => ({ ...mark, timestep: cursorOf(store.get()).timestep }),
  });
  find(root, ".choices").addEventListener("change", (event) => {
    framework = /** @type {Framework} */ (/** @type {HTMLInputElement} */ (event.target).value);
    matrices.redraw();
    draw();
  });

  function draw() {
    const { trace, summary, models, weights } = store.get();
    if (!trace || !summary) return;
    const row = models.find(({ id }) => id === trace.model.id);
    find(root, "[data-around]").textContent = neighbourLayersText(trace, summary);
    find(root, "[data-description]").textContent = row?.description ?? "";
    writeCode(find(root, "[data-code=model]"), `${summary.code}\nmodel.summary()`);
    drawSummary(root, summary, ownRow(trace.layer));
    const blocks = keptBy(trace.layer, framework).gates.length;
    find(root, "[data-whole]").hidden = !isDrawnWhole(trace.layer, blocks);
    drawFormula(find(root, "[data-formula]"), trace.layer, framework, weights);
    for (const order of root.querySelectorAll("[data-order]")) {
      const { order: of } = /** @type {HTMLElement} */ (order).dataset;
      order.textContent = lettersOf(trace.layer, /** @type {Framework} */ (of));
    }
    const { total } = parameterCounts(trace.layer, framework, weights);
    find(root, "[data-framework-note]").textContent = kindOf(trace.layer).notes[framework].replace(
      "{count}",
      inThousands(total),
    );
  }

  store.subscribe(() => onNextFrame(draw), ["summary", "trace", "models", "weights"]);
  draw();
}

/**
 * @param {HTMLElement} root
 * @param {import("../../core/types.js").Summary} summary
 * @param {string} current the layer that is shown
 */
function drawSummary(root, summary, current) {
  const { layers, total_parameters } = summary;
  find(root, "[data-summary]").replaceChildren(
    ...layers.map(({ name, type, output_shape, parameters }) =>
      el(
        "tr",
        { class: name === current ? "current" : null },
        el("th", { scope: "row" }, name, " ", el("small", {}, type)),
        el("td", {}, el("code", {}, shapeText(output_shape))),
        el(
          "td",
          {},
          numberButton({ text: inThousands(parameters), mark: layerMark(summary, name) }),
        ),
      ),
    ),
  );
  find(root, "[data-total]").replaceChildren(
    el(
      "tr",
      {},
      el("th", { scope: "row" }, "Total"),
      el("td"),
      el("td", {}, numberButton({ text: inThousands(total_parameters), mark: totalMark(summary) })),
    ),
  );
}

/**
 * The gates as a framework keeps them, by its letters; empty where there is one block.
 *
 * @param {import("../../core/types.js").Layer} layer
 * @param {Framework} framework
 */
function lettersOf(layer, framework) {
  const { gates, candidate } = keptBy(layer, framework);
  if (gates.length === 1) return "";
  return gates.map((gate) => (gate === "candidate" ? candidate : LETTERS[gate])).join(" ");
}

/**
 * @param {HTMLElement} line
 * @param {import("../../core/types.js").Layer} layer
 * @param {Framework} framework
 * @param {import("../../core/types.js").Weights | null} weights
 */
function drawFormula(line, layer, framework, weights) {
  const { units, features } = layer;
  const { total } = parameterCounts(layer, framework, weights);
  const { gates, parts } = keptBy(layer, framework, weights);
  const two = parts.some(({ part }) => part === "recurrent_bias");
  const one = `(${features} + ${units}) × ${units} + ${two ? `2 × ${units}` : units}`;
  const several = gates.length > 1;
  const looks = layer.peephole ? [" + 3 × units", ` + 3 × ${units}`] : ["", ""];
  line.replaceChildren(
    el(
      "span",
      {},
      `${several ? "gates × (" : ""}(features + units) × units + biases${several ? ")" : ""}${looks[0]}`,
    ),
    el("span", {}, (several ? `= ${gates.length} × (${one})` : `= ${one}`) + looks[1]),
    el("b", {}, `= ${inThousands(total)}`),
  );
}

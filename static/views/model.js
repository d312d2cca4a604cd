/**
 * The model in code, its summary, and its LSTM's matrices as three frameworks keep them.
 *
 * @typedef {import("../figures/matrices.js").Framework} Framework
 * @typedef {import("../types.js").Store} Store
 */
import { kerasModel, shapeText } from "../figures/code.js";
import { matricesFigure, parameterCounts } from "../figures/matrices.js";
import { inThousands, lookAtModel } from "../figures/sentences.js";
import { el, find } from "./dom.js";
import { mountFigure } from "./figure.js";
import { schedule } from "./frame.js";
import { mountLook } from "./look.js";

/** @type {Record<Framework, string>} */
const NOTES = {
  keras: "Keras’s c is what the equations here call g: the candidate.",
  pytorch:
    "PyTorch keeps two biases and adds them, so the same layer counts {count} parameters. It also " +
    "keeps each matrix transposed. Any split of the sum is the same layer; here the second is zero.",
  onnx:
    "ONNX keeps two biases too, transposes the matrices, and puts the output gate second. Weights " +
    "read in the wrong order run without an error and give wrong numbers.",
};

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountModel(root, store) {
  /** @type {Framework} */
  let framework = "keras";

  mountLook(root, store, (trace, _, { summary }) => (summary ? lookAtModel(trace, summary) : ""), [
    "summary",
  ]);
  const matrices = mountFigure(find(root, "[data-figure]"), store, {
    build: (trace, options, { weights }) =>
      matricesFigure(trace, { ...options, weights, framework }),
    keys: ["unit", "weights"],
    previews: ["unit"],
  });
  find(root, ".choices").addEventListener("change", (event) => {
    framework = /** @type {Framework} */ (/** @type {HTMLInputElement} */ (event.target).value);
    matrices.redraw();
    draw();
  });

  function draw() {
    const { trace, summary, models } = store.get();
    if (!trace || !summary) return;
    const row = models.find(({ id }) => id === trace.model.id);
    find(root, "[data-description]").textContent = row?.description ?? "";
    find(root, "[data-code=model]").textContent = kerasModel(summary, trace.steps.length);
    drawSummary(root, summary, trace.layer.name);
    drawFormula(find(root, "[data-formula]"), trace.layer, framework);
    const { total } = parameterCounts(trace.layer, framework);
    find(root, "[data-framework-note]").textContent = NOTES[framework].replace(
      "{count}",
      inThousands(total),
    );
  }

  store.subscribe(() => schedule(draw), ["summary", "trace", "models"]);
  draw();
}

/**
 * @param {HTMLElement} root
 * @param {import("../types.js").Summary} summary
 * @param {string} current the layer that is shown
 */
function drawSummary(root, { layers, total_parameters }, current) {
  find(root, "[data-summary]").replaceChildren(
    ...layers.map(({ name, type, output_shape, parameters }) =>
      el(
        "tr",
        { class: name === current ? "current" : null },
        el("th", { scope: "row" }, name, " ", el("small", {}, type)),
        el("td", {}, el("code", {}, shapeText(output_shape))),
        el("td", {}, inThousands(parameters)),
      ),
    ),
  );
  find(root, "[data-total]").replaceChildren(
    el(
      "tr",
      {},
      el("th", { scope: "row" }, "Total"),
      el("td"),
      el("td", {}, inThousands(total_parameters)),
    ),
  );
}

/**
 * @param {HTMLElement} line
 * @param {{units: number, features: number}} layer
 * @param {Framework} framework
 */
function drawFormula(line, layer, framework) {
  const { units, features } = layer;
  const { total } = parameterCounts(layer, framework);
  const biases = framework === "keras" ? units : `2 × ${units}`;
  line.replaceChildren(
    el("span", {}, "gates × ((features + units) × units + biases)"),
    el("span", {}, `= 4 × ((${features} + ${units}) × ${units} + ${biases})`),
    el("b", {}, `= ${inThousands(total)}`),
  );
}

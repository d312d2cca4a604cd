/**
 * What leaves the layer under each setting, with its shapes and the code that gives it.
 *
 * @typedef {import("../../core/types.js").AppState} AppState
 * @typedef {import("../../core/types.js").Store} Store
 */
import { cellOf } from "../../cells/kinds.js";
import { kerasCall, pytorchCall } from "../../cells/framework-code.js";
import { outputShapes, returnsFigure } from "./figure.js";
import { returnsCaption } from "./words.js";
import { writeCode } from "../../ui/code-lines.js";
import { el, find } from "../../ui/dom.js";
import { mountFigure } from "../../ui/figure.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { mountCaption } from "../../ui/caption.js";

/**
 * The switches as they stand; the layer's own setting where nobody has touched them.
 *
 * @param {AppState} state
 */
const settingOf = ({ return_sequences, return_state, trace }) => ({
  return_sequences: return_sequences ?? trace?.layer.return_sequences ?? true,
  return_state,
});

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountReturns(root, store) {
  const sequences = /** @type {HTMLInputElement} */ (find(root, "#return_sequences"));
  const states = /** @type {HTMLInputElement} */ (find(root, "#return_state"));
  sequences.addEventListener("change", () => store.set({ return_sequences: sequences.checked }));
  states.addEventListener("change", () => store.set({ return_state: states.checked }));

  mountCaption(root, store, (trace, _, state) => returnsCaption(trace, settingOf(state)), [
    "return_sequences",
    "return_state",
  ]);
  mountFigure(find(root, "[data-figure]"), store, {
    build: (trace, options, state) => returnsFigure(trace, { ...options, ...settingOf(state) }),
    keys: ["timestep", "unit", "return_sequences", "return_state"],
    previews: ["timestep", "unit"],
  });

  function draw() {
    const state = store.get();
    if (!state.trace) return;
    const setting = settingOf(state);
    sequences.checked = setting.return_sequences;
    states.checked = setting.return_state;
    writeCode(find(root, "[data-code=keras]"), kerasCall(state.trace.layer, setting));
    writeCode(find(root, "[data-code=pytorch]"), pytorchCall(state.trace.layer, setting));
    const shapes = outputShapes(state.trace, setting);
    const rows = [
      ["output", shapes.output],
      ...(setting.return_state
        ? [
            ...cellOf(state.trace)
              .states.toReversed()
              .map((name) => [name, shapes.state]),
          ]
        : []),
    ];
    find(root, "[data-shapes]").replaceChildren(
      ...rows.map(([name, shape]) =>
        el("div", {}, el("dt", {}, el("code", {}, name)), el("dd", {}, el("code", {}, shape))),
      ),
    );
  }

  store.subscribe(() => onNextFrame(draw), ["trace", "return_sequences", "return_state"]);
  draw();
}

/**
 * How the shown model's file was read, in words.
 *
 * @typedef {import("../../core/types.js").Detected} Detected
 * @typedef {import("../../core/types.js").Store} Store
 */
import { kindOf } from "../../cells/kinds.js";
import { fixed } from "../../draw/format.js";
import { el, find } from "../../ui/dom.js";
import { onNextFrame } from "../../ui/animation-frame.js";

/**
 * How the shown model's file was read.
 *
 * @param {import("../../core/types.js").AppState} state
 * @returns {Detected | null}
 */
export function detectedOf({ trace, summary }) {
  if (trace?.model.provenance.kind !== "imported") return null;
  return /** @type {Detected | undefined} */ (summary?.card?.detected) ?? null;
}

const MOST = 12; // numbers of an output that are shown

/** What the head gives for what is read now. @param {import("../../core/types.js").Trace} trace */
function outputText({ prediction, answer }) {
  const output = (prediction ?? answer)?.output ?? [];
  const numbers = /** @type {number[]} */ (output.flat());
  if (numbers.length > MOST) return `${numbers.length} numbers`;
  return numbers.map((value) => fixed(value, 6)).join(", ");
}

/** What a finding means for those who wonder. @type {Record<string, string>} */
const MEANINGS = {
  "gate order": "as the file keeps them; the figures name each gate",
  layout: "turned round here, so that rows are inputs and columns are units, as in Keras",
};

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountRead(root, store) {
  const assumed = find(root, "[data-assumed]");

  function draw() {
    const state = store.get();
    const { trace, summary } = state;
    const detected = detectedOf(state);
    root.hidden = !detected;
    if (!detected || !trace || !summary) return;
    const { format, assumed: granted = [], snippet, choices, ...found } = detected;
    find(root, "[data-title]").textContent = `What was read: ${trace.model.title}`;
    const layers = summary.recurrent.map((layer) => {
      const { name, units, features } = layer;
      const reads = `${units} ${units === 1 ? "unit" : "units"} on ${features}`;
      return `${name} (${kindOf(layer).name}, ${reads} ${features === 1 ? "feature" : "features"})`;
    });
    const rows = [
      ["format", format],
      ...Object.entries(found).map(([name, value]) => [name, String(value)]),
      ["recurrent layers", layers.join("; ")],
      ["output now", outputText(trace)],
      ["parameters", summary.total_parameters.toLocaleString("en-US")],
    ];
    find(root, "[data-facts]").replaceChildren(
      ...rows
        .filter(([, value]) => value)
        .map(([name, value]) => {
          const meaning = MEANINGS[name];
          const note = meaning ? [" ", el("small", {}, meaning)] : [];
          const title = name.charAt(0).toUpperCase() + name.slice(1);
          return el("div", {}, el("dt", {}, title), el("dd", {}, value, ...note));
        }),
    );
    assumed.hidden = granted.length === 0;
    find(assumed, "ul").replaceChildren(...granted.map((text) => el("li", {}, text)));
  }

  store.subscribe(() => onNextFrame(draw), ["trace", "summary"]);
  draw();
}

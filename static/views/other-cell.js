/**
 * Sections that draw an LSTM’s gates say so, and step aside, where the layer has another cell. The
 * rest of the page reads any.
 *
 * @typedef {import("../types.js").Store} Store
 */
import { isLstm } from "../figures/vectors.js";
import { el } from "./dom.js";
import { schedule } from "./frame.js";

/** @type {Record<string, string>} */
const SENTENCES = {
  simple_rnn:
    "This section draws an LSTM’s gates. A simple RNN has none: its one state, " +
    "h = tanh(x W + h U + b), is written anew at every word.",
  gru:
    "This section draws an LSTM’s gates. A GRU has two of its own, update and reset, and one state; " +
    "its units, its memory and what each word did are further down.",
};

/** Whether what stands here can only be drawn of an LSTM. @param {Element} element */
export const drawsLstm = (element) =>
  element.closest("[data-lstm], [data-any-cell]")?.hasAttribute("data-lstm") ?? false;

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountOtherCell(root, store) {
  const notes = [...root.querySelectorAll("[data-lstm]")].map((section) => {
    const note = el("p", { class: "other-cell", hidden: true });
    const heading = section.querySelector(":scope > h2, :scope > h3");
    if (heading) heading.after(note);
    else section.prepend(note);
    return note;
  });

  function draw() {
    const { trace } = store.get();
    if (!trace) return;
    const other = !isLstm(trace);
    root.dataset.cell = other ? "other" : "lstm";
    for (const note of notes) {
      note.hidden = !other;
      note.textContent = SENTENCES[trace.layer.cell] ?? "This section draws an LSTM’s gates.";
    }
  }

  store.subscribe(() => schedule(draw), ["trace"]);
  draw();
}

/**
 * While the word's computation is gone through phase by phase: what happens in this one, in place of
 * what happened at the word.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { cellOf } from "../cells/kinds.js";
import { phasesOf } from "../cells/phases.js";
import { shownCursor } from "../core/store.js";
import { plainText } from "../words/sentence.js";
import { onNextFrame } from "../ui/animation-frame.js";
import { announce } from "../ui/announce.js";
import { write } from "../ui/caption.js";
import { find, refill } from "../ui/dom.js";
import { equationOf } from "../ui/equation.js";
import { stepPhase } from "../lenses/cell/phase-control.js";
import { shownPhase } from "../lenses/cell/shown-phase.js";
import { phaseEquations } from "./phase-equation.js";
import { phaseWords } from "./phase-words.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountPhase(root, store) {
  const inspector = /** @type {HTMLElement} */ (root.parentElement);
  const parts = ["[data-place]", "[data-title]", "[data-letters]", "[data-says]"];
  const [place, title, letters, says] = parts.map((part) => find(root, part));

  root.addEventListener("click", ({ target }) => {
    const step = /** @type {HTMLElement} */ (target).closest("[data-by]");
    if (step) stepPhase(store, Number(step.getAttribute("data-by")));
  });

  function draw() {
    const state = store.get();
    const { trace } = state;
    const phase = shownPhase(state);
    const shown = trace && phase !== null;
    inspector.toggleAttribute("data-phase", Boolean(shown));
    root.hidden = !shown;
    if (!shown) return;
    const phases = phasesOf(cellOf(trace));
    const one = phases[phase];
    const said = phaseWords(trace, one, shownCursor(state));
    place.textContent = `${phase + 1} of ${phases.length}`;
    title.textContent = said.title;
    refill(letters, equationOf(phaseEquations(trace, one)));
    write(says, said.says);
  }

  store.subscribe(
    () => onNextFrame(draw),
    ["trace", "timestep", "unit", "preview", "phase", "lens", "depth"],
  );
  store.subscribe(
    (state) => {
      const { trace } = state;
      const phase = shownPhase(state);
      if (!trace || phase === null) return;
      const one = phasesOf(cellOf(trace))[phase];
      const { title: now, says: sentence } = phaseWords(trace, one, shownCursor(state));
      announce(`${now}. ${plainText(sentence)}`);
    },
    ["phase"],
  );
  draw();
}

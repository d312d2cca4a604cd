/**
 * The first thing one reads: what the forget gate did at this word, and where it did most.
 *
 * @typedef {import("../types.js").Store} Store
 */
import { headline, leastKept } from "../figures/headline.js";
import { fixed } from "../figures/format.js";
import { shownCursor } from "../store.js";
import { el, find } from "./dom.js";
import { schedule } from "./frame.js";
import { mover } from "./scrubber.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountHeadline(root, store) {
  const line = find(root, "[data-says]");
  const most = find(root, "[data-most]");
  const random = find(root, "[data-random]");
  const move = mover(store);

  function draw() {
    const state = store.get();
    const { trace } = state;
    const { timestep } = shownCursor(state);
    line.textContent = trace ? headline(trace, timestep) : "";
    root.hidden = !line.textContent;
    random.hidden = trace?.model.provenance.kind !== "seeded";
    const least = trace && leastKept(trace);
    most.hidden = !least || least.timestep === timestep;
    if (!trace || !least || most.hidden) return;
    const word = trace.tokens[least.timestep - 1].text;
    const button = el(
      "button",
      { type: "button", class: "link" },
      "\u201c",
      el("bdi", {}, word),
      "\u201d",
    );
    button.addEventListener("click", () => move(least.timestep));
    const share = `${fixed(100 * least.kept, 0)}%`;
    most.replaceChildren("It lets go of most at ", button, `, where ${share} stays.`);
  }

  store.subscribe(() => schedule(draw), ["trace", "timestep", "preview"]);
  draw();
}

/**
 * The first thing one reads: what the gate that keeps did at this word, with a picture of before and
 * after, and where it matters most.
 *
 * @typedef {import("../core/types.js").Store} Store
 * @typedef {import("../core/types.js").Trace} Trace
 * @typedef {import("./headline-words.js").Headline} Headline
 */
import { happening, headline } from "./headline-words.js";
import { ONE_PAGE, shownLens } from "../core/lenses.js";
import { leastKept } from "../arithmetic/memory-kept.js";
import { fixed } from "../draw/format.js";
import { keepingFactor } from "../cells/kinds.js";
import { plainText } from "../words/sentence.js";
import { isolate, nameAt } from "../draw/text.js";
import { turningPoint } from "../arithmetic/answer-turns.js";
import { NAMES } from "../cells/quantities.js";
import { shownCursor } from "../core/store.js";
import { el, find, numberButton, refill } from "../ui/dom.js";
import { keptMark } from "../arithmetic/memory-contributions.js";
import { onNextFrame } from "../ui/animation-frame.js";
import { write } from "../ui/caption.js";
import { cursorMover } from "../ui/move-cursor.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountHeadline(root, store) {
  const line = find(root, "[data-says]");
  const shows = find(root, "[data-shows]");
  const picture = find(root, "[data-picture]");
  const most = find(root, "[data-most]");
  const unknown = find(root, "[data-unknown]");
  const random = find(root, "[data-random]");
  const key = find(root, ".key");
  const move = cursorMover(store);

  function draw() {
    const state = store.get();
    const { trace } = state;
    root.hidden = !trace;
    if (!trace) return;
    const { timestep } = shownCursor(state);
    const now = headline(trace, timestep);
    const brief = shownLens(state) !== ONE_PAGE && happening(trace, timestep);
    write(line, brief ? brief.title : now.says);
    write(shows, brief ? brief.answer : now.shows);
    picture.hidden = !now.picture;
    if (now.picture) drawPicture(picture, now.picture);
    unknown.textContent = unknownText(trace);
    unknown.hidden = unknown.textContent === "";
    random.hidden = trace.model.provenance.kind !== "seeded";
    const gate = keepingFactor(trace)?.quantity;
    find(random, "[data-what]").textContent = gate
      ? "its gates open and shut at random"
      : "its weights are random";
    key.hidden = !gate;
    if (gate) find(key, "[data-gate]").textContent = NAMES[gate];
    drawMost(trace, timestep);
  }

  /** @param {Trace} trace @param {number} timestep */
  function drawMost(trace, timestep) {
    const turning = turningPoint(trace);
    const least = leastKept(trace);
    const at = turning ?? least?.timestep;
    most.hidden = !at || trace.steps.length < 3;
    most.toggleAttribute("data-here", at === timestep); // its room stays: nothing else moves
    if (!at || most.hidden) return;
    const button = el("button", { type: "button", class: "link" }, nameAt(trace, at));
    button.addEventListener("click", () => move(at));
    if (turning) return refill(most, "The answer last turns at ", button, ".");
    const share = numberButton({
      text: `${fixed(100 * (least?.kept ?? 0), 0)}%`,
      mark: keptMark(trace, at),
    });
    refill(most, "It lets go of most at ", button, ", where ", share, " stays.");
  }

  store.subscribe(() => onNextFrame(draw), ["trace", "timestep", "preview", "lens"]);
  store.subscribe(() => onNextFrame(() => keepRoom(root, store.get().trace)), ["trace"]);
  addEventListener("resize", () => onNextFrame(() => keepRoom(root, store.get().trace)));
  keepRoom(root, store.get().trace);
  draw();
}

const MOST_WORDS = 60; // that are tried

/**
 * Room for the longest of what is said about any word: the pointer goes over them, and the page
 * below must not move. A finger does not hover, and a phone has no room to spare.
 *
 * @param {HTMLElement} root
 * @param {Trace | null} trace
 */
function keepRoom(root, trace) {
  const now = find(root, ".headline-now");
  now.style.minHeight = "";
  if (document.documentElement.dataset.view !== "page") return; // nothing stands below it
  if (!trace || trace.steps.length > MOST_WORDS || matchMedia("(hover: none)").matches) return;
  const copies = trace.steps.map(({ timestep }) => {
    const { says, shows, picture } = headline(trace, timestep);
    const text = el(
      "div",
      {},
      el("p", { class: "says" }, plainText(says)),
      el("p", { class: "shows" }, plainText(shows)),
    );
    const before = el("div", { class: "before-after", hidden: !picture });
    if (picture) drawPicture(before, picture);
    return el("div", { class: "headline-now" }, text, before);
  });
  const trial = el("div", { class: "trial", "aria-hidden": "true" }, ...copies);
  root.append(trial);
  const tallest = Math.max(...copies.map((copy) => copy.offsetHeight));
  trial.remove();
  now.style.minHeight = `${tallest}px`;
}

const MOST_ANSWERS = 20; // that are named

/** Words that the model has never seen, which are all the same to it, and what it can answer at all.
 * @param {Trace} trace */
function unknownText({ tokens, prediction }) {
  const words = [...new Set(tokens.filter(({ known }) => !known).map(({ text }) => text))];
  if (words.length === 0) return "";
  const named = words.slice(0, 3).map((text) => `“${isolate(text)}”`);
  const more = words.length > 3 ? ` and ${words.length - 3} more` : "";
  const labels = prediction?.labels ?? [];
  const answers =
    labels.length > 2 && labels.length <= MOST_ANSWERS
      ? ` All it can answer is ${labels.slice(0, -1).map(isolate).join(", ")} or ${isolate(labels.at(-1) ?? "")}.`
      : "";
  return `The model has never read ${named.join(", ")}${more}: all words it does not know look the same to it.${answers}`;
}

/** @param {HTMLElement} root @param {NonNullable<Headline["picture"]>} picture */
function drawPicture(root, { title, bars }) {
  const rows = bars.flatMap(({ name, share, text, mark }) => {
    const bar = el("span", { class: "share" });
    bar.style.setProperty("--share", `${Math.min(100 * share, 100)}%`);
    return [el("span", { class: "share-name" }, name), bar, numberButton({ text, mark }, "", name)];
  });
  root.setAttribute("aria-label", `${title}: ${bars.map((b) => `${b.name} ${b.text}`).join(", ")}`);
  root.replaceChildren(el("span", { class: "share-title" }, title), ...rows);
}

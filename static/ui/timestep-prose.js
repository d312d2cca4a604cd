/**
 * The guide's own sentences, which speak of words, speak of timesteps or characters while those
 * are read.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { forTokens } from "../draw/text.js";
import { onNextFrame } from "./animation-frame.js";

const SECTIONS = [
  "headline",
  "cell",
  "paths",
  "worked",
  "unrolled",
  "returns",
  "glance",
  "units",
  "memory",
  "scores",
  "prediction",
  "model",
  "whatif",
  "take",
];
const PROSE = "h2, h3, p";
const NAMED = ":is(#bar, #words, .tinted-words, #compare [role=region])[aria-label]";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountProse(root, store) {
  /** @type {Map<Text | Attr, {words: string, other: string}>} what stands there, said both ways */
  const said = new Map();

  function draw() {
    const { kind } = store.get().reads;
    const other = kind === "numbers" || kind === "characters";
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (
      root.querySelectorAll("[data-of-words]")
    )) {
      part.hidden = other;
    }
    for (const [text, ways] of said) {
      if (text.nodeValue === ways.other) text.nodeValue = ways.words;
    }
    said.clear();
    if (!other) return;
    for (const text of proseOf(root)) {
      const words = text.nodeValue ?? "";
      const ways = { words, other: forTokens(words, kind) };
      said.set(text, ways);
      if (ways.other !== ways.words) text.nodeValue = ways.other;
    }
  }

  let before = "";
  store.subscribe(
    ({ reads, trace }) => {
      const now = `${reads.kind} ${trace?.layer.cell}`;
      if (now !== before) onNextFrame(draw);
      before = now;
    },
    ["reads", "trace"],
  );
  draw();
}

/** The texts of the guide's sections, and the names of what holds words. @param {HTMLElement} root */
function* proseOf(root) {
  const selector = SECTIONS.map((id) => `#${id} :is(${PROSE})`).join(", ");
  for (const element of root.querySelectorAll(selector)) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) yield /** @type {Text} */ (walker.currentNode);
  }
  for (const element of document.querySelectorAll(NAMED)) {
    yield /** @type {Attr} */ (element.getAttributeNode("aria-label"));
  }
}

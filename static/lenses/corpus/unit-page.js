/** A unit's page: its histogram, its places, its words, units like it, and what it does to the answers. */
import { fixed } from "../../draw/format.js";
import { withBase } from "../../draw/text.js";
import { el } from "../../ui/dom.js";
import { passageRow } from "./passage.js";
import { unitSummary } from "./words.js";

/** @typedef {import("./types.js").UnitPage} UnitPage */
/** @typedef {import("./types.js").Place} Place */
/** @typedef {import("./types.js").Word} Word */

/**
 * @typedef {object} Doing what a click does
 * @property {(sentence: number, timestep: number) => void} open a sentence, on the stage
 * @property {(unit: number) => void} choose a unit
 * @property {(word: string) => void} search for a word's contexts
 */

/** @param {string} title @param {...(Node | string)} inside */
const part = (title, ...inside) =>
  el("div", { class: "unit-part" }, el("h4", {}, title), ...inside);

/** @param {Place[]} places @param {Parameters<typeof passageRow>[1]} look @param {Doing["open"]} open */
const placeList = (places, look, open) =>
  el(
    "ol",
    { class: "passages" },
    ...places.map(({ sentence, timestep, value, first, tokens, values }) => {
      const at = timestep - first;
      const spoken = `${fixed(value)} at ${tokens[at]}: ${tokens.join(" ")}. Open it on the stage.`;
      const passage = { tokens, values, from: at, to: at, note: fixed(value), spoken };
      return passageRow(passage, look, () => open(sentence, timestep));
    }),
  );

/** @param {Word[]} words @param {Doing["search"]} search */
function wordTable(words, search) {
  const rows = words.map(({ token, count, mean, effect }) => {
    const name = el("button", { type: "button", class: "link" }, el("bdi", {}, withBase(token)));
    name.addEventListener("click", () => search(token));
    const numbers = [`${count}`, fixed(mean), effect === null ? "" : fixed(effect)];
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, name),
      ...numbers.map((one) => el("td", {}, one)),
    );
  });
  const head = ["word", "times", "mean", "change"].map((one) => el("th", { scope: "col" }, one));
  return el(
    "div",
    { class: "scrolls unit-word-table", tabindex: 0, role: "region", "aria-label": "Words" },
    el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows)),
  );
}

/**
 * @param {UnitPage} page
 * @param {Parameters<typeof passageRow>[1]} look
 * @param {Doing} doing
 * @returns {HTMLElement[]} with a figure for the histogram among them
 */
export function unitPage(page, look, { open, choose, search }) {
  const half = Math.ceil(page.tokens.length / 2);
  const similar = page.similar.slice(0, 5).map(({ unit, correlation }) => {
    const button = el(
      "button",
      { type: "button", class: "quiet" },
      `Unit ${unit}: ${fixed(correlation)}`,
    );
    button.addEventListener("click", () => choose(unit));
    return button;
  });
  const effects = [...page.labels]
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, 5)
    .map(({ label, effect }) => el("li", {}, el("bdi", {}, label), `: ${fixed(effect)}`));
  return [
    el("h3", {}, `Unit ${page.unit}`),
    el("p", { class: "look" }, unitSummary(page)),
    el("figure", { class: "figure", "data-figure": "unit-histogram" }),
    el(
      "div",
      { class: "unit-parts" },
      part("Highest", placeList(page.highest.slice(0, 8), look, open)),
      part("Lowest", placeList(page.lowest.slice(0, 8), look, open)),
      part("Highest at these words", wordTable(page.tokens.slice(0, half), search)),
      part("Lowest at these words", wordTable(page.tokens.slice(half), search)),
      ...(similar.length > 0 ? [part("Units that go along with it", el("p", {}, ...similar))] : []),
      ...(effects.length > 0
        ? [part("What it adds to the answers, on average", el("ul", {}, ...effects))]
        : []),
    ),
  ];
}

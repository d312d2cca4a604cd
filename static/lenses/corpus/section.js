/**
 * The units of the model over many texts: cards, a unit's page, a word's contexts, and what is like the
 * words that are selected on the timeline. A click on a passage opens it on the stage.
 *
 * @typedef {import("../../core/types.js").Store} Store
 */
import { fetchCorpus, fetchMatches } from "../../core/api.js";
import { resource } from "../../core/resource.js";
import { cursorOf } from "../../core/store.js";
import { THEMES } from "../../core/theme.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { fixed } from "../../draw/format.js";
import { announce } from "../../ui/announce.js";
import { el, find } from "../../ui/dom.js";
import { mountFigure, themeName } from "../../ui/figure.js";
import { unitCard } from "./cards.js";
import { histogramFigure } from "./histogram-figure.js";
import { passageRow } from "./passage.js";
import { unitPage } from "./unit-page.js";
import { aboutCorpus, nameOf, noCorpus } from "./words.js";

/** @typedef {import("./types.js").CorpusRow} CorpusRow */
/** @typedef {import("./types.js").UnitPage} UnitPage */

/** @type {Record<string, string>} */
const SORTS = {
  unit: "number",
  mean: "mean",
  deviation: "spread",
  maximum: "highest value",
  minimum: "lowest value",
  saturation: "saturation",
};

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountSection(root, store) {
  const about = find(root, "[data-about]");
  const there = find(root, "[data-there]");
  const cards = find(root, "[data-cards]");
  const pages = find(root, "[data-pages]");
  const page = find(root, "[data-page]");
  const match = find(root, "[data-match]");
  const quantities = /** @type {HTMLSelectElement} */ (find(root, "#corpus-quantity"));
  const sorts = /** @type {HTMLSelectElement} */ (find(root, "#corpus-sort"));
  const word = /** @type {HTMLInputElement} */ (find(root, "#corpus-word"));
  /** @type {CorpusRow | null} */
  let corpus = null;
  let number = 1; // of the page of cards
  /** @type {UnitPage | null} */
  let shown = null;

  sorts.replaceChildren(
    ...Object.entries(SORTS).map(([value, text]) => el("option", { value }, text)),
  );

  /** @param {{detail: string}} error */
  const fail = ({ detail }) => {
    about.textContent = detail;
  };
  const layer = () => store.get().trace?.layer.name ?? "";
  const theme = () => THEMES[themeName(store.get())];
  const look = () => {
    const { reads } = store.get();
    const quantity = quantities.value;
    const ends = shown ? Math.max(Math.abs(shown.minimum), Math.abs(shown.maximum)) : 1;
    const limit = quantity === "cell_state" ? Math.max(1, ends) : 1;
    return { quantity, limit, theme: theme(), spaced: reads.kind !== "characters" };
  };

  const listing = resource({
    /** @param {string} model @param {AbortSignal} signal */
    async load(model, signal) {
      const { corpora, install } = await fetchCorpus([], {}, signal);
      corpus =
        corpora.find((/** @type {CorpusRow} */ row) => row.model.served_as === model) ?? null;
      there.hidden = !corpus;
      about.textContent = corpus ? aboutCorpus(corpus) : noCorpus(install);
      if (!corpus) return;
      const of = corpus.layers.find(({ name }) => name === layer()) ?? corpus.layers[0];
      const kept = quantities.value || "hidden_state";
      quantities.replaceChildren(
        ...of.quantities.map((value) => el("option", { value }, nameOf(value))),
      );
      quantities.value = of.quantities.includes(kept) ? kept : of.quantities[0];
      number = 1;
      refresh();
    },
    fail,
  });

  const cardsOf = resource({
    /** @param {CorpusRow} of @param {AbortSignal} signal */
    async load({ id }, signal) {
      const query = { layer: layer(), quantity: quantities.value, sort: sorts.value, page: number };
      const answer = await fetchCorpus([id, "units"], query, signal);
      const { unit: chosen } = cursorOf(store.get());
      cards.replaceChildren(
        ...answer.units.map((/** @type {import("./types.js").UnitRow} */ row) =>
          unitCard(row, answer.quantity, row.unit === chosen, choose),
        ),
      );
      pages.hidden = answer.pages === 1;
      pages.replaceChildren(
        pageButton("\u2039 before", number - 1, number > 1),
        ` page ${number} of ${answer.pages} `,
        pageButton("next \u203a", number + 1, number < answer.pages),
      );
    },
    fail,
  });

  const unitOf = resource({
    /** @param {CorpusRow} of @param {AbortSignal} signal */
    async load({ id }, signal) {
      const { unit } = cursorOf(store.get());
      const query = { layer: layer(), quantity: quantities.value };
      shown = /** @type {UnitPage} */ (await fetchCorpus([id, "units", `${unit}`], query, signal));
      drawUnit();
    },
    fail,
  });

  const wordOf = resource({
    /** @param {string} token @param {AbortSignal} signal */
    async load(token, signal) {
      if (!corpus) return;
      const { unit } = cursorOf(store.get());
      const found = await fetchCorpus(
        [corpus.id, "tokens", token],
        { layer: layer(), unit },
        signal,
      );
      const rows = found.contexts.map(
        (/** @type {import("./types.js").WordPage["contexts"][0]} */ context) => {
          const { sentence, timestep, first, tokens, values } = context;
          const value = values[quantities.value];
          const note = value === undefined ? "" : fixed(value);
          const at = timestep - first;
          const spoken = `${note} in: ${tokens.join(" ")}. Open it on the stage.`;
          return passageRow({ tokens, from: at, to: at, note, spoken }, look(), () =>
            open(sentence, timestep),
          );
        },
      );
      const title = `\u201c${token}\u201d ${found.count} times, with unit ${unit}\u2019s ${nameOf(quantities.value)}`;
      showFound(title, rows);
    },
    fail: ({ detail }) => showFound(detail, []),
  });

  const matches = resource({
    /** @param {{from: number, to: number}} range @param {AbortSignal} signal */
    async load({ from, to }, signal) {
      const { trace } = store.get();
      if (!corpus || !trace?.asked) return;
      const question = { ...trace.asked, from, to, layer: layer() };
      const found = /** @type {import("./types.js").Matches} */ (
        await fetchMatches(corpus.id, question, signal)
      );
      const rows = found.matches.map(
        ({ sentence, from: start, to: end, shared, first, tokens }) => {
          const note = `${shared} of ${found.units.length}`;
          const spoken = `${note} units, in: ${tokens.join(" ")}. Open it on the stage.`;
          const passage = { tokens, from: start - first, to: end - first, note, spoken };
          return passageRow(passage, look(), () => open(sentence, start));
        },
      );
      const on = found.units.length > 0 ? `units ${found.units.join(", ")}` : "no unit";
      showFound(
        `On in these words and off around them: ${on}. Where most of them are so too:`,
        rows,
      );
    },
    fail: ({ detail }) => showFound(detail, []),
  });

  const sentenceOf = resource({
    /** @param {{sentence: number, timestep: number}} place @param {AbortSignal} signal */
    async load({ sentence, timestep }, signal) {
      if (!corpus) return;
      const found = await fetchCorpus([corpus.id, "sentences", `${sentence}`], {}, signal);
      const read = found.inputs
        ? { inputs: found.inputs.map((/** @type {number[]} */ row) => row.join(",")).join("\n") }
        : found.text === null
          ? { token_ids: found.token_ids.join(",") }
          : { sentence: found.text };
      store.set({ ...read, timestep, arrived: false, pins: null, range: null, lens: "cell" });
    },
    fail,
  });

  /** @param {string} title @param {HTMLElement[]} rows */
  function showFound(title, rows) {
    const close = el("button", { type: "button", class: "quiet" }, "Close");
    close.addEventListener("click", () => drawMatch());
    match.replaceChildren(
      el("p", {}, el("b", {}, title), " ", close),
      rows.length > 0
        ? el("ol", { class: "passages" }, ...rows)
        : el("p", {}, "Nothing was found."),
    );
    announce(`${title} ${rows.length} passages.`);
  }

  /** @param {number} sentence @param {number} timestep */
  const open = (sentence, timestep) => sentenceOf.ask({ sentence, timestep });
  /** @param {number} unit */
  const choose = (unit) => store.set({ unit });
  /** @param {string} token */
  const search = (token) => {
    word.value = token;
    wordOf.ask(token);
    match.scrollIntoView({ block: "nearest" });
  };

  /** @param {string} text @param {number} to @param {boolean} possible */
  function pageButton(text, to, possible) {
    const button = el("button", { type: "button", class: "quiet", disabled: !possible }, text);
    button.addEventListener("click", () => {
      number = to;
      if (corpus) cardsOf.ask(corpus);
    });
    return button;
  }

  function drawUnit() {
    if (!shown) return;
    page.replaceChildren(...unitPage(shown, look(), { open, choose, search }));
    mountFigure(find(page, "[data-figure]"), store, {
      build: (_, options) => shown && histogramFigure(shown, options),
      keys: [],
    });
    // the pages of units differ by some lines: what stands below does not go up and down with them
    page.style.minHeight = `${Math.max(page.offsetHeight, parseFloat(page.style.minHeight) || 0)}px`;
  }

  /** What is selected on the timeline can be looked for. */
  function drawMatch() {
    const { range, trace } = store.get();
    if (!corpus || !range || !trace) return match.replaceChildren();
    const words = trace.tokens.slice(range.from - 1, range.to).map(({ text }) => text);
    const button = el(
      "button",
      { type: "button" },
      `More like \u201c${words.join(look().spaced ? " " : "")}\u201d`,
    );
    button.addEventListener("click", () => matches.ask(range));
    match.replaceChildren(button);
  }

  function refresh() {
    if (!corpus) return;
    cardsOf.ask(corpus);
    unitOf.ask(corpus);
    drawMatch();
  }

  find(root, "[data-search]").addEventListener("submit", (event) => {
    event.preventDefault();
    if (word.value.trim()) wordOf.ask(word.value.trim());
  });
  for (const select of [quantities, sorts]) {
    select.addEventListener("change", () => {
      number = 1;
      refresh();
    });
  }
  store.subscribe(
    (state, before) => {
      const [now, then] = [state, before].map(
        ({ trace }) => trace && [trace.model.id, trace.layer.name].join(),
      );
      if (now !== then && state.trace) listing.ask(state.trace.model.id);
    },
    ["trace"],
  );
  store.subscribe(() => {
    if (!corpus) return;
    const { unit } = cursorOf(store.get());
    for (const card of cards.querySelectorAll("[data-unit]")) {
      card.setAttribute(
        "aria-pressed",
        String(Number(/** @type {HTMLElement} */ (card).dataset.unit) === unit),
      );
    }
    unitOf.ask(corpus, 120);
  }, ["unit"]);
  store.subscribe(() => onNextFrame(drawMatch), ["range"]);
  store.subscribe(() => onNextFrame(drawUnit), ["theme", "dark"]);
  const { trace } = store.get();
  if (trace) listing.ask(trace.model.id);
}

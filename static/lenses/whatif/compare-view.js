/**
 * Two runs side by side: another sentence, another model, or the same with nothing held. What is
 * set against what is in the address.
 *
 * @typedef {import("../../core/types.js").AppState} AppState
 * @typedef {import("../../core/types.js").Quantity} Quantity
 * @typedef {import("../../core/types.js").Store} Store
 * @typedef {import("../../core/types.js").Trace} Trace
 * @typedef {import("./compare-figure.js").Comparison} Comparison
 * @typedef {import("./compare-figure.js").Side} Side
 */
import { cursorOverlay } from "../../ui/cursor-overlay.js";
import { fetchStep } from "../../core/api.js";
import { readsText } from "../../core/inputs.js";
import {
  compareFigure,
  compareGeometry,
  comparison,
  firstParting,
  sameUnits,
  sharedQuantities,
} from "./compare-figure.js";
import { comparisonCaption } from "./compare-words.js";
import { aboutRun } from "../../ui/picture-svg.js";
import { NAMES } from "../../cells/quantities.js";
import { cursorOf } from "../../core/store.js";
import { el, find } from "../../ui/dom.js";
import { mountFigure } from "../../ui/figure.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { write } from "../../ui/caption.js";
import { loadWhenVisible, questionOf } from "../../ui/lazy.js";
import { cursorMover } from "../../ui/move-cursor.js";

const TYPING = 350; // ms after the last key

/** A text that may stand in a list with commas. @param {string} text */
const pack = (text) => text.replace(/[%,]/g, encodeURIComponent);

/** @param {string} text */
const unpack = (text) => text.replace(/%2C/gi, ",").replace(/%25/g, "%");

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountCompare(root, store) {
  /** @type {Comparison | null} */
  let compared = null;
  /** @type {Side} */
  let side = "difference";
  /** @type {Quantity} what was chosen last, which not every two cells share */
  let chosen = "hidden_state";
  const body = find(root, "[data-body]");
  const line = find(root, ".look");
  const quantity = /** @type {HTMLSelectElement} */ (find(root, "#compare-quantity"));
  const sides = find(root, "[data-sides]");
  const figure = mountCompared(
    find(root, "[data-figure]"),
    store,
    () =>
      compared && {
        compared,
        side: sideOf(compared),
        quantity: /** @type {Quantity} */ (quantity.value),
      },
  );
  mountWith(find(root, "[data-with]"), store);

  loadWhenVisible(root, store, {
    keys: ["trace", "compare"],
    question: bothRuns,
    load: ({ there }, signal) => fetchStep(there, signal),
    show: (found, trouble) => {
      const { trace } = store.get();
      compared = found && trace ? comparison(trace, found) : null;
      body.hidden = !compared;
      write(line, compared ? comparisonCaption(compared, firstParting(compared)) : trouble);
      if (compared) fill(compared);
      figure.redraw();
    },
  });
  quantity.addEventListener("change", () => {
    chosen = /** @type {Quantity} */ (quantity.value);
    figure.redraw();
  });
  sides.addEventListener("change", (event) => {
    side = /** @type {Side} */ (/** @type {HTMLInputElement} */ (event.target).value);
    figure.redraw();
  });

  /** A difference there is only of units that have something in common. @param {Comparison} now */
  const sideOf = (now) => (side === "difference" && !sameUnits(now) ? "a" : side);

  /** @param {Comparison} now */
  function fill(now) {
    const shared = sharedQuantities(now);
    quantity.replaceChildren(...shared.map((name) => el("option", { value: name }, NAMES[name])));
    quantity.value = shared.includes(chosen) ? chosen : "hidden_state";
    const able = sameUnits(now);
    const both = /** @type {HTMLInputElement} */ (find(sides, "[value=difference]"));
    both.disabled = !able;
    /** @type {HTMLInputElement} */ (find(sides, `[value=${sideOf(now)}]`)).checked = true;
    find(root, "[data-unlike]").hidden = able && now.a.model.id === now.b.model.id;
    find(root, "[data-aligned]").replaceChildren(...rows(now));
  }
}

/** Models that can read the same, the visitor's own among them.
 * @param {Pick<AppState, "models" | "visitor_models" | "reads">} state */
const alike = ({ models, visitor_models, reads }) =>
  [...models, ...visitor_models].filter(
    ({ reads: own }) => (own?.kind ?? "words") === reads.kind && own?.features === reads.features,
  );

/**
 * The questions for the two runs, the page's own and the one to compare with.
 *
 * @param {AppState} state
 */
function bothRuns(state) {
  const here = questionOf(state.trace);
  const there = here && otherRun(state, here);
  return there && { here, there };
}

/**
 * @param {AppState} state
 * @param {NonNullable<ReturnType<typeof questionOf>>} base
 */
function otherRun({ compare, ...state }, base) {
  const [kind, what = ""] = compare;
  const { pins, ...free } = base;
  if (kind === "free" && pins) return free;
  const { model, layer, ...input } = free;
  const other = unpack(what);
  if (kind === "sentence" && other.trim() && "sentence" in base) {
    return { sentence: other, model, layer };
  }
  if (kind === "model" && alike(state).some(({ id }) => id === other)) {
    return { ...input, model: other };
  }
  return null;
}

/**
 * What to compare with.
 *
 * @param {HTMLElement} root
 * @param {Store} store
 */
function mountWith(root, store) {
  const sentence = /** @type {HTMLInputElement} */ (find(root, "#compare-sentence"));
  const model = /** @type {HTMLSelectElement} */ (find(root, "#compare-model"));
  const radios = /** @type {NodeListOf<HTMLInputElement>} */ (
    root.querySelectorAll("[name=compare-with]")
  );
  const { standalone, compare: kept } = store.get(); // in a saved page no other is there
  let timer = 0;

  root.addEventListener("change", (event) => {
    const { name, value } = /** @type {HTMLInputElement} */ (event.target);
    const { sentence: own, model: current } = store.get();
    if (name === "compare-with") {
      const other = alike(store.get()).find(({ id }) => id !== current)?.id ?? current;
      /** @type {Record<string, string[]>} */
      const begin = { sentence: ["sentence", pack(own)], model: ["model", other], free: ["free"] };
      store.set({ compare: standalone && value === kept[0] ? kept : (begin[value] ?? []) });
      if (value === "sentence") onNextFrame(() => sentence.focus());
    }
    if (event.target === model) store.set({ compare: ["model", model.value] });
  });
  sentence.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => store.set({ compare: ["sentence", pack(sentence.value)] }), TYPING);
  });

  function draw() {
    const { compare, trace, reads, model: current } = store.get();
    const models = alike(store.get());
    const [kind = "", what = ""] = compare;
    const possible = {
      sentence: readsText(reads),
      model: models.some(({ id }) => id !== current),
    };
    for (const [value, there] of Object.entries(possible)) {
      const choice = root.querySelector(`label:has([name=compare-with][value=${value}])`);
      /** @type {HTMLElement} */ (choice).hidden = !there && kind !== value;
    }
    const radio = root.querySelector(`[name=compare-with][value="${CSS.escape(kind)}"]`);
    /** @type {HTMLInputElement} */ (radio ?? find(root, "[value='']")).checked = true;
    for (const one of standalone ? radios : []) {
      const there = one.value === "free" ? trace?.pins?.length : ["", kept[0]].includes(one.value);
      one.disabled = !there && !one.checked;
    }
    find(root, "[data-for=sentence]").hidden = kind !== "sentence";
    find(root, "[data-for=model]").hidden = kind !== "model";
    find(root, "[data-for=free]").hidden = kind !== "free" || Boolean(trace?.pins?.length);
    if (kind === "sentence" && document.activeElement !== sentence) sentence.value = unpack(what);
    const listed = models.map(({ id, title }) => `${id} ${title}`).join();
    if (model.dataset.listed !== listed) {
      model.dataset.listed = listed;
      model.replaceChildren(...models.map(({ id, title }) => el("option", { value: id }, title)));
    }
    if (kind === "model") model.value = unpack(what);
  }

  store.subscribe(
    () => onNextFrame(draw),
    ["compare", "models", "visitor_models", "reads", "trace"],
  );
  draw();
}

/**
 * The two sentences one above the other, word against word.
 *
 * @param {Comparison} compared
 */
function rows(compared) {
  const { a, b, pairs } = compared;
  const parting = firstParting(compared);
  const cell = (
    /** @type {string | null} */ text,
    /** @type {boolean} */ same,
    /** @type {number} */ k,
  ) =>
    el(
      "td",
      {
        class: [text === null ? "gap" : same ? "" : "changed", k === parting ? "parting" : ""]
          .join(" ")
          .trim(),
        "aria-label": text === null ? "nothing here" : null,
      },
      el("bdi", {}, text ?? "–"),
    );
  return [
    el(
      "tr",
      {},
      el("th", { scope: "row" }, "here"),
      ...pairs.map(({ a: t, same }, k) => cell(t === null ? null : a.tokens[t - 1].text, same, k)),
    ),
    el(
      "tr",
      {},
      el("th", { scope: "row" }, "there"),
      ...pairs.map(({ b: t, same }, k) => cell(t === null ? null : b.tokens[t - 1].text, same, k)),
    ),
  ];
}

/**
 * @param {HTMLElement} host
 * @param {Store} store
 * @param {() => {compared: Comparison, side: Side, quantity: Quantity} | null} current
 */
function mountCompared(host, store, current) {
  const move = cursorMover(store);
  const figure = mountFigure(host, store, {
    build: (_, { theme, unit, width: room }) => {
      const now = current();
      return now && compareFigure(now.compared, { ...now, theme, unit, width: room });
    },
    keys: ["unit"],
    about: () => {
      const now = current()?.compared;
      return now
        ? [`Here: ${aboutRun(now.a).join(". ")}`, `There: ${aboutRun(now.b).join(". ")}`]
        : [];
    },
    onMark: (mark, open) => {
      const { timestep, unit } = mark;
      const at = cursorOf(store.get());
      const here = mark.quantity === "sum" || !mark.run ? timestep : pairOf(mark.run, timestep);
      if (here === null || (here === at.timestep && unit === at.unit)) return open(mark);
      move(here);
      store.set({ unit });
    },
    onDraw: (drawn, plot) => overlay.onDraw(drawn, plot),
  });

  /** The word here beside which one stands there. @param {Trace} run @param {number} timestep */
  function pairOf(run, timestep) {
    const compared = current()?.compared;
    return compared?.b === run ? (compared.pairs.find(({ b }) => b === timestep)?.a ?? null) : null;
  }

  const overlay = cursorOverlay(store, {
    shapes: ["cursor-column"],
    boxes: (width) => {
      const now = current();
      if (!now) return null;
      const { timestep, unit } = cursorOf(store.get());
      const k = now.compared.pairs.findIndex(({ a }) => a === timestep);
      const at = compareGeometry(now.compared, { ...now, unit, width });
      return [k < 0 ? null : { ...at, width: at.cell, left: at.left + k * at.cell }];
    },
  });
  return figure;
}

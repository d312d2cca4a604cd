/**
 * The sum behind one number, opened in the inspector, beside the picture; in the page that holds all
 * lenses, beneath the figure it was clicked in. Its terms open in turn; closing leads back to where
 * one was.
 *
 * @typedef {import("../arithmetic/arithmetic.js").Arithmetic} Arithmetic
 * @typedef {import("../arithmetic/arithmetic.js").Factor} Factor
 * @typedef {import("../arithmetic/arithmetic.js").Term} Term
 * @typedef {import("../core/types.js").AppState} AppState
 * @typedef {import("../core/types.js").Openable} Openable
 * @typedef {import("../core/types.js").Store} Store
 * @typedef {import("../core/types.js").Trace} Trace
 *
 * @typedef {object} Place where a number was opened
 * @property {Element} host what its sum stands beneath
 * @property {number} top where on the screen that was
 * @property {number} at which of its buttons had the focus: opening may draw them anew
 * @property {string} of the page's run then
 */
import { answerArithmetic } from "../arithmetic/answer-sum.js";
import { arithmetic } from "../arithmetic/arithmetic.js";
import { grouped } from "../arithmetic/grouped-sum.js";
import { ONE_PAGE, shownLens } from "../core/lenses.js";
import { handedMark, handedOn } from "../core/network-levels.js";
import { el, find, numberButton } from "../ui/dom.js";
import { onNextFrame } from "../ui/animation-frame.js";
import { questionOf } from "../ui/lazy.js";
import { withSubscripts } from "../ui/weight-subscripts.js";
import { weightsKey } from "../core/load-opened.js";

/** What a sum is set beneath: the figure, else the text, that holds its number. */
const FIGURES = "figure, [data-opens], [data-equation], [data-equations]";
const TEXTS = "p, .scrolls, .tinted-words";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountArithmetic(root, store) {
  const title = find(root, "#arithmetic-title");
  const back = find(root, "[data-back]");
  const home = /** @type {HTMLElement} */ (root.parentElement);
  /** @type {WeakMap<Openable, Place>} */
  const places = new WeakMap();
  /** @type {Place | null} where the number that is shown was opened */
  let place = null;
  /** @type {Place | null} where closing leads back to, unless another number is opened meanwhile */
  let leadsBackTo = null;

  document.addEventListener("open-mark", (event) => {
    const { target, detail } = /** @type {CustomEvent<Openable>} */ (event);
    const { open, trail } = store.get();
    const inside = open && root.contains(/** @type {Node} */ (target));
    // what is opened of another run is made of that run's numbers
    const mark = inside && open.run && !detail.run ? { ...detail, run: open.run } : detail;
    const from = (inside && place) || placeOf(/** @type {HTMLElement} */ (target));
    places.set(mark, { ...from, of: runOf(store.get().trace) });
    show(mark, inside ? [...trail, open] : []);
    // what one was reading stays in sight, if enough of the sum is
    const below = innerHeight - root.getBoundingClientRect().top;
    if (below < Math.min(root.offsetHeight, 0.45 * innerHeight))
      root.scrollIntoView({ block: "nearest" });
  });
  find(root, "[data-close]").addEventListener("click", leave);
  back.addEventListener("click", () => {
    const { trail } = store.get();
    const mark = trail.at(-1);
    if (mark) show(mark, trail.slice(0, -1));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && store.get().open && !event.defaultPrevented) leave();
  });

  /** @param {Openable} mark @param {Openable[]} trail what was opened on the way to it */
  function show(mark, trail) {
    leadsBackTo = null;
    const elsewhere = mark.run || ["input", "answer", "sum"].includes(mark.quantity);
    store.set({ open: mark, trail, unit: elsewhere ? store.get().unit : mark.unit });
    draw();
    title.focus({ preventScroll: true });
  }

  /** Closes, and leads back to what was seen and had the focus when it was opened. */
  function leave() {
    const to = place;
    const goesBack = history.state?.back;
    close();
    leadsBackTo = to;
    if (!to) return;
    const restore = () => {
      if (!to.host.isConnected || store.get().open || leadsBackTo !== to) return;
      buttonsOf(to.host)[to.at]?.focus({ preventScroll: true });
      scrollBy(0, to.host.getBoundingClientRect().top - to.top);
    };
    restore();
    onNextFrame(restore);
    // the step back in the history takes the focus away, and draws what was there before
    if (goesBack) addEventListener("popstate", () => onNextFrame(restore), { once: true });
  }

  function close() {
    place = null;
    store.set({ open: null });
    root.hidden = true;
  }

  function draw() {
    const state = store.get();
    const { open, trail, trace, status } = state;
    if (!open && !root.hidden) return root.contains(document.activeElement) ? leave() : close();
    if (!open || !trace) return;
    const at = places.get(open) ?? null;
    const run = open.run ?? trace;
    // what another run, or the page itself, made of the numbers there were is not kept
    const made = open.run || open.quantity === "sum";
    if ((made && at?.of !== runOf(trace)) || open.unit >= countOf(run, open.quantity)) {
      return status === "loading" ? undefined : close();
    }
    if (shownLens(state) !== ONE_PAGE) {
      if (root.parentElement !== home) home.append(root);
    } else if (at && at.host !== place?.host) {
      at.host.after(root);
    }
    place = at;
    const again = root.hidden; // a step back or forward in the history leads here
    root.hidden = false;
    if (again) title.focus({ preventScroll: true });
    const mark = { ...open, timestep: Math.min(open.timestep, run.steps.length) };
    const sum = sumOf(state, run, mark);
    back.hidden = trail.length === 0;
    root.dataset.quantity = mark.quantity;
    if (typeof sum === "string") {
      title.textContent = sum ? "This number does not open" : "Fetching the weights…";
      find(root, "[data-sum]").replaceChildren(...(sum ? [el("p", {}, sum)] : []));
      return;
    }
    title.textContent = sum.title;
    const ofCell = mark.quantity !== "answer" && mark.quantity !== "sum";
    const brief = ofCell && shownLens(state) !== ONE_PAGE ? grouped(run, sum, mark) : sum;
    find(root, "[data-sum]").replaceChildren(...setSum(brief));
  }

  store.subscribe(
    () => onNextFrame(draw),
    ["open", "trace", "weights", "unit_weights", "run_weights", "head", "layer_below"],
  );
}

/**
 * @param {HTMLElement} target the figure or the number that was clicked
 * @returns {Omit<Place, "of">}
 */
function placeOf(target) {
  const host = target.closest(FIGURES) ?? target.closest(TEXTS) ?? target;
  const at = buttonsOf(host).findIndex((button) => button === document.activeElement);
  return { host, at: Math.max(0, at), top: host.getBoundingClientRect().top };
}

/** @param {Element} host */
const buttonsOf = (host) =>
  host instanceof HTMLButtonElement ? [host] : [...host.querySelectorAll("button")];

/** What a trace is of. @param {Trace | null} trace */
const runOf = (trace) => JSON.stringify(questionOf(trace));

/** How many numbers there are of a kind. @param {Trace} trace
 * @param {Openable["quantity"]} quantity */
function countOf({ layer, prediction }, quantity) {
  if (quantity === "sum") return Infinity;
  if (quantity === "answer") return prediction?.labels.length ?? 0;
  return quantity === "input" ? layer.features : layer.units;
}

/**
 * @param {AppState} state
 * @param {Trace} trace
 * @param {Openable} mark
 * @returns {Arithmetic | string} why there is none; empty while its weights are on their way
 */
function sumOf(state, trace, mark) {
  const { head, layer_below } = state;
  if (mark.quantity === "sum" && !mark.needsHead) return mark.work(null);
  if (mark.quantity === "answer" || mark.quantity === "sum") {
    if (!head) return "";
    if ("detail" in head) return head.detail;
    const names = head.directions.map(({ layer }) => layer);
    if (!names.includes(trace.layer.name)) {
      return (
        `The answer is made of what the layer ${head.recurrent} hands on. Choose that layer in ` +
        "the bar to open it."
      );
    }
    const both = names.length > 1;
    if (both && !layer_below) return "";
    if (both && layer_below && "detail" in layer_below) return layer_below.detail;
    const whole = both ? { ...head, runs: [trace, /** @type {Trace} */ (layer_below)] } : head;
    if (mark.quantity === "sum") return mark.work(whole);
    return answerArithmetic(trace, whole, mark) ?? "This model gives no probabilities to open.";
  }
  const weights = weightsFor(state, trace, mark.unit);
  if (mark.quantity !== "input") return arithmetic(trace, weights, mark) ?? "";
  const handed = handedOn(trace, state.summary?.recurrent ?? [], mark);
  if (handed?.source && !layer_below) return "";
  const run = layer_below && "steps" in layer_below ? layer_below : null;
  const own = handed && { name: handed.name, mark: run && handedMark(trace, handed, mark, run) };
  return arithmetic(trace, weights, mark, own) ?? "";
}

/**
 * @param {AppState} state
 * @param {Trace} run
 * @param {number} unit
 */
function weightsFor({ trace, weights, unit_weights: ofUnit, run_weights: ofRun }, run, unit) {
  if (trace && weightsKey(trace) !== weightsKey(run)) {
    return ofRun?.key === weightsKey(run, unit) ? ofRun.weights : null;
  }
  return weights ?? (ofUnit?.unit === unit ? ofUnit.weights : null);
}

/** @param {Arithmetic} sum */
function setSum({ equation, terms, sum, activation, result }) {
  const lines = terms.map(setTerm);
  const total = el(
    "tr",
    { class: "total" },
    el("th", { scope: "row" }, activation ? "sum" : sum.name),
    el("td"),
    el("td", { class: "value", "data-sum-total": true }, sum.text),
  );
  const table = el(
    "table",
    { class: "sum" },
    el("caption", { class: "unseen" }, "The terms and their sum"),
    el("tbody", {}, ...lines),
    ...(terms.length > 1 || activation ? [el("tfoot", {}, total)] : []),
  );
  // the result comes first: under the terms of a wide layer it would be off the screen
  const set = (/** @type {(Node | string)[]} */ ...made) => [
    el("p", { class: "sum-equation" }, ...withSubscripts(equation)),
    ...(made.length > 0 ? [el("p", { class: "sum-result" }, ...made)] : []),
    el("div", { class: "scrolls" }, table),
  ];
  if (!activation) return result.note ? set(el("b", {}, result.text), result.note) : set();
  const rounding = activation.rounding ? ` (rounding ${activation.rounding})` : "";
  const squashed = activation.formula ?? `${activation.symbol}(${activation.input}) = `;
  const held = activation.held ? `${activation.output}, but it is held at ` : "";
  return set(squashed + held, el("b", {}, result.text), rounding, result.note ?? "");
}

/** @param {Term} term */
function setTerm({ kind, label, factors, text, opens }) {
  const product = factors.flatMap((factor, i) => [
    ...(i ? [factor.divides ? " ÷ " : " × "] : []),
    setFactor(factor),
  ]);
  return el(
    "tr",
    { class: "term", "data-kind": kind },
    el("th", { scope: "row" }, ...(opens ? withSubscripts(label) : [label])),
    el("td", { class: "product", "data-long": factors.length > 3 }, ...product),
    el(
      "td",
      { class: "value", "data-term": true },
      opens ? numberButton({ text, mark: opens }) : text,
    ),
  );
}

/** @param {Factor} factor */
function setFactor({ name, text, mark }) {
  const names = el("small", {}, ...withSubscripts(name));
  if (!mark) return el("span", { class: "factor" }, names, el("span", { class: "amount" }, text));
  return el("span", { class: "factor" }, names, numberButton({ text, mark }, "amount"));
}

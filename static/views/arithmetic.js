/**
 * The sum behind one number, opened beneath the figure it was clicked in. Its terms open in turn;
 * closing leads back to where one was.
 *
 * @typedef {import("../figures/arithmetic.js").Arithmetic} Arithmetic
 * @typedef {import("../figures/arithmetic.js").Factor} Factor
 * @typedef {import("../figures/arithmetic.js").Term} Term
 * @typedef {import("../types.js").AppState} AppState
 * @typedef {import("../types.js").Openable} Openable
 * @typedef {import("../types.js").Store} Store
 * @typedef {import("../types.js").Trace} Trace
 */
import { answerArithmetic } from "../figures/answer-sum.js";
import { arithmetic } from "../figures/arithmetic.js";
import { handedMark, handedOn } from "../figures/levels.js";
import { el, find, numberButton } from "./dom.js";
import { schedule } from "./frame.js";
import { withSubscripts } from "./symbols.js";
import { weightsKey } from "../heads.js";

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
  /** @type {Openable[]} what was opened on the way here */
  let trail = [];
  /** @type {HTMLElement | null} */
  let origin = null;
  /** @type {{host: Element, top: number} | null} what it stands beneath, and where that was */
  let from = null;
  /** @type {Trace | null} the page's run when it was opened */
  let of = null;

  document.addEventListener("open-mark", (event) => {
    const { target, detail: mark } = /** @type {CustomEvent<Openable>} */ (event);
    const inside = root.contains(/** @type {Node} */ (target));
    const { open } = store.get();
    if (inside && open) trail.push(open);
    if (!inside) arrive(/** @type {HTMLElement} */ (target));
    // what is opened of another run is made of that run's numbers
    show(inside && open?.run && !mark.run ? { ...mark, run: open.run } : mark);
    root.scrollIntoView({ block: "nearest" });
  });
  find(root, "[data-close]").addEventListener("click", leave);
  back.addEventListener("click", () => {
    const mark = trail.pop();
    if (mark) show(mark);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && store.get().open && !event.defaultPrevented) leave();
  });

  /** @param {Openable} mark */
  function show(mark) {
    of = store.get().trace;
    const elsewhere = mark.run || ["input", "answer", "sum"].includes(mark.quantity);
    store.set({ open: mark, unit: elsewhere ? store.get().unit : mark.unit });
    draw();
    title.focus({ preventScroll: true });
  }

  /** @param {HTMLElement} target the figure or the number that was clicked */
  function arrive(target) {
    trail = [];
    const active = document.activeElement;
    const host = target.closest(FIGURES) ?? target.closest(TEXTS) ?? target;
    origin = active instanceof HTMLElement && host.contains(active) ? active : null;
    origin ??= host.querySelector("button");
    from = { host, top: host.getBoundingClientRect().top };
    host.after(root);
  }

  /** Closes, and shows again what was seen when it was opened. */
  function leave() {
    const back = from;
    close();
    if (back?.host.isConnected) scrollBy(0, back.host.getBoundingClientRect().top - back.top);
  }

  function close() {
    const to = origin;
    origin = null;
    store.set({ open: null });
    root.hidden = true;
    const focus = () => to?.isConnected && to.focus({ preventScroll: true });
    focus();
    // a step back in the history of an address with a fragment takes the focus away
    if (location.hash) addEventListener("popstate", () => setTimeout(focus), { once: true });
  }

  function draw() {
    const state = store.get();
    const { open, trace } = state;
    if (!open && !root.hidden) return close();
    root.hidden = !open || !trace;
    if (!open || !trace) return;
    const run = open.run ?? trace;
    // what another run, or the page itself, made of the numbers there were is not kept
    if (trace !== of && (open.run || open.quantity === "sum")) return close();
    const mark = { ...open, timestep: Math.min(open.timestep, run.steps.length) };
    if (mark.unit >= countOf(run, mark.quantity)) return close();
    const sum = sumOf(state, run, mark);
    back.hidden = trail.length === 0;
    root.dataset.quantity = mark.quantity;
    if (typeof sum === "string") {
      title.textContent = sum ? "This number does not open" : "Fetching the weights…";
      find(root, "[data-sum]").replaceChildren(...(sum ? [el("p", {}, sum)] : []));
      return;
    }
    title.textContent = sum.title;
    find(root, "[data-sum]").replaceChildren(...setSum(sum));
  }

  store.subscribe(
    () => schedule(draw),
    ["open", "trace", "weights", "unit_weights", "run_weights", "head", "beneath"],
  );
}

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
  const { head } = state;
  if (mark.quantity === "sum" && !mark.needsHead) return mark.work(null);
  if (mark.quantity === "answer" || mark.quantity === "sum") {
    if (!head) return "";
    if ("detail" in head) return head.detail;
    if (head.recurrent !== trace.layer.name) {
      return (
        `The answer is made of what the layer ${head.recurrent} hands on. Choose that layer in ` +
        "the bar to open it."
      );
    }
    if (mark.quantity === "sum") return mark.work(head);
    return answerArithmetic(trace, head, mark) ?? "This model gives no probabilities to open.";
  }
  const weights = weightsFor(state, trace, mark.unit);
  if (mark.quantity !== "input") return arithmetic(trace, weights, mark) ?? "";
  const handed = handedOn(trace, state.summary?.recurrent ?? [], mark);
  const { beneath } = state;
  if (handed?.source && !beneath) return "";
  const run = beneath && "steps" in beneath ? beneath : null;
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
  const parts = [
    el("p", { class: "sum-equation" }, ...withSubscripts(equation)),
    el("div", { class: "scrolls" }, table),
  ];
  if (!activation) {
    return result.note
      ? [...parts, el("p", { class: "sum-result" }, el("b", {}, result.text), result.note)]
      : parts;
  }
  const rounding = activation.rounding ? ` (rounding ${activation.rounding})` : "";
  const squashed = activation.formula ?? `${activation.symbol}(${activation.input}) = `;
  const held = activation.held ? `${activation.output}, but it is held at ` : "";
  return [
    ...parts,
    el(
      "p",
      { class: "sum-result" },
      squashed + held,
      el("b", {}, result.text),
      rounding,
      result.note ?? "",
    ),
  ];
}

/** @param {Term} term */
function setTerm({ kind, label, factors, text }) {
  const product = factors.flatMap((factor, i) => [
    ...(i ? [factor.divides ? " ÷ " : " × "] : []),
    setFactor(factor),
  ]);
  return el(
    "tr",
    { class: "term", "data-kind": kind },
    el("th", { scope: "row" }, label),
    el("td", { class: "product", "data-long": factors.length > 3 }, ...product),
    el("td", { class: "value", "data-term": true }, text),
  );
}

/** @param {Factor} factor */
function setFactor({ name, text, mark }) {
  const names = el("small", {}, ...withSubscripts(name));
  if (!mark) return el("span", { class: "factor" }, names, el("span", { class: "amount" }, text));
  return el("span", { class: "factor" }, names, numberButton({ text, mark }, "amount"));
}

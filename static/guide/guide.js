/**
 * The guide in the inspector: `?guide=7` is its seventh step. A step sets what the page shows, says one
 * thing, and asks or has something done.
 *
 * @typedef {import("../core/types.js").AppState} AppState
 * @typedef {import("../core/types.js").Store} Store
 * @typedef {import("./guide-steps.js").Guide} Guide
 * @typedef {import("./guide-steps.js").Step} Step
 * @typedef {import("./guide-words.js").Run} Run
 */
import { ONE_PAGE } from "../core/lenses.js";
import { onNextFrame } from "../ui/animation-frame.js";
import { announce } from "../ui/announce.js";
import { write } from "../ui/caption.js";
import { el, find } from "../ui/dom.js";
import { keepInSight } from "../ui/linked-section.js";
import { rememberStep, rememberedStep } from "./guide-progress.js";
import { mountQuestion, toldAnswer } from "./guide-question.js";
import { isRead, stateOf, stepsOf } from "./guide-steps.js";
import { mountTask } from "./guide-task.js";
import { filled } from "./guide-words.js";

/** What takes the space bar for itself. */
const TAKES_SPACE =
  "input, select, textarea, button, a[href], summary, dialog, [popover], [contenteditable], [role=slider]";

/** @returns {Guide} as the server wrote it into the page */
export const readGuide = () => JSON.parse(find(document, "#guide-steps").textContent ?? "");

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountGuide(root, store) {
  const guide = readGuide();
  const steps = stepsOf(guide, store.get());
  const title = find(root, "#guide-title");
  const next = find(root, "[data-next]");
  const back = find(root, "[data-previous]");
  const again = find(root, "[data-again]");
  const list = /** @type {HTMLSelectElement} */ (find(root, "#guide-step"));
  const button = find(document, "[data-lens=guide]");
  const narrow = matchMedia("(max-width: 39.99rem)"); // a phone has no room for more than a word
  /** What was predicted at each step. @type {Map<string, string>} */
  const answers = new Map();
  const task = mountTask(find(root, "[data-doing]"));
  const question = mountQuestion(find(root, "form"), run, (said) => {
    const step = current();
    const now = run();
    if (!step?.question || !now) return;
    answers.set(step.id, said);
    const told = toldAnswer(step.question, said, now);
    open(step, step.question.reveals ?? {}, step.question.section);
    draw();
    onNextFrame(() => announce(told)); // after what is told of the word it moves to
  });

  /** @returns {Step | null} the step that is shown */
  function current() {
    const at = store.get().guide;
    return at === null ? null : (steps[Math.min(at, steps.length) - 1] ?? null);
  }

  /** What the step's values are found in: null until its sentence has been read. @returns {Run | null} */
  function run() {
    const step = current();
    const { trace, summary } = store.get();
    return step && trace && isRead(guide, step, trace) ? { trace, summary } : null;
  }

  /** @param {Step} step @param {Partial<AppState>} change @param {string} [section] */
  function open(step, change, section) {
    const { lens } = store.get();
    store.set({ ...change, ...(lens === ONE_PAGE ? { lens } : {}) });
    showSection(section);
  }

  /** Its view may be on its way, and then grows. @param {string} [section] */
  function showSection(section) {
    const place = section ? document.getElementById(section) : null;
    const lens = place?.closest(".lens");
    if (place && lens) onNextFrame(() => keepInSight(place, lens));
  }

  /** @param {number | null} at from 1; null leaves the guide */
  function go(at) {
    const step = at === null ? null : steps[at - 1];
    if (!step) {
      store.set({ guide: null, lit: null, kept: null });
      button.focus({ preventScroll: true });
      return;
    }
    const revealed = answers.has(step.id);
    const change = { arrived: false, open: null, trail: [], dropped: null };
    open(
      step,
      { ...stateOf(guide, step, revealed), ...change, guide: at },
      (revealed && step.question?.section) || step.section,
    );
  }

  function move(/** @type {number} */ by) {
    const at = (store.get().guide ?? 1) + by;
    if (at > steps.length) rememberStep(null);
    if (at > 0) go(at > steps.length ? null : at);
  }

  function draw() {
    const step = current();
    const page = document.documentElement;
    root.hidden = !step;
    page.toggleAttribute("data-guided", Boolean(step));
    button.setAttribute("aria-pressed", String(Boolean(step)));
    button.hidden = steps.length === 0;
    const before = steps.some(({ id }) => id === rememberedStep());
    const [long, short] = step
      ? ["Leave the guide", "Leave"]
      : before
        ? ["Go on with the guide", "Guide"]
        : ["Learn it step by step", "Guide"];
    button.textContent = narrow.matches ? short : long;
    page.toggleAttribute("data-asks-answer", asksAnswer(step));
    if (!step) return;
    page.setAttribute("data-guided", step.shows ?? "");
    const at = steps.indexOf(step) + 1;
    find(root, "[data-place]").textContent = `The guide · ${at} of ${steps.length} · ${step.part}`;
    title.textContent = step.title;
    list.value = String(at);
    write(find(root, "[data-text]"), filled(step.text, step.values ?? {}, run()));
    question(step.question ?? null, answers.get(step.id) ?? null);
    task(step, store.get(), run());
    again.hidden = run() !== null || store.get().status === "loading";
    back.hidden = at === 1;
    const last = at === steps.length ? "Done" : "Next";
    find(next, "span").textContent = last;
  }

  /** Whether the timeline would give away what is still to be predicted. @param {Step | null} step */
  function asksAnswer(step) {
    const asked = step?.question && !answers.has(step.id) ? step.question.of.quantity : "";
    return ["answer", "left"].includes(asked);
  }

  function showTitle() {
    title.focus({ preventScroll: true });
    title.scrollIntoView({ block: "nearest" });
  }

  list.replaceChildren(
    ...steps.map(({ title: name }, k) => el("option", { value: k + 1 }, `${k + 1}. ${name}`)),
  );
  list.addEventListener("change", () => go(Number(list.value)));
  button.addEventListener("click", () => {
    const at = steps.findIndex(({ id }) => id === rememberedStep()) + 1;
    go(store.get().guide === null ? at || 1 : null);
  });
  back.addEventListener("click", () => move(-1));
  next.addEventListener("click", () => move(1));
  again.addEventListener("click", () => go(store.get().guide));
  narrow.addEventListener("change", draw);
  document.addEventListener("start-guide", () => go(1));
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || event.defaultPrevented || store.get().guide === null) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (/** @type {HTMLElement} */ (event.target).closest(TAKES_SPACE)) return;
    event.preventDefault();
    move(event.shiftKey ? -1 : 1);
  });

  /** What goes with a step but is not in the address: a step back in the history leads here too. */
  function settle() {
    const step = current();
    if (step) rememberStep(step.id);
    store.set({ kept: null, lit: /** @type {AppState["lit"]} */ (step?.set.lit ?? null) });
  }

  store.subscribe(() => {
    settle();
    onNextFrame(draw);
    if (current()) onNextFrame(showTitle);
  }, ["guide"]);
  store.subscribe(
    () => current() && onNextFrame(draw),
    ["trace", "summary", "status", "timestep", "open", "phase", "return_sequences"],
  );
  if (current()) settle();
  showSection(current()?.section);
  draw();
}

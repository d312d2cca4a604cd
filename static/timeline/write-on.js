/**
 * Goes on from what was read: a token or a timestep at a time, each read in its turn, with the cell
 * following. Whoever prefers less motion gets one for each press.
 *
 * @typedef {import("../core/types.js").AppState} AppState
 * @typedef {import("../core/types.js").Store} Store
 */
import { withRow, withToken, withoutLast } from "../arithmetic/next-token.js";
import { ApiError, fetchContinuation } from "../core/api.js";
import { announceIn } from "../ui/announce.js";
import { find } from "../ui/dom.js";
import { onNextFrame } from "../ui/animation-frame.js";

const AT_ONCE = 16; // tokens that are asked for together, and read one by one
const BEAT = 250; // ms that a token is looked at, besides the time that its trace takes
const TOO_LARGE = 413;
const READ = /** @type {const} */ (["sentence", "token_ids", "inputs", "model"]);

/** Temperatures that tokens are drawn at, of each page. @type {WeakMap<Store, number>} */
const temperatures = new WeakMap();

/** @param {Store} store */
export const temperatureOf = (store) => temperatures.get(store) ?? 1;

/**
 * @param {HTMLElement} root
 * @param {Store} store
 * @param {() => void} redraw the bars, which another temperature changes
 */
export function mountWriteOn(root, store, redraw) {
  const go = /** @type {HTMLButtonElement} */ (find(root, "[data-write]"));
  const back = /** @type {HTMLButtonElement} */ (find(root, "[data-back]"));
  const field = find(root, "[data-temperature]");
  const slider = /** @type {HTMLInputElement} */ (find(field, "input"));
  const said = find(field, "output");
  const says = find(root, "[data-says]");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let writing = false;
  let changing = false;
  /** What has been made and not been read yet. @type {(string | number[])[]} */
  let queue = [];
  let controller = new AbortController();

  function stop() {
    controller.abort();
    writing = false;
    queue = [];
    label();
  }

  /** A change of what is read that is no foreign one. @param {Partial<AppState>} change */
  function read(change) {
    changing = true;
    store.set({ ...change, timestep: null, arrived: false, open: null });
    changing = false;
  }

  /** @param {AbortSignal} signal @param {number} [length] @returns {Promise<(string | number[])[]>} */
  async function more(signal, length = AT_ONCE) {
    const { trace, model } = store.get();
    const question = { ...trace?.asked, model, length, temperature: temperatureOf(store) };
    try {
      const { tokens, outputs } = await fetchContinuation(question, signal);
      return outputs ?? (tokens ?? []).map(({ text }) => text);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === TOO_LARGE && length > 1) return more(signal, 1);
      announceIn(says, error.detail);
      return [];
    }
  }

  /** Reads one more; whether there was one. @param {AbortSignal} signal */
  async function one(signal) {
    if (queue.length === 0) queue = await more(signal);
    const { trace, summary } = store.get();
    const token = queue.shift();
    if (signal.aborted || token === undefined || !trace || !summary?.next) return false;
    const { length } = trace.steps;
    read(
      typeof token === "string"
        ? withToken(trace, length, token, summary.next)
        : withRow(trace, length, token),
    );
    await ready(store, signal);
    return !signal.aborted && store.get().status === "ready";
  }

  async function write() {
    controller = new AbortController();
    const { signal } = controller;
    says.textContent = "";
    writing = true;
    label();
    try {
      while (await one(signal)) {
        if (still.matches) break;
        await pause(BEAT, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    if (!signal.aborted) stop();
  }

  function label() {
    const kind = store.get().summary?.next?.kind;
    const begin = kind === "numbers" ? "Forecast on" : "Write on";
    go.textContent = writing ? "Pause" : begin;
    root.setAttribute("aria-label", begin);
  }

  function draw() {
    const { summary, trace } = store.get();
    const next = summary?.next;
    root.hidden = !next || summary?.id !== trace?.model.id;
    field.hidden = next?.kind === "numbers";
    back.disabled = !trace || withoutLast(trace) === null;
    label();
  }

  go.addEventListener("click", () => (writing ? stop() : write()));
  back.addEventListener("click", () => {
    stop();
    const { trace } = store.get();
    const change = trace && withoutLast(trace);
    if (change) read(change);
  });
  slider.addEventListener("input", () => {
    temperatures.set(store, Number(slider.value));
    said.textContent = Number(slider.value).toFixed(1);
    queue = []; // drawn at another one
    redraw();
  });
  store.subscribe(() => {
    if (changing) return;
    says.textContent = "";
    if (writing) stop();
  }, [...READ]);
  store.subscribe(() => onNextFrame(draw), ["summary", "trace"]);
  draw();
}

/** Waits for the trace of what is read now. @param {Store} store @param {AbortSignal} signal */
function ready(store, signal) {
  return /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      const forget = store.subscribe(check, ["status"]);
      function check() {
        if (store.get().status === "loading" && !signal.aborted) return;
        forget();
        resolve();
      }
      signal.addEventListener("abort", check, { once: true });
      check();
    })
  );
}

/** @param {number} ms @param {AbortSignal} signal */
function pause(ms, signal) {
  return /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
    })
  );
}

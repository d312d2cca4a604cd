/**
 * Holding gates at values: by a question in one click, or gate by gate; and what that does to the
 * answer, against a run in which nothing is held.
 *
 * @typedef {import("../../core/types.js").Gate} Gate
 * @typedef {import("../../core/types.js").Override} Override
 * @typedef {import("../../core/types.js").Store} Store
 * @typedef {import("../../core/types.js").Trace} Trace
 */
import { keepingFactor, keepingValue } from "../../cells/kinds.js";
import { fetchStep } from "../../core/api.js";
import { gateName } from "../../words/phrases.js";
import { fixed } from "../../draw/format.js";
import { overrideFigure, overriddenMemory, isOf, overrideCaption } from "./override-effect.js";
import { isEmpty } from "../../arithmetic/state-update.js";
import {
  formatOverrides,
  gatesOf,
  grouped,
  addOverride,
  parseOverrides,
  rangeOf,
} from "../../core/overrides.js";
import { nameAt, stepName } from "../../draw/text.js";
import { cursorOf } from "../../core/store.js";
import { el, find, refill } from "../../ui/dom.js";
import { mountFigure } from "../../ui/figure.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { loadWhenVisible, questionOf } from "../../ui/lazy.js";
import { write } from "../../ui/caption.js";
import { announce } from "../../ui/announce.js";
import { holdOpen, letGo } from "./held-gates.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountOverrides(root, store) {
  /** @type {Trace | null} the run in which nothing is held */
  let free = null;
  const line = find(root, ".look");
  const ask = find(root, "[data-ask]");
  const form = /** @type {HTMLFormElement} */ (find(root, "form"));
  const [gate, word, unit] = ["#hold-gate", "#hold-word", "#hold-unit"].map(
    (id) => /** @type {HTMLSelectElement} */ (find(root, id)),
  );
  const value = /** @type {HTMLInputElement} */ (find(root, "#hold-value"));
  const beside = find(root, "[data-beside]");
  const figure = mountFigure(find(beside, "[data-figure]"), store, {
    build: (trace, options) => {
      const memory = overriddenMemory(trace, free);
      return memory && overrideFigure(trace, memory, options);
    },
    keys: [],
  });

  /** @param {Override[]} pins */
  const set = (pins) => (pins.length ? store.set({ pins: formatOverrides(pins) }) : letGo(store));

  find(root, "[data-open-here]").addEventListener("click", () => holdOpen(store, "here"));
  find(root, "[data-open-all]").addEventListener("click", () => holdOpen(store, "everywhere"));
  gate.addEventListener("change", () => {
    const [low, high] = rangeOf(gate.value);
    value.min = String(low);
    value.max = String(high);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { trace, pins } = store.get();
    if (!trace) return;
    const every = trace.steps.map(({ timestep }) => timestep);
    const at = word.value === "" ? every : [Number(word.value)];
    const name = /** @type {Gate} */ (gate.value);
    const units = unit.value === "" ? null : Number(unit.value);
    const number = Number(value.value);
    set(
      at.reduce(
        (held, timestep) => addOverride(held, { timestep, gate: name, unit: units, value: number }),
        parseOverrides(pins),
      ),
    );
  });
  find(root, "[data-clear]").addEventListener("click", () => set([]));

  loadWhenVisible(root, store, {
    keys: ["trace"],
    question: ({ trace }) => {
      const base = trace?.pins?.length ? questionOf(trace) : null;
      if (!base) return null;
      const { pins, ...free } = base;
      return pins ? free : null;
    },
    load: fetchStep,
    show: (found) => {
      free = found;
      draw();
      figure.redraw();
    },
  });

  function draw() {
    const state = store.get();
    const { trace } = state;
    if (!trace) return;
    const factor = keepingFactor(trace);
    const gates = gatesOf(trace);
    ask.hidden = !factor || state.standalone;
    form.hidden = gates.length === 0 || state.standalone;
    find(root, "[data-list]").hidden = !trace.pins?.length;
    const { timestep } = cursorOf(state);
    const here = find(root, "[data-open-here]");
    here.hidden = isEmpty(trace, timestep); // there is nothing to keep
    const open = factor && keepingValue(factor) === 0 ? "shut" : "open";
    const what = `What if the ${gateName(factor?.quantity ?? "")} had stayed ${open} at`;
    here.textContent = `${what} ${nameAt(trace, timestep)}?`;
    find(root, "[data-open-all]").textContent =
      `${here.hidden ? what : "… and at"} every ${stepName(trace)}?`;
    const before = line.textContent;
    write(line, overrideCaption(trace, free));
    const now = line.textContent;
    if (trace.pins?.length && free && isOf(free, trace) && now && now !== before) announce(now);
    const memory = overriddenMemory(trace, free);
    beside.hidden = !memory;
    if (memory) {
      find(beside, "h4").textContent = `What is left after ${nameAt(trace, memory.timestep)}`;
    }
    options(
      gate,
      gates.map((one) => [one, gateName(one)]),
    );
    options(word, [
      ...trace.tokens.map(({ text }, k) => /** @type {[string, string]} */ ([`${k + 1}`, text])),
      ["", `every ${stepName(trace)}`],
    ]);
    options(unit, [
      ["", "all units"],
      ...Array.from(
        { length: trace.layer.units },
        (_, k) => /** @type {[string, string]} */ ([`${k}`, `unit ${k}`]),
      ),
    ]);
    list(trace);
  }

  /** @param {Trace} trace */
  function list(trace) {
    const groups = grouped(trace.pins ?? []);
    refill(
      find(root, "[data-pins]"),
      ...groups.map((group) => {
        const button = el("button", { type: "button", class: "quiet" }, "Release");
        button.addEventListener("click", () =>
          set(
            parseOverrides(store.get().pins).filter(
              (pin) =>
                pin.gate !== group.gate || pin.unit !== group.unit || pin.value !== group.value,
            ),
          ),
        );
        // with only some of them held it is a run that no saved page has
        const alone = groups.length === 1 || !store.get().standalone;
        return el("li", {}, el("span", {}, describe(trace, group)), ...(alone ? [button] : []));
      }),
    );
  }

  function follow() {
    const { timestep } = cursorOf(store.get());
    word.value = String(timestep);
  }

  store.subscribe(() => onNextFrame(draw), ["trace", "timestep"]);
  store.subscribe(() => onNextFrame(follow), ["timestep", "trace"]);
  draw();
  follow();
}

/**
 * @param {Trace} trace
 * @param {ReturnType<typeof grouped>[number]} group
 */
function describe(trace, { gate, unit, value, timesteps }) {
  const words = timesteps.map((t) => nameAt(trace, t));
  const where =
    words.length === trace.steps.length && words.length > 1
      ? `every ${stepName(trace)}`
      : words.length > 6
        ? `${words.length} ${stepName(trace, words.length)}`
        : words.join(", ");
  return `${gateName(gate)} of ${unit === null ? "all units" : `unit ${unit}`} at ${where}: ${fixed(value)}`;
}

/**
 * @param {HTMLSelectElement} select
 * @param {[string, string][]} entries
 */
function options(select, entries) {
  const same = JSON.stringify(entries);
  if (select.dataset.entries === same) return;
  const before = select.value;
  select.dataset.entries = same;
  select.replaceChildren(...entries.map(([value, text]) => el("option", { value }, text)));
  if (entries.some(([value]) => value === before)) select.value = before;
}

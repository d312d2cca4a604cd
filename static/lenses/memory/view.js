/**
 * The memory ledger: the sentence shaded by what is left of each word, one band a word over time,
 * and the whole triangle. It is fetched when the section comes near the screen.
 *
 * @typedef {import("../../core/types.js").AppState} AppState
 * @typedef {import("../../core/types.js").Memory} Memory
 * @typedef {import("../../core/types.js").Store} Store
 * @typedef {import("../../core/types.js").Trace} Trace
 */
import { fetchView, withAnswer } from "../../core/api.js";
import { capital } from "../../draw/text.js";
import { cellOf, remembers } from "../../cells/kinds.js";
import { cursorOverlay } from "../../ui/cursor-overlay.js";
import { mix } from "../../draw/color.js";
import { greatestLoss, memoryCaption } from "./words.js";
import { percent } from "../../words/phrases.js";
import { shareMark } from "../../arithmetic/memory-contributions.js";
import { ledgerFigure, ledgerGeometry, rowsOf, shareLeft } from "./ledger-figure.js";
import { bandsFigure, bandsGeometry } from "./bands-figure.js";
import { cursorOf } from "../../core/store.js";
import { find } from "../../ui/dom.js";
import { mountFigure } from "../../ui/figure.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { loadWhenVisible, questionOf } from "../../ui/lazy.js";
import { write as say } from "../../ui/caption.js";
import { cursorMover } from "../../ui/move-cursor.js";
import { tintWords } from "../../ui/tinted-words.js";

const DARKEST = 0.42; // of the shade: ink stays readable on it

/** Why there is none. @param {Trace} trace */
export const noLedger = (trace) =>
  `${capital(cellOf(trace).noun)} writes its whole state anew at every word: nothing is kept beside ` +
  "it, so there is no ledger to open. Choose a model with an LSTM or a GRU.";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountMemory(root, store) {
  /** @type {(Trace & {memory: Memory}) | null} */
  let answer = null;
  let all = true;
  const line = find(root, ".look");
  const body = find(root, "[data-body]");
  const choice = find(root, ".choices");

  const { refresh } = loadWhenVisible(root, store, {
    keys: ["trace", "unit"],
    question: (state) => {
      const base = questionOf(state.trace);
      if (!base || (state.trace && !remembers(state.trace))) return null;
      return { ...base, unit: all ? null : cursorOf(state).unit };
    },
    load: async (question, signal) => withAnswer(await fetchView("memory", question, signal)),
    show: (found, trouble) => {
      answer = /** @type {(Trace & {memory: Memory}) | null} */ (found);
      body.hidden = !answer;
      figures.forEach(({ redraw }) => redraw());
      write(trouble);
    },
  });
  choice.addEventListener("change", (event) => {
    all = /** @type {HTMLInputElement} */ (event.target).value === "all";
    refresh();
  });

  const figures = [
    mountRemains(
      find(root, "[data-figure=remains]"),
      store,
      () => answer,
      () => all,
    ),
    mountLedger(
      find(root, "[data-figure=ledger]"),
      store,
      () => answer,
      () => all,
    ),
  ];

  function write(trouble = "") {
    const state = store.get();
    find(choice, "[data-unit]").textContent = `unit ${cursorOf(state).unit}`;
    if (!answer) {
      const none = state.trace && !remembers(state.trace) ? noLedger(state.trace) : trouble;
      say(line, none);
      return;
    }
    const rows = rowsOf(answer.memory, all);
    const timestep = Math.min(cursorOf(state).timestep, answer.steps.length);
    const { unit } = answer.memory;
    say(line, memoryCaption(answer, rows, { timestep, unit: all ? null : unit }));
    const unitOf = all ? null : unit;
    shade(find(root, ".tinted-words"), store, answer, { rows, now: timestep, unit: unitOf });
  }

  store.subscribe(() => onNextFrame(() => write()), ["timestep", "unit", "theme", "dark", "trace"]);
  write();
}

/**
 * @param {HTMLElement} host
 * @param {Store} store
 * @param {Trace} answer
 * @param {{rows: number[][], now: number, unit: number | null}} options
 */
function shade(host, store, answer, { rows, now, unit }) {
  const texts = answer.tokens.map(({ text }) => text);
  tintWords(host, store, texts, (timestep, theme) => {
    const share = shareLeft(rows, timestep, now, answer.layer.go_backwards);
    if (share === null) return { fill: null, ink: "", note: "", spoken: "not read yet" };
    const fill = mix(theme.paper, theme.quantity.cell_state, share * DARKEST);
    const note = percent(share).replace("less than ", "<").replace("more than ", ">");
    const mark = shareMark(answer, timestep, now, unit);
    return {
      fill,
      ink: theme.ink,
      note,
      spoken: `${percent(share)} of what it wrote is left`,
      mark,
    };
  });
}

/**
 * @param {HTMLElement} host
 * @param {Store} store
 * @param {() => (Trace & {memory: Memory}) | null} current
 * @param {() => boolean} all
 */
function mountRemains(host, store, current, all) {
  let drawn = -1;

  /** The source that the sentence above speaks of. @param {Trace & {memory: Memory}} answer */
  function chosenIn(answer) {
    const timestep = Math.min(cursorOf(store.get()).timestep, answer.steps.length);
    const rows = rowsOf(answer.memory, all());
    return greatestLoss(rows, timestep, answer.layer.go_backwards)?.source ?? timestep;
  }

  const figure = mountFigure(host, store, {
    build: (_, options) => {
      const answer = current();
      if (!answer) return null;
      drawn = chosenIn(answer);
      return bandsFigure(answer, {
        ...options,
        memory: answer.memory,
        all: all(),
        chosen: drawn,
      });
    },
    keys: [],
    onDraw: (drawn, plot) => overlay.onDraw(drawn, plot),
  });

  const overlay = cursorOverlay(store, {
    shapes: ["cursor-line"],
    boxes: (width) => {
      const answer = current();
      if (!answer) return null;
      const { left, top, height, cell } = bandsGeometry(answer, width);
      const { timestep } = cursorOf(store.get());
      return [{ left: left + (timestep - 0.5) * cell - 1, top, height }];
    },
    follow: () => {
      const answer = current();
      if (answer && chosenIn(answer) !== drawn) figure.redraw();
    },
    lay: (plot, [line]) => find(plot, ".main-svg").after(line), // beneath the names
  });
  return figure;
}

/**
 * @param {HTMLElement} host
 * @param {Store} store
 * @param {() => (Trace & {memory: Memory}) | null} current
 * @param {() => boolean} all
 */
function mountLedger(host, store, current, all) {
  const move = cursorMover(store);
  const figure = mountFigure(host, store, {
    build: (_, options) => {
      const answer = current();
      if (!answer) return null;
      return ledgerFigure(answer, { ...options, memory: answer.memory, all: all() });
    },
    keys: [],
    onMark: (mark, open) =>
      mark.timestep === cursorOf(store.get()).timestep ? open(mark) : move(mark.timestep),
    onDraw: (drawn, plot) => overlay.onDraw(drawn, plot),
  });

  const overlay = cursorOverlay(store, {
    shapes: ["cursor-column"],
    boxes: (width) => {
      const answer = current();
      if (!answer) return null;
      const { left, top, row, width: across } = ledgerGeometry(answer, answer.memory, width);
      const { timestep } = cursorOf(store.get());
      return [{ left, top: top + (timestep - 1) * row, height: row, width: across }];
    },
  });
  return figure;
}

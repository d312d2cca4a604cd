/**
 * What stands above the words: the answer after each of them, and what each has left in memory. Of a
 * cell without a ledger, how large its state is.
 */
import { bandsOf } from "../draw/bands.js";
import { memoryLedger } from "../arithmetic/memory-ledger.js";
import { textWidth, withBase } from "../draw/text.js";
import { alongCorners, areasOf, cornersOf, outline, placeOfName } from "./bands.js";
import { answersAlong, huesOf } from "./hues.js";

/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("./columns.js").Columns} Columns */
/** @typedef {number | null} Hue from 0; null: grey */

/**
 * @typedef {object} Picture in pixels
 * @property {{x: number, width: number, height: number, hue: Hue}[]} answers
 * @property {{path: string, hue: Hue}[]} bands
 * @property {{x: number, y: number, text: string, hue: Hue}[]} names their middles
 * @property {string} state the outline of the state's size, where there is no ledger
 */

const BENEATH = 6; // pixels, of the answers

/** @typedef {{columns: Columns, width: number, height: number, size: number}} Room in pixels: all
 *   columns, as much of them as one sees at once, the picture's height, and the size of its text */

/**
 * @param {Trace} trace
 * @param {Room} room
 * @returns {Picture}
 */
export function timelinePicture(trace, room) {
  const answers = answersIn(trace, room);
  const top = answers.cells.length > 0 ? answers.height + BENEATH : 0;
  const memory = memoryIn(trace, { ...room, height: Math.max(1, room.height - top) }, top);
  return {
    answers: answers.cells,
    bands: memory.bands,
    names: [...answers.names, ...memory.names],
    state: memory.state,
  };
}

/** Stretches as long as what one sees at once, in each of which a name may stand once.
 * @param {Room} room */
function stretches({ columns: { total }, width }) {
  const count = Math.max(1, Math.ceil(total / width - 0.01));
  const each = total / count;
  return Array.from({ length: count }, (_, k) => ({ from: k * each, to: (k + 1) * each }));
}

/** @param {Trace} trace @param {Room} room */
function answersIn(trace, room) {
  const { columns, size } = room;
  const height = size + 4;
  const { labels } = huesOf(trace);
  const along = answersAlong(trace) ?? [];
  const cells = along.map((label, k) => ({
    x: columns.starts[k],
    width: columns.widths[k],
    height,
    hue: labels.get(label) ?? null,
  }));
  const names = runsOf(along).flatMap(({ label, from, to }) => {
    const text = trace.prediction?.labels[label] ?? "";
    const end = columns.starts[to] + columns.widths[to];
    return stretches(room).flatMap((stretch) => {
      const left = Math.max(stretch.from, columns.starts[from]);
      const right = Math.min(stretch.to, end);
      if (textWidth(text, size) + size > right - left) return [];
      const hue = labels.get(label) ?? null;
      return [{ x: (left + right) / 2, y: height / 2, text: withBase(text), hue }];
    });
  });
  return { cells, names, height };
}

/**
 * Stretches of words after which the answer is the same.
 *
 * @param {number[]} along labels
 * @returns {{label: number, from: number, to: number}[]} from and to: places from 0, both in it
 */
export function runsOf(along) {
  /** @type {{label: number, from: number, to: number}[]} */
  const runs = [];
  along.forEach((label, k) => {
    const last = runs[runs.length - 1];
    if (last?.label === label) last.to = k;
    else runs.push({ label, from: k, to: k });
  });
  return runs;
}

/** @param {Trace} trace @param {Room} room @param {number} top what is above
 * @returns {Pick<Picture, "bands" | "names" | "state">} */
function memoryIn(trace, room, top) {
  const { columns, height, size } = room;
  const rows = memoryLedger(trace);
  if (!rows) return { bands: [], names: [], state: stateIn(trace, columns, height, top) };
  const { sources: hues } = huesOf(trace);
  const initial = rows.some((row) => row[0] > 0);
  const bands = bandsOf(trace, rows, { initial, chosen: [...hues.keys()] });
  const backwards = trace.layer.go_backwards ?? false;
  const drawn = areasOf(bands, rows, { columns, height, backwards }).map((area, k) => {
    const [source, ...others] = bands[k].sources;
    const text = withBase(bands[k].name);
    const hue = others.length === 0 ? (hues.get(source) ?? null) : null;
    const places =
      others.length > 0
        ? []
        : stretches(room).flatMap((stretch) => placeOfName(area, text, { size, ...stretch }) ?? []);
    return {
      path: outline(lowered(area, top)),
      hue,
      names: places.map(({ x, y }) => ({ x, y: y + top, text, hue })),
    };
  });
  return {
    bands: drawn.filter(({ path }) => path).map(({ path, hue }) => ({ path, hue })),
    names: drawn.flatMap(({ names }) => names),
    state: "",
  };
}

/** @param {import("./bands.js").Area} area @param {number} by pixels */
const lowered = ({ x, top, bottom }, by) => ({
  x,
  top: top.map((y) => y + by),
  bottom: bottom.map((y) => y + by),
});

/** @param {Trace} trace @param {Columns} columns @param {number} height @param {number} top */
function stateIn(trace, columns, height, top) {
  const sizes = stateSizes(trace);
  const scale = height / (Math.max(...sizes) || 1);
  const along = alongCorners(sizes, null, columns);
  const x = cornersOf(columns);
  const area = {
    x,
    top: along.map((value) => height - value * scale),
    bottom: x.map(() => height),
  };
  return outline(lowered(area, top));
}

/** How large the hidden state is after each word: the sizes of its numbers together.
 * @param {Trace} trace */
export const stateSizes = ({ steps }) =>
  steps.map(({ hidden_state: h }) => h.reduce((sum, value) => sum + Math.abs(value), 0));

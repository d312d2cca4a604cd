/** The other recurrent layers of a network around the one whose numbers are shown: a row of boxes
 * each, the first layer lowest, both directions of a bidirectional layer in one frame. */
import { cellOf } from "../../cells/kinds.js";
import { mix } from "../../draw/color.js";
import { along, frame, join, label, touch, wire } from "../../draw/primitives.js";
import { DIRECTION, levelAt, levelsOf } from "../../core/network-levels.js";
import { escapeText, fitted } from "../../draw/text.js";
import { windowAround } from "../../cells/quantities.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Layer} Layer */
/** @typedef {import("../../core/types.js").Summary} Summary */
/** @typedef {import("../../core/types.js").FigureOptions} FigureOptions */
/** @typedef {import("./parts.js").UnrolledParts} UnrolledParts */
/** @typedef {import("../../core/network-levels.js").Level} Level */
/** @typedef {{levels: Level[], shown: Level[], first: number}} Stack lowest first; shown: those
 *   around the chosen layer; first: the place of the lowest of them */
/** @typedef {{layer: Layer, y: number, height: number}} Row */
/** @typedef {{rows: Row[], top: number, bottom: number, turned: boolean}} Group */

const MOST = 5; // levels
const BOX = 30;
const BESIDE = 8; // between two directions
const BETWEEN = 30; // levels
const PAD = 6;

/** The levels of a network; null where there is nothing but the layer that is shown.
 * @param {Trace} trace @param {Summary | null | undefined} summary @returns {Stack | null} */
export function stackOf({ layer: { name } }, summary) {
  const layers = summary?.recurrent ?? [];
  if (layers.length < 2 || !layers.some((layer) => layer.name === name)) return null;
  const levels = levelsOf(layers);
  const at = levelAt(levels, name);
  const places = windowAround(levels.length, at, MOST);
  return { levels, shown: places.map((k) => levels[k]), first: places[0] };
}

/** @param {Layer} layer */
const isBackward = (layer) => layer.go_backwards ?? false;

/** How many layers there are and how they read. @param {Stack} stack */
export function stackText({ levels, shown, first }) {
  const ways = new Set(levels.flatMap(({ layers }) => layers.map(isBackward)));
  const way = ways.size === 2 ? "in both directions" : ways.has(true) ? "backward" : "forward";
  const count = levels.length;
  const part = `layers ${first + 1}\u2013${first + shown.length} of ${count}`;
  const all = `${count} ${count === 1 ? "layer" : "layers"}`;
  return `${shown.length < count ? part : all}, reading ${way}`;
}

/** Where each row stands, the highest first. @param {Stack} stack @param {string} chosen
 * @param {number} top @param {number} [tall] the height of the chosen layer's row
 * @returns {{groups: Group[], top: number, bottom: number, chosen: Row}} */
export function placeRows({ shown }, chosen, top, tall = BOX) {
  let y = top;
  const groups = shown.toReversed().map(({ layers, turned }) => {
    const pad = layers.length > 1 ? PAD : 0;
    const start = y;
    y += pad;
    const rows = layers.toReversed().map((layer) => {
      const height = layer.name === chosen ? tall : BOX;
      const row = { layer, y, height };
      y += height + BESIDE;
      return row;
    });
    const group = { rows, top: start, bottom: y - BESIDE + pad, turned };
    y = group.bottom + BETWEEN;
    return group;
  });
  const rows = groups.flatMap((group) => group.rows);
  const own = rows.find(({ layer }) => layer.name === chosen) ?? rows[0];
  return { groups, top, bottom: y - BETWEEN, chosen: own };
}

/** @typedef {ReturnType<typeof placeRows>} Placed */
/** @typedef {{shown: number[], left: number, pitch: number, cellWidth: number, names: number}
 *   } Columns of timesteps, and the pixels before them that the names of rows take */

/** All rows but the chosen one where that is drawn in full, and what joins them.
 * @param {FigureOptions} options @param {UnrolledParts} parts @param {Placed} placed
 * @param {Columns} columns @param {boolean} [full] */
export function drawStack(options, parts, placed, columns, full = false) {
  const { groups, chosen } = placed;
  const { theme } = options;
  const faint = mix(theme.muted, theme.paper, 0.35);
  return join(
    ...groups.filter(({ rows }) => rows.length > 1).map((group) => joined(group, columns, faint)),
    ...groups.slice(1).map((group, k) => {
      const lit = group.rows.includes(chosen);
      const feeds = groups[k].rows.includes(chosen);
      const { input, hidden_state: hidden } = theme.quantity;
      const color = feeds ? input : hidden;
      const tint = (/** @type {number} */ when) => (feeds || lit ? parts.tint(when, color) : faint);
      return group.turned
        ? label(columns.left, group.top - BETWEEN / 2, "handed on with the last timestep first", {
            color: theme.muted,
            align: "left",
          })
        : upwards(group.top, columns, tint);
    }),
    ...groups
      .flatMap(({ rows }) => rows)
      .filter((row) => !full || row !== chosen)
      .map((row) => boxes(options, row, columns, row === chosen, faint)),
  );
}

/** @param {Columns} columns @param {number} when */
const centre = ({ left, pitch, shown }, when) => left + (when - shown[0] + 0.5) * pitch;

/** Frames around both directions. @param {Group} group @param {Columns} columns
 * @param {string} line */
function joined({ top, bottom }, columns, line) {
  const width = columns.cellWidth + 2 * PAD;
  const height = bottom - top;
  return join(
    ...columns.shown.map((when) =>
      frame({ x: centre(columns, when) - width / 2, y: top, width, height }, { line, radius: 14 }),
    ),
  );
}

/** From a level to the one above it. @param {number} top @param {Columns} columns
 * @param {(when: number) => string} tint */
const upwards = (top, columns, tint) =>
  join(
    ...columns.shown.map((when) => {
      const x = centre(columns, when);
      /** @type {import("../../draw/primitives.js").Point[]} */
      const ends = [
        [x, top],
        [x, top - BETWEEN],
      ];
      return wire(ends, { color: tint(when) });
    }),
  );

/** The wires along a row, in the direction in which its layer reads.
 * @param {Row} row @param {Columns} columns @param {string} color */
function lanes({ layer, y, height }, columns, color) {
  const { shown, left, pitch, cellWidth } = columns;
  const middle = y + height / 2;
  const [first, last] = [shown[0], shown[shown.length - 1]];
  return join(
    ...[first - 1, ...shown].map((when) => {
      const from = when < first ? left - 8 : centre(columns, when) + cellWidth / 2;
      const end = left + pitch * shown.length + 8;
      const to = when === last ? end : centre(columns, when + 1) - cellWidth / 2;
      /** @type {import("../../draw/primitives.js").Point[]} */
      const ends = [
        [from, middle],
        [to, middle],
      ];
      return wire(isBackward(layer) ? ends.toReversed() : ends, { color, width: 1.6 });
    }),
  );
}

/** A row; the chosen one has nothing to choose. @param {FigureOptions} options @param {Row} row
 * @param {Columns} columns @param {boolean} lit @param {string} faint */
function boxes({ theme, timestep, unit }, row, columns, lit, faint) {
  const { layer, y, height } = row;
  const { cellWidth: width } = columns;
  const middle = y + height / 2;
  const ink = lit ? theme.ink : theme.muted;
  const text = lit ? "the layer shown" : `${escapeText(layer.name)}: show this layer`;
  const quantity = /** @type {const} */ ("hidden_state");
  return join(
    rowName(layer, columns, middle, ink, lit),
    lanes(row, columns, lit ? theme.quantity.hidden_state : faint),
    ...columns.shown.map((when) => {
      const x = centre(columns, when) - width / 2;
      const line = lit ? theme.ink : faint;
      const lineWidth = lit && when === timestep ? 2.6 : 1;
      const mark = lit ? null : { quantity, timestep: when, unit, layer: layer.name };
      return join(
        frame({ x, y, width, height }, { fill: theme.panel, line, lineWidth, radius: 8 }),
        label(x + width / 2, middle, cellOf({ layer }).name.replace("Simple", ""), {
          color: ink,
          size: 11,
        }),
        touch(along(x, x + width).map((at) => ({ x: at, y: middle, text, mark }))),
      );
    }),
  );
}

/** A layer's name and its direction, before its row.
 * @param {Layer} layer @param {Pick<Columns, "left" | "names">} columns @param {number} y
 * @param {string} color @param {boolean} bold */
export function rowName(layer, { left, names }, y, color, bold) {
  const name = fitted(layer.name.replace(DIRECTION, ""), names - 14, 13, bold);
  const align = /** @type {const} */ ("left");
  const x = left - names;
  return join(
    label(x, y - 7, name.text, { color, size: name.size, bold, align }),
    label(x, y + 8, isBackward(layer) ? "backward" : "forward", { color, size: 11, align }),
  );
}

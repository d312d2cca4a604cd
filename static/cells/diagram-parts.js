/** What both layouts of the cell are made of: which parts a focus lights, and how parts look. */
import { cellOf, previous, transformed } from "./kinds.js";
import { computedBy, concernedIn } from "./phases.js";
import { mix } from "../draw/color.js";
import {
  block,
  flow,
  frame,
  join,
  junction,
  label,
  operator,
  touch,
  wire,
} from "../draw/primitives.js";
import { compact } from "../draw/format.js";
import { textWidth } from "../draw/text.js";
import { functionOf } from "../core/activations.js";
import { overrideAt } from "../core/overrides.js";
import {
  LETTERS,
  NAMES,
  gaugeOf,
  hoverText,
  limitOf,
  shownOf,
  symbol,
  vector,
  windowAround,
} from "./quantities.js";

/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("../core/types.js").Mark} Mark */
/** @typedef {import("../core/types.js").Quantity} Quantity */
/** @typedef {import("../draw/primitives.js").Drawing} Drawing */
/** @typedef {import("../draw/primitives.js").Point} Point */
/** @typedef {{columns: number, width: number, height: number}} BlockBox boxes to a row, and the
 *   size of one */
/** @typedef {import("./kind.js").Tag} Tag */
/** @typedef {import("../core/types.js").FigureOptions & {focus?: Quantity | null, quiet?: boolean,
 *   height?: number, phase?: number | null}} CellOptions quiet: without the key to the colours;
 *   height: pixels to fill; phase: from 0, what comes after it is faded */

/** @typedef {[tag: Tag, quantity: Mark["quantity"], points: Point[],
 *   look?: {arrow?: boolean, width?: number}]} WireArguments */

const FADE = 0.84;
const ASIDE = 0.55; // computed, and not what the phase is about

/** As many features as stripes can tell apart. */
export const STRIPES = 64;

/** @param {{width: number}} box */
const numberSize = ({ width }) => (width < 38 ? 11 : width < 44 ? 12 : 13);

/** The parts of one cell at one timestep, faded where the focus leaves them out.
 * @param {Trace} trace @param {CellOptions} options @param {number} count units shown */
export function cellParts(trace, options, count) {
  const { timestep, unit, theme, focus, phase = null, height: stage } = options;
  const step = trace.steps[timestep - 1];
  const units = windowAround(trace.layer.units, unit, count);
  const cell = cellOf(trace);
  const rail = cell.gates.map(({ tag }) => /** @type {Tag} */ (`${tag}In`));
  const focused = focus ? new Set(cell.lit[focus]) : null;
  const lit = phase === null ? focused : computedBy(cell, phase);
  const concerned = phase === null ? null : concernedIn(cell, phase);
  const isLit = (/** @type {Tag} */ tag) => !step.masked && (lit === null || lit.has(tag));

  /** @param {Tag} tag */
  const fadeOf = (tag) => (!isLit(tag) ? FADE : concerned && !concerned.has(tag) ? ASIDE : 0);

  /** @param {Tag} tag @param {string} color */
  const tint = (tag, color) => mix(color, theme.panel, fadeOf(tag));

  /** @param {Tag} tag @param {Mark} mark @param {number} value @param {number} limit */
  function valueOf(tag, mark, value, limit, numbers = true) {
    const bar = gaugeOf(mark.quantity, value, limit, theme);
    const gauge = {
      ...bar,
      color: tint(tag, numbers ? bar.color : theme.muted),
      upright: !numbers,
    };
    return {
      text: numbers ? compact(value) : "",
      color: tint(tag, theme.paper),
      gauge,
      ink: isLit(tag) ? theme.ink : mix(theme.ink, theme.panel, 0.7),
      hover: hoverText(trace, mark),
      mark,
      selected: mark.quantity !== "input" && mark.unit === unit,
      pinned: overrideAt(trace, mark) !== undefined,
    };
  }

  /** @param {Tag} tag @param {Quantity} quantity */
  const style = (tag, quantity) => ({
    line: tint(tag, theme.quantity[quantity]),
    hairline: mix(tint(tag, theme.quantity[quantity]), theme.panel, 0.6),
    selection: tint(tag, theme.ink),
  });

  /** The numbers of a state or gate that are shown. @param {Quantity} quantity */
  const numbersOf = (quantity) => shownOf(trace, quantity, units, unit);

  /** @param {Point} center @param {BlockBox} box @param {number[]} [shown] */
  function rectOf([x, y], { columns, width, height }, shown = units) {
    const across = columns * width;
    const tall = Math.ceil(shown.length / columns) * height;
    return { x: x - across / 2, y: y - tall / 2, width: across, height: tall };
  }

  /** A state's name and symbol above a corner of its block.
   * @param {import("../draw/primitives.js").Rect} rect
   * @param {{align: "left" | "right", x?: number}} place
   * @param {Tag} tag @param {Quantity} quantity @param {string} time */
  function stateName({ x, y, width }, { align, x: at }, tag, quantity, time) {
    const name = quantity === "cell_state" ? "memory" : "hidden";
    const color = tint(tag, theme.quantity[quantity]);
    const side = at ?? (align === "left" ? x + 1 : x + width);
    const [nameX, symbolX] =
      align === "left"
        ? [side, side + textWidth(name, 13) + 12]
        : [side - textWidth(time, 11) - 14, side];
    return join(
      label(nameX, y - 12, name, { color, size: 13, align }),
      label(symbolX, y - 13, symbol(quantity, time), { color, size: 16, align }),
    );
  }

  /** On the stage a gate's name keeps its path lit; it is no number of any timestep.
   * @param {Quantity} quantity @param {Point} at */
  function nameHit(quantity, [x, y]) {
    const text = `${NAMES[quantity]}: keep its path lit, or no longer`;
    return touch([{ x, y, text, mark: { quantity, timestep: 0, unit, lights: true } }]);
  }

  return {
    units,
    tint,
    cell,
    before: previous(trace, timestep),
    letters: LETTERS,

    /** The values of a state or gate in a block.
     * @param {Tag} tag @param {Quantity} quantity @param {number} when @param {Point} center
     * @param {BlockBox} box */
    values(tag, quantity, when, center, box) {
      const values = vector(trace, quantity, when);
      const limit = limitOf(trace, quantity);
      const numbers = numbersOf(quantity);
      const shown = numbers.map((k) =>
        valueOf(tag, { quantity, timestep: when, unit: k }, values[k], limit),
      );
      const look = { ...style(tag, quantity), size: numberSize(box) };
      return block(rectOf(center, box, numbers), shown, box.columns, look);
    },

    /** The values of a state or gate in a block with its symbol above a corner; a state's name
     * before it, where it is said which corner.
     * @param {Tag} tag @param {Quantity} quantity @param {number} when @param {Point} center
     * @param {BlockBox} box @param {{align: "left" | "right", x?: number} | null} [named] */
    strip(tag, quantity, when, center, box, named = null) {
      const rect = rectOf(center, box, numbersOf(quantity));
      const time = when === timestep ? "t" : cell.previous;
      const narrow = units.length === 1; // a wire through its middle would cross the letter
      return join(
        this.values(tag, quantity, when, center, box),
        named
          ? stateName(rect, named, tag, quantity, time)
          : label(narrow ? center[0] - 8 : rect.x + 1, rect.y - 13, symbol(quantity, time), {
              color: tint(tag, theme.quantity[quantity]),
              size: 16,
              align: narrow ? "right" : "left",
            }),
      );
    },

    /** The numbers of the units, beside the rows of a block, or under it where it is one row.
     * @param {Tag} tag @param {Point} center
     * @param {BlockBox} box */
    unitNames(tag, center, box) {
      const own = numbersOf(tag === "hPrev" || tag === "h" ? "hidden_state" : "cell_state");
      const rect = rectOf(center, box, own);
      const rows = Math.ceil(own.length / box.columns);
      const perLabel = rows === 1 ? 1 : box.columns;
      const heading = {
        color: tint(tag, theme.muted),
        size: 11,
        align: /** @type {const} */ ("right"),
      };
      const under = rect.y + rect.height + 10;
      const groups = Array.from({ length: Math.ceil(own.length / perLabel) }, (_, k) =>
        own.slice(k * perLabel, (k + 1) * perLabel),
      );
      return join(
        label(rect.x - 5, rows === 1 ? under : rect.y - 12, "unit", heading),
        ...groups.map((named, k) => {
          const [first, last] = [named[0], named[named.length - 1]];
          const text = first === last ? `${first}` : `${first}\u2013${last}`;
          const chosen = named.includes(unit);
          const look = {
            color: tint(tag, chosen ? theme.ink : theme.muted),
            bold: chosen,
            size: 11,
          };
          return rows === 1
            ? label(rect.x + (k + 0.5) * box.width, under, text, look)
            : label(rect.x - 5, rect.y + (k + 0.5) * box.height, text, { ...look, align: "right" });
        }),
      );
    },

    /** The cell state as it shows, mostly its tanh. @param {Point} center
     * @param {BlockBox} box */
    squashed(center, box) {
      const rect = rectOf(center, box);
      const shown = units.map((k) => {
        const mark = { quantity: /** @type {const} */ ("cell_state"), timestep, unit: k };
        const shown = transformed(cell.squash, step.cell_state[k]);
        const limit = cell.squash === "tanh" ? 1 : limitOf(trace, "cell_state");
        const value = valueOf("tanh", mark, shown, limit);
        return {
          ...value,
          mark: { ...mark, how: cell.squash },
          hover: hoverText(trace, mark, cell.squash),
        };
      });
      return block(rect, shown, box.columns, {
        ...style("tanh", "cell_state"),
        size: numberSize(box),
      });
    },

    /** The features of the word: numbers while they fit, thin stripes beyond.
     * @param {number} x left @param {number} y middle @param {number} room
     * @param {{width: number, height: number}} box */
    input(x, y, room, { width, height }) {
      const fits = step.input.length * width <= room;
      const shown = step.input.slice(0, fits ? undefined : STRIPES);
      const across = fits ? shown.length * width : Math.min(room, 256);
      const limit = limitOf(trace, "input");
      const values = shown.map((value, k) =>
        valueOf("x", { quantity: "input", timestep, unit: k }, value, limit, fits),
      );
      const line = tint("x", theme.quantity.input);
      const hairline = (/** @type {number} */ k) =>
        fits ? mix(line, theme.panel, 0.6) : values[k].color;
      const tall = Math.min(height, 24);
      const rect = { x, y: y - tall / 2, width: across, height: tall };
      return {
        across,
        drawn: block(rect, values, values.length, {
          line,
          hairline,
          selection: line,
          size: numberSize({ width }),
        }),
      };
    },

    /** @param {import("./kind.js").GateRow} gate @param {Point} center @param {number} width */
    gate({ tag, quantity, sign, name }, [x, y], width, height = 42) {
      const color = tint(tag, theme.quantity[quantity]);
      const rect = { x: x - width / 2, y: y - height / 2, width, height };
      return join(
        frame(rect, { fill: tint(tag, theme.paper), line: color, lineWidth: 1.8, radius: 6 }),
        label(x, y - 8, sign, { color, size: sign.length > 6 ? 11 : 16, bold: true }),
        label(x, y + 10, name, { color, size: width < 64 ? 11 : 12 }),
        stage === undefined ? null : nameHit(quantity, [x, y]),
      );
    },

    /** @param {Tag} tag @param {Point} center @param {string} sign */
    operator: (tag, center, sign) =>
      operator(center, sign, {
        fill: tint(tag, theme.paper),
        line: tint(tag, theme.ink),
        ink: tint(tag, theme.ink),
      }),

    /** @param {Point} center */
    tanh: ([x, y]) => {
      const { sign } = functionOf(cell.squash);
      const width = sign.length > 5 ? 76 : 50;
      const rect = { x: x - width / 2, y: y - 14, width, height: 28 };
      const line = tint("tanh", theme.quantity.cell_state);
      return join(
        frame(rect, { fill: tint("tanh", theme.paper), line, lineWidth: 1.8, radius: 14 }),
        label(x, y, sign, { color: line, size: sign.length > 8 ? 11 : 14, bold: true }),
      );
    },

    /** What multiplies with weights on the way to a gate. @param {Tag} tag
     * @param {Quantity} quantity @param {Point} center @param {string} text
     * @param {number} width */
    product(tag, quantity, [x, y], text, width) {
      const color = tint(tag, theme.quantity[quantity]);
      const rect = { x: x - width / 2, y: y - 12, width, height: 24 };
      return join(
        frame(rect, { fill: tint(tag, theme.paper), line: color, lineWidth: 1.4, radius: 5 }),
        label(x, y, text, { color, size: 12 }),
      );
    },

    /** @param {Tag} tag @param {Mark["quantity"]} quantity @param {Point} at */
    junction: (tag, quantity, at) => junction(at, tint(tag, theme.quantity[quantity])),

    /** The part that a stretch of the hidden state's rail belongs to: lit as far as the gate
     * that is in focus. @param {number} stretch before the gate of that number @returns {Tag} */
    railTag: (stretch) => (rail.slice(stretch).some((tag) => isLit(tag)) ? "hPrev" : rail[stretch]),

    /** Wires, those in focus over the faded ones. @param {WireArguments[]} list */
    wires(list) {
      const ordered = [false, true].flatMap((lit) => list.filter(([tag]) => isLit(tag) === lit));
      return join(
        ...ordered.map(([tag, quantity, points, look]) =>
          wire(points, { color: tint(tag, theme.quantity[quantity]), ...look }),
        ),
        ...list.map(([tag, quantity, points]) => flow(tag, points, theme.quantity[quantity])),
      );
    },
  };
}

/** @typedef {ReturnType<typeof cellParts>} CellParts */

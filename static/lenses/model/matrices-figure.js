/**
 * The layer's weight matrices and the formula that counts their numbers: a row for each feature or
 * unit, one block of columns for each gate, in the order in which a framework keeps them.
 */
import { cellOf } from "../../cells/kinds.js";
import { colorAt, mix } from "../../draw/color.js";
import { block, frame, join, label, toFigure, wire } from "../../draw/primitives.js";
import { compact, fixed, precise } from "../../draw/format.js";
import { hasBlock, keptBy, parameterCounts, rowsOf } from "../../cells/weight-layouts.js";
import { textWidth } from "../../draw/text.js";
import { LETTERS, NAMES, gaugeOf } from "../../cells/quantities.js";

/** @typedef {import("../../cells/kind.js").Block} Block */
/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Weights} Weights */
/** @typedef {import("../../cells/weight-layouts.js").Framework} Framework */
/** @typedef {import("../../cells/weight-layouts.js").Part} Part */
/** @typedef {Omit<import("../../core/types.js").FigureOptions, "timestep"> & {weights: Weights | null,
 *   framework: Framework}} MatricesOptions */

const MOST_CELLS = 64; // columns, or rows of one matrix, that are still drawn one by one
const GAP = 46; // between two matrices, for the name of the lower one
const TOP = 34;
const BRACKET = 16; // and the number of rows before it

/** Whether every weight has a cell of its own. @param {Trace["layer"]} layer
 * @param {number} blocks */
export const isDrawnWhole = ({ units, features }, blocks) =>
  blocks * units <= MOST_CELLS && Math.max(features, units) <= 16;

/** @param {Trace} trace @param {MatricesOptions} options @returns {import("../../core/types.js").Figure} */
export function matricesFigure(trace, options) {
  const { theme, width, framework } = options;
  const { units, features } = trace.layer;
  const { gates, parts: kept } = keptBy(trace.layer, framework, options.weights);
  const columns = gates.length * units;
  const { sizes, total } = parameterCounts(trace.layer, framework, options.weights);
  const rows = kept.map(({ part }) => rowsOf(trace.layer, part));
  const whole = isDrawnWhole(trace.layer, gates.length);
  const heights = rows.map((count) => (whole ? 24 * count : count === 1 ? 24 : 90));
  const x = BRACKET + textWidth(`${Math.max(features, units)}`, 12);
  const across = Math.min(width - x - 4, whole ? Math.max(columns * 58, 300) : 720);

  let y = TOP;
  const parts = kept.map(({ name, part }, k) => {
    y += k ? GAP : 26;
    const rect = { x, y, width: across, height: heights[k] };
    y += heights[k];
    const counts = countsOf(trace.layer, { name, part }, framework, sizes[k]);
    const ink = theme.quantity[part === "kernel" ? "input" : "hidden_state"];
    return join(
      caption(x, rect.y - 14, counts, options),
      rows[k] > 1 ? bracket(rect, rows[k], ink) : null,
      whole && holdsAll(options.weights, gates)
        ? valuesOf(trace, { name, part }, rect, options)
        : blankOf(trace, part, rect, options, whole),
    );
  });
  const sum = `${sizes.map(inThousands).join(" + ")} = <b>${inThousands(total)}</b>`;
  const notes = join(
    caption(x, y + 20, [`${sum} parameters`, sum], options),
    whole
      ? label(x, y + 40, `outlined: unit ${options.unit}, a column in each block`, {
          color: theme.muted,
          align: "left",
        })
      : null,
  );
  return toFigure(join(headOf(trace, x, across, options), ...parts, notes), {
    width,
    height: y + (whole ? 54 : 34),
    theme,
    label: labelOf(trace, options, total),
    table: tableOf(trace, options, sizes),
  });
}

/** @param {number} count */
const inThousands = (count) => count.toLocaleString("en-US");

/** The first of some texts that has room, or else the last, smaller. @param {number} x
 * @param {number} y @param {string[]} texts @param {MatricesOptions} options */
function caption(x, y, texts, { theme, width }) {
  const share = (/** @type {string} */ text) =>
    (width - x - 4) / textWidth(text.replace(/<.*?>/g, ""), 13);
  const text = texts.find((one) => share(one) >= 1) ?? texts[texts.length - 1];
  const size = Math.max(11, Math.min(13, 13 * share(text)));
  return label(x, y, text, { color: theme.ink, size, align: "left" });
}

/** A matrix's name, and how its numbers are counted: rows times a column for each unit of a gate;
 * in full, and shorter. @param {Trace["layer"]} layer @param {{name: string, part: Part}} matrix
 * @param {Framework} framework @param {number} size */
function countsOf(layer, { name, part }, framework, size) {
  const { units, features } = layer;
  const blocks = keptBy(layer, framework).gates.filter((gate) => hasBlock(gate, part)).length;
  const across = blocks > 1 ? `${blocks} × ${units}` : `${units}`;
  const down = {
    kernel: `${features} feature${features === 1 ? "" : "s"}`,
    recurrent_kernel: `${units} unit${units === 1 ? "" : "s"}`,
  }[String(part)];
  const factors = blocks > 1 && down ? `(${across})` : across;
  const product = framework === "keras" ? `${down} × ${factors}` : `${factors} × ${down}`;
  const count = `<b>${name}</b>  ${down ? product : factors} = ${inThousands(size)}`;
  return down && framework !== "keras" ? [`${count}, drawn transposed`, count] : [count];
}

/** How many rows a matrix has, at its left. @param {import("../../draw/primitives.js").Rect} rect
 * @param {number} rows @param {string} color */
function bracket({ x, y, height }, rows, color) {
  /** @type {import("../../draw/primitives.js").Point[]} */
  const line = [
    [x - 4, y + 1],
    [x - 8, y + 1],
    [x - 8, y + height - 1],
    [x - 4, y + height - 1],
  ];
  return join(
    wire(line, { color, width: 1.4, arrow: false, radius: 2 }),
    label(x - 11, y + height / 2, `${rows}`, { color, size: 12, align: "right" }),
  );
}

/** Whether the weights are there, and not those of another model with other gates.
 * @param {Weights | null} weights @param {Block[]} gates @returns {weights is Weights} */
const holdsAll = (weights, gates) => weights !== null && gates.every((gate) => weights[gate]);

/** Names of the blocks of columns. @param {Trace} trace @param {number} x @param {number} across
 * @param {MatricesOptions} options */
function headOf(trace, x, across, { theme, framework }) {
  const { gates, candidate } = keptBy(trace.layer, framework);
  const each = across / gates.length;
  return join(
    ...gates.map((gate, k) => {
      const letter = gate === "candidate" ? candidate : LETTERS[gate];
      const name = each < 96 ? NAMES[gate].replace(" gate", "") : NAMES[gate];
      const text = each < 72 ? `<i>${letter}</i>` : `<i>${letter}</i>  ${name}`;
      return join(
        label(x + (k + 0.5) * each, 12, text, {
          color: theme.quantity[gate],
          size: each < 96 ? 11.5 : 13,
          bold: true,
        }),
        frame(
          { x: x + k * each + 1, y: 24, width: each - 2, height: 4 },
          { fill: theme.quantity[gate], radius: 2 },
        ),
      );
    }),
  );
}

/** The rows of a matrix for one gate; a second bias is zero where ours is the sum of both.
 * @param {Weights} weights @param {Block} gate @param {Part} part @returns {number[][]} */
function matrixOf(weights, gate, part) {
  const own = weights[gate];
  if (part === "kernel" || part === "recurrent_kernel") return own[part];
  return [own[part] ?? own.bias.map(() => 0)];
}

/** The sum that a weight is part of, at any word. @param {Block} gate @param {number} unit */
const takesPart = (gate, unit) => ({ quantity: gate, timestep: 1, unit });

const NUMBER = 36; // pixels that a number takes

const BAR = 10; // and a bar that can be read

/** A weight as a bar from the middle; as a shade where there is no room for one.
 * @param {number} value @param {number} limit @param {number} width pixels
 * @param {import("../../core/theme.js").Theme} theme */
function lookOf(value, limit, width, theme) {
  const text = width >= NUMBER ? compact(value) : "";
  if (width < BAR) {
    return { text, color: colorAt(theme.signed, (value / limit + 1) / 2), ink: theme.ink };
  }
  const gauge = gaugeOf("input", value, limit, theme);
  const color = text ? gauge.color : theme.muted;
  return { text, color: theme.paper, ink: theme.ink, gauge: { ...gauge, color, upright: !text } };
}

/** @param {Trace} trace @param {{name: string, part: Part}} matrix
 * @param {import("../../draw/primitives.js").Rect} rect @param {MatricesOptions} options */
function valuesOf(trace, { name, part }, rect, { theme, weights, framework, unit: cursor }) {
  const loaded = /** @type {Weights} */ (weights);
  const { gates } = keptBy(trace.layer, framework, weights);
  const each = rect.width / gates.length;
  const columnWidth = each / trace.layer.units;
  const limit = Math.max(
    1,
    ...gates.flatMap((gate) => matrixOf(loaded, gate, part).flat().map(Math.abs)),
  );
  return join(
    ...gates.map((gate, at) => {
      if (!hasBlock(gate, part)) return null;
      const matrix = matrixOf(loaded, gate, part);
      const boxes = matrix.flatMap((row, r) =>
        row.map((value, unit) => {
          const place = matrix.length === 1 ? `${unit}` : `${r}, ${unit}`;
          return {
            ...lookOf(value, limit, columnWidth, theme),
            hover: `${name}, ${NAMES[gate]} [${place}]<br><b>${precise(value)}</b>`,
            mark: takesPart(gate, unit),
            selected: false,
          };
        }),
      );
      const block4 = { ...rect, x: rect.x + at * each, width: each };
      return join(
        block(block4, boxes, trace.layer.units, {
          line: theme.quantity[gate],
          hairline: mix(theme.paper, theme.line, 0.6),
          selection: theme.ink,
        }),
        frame(
          { ...block4, x: block4.x + cursor * columnWidth, width: columnWidth },
          { line: theme.ink, lineWidth: 2, radius: 2, layer: "above" },
        ),
      );
    }),
  );
}

/** A matrix without its values: tinted, with its size. @param {Trace} trace @param {Part} part
 * @param {import("../../draw/primitives.js").Rect} rect @param {MatricesOptions} options
 * @param {boolean} ruled */
function blankOf(trace, part, rect, { theme, framework }, ruled) {
  const { gates } = keptBy(trace.layer, framework);
  const rows = rowsOf(trace.layer, part);
  const each = rect.width / gates.length;
  return join(
    ...gates.map((gate, k) => {
      if (!hasBlock(gate, part)) return null;
      const place = { ...rect, x: rect.x + k * each, width: each };
      const fill = mix(theme.paper, theme.quantity[gate], 0.14);
      return join(
        frame(place, { fill, line: theme.quantity[gate], lineWidth: 1.4, radius: 3 }),
        ruled
          ? null
          : label(
              place.x + each / 2,
              place.y + place.height / 2,
              `${rows} × ${trace.layer.units}`,
              {
                color: theme.ink,
                size: 12,
              },
            ),
      );
    }),
  );
}

const SPELLED = { keras: "Keras", pytorch: "PyTorch", onnx: "ONNX" };

/** @param {Trace} trace @param {MatricesOptions} options @param {number} total */
function labelOf(trace, { framework, weights }, total) {
  const { gates, parts } = keptBy(trace.layer, framework, weights);
  const order = gates.map((gate) => NAMES[gate]).join(", ");
  return (
    `The weights of the layer as ${SPELLED[framework]} keeps them: ` +
    `${parts.map(({ name }) => name).join(", ")}; ${cellOf(trace).gates.length > 0 ? `gates in the order ${order}` : "one block, without gates"}. ` +
    `${total.toLocaleString("en-US")} numbers in all.`
  );
}

/** @param {Trace} trace @param {MatricesOptions} options @param {number[]} sizes
 * @returns {import("../../core/types.js").Table} */
function tableOf(trace, { framework, weights }, sizes) {
  const { gates, parts } = keptBy(trace.layer, framework, weights);
  const { units } = trace.layer;
  if (!holdsAll(weights, gates) || units > 16) {
    return {
      columns: ["matrix", "numbers"],
      rows: parts.map(({ name }, k) => [name, String(sizes[k])]),
    };
  }
  const columns = gates.flatMap((gate) =>
    Array.from({ length: units }, (_, unit) => `${NAMES[gate]}, unit ${unit}`),
  );
  const written = (
    /** @type {Block} */ gate,
    /** @type {Part} */ part,
    /** @type {number} */ row,
  ) =>
    matrixOf(weights, gate, part)[row].map((value, unit) =>
      hasBlock(gate, part) ? { text: fixed(value, 4), mark: takesPart(gate, unit) } : "–",
    );
  const rows = parts.flatMap(({ name, part }) =>
    Array.from({ length: rowsOf(trace.layer, part) }, (_, row) => [
      part === "kernel" || part === "recurrent_kernel" ? `${name}, row ${row}` : name,
      ...gates.flatMap((gate) => written(gate, part, row)),
    ]),
  );
  return { columns: ["", ...columns], rows };
}

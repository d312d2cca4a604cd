/**
 * The layer's weight matrices with the count of their numbers: one block of columns for each gate,
 * in the order in which a framework keeps them.
 */
import { cellOf } from "./cells.js";
import { colorAt, mix, readable } from "./color.js";
import { block, frame, join, label, toFigure } from "./draw.js";
import { compact, fixed, precise } from "./format.js";
import { hasBlock, keptBy, parameterCounts, rowsOf } from "./layouts.js";
import { LETTERS, NAMES } from "./vectors.js";

/** @typedef {import("./cells.js").Block} Block */
/** @typedef {import("../types.js").Trace} Trace */
/** @typedef {import("../types.js").Weights} Weights */
/** @typedef {import("./layouts.js").Framework} Framework */
/** @typedef {import("./layouts.js").Part} Part */
/** @typedef {Omit<import("../types.js").FigureOptions, "timestep"> & {weights: Weights | null,
 *   framework: Framework}} MatricesOptions */

const MOST_CELLS = 64; // columns, or rows of one matrix, that are still drawn one by one
const GAP = 46; // between two matrices, for the name of the lower one
const TOP = 34;

/** @param {Trace} trace @param {MatricesOptions} options @returns {import("../types.js").Figure} */
export function matricesFigure(trace, options) {
  const { theme, width, framework } = options;
  const { units, features } = trace.layer;
  const { gates, parts: kept } = keptBy(trace.layer, framework, options.weights);
  const columns = gates.length * units;
  const { sizes, total } = parameterCounts(trace.layer, framework, options.weights);
  const rows = kept.map(({ part }) => rowsOf(trace.layer, part));
  const whole = columns <= MOST_CELLS && Math.max(features, units) <= 16;
  const heights = rows.map((count) => (whole ? 24 * count : count === 1 ? 24 : 90));
  const x = 4;
  const across = Math.min(width - 8, whole ? Math.max(columns * 58, 300) : 720);

  const transposed = options.framework !== "keras";
  let y = TOP;
  const parts = kept.map(({ name, part }, k) => {
    y += k ? GAP : 26;
    const rect = { x, y, width: across, height: heights[k] };
    y += heights[k];
    const count = sizes[k].toLocaleString("en-US");
    const shape = transposed
      ? `${columns} × ${rows[k]} = ${count}, drawn transposed`
      : `${rows[k]} × ${columns} = ${count}`;
    const size = rows[k] === 1 ? count : shape;
    return join(
      label(x, rect.y - 14, `<b>${name}</b>  ${size}`, {
        color: theme.ink,
        size: 13,
        align: "left",
      }),
      whole && holdsAll(options.weights, gates)
        ? valuesOf(trace, { name, part }, rect, options)
        : blankOf(trace, part, rect, options, whole),
    );
  });
  return toFigure(join(headOf(trace, x, across, options), ...parts), {
    width,
    height: y + 8,
    theme,
    label: labelOf(trace, options, total),
    table: tableOf(trace, options, sizes),
  });
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
      const text = each < 96 ? `<i>${letter}</i>` : `<i>${letter}</i>  ${NAMES[gate]}`;
      return join(
        label(x + (k + 0.5) * each, 12, text, {
          color: theme.quantity[gate],
          size: 13,
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

/** @param {Trace} trace @param {{name: string, part: Part}} matrix
 * @param {import("./draw.js").Rect} rect @param {MatricesOptions} options */
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
          const color = colorAt(theme.signed, (value / limit + 1) / 2);
          const place = matrix.length === 1 ? `${unit}` : `${r}, ${unit}`;
          return {
            text: columnWidth >= 36 ? compact(value) : "",
            color,
            ink: readable(color, theme),
            hover: `${name}, ${NAMES[gate]} [${place}]<br><b>${precise(value)}</b>`,
            mark: { quantity: gate, timestep: 1, unit }, // the sum this weight is part of
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
 * @param {import("./draw.js").Rect} rect @param {MatricesOptions} options
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

/** @param {Trace} trace @param {MatricesOptions} options @param {number} total */
function labelOf(trace, { framework, weights }, total) {
  const { gates, parts } = keptBy(trace.layer, framework, weights);
  const order = gates.map((gate) => NAMES[gate]).join(", ");
  return (
    `The weights of the layer as ${framework === "onnx" ? "ONNX" : framework} keeps them: ` +
    `${parts.map(({ name }) => name).join(", ")}; ${cellOf(trace).gates.length > 0 ? `gates in the order ${order}` : "one block, without gates"}. ` +
    `${total.toLocaleString("en-US")} numbers in all.`
  );
}

/** @param {Trace} trace @param {MatricesOptions} options @param {number[]} sizes
 * @returns {import("../types.js").Table} */
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
    matrixOf(weights, gate, part)[row].map((value) =>
      hasBlock(gate, part) ? fixed(value, 4) : "–",
    );
  const rows = parts.flatMap(({ name, part }) =>
    Array.from({ length: rowsOf(trace.layer, part) }, (_, row) => [
      part === "kernel" || part === "recurrent_kernel" ? `${name}, row ${row}` : name,
      ...gates.flatMap((gate) => written(gate, part, row)),
    ]),
  );
  return { columns: ["", ...columns], rows };
}

/**
 * The layer's weight matrices with the count of their numbers: one block of columns for each gate,
 * in the order in which a framework keeps them.
 */
import { colorAt, mix, readable } from "./color.js";
import { block, frame, join, label, toFigure } from "./draw.js";
import { compact, fixed, precise } from "./format.js";
import { LETTERS, NAMES } from "./vectors.js";

/** @typedef {import("../types.js").Gate} Gate */
/** @typedef {import("../types.js").Trace} Trace */
/** @typedef {import("../types.js").Weights} Weights */
/** @typedef {"keras" | "pytorch" | "onnx"} Framework */
/** @typedef {Omit<import("../types.js").FigureOptions, "timestep"> & {weights: Weights | null,
 *   framework: Framework}} MatricesOptions */

/** @type {Record<Framework, {gates: Gate[], candidate: string, names: string[]}>} */
export const FRAMEWORKS = {
  keras: {
    gates: ["input_gate", "forget_gate", "candidate", "output_gate"],
    candidate: "c",
    names: ["kernel", "recurrent_kernel", "bias"],
  },
  pytorch: {
    gates: ["input_gate", "forget_gate", "candidate", "output_gate"],
    candidate: "g",
    names: ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"],
  },
  onnx: {
    gates: ["input_gate", "output_gate", "forget_gate", "candidate"],
    candidate: "c",
    names: ["W", "R", "B, first half", "B, second half"],
  },
};

const MOST_CELLS = 64; // columns, or rows of one matrix, that are still drawn one by one
const GAP = 46; // between two matrices, for the name of the lower one
const TOP = 34;

/** How many numbers a layer holds, matrix by matrix.
 * @param {{units: number, features: number}} layer @param {Framework} framework */
export function parameterCounts({ units, features }, framework) {
  const biases = FRAMEWORKS[framework].names.length - 2;
  const sizes = [features, units, ...Array(biases).fill(1)].map((rows) => rows * 4 * units);
  return { sizes, total: sizes.reduce((a, b) => a + b, 0) };
}

/** @param {Trace} trace @param {MatricesOptions} options @returns {import("../types.js").Figure} */
export function matricesFigure(trace, options) {
  const { theme, width, framework } = options;
  const { units, features } = trace.layer;
  const { names } = FRAMEWORKS[framework];
  const { sizes, total } = parameterCounts(trace.layer, framework);
  const rows = [features, units, ...Array(names.length - 2).fill(1)];
  const whole = 4 * units <= MOST_CELLS && Math.max(features, units) <= 16;
  const heights = rows.map((count) => (whole ? 24 * count : count === 1 ? 24 : 90));
  const x = 4;
  const across = Math.min(width - 8, whole ? Math.max(4 * units * 58, 300) : 720);

  let y = TOP;
  const parts = names.map((name, k) => {
    y += k ? GAP : 26;
    const rect = { x, y, width: across, height: heights[k] };
    y += heights[k];
    const count = sizes[k].toLocaleString("en-US");
    const size = rows[k] === 1 ? count : `${rows[k]} × ${4 * units} = ${count}`;
    return join(
      label(x, rect.y - 14, `<b>${name}</b>  ${size}`, {
        color: theme.ink,
        size: 13,
        align: "left",
      }),
      whole && options.weights
        ? valuesOf(trace, k, rect, options)
        : blankOf(rect, rows[k], options, units, whole),
    );
  });
  return toFigure(join(headOf(x, across, options), ...parts), {
    width,
    height: y + 8,
    theme,
    label: labelOf(trace, framework, total),
    table: tableOf(trace, options, sizes),
  });
}

/** Names of the four blocks of columns. @param {number} x @param {number} across
 * @param {MatricesOptions} options */
function headOf(x, across, { theme, framework }) {
  const { gates, candidate } = FRAMEWORKS[framework];
  const each = across / 4;
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

/** The rows of matrix k for one gate; a second bias is zero, since ours is the sum of both.
 * @param {Weights} weights @param {Gate} gate @param {number} k @returns {number[][]} */
function matrixOf(weights, gate, k) {
  const { kernel, recurrent_kernel, bias } = weights[gate];
  return [kernel, recurrent_kernel, [bias], [bias.map(() => 0)]][k];
}

/** @param {Trace} trace @param {number} k which matrix
 * @param {import("./draw.js").Rect} rect @param {MatricesOptions} options */
function valuesOf(trace, k, rect, { theme, weights, framework, unit: cursor }) {
  const loaded = /** @type {Weights} */ (weights);
  const { gates, names } = FRAMEWORKS[framework];
  const each = rect.width / 4;
  const columnWidth = each / trace.layer.units;
  const limit = Math.max(
    1,
    ...gates.flatMap((gate) => matrixOf(loaded, gate, k).flat().map(Math.abs)),
  );
  return join(
    ...gates.map((gate, at) => {
      const matrix = matrixOf(loaded, gate, k);
      const boxes = matrix.flatMap((row, r) =>
        row.map((value, unit) => {
          const color = colorAt(theme.signed, (value / limit + 1) / 2);
          const place = matrix.length === 1 ? `${unit}` : `${r}, ${unit}`;
          return {
            text: columnWidth >= 36 ? compact(value) : "",
            color,
            ink: readable(color, theme),
            hover: `${names[k]}, ${NAMES[gate]} [${place}]<br><b>${precise(value)}</b>`,
            mark: null,
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

/** A matrix without its values: tinted, with its size. @param {import("./draw.js").Rect} rect
 * @param {number} rows @param {MatricesOptions} options @param {number} units
 * @param {boolean} ruled */
function blankOf(rect, rows, { theme, framework }, units, ruled) {
  const each = rect.width / 4;
  return join(
    ...FRAMEWORKS[framework].gates.map((gate, k) => {
      const part = { ...rect, x: rect.x + k * each, width: each };
      const fill = mix(theme.paper, theme.quantity[gate], 0.14);
      return join(
        frame(part, { fill, line: theme.quantity[gate], lineWidth: 1.4, radius: 3 }),
        ruled
          ? null
          : label(part.x + each / 2, part.y + part.height / 2, `${rows} × ${units}`, {
              color: theme.ink,
              size: 12,
            }),
      );
    }),
  );
}

/** @param {Trace} trace @param {Framework} framework @param {number} total */
function labelOf(trace, framework, total) {
  const { gates, names } = FRAMEWORKS[framework];
  return (
    `The weights of the layer as ${framework === "onnx" ? "ONNX" : framework} keeps them: ` +
    `${names.join(", ")}; gates in the order ${gates.map((gate) => NAMES[gate]).join(", ")}. ` +
    `${total.toLocaleString("en-US")} numbers in all.`
  );
}

/** @param {Trace} trace @param {MatricesOptions} options @param {number[]} sizes
 * @returns {import("../types.js").Table} */
function tableOf(trace, { framework, weights }, sizes) {
  const { gates, names } = FRAMEWORKS[framework];
  const { units } = trace.layer;
  if (!weights || units > 16) {
    return {
      columns: ["matrix", "numbers"],
      rows: names.map((name, k) => [name, String(sizes[k])]),
    };
  }
  const columns = gates.flatMap((gate) =>
    Array.from({ length: units }, (_, unit) => `${NAMES[gate]}, unit ${unit}`),
  );
  const rows = names.flatMap((name, k) =>
    matrixOf(weights, gates[0], k).map((_, row) => [
      k < 2 ? `${name}, row ${row}` : name,
      ...gates.flatMap((gate) => matrixOf(weights, gate, k)[row].map((value) => fixed(value, 4))),
    ]),
  );
  return { columns: ["", ...columns], rows };
}

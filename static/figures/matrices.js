/**
 * The layer's weight matrices with the count of their numbers: one block of columns for each gate,
 * in the order in which a framework keeps them.
 */
import { cellOf, kindOf } from "./cells.js";
import { colorAt, mix, readable } from "./color.js";
import { block, frame, join, label, toFigure } from "./draw.js";
import { compact, fixed, precise } from "./format.js";
import { LETTERS, NAMES } from "./vectors.js";

/** @typedef {import("./cells.js").Block} Block */
/** @typedef {import("../types.js").Trace} Trace */
/** @typedef {import("../types.js").Weights} Weights */
/** @typedef {"keras" | "pytorch" | "onnx"} Framework */
/** @typedef {Omit<import("../types.js").FigureOptions, "timestep"> & {weights: Weights | null,
 *   framework: Framework}} MatricesOptions */

/** The blocks of columns in the order in which a framework keeps them, and its letter for the
 * candidate. @type {Record<import("./cells.js").CellKind["layout"],
 *   Record<Framework, {gates: Block[], candidate: string}>>} */
const ORDERS = {
  lstm: {
    keras: { gates: ["input_gate", "forget_gate", "candidate", "output_gate"], candidate: "c" },
    pytorch: { gates: ["input_gate", "forget_gate", "candidate", "output_gate"], candidate: "g" },
    onnx: { gates: ["input_gate", "output_gate", "forget_gate", "candidate"], candidate: "c" },
  },
  gru: {
    keras: { gates: ["update_gate", "reset_gate", "candidate"], candidate: "h" },
    pytorch: { gates: ["reset_gate", "update_gate", "candidate"], candidate: "n" },
    onnx: { gates: ["update_gate", "reset_gate", "candidate"], candidate: "h" },
  },
  simple_rnn: {
    keras: { gates: ["hidden_state"], candidate: "h" },
    pytorch: { gates: ["hidden_state"], candidate: "h" },
    onnx: { gates: ["hidden_state"], candidate: "h" },
  },
};

/** @type {Record<Framework, string[]>} */
const MATRICES = {
  keras: ["kernel", "recurrent_kernel", "bias"],
  pytorch: ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"],
  onnx: ["W", "R", "B, first half", "B, second half"],
};

/** How a framework keeps the weights of a kind of cell.
 * @param {{cell?: string}} layer @param {Framework} framework
 * @param {Weights | null} [weights] which tell whether there are two biases */
export function keptBy({ cell }, framework, weights = null) {
  const { layout, sums } = kindOf(cell);
  // Keras, too, has a second bias where the reset gate is multiplied with it
  const second = weights?.candidate
    ? weights.candidate.recurrent_bias
    : sums.candidate?.reset === "after";
  const both = framework === "keras" && Boolean(second);
  const names = both
    ? ["kernel", "recurrent_kernel", "bias, first row", "bias, second row"]
    : MATRICES[framework];
  return { ...ORDERS[layout][framework], names };
}

const MOST_CELLS = 64; // columns, or rows of one matrix, that are still drawn one by one
const GAP = 46; // between two matrices, for the name of the lower one
const TOP = 34;

/** How many numbers a layer holds, matrix by matrix.
 * @param {{units: number, features: number, cell?: string}} layer @param {Framework} framework
 * @param {Weights | null} [weights] */
export function parameterCounts(layer, framework, weights) {
  const { units, features } = layer;
  const { gates, names } = keptBy(layer, framework, weights);
  const rows = [features, units, ...Array(names.length - 2).fill(1)];
  const sizes = rows.map((count) => count * gates.length * units);
  return { sizes, total: sizes.reduce((a, b) => a + b, 0) };
}

/** @param {Trace} trace @param {MatricesOptions} options @returns {import("../types.js").Figure} */
export function matricesFigure(trace, options) {
  const { theme, width, framework } = options;
  const { units, features } = trace.layer;
  const { gates, names } = keptBy(trace.layer, framework, options.weights);
  const columns = gates.length * units;
  const { sizes, total } = parameterCounts(trace.layer, framework, options.weights);
  const rows = [features, units, ...Array(names.length - 2).fill(1)];
  const whole = columns <= MOST_CELLS && Math.max(features, units) <= 16;
  const heights = rows.map((count) => (whole ? 24 * count : count === 1 ? 24 : 90));
  const x = 4;
  const across = Math.min(width - 8, whole ? Math.max(columns * 58, 300) : 720);

  const transposed = options.framework !== "keras";
  let y = TOP;
  const parts = names.map((name, k) => {
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
        ? valuesOf(trace, k, rect, options)
        : blankOf(trace, rect, rows[k], options, whole),
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

/** The rows of matrix k for one gate; a second bias is zero where ours is the sum of both.
 * @param {Weights} weights @param {Block} gate @param {number} k @returns {number[][]} */
function matrixOf(weights, gate, k) {
  const { kernel, recurrent_kernel, bias, recurrent_bias: second } = weights[gate];
  return [kernel, recurrent_kernel, [bias], [second ?? bias.map(() => 0)]][k];
}

/** @param {Trace} trace @param {number} k which matrix
 * @param {import("./draw.js").Rect} rect @param {MatricesOptions} options */
function valuesOf(trace, k, rect, { theme, weights, framework, unit: cursor }) {
  const loaded = /** @type {Weights} */ (weights);
  const { gates, names } = keptBy(trace.layer, framework, weights);
  const each = rect.width / gates.length;
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

/** A matrix without its values: tinted, with its size. @param {Trace} trace
 * @param {import("./draw.js").Rect} rect @param {number} rows @param {MatricesOptions} options
 * @param {boolean} ruled */
function blankOf(trace, rect, rows, { theme, framework }, ruled) {
  const { gates } = keptBy(trace.layer, framework);
  const { units } = trace.layer;
  const each = rect.width / gates.length;
  return join(
    ...gates.map((gate, k) => {
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

/** @param {Trace} trace @param {MatricesOptions} options @param {number} total */
function labelOf(trace, { framework, weights }, total) {
  const { gates, names } = keptBy(trace.layer, framework, weights);
  const order = gates.map((gate) => NAMES[gate]).join(", ");
  return (
    `The weights of the layer as ${framework === "onnx" ? "ONNX" : framework} keeps them: ` +
    `${names.join(", ")}; ${cellOf(trace).gates.length > 0 ? `gates in the order ${order}` : "one block, without gates"}. ` +
    `${total.toLocaleString("en-US")} numbers in all.`
  );
}

/** @param {Trace} trace @param {MatricesOptions} options @param {number[]} sizes
 * @returns {import("../types.js").Table} */
function tableOf(trace, { framework, weights }, sizes) {
  const { gates, names } = keptBy(trace.layer, framework, weights);
  const { units } = trace.layer;
  if (!holdsAll(weights, gates) || units > 16) {
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

/** Loss and accuracy after every epoch, of the training sentences and of those held out. */
import { derived } from "../../arithmetic/derived-numbers.js";
import { fixed } from "../../draw/format.js";
import { percent } from "../../arithmetic/probabilities.js";

/** @typedef {import("../../core/theme.js").Theme} Theme */
/** @typedef {import("../../core/types.js").EpochRow} EpochRow */

const STACKED_BELOW = 520;
const PANEL = 170;
const MARGIN = { l: 46, r: 90, t: 26, b: 34 };

/** @type {{name: "loss" | "accuracy", title: string}[]} */
const PANELS = [
  { name: "loss", title: "Loss" },
  { name: "accuracy", title: "Accuracy" },
];

/** Why what a training went through does not open. */
const PAST = {
  loss: derived(
    () =>
      "This loss is history: the mean over every example, taken with the weights as they were in " +
      "that epoch. What each example added was not kept, so there is nothing left to add up.",
  ),
  accuracy: derived(
    () =>
      "This accuracy is history: how many of all examples the weights of that epoch answered right. " +
      "Which ones was not kept, so there is nothing left to count.",
  ),
};

/**
 * @param {EpochRow[]} rows at least one
 * @param {{theme: Theme, width: number, epoch: number | null, epochs: number}} options `epoch` is
 *   the one that is looked at, `epochs` how many there will be
 * @returns {import("../../core/types.js").Figure}
 */
export function trainingFigure(rows, options) {
  const { theme, width } = options;
  const stacked = width < STACKED_BELOW;
  const height = stacked ? 2 * PANEL + 76 : PANEL + MARGIN.t + MARGIN.b;
  const right = (MARGIN.l + MARGIN.r) / (width - MARGIN.l - MARGIN.r);
  const half = (1 - right) / 2;
  const gap = 0.19;
  const domains = stacked
    ? [
        { x: [0, 1], y: [0.5 + gap / 2, 1] },
        { x: [0, 1], y: [0, 0.5 - gap / 2] },
      ]
    : [
        { x: [0, half], y: [0, 1] },
        { x: [1 - half, 1], y: [0, 1] },
      ];
  const told = rows[0].accuracy === null ? PANELS.slice(0, 1) : PANELS;
  const panels = told.map((panel, k) => panelOf(rows, panel, k, domains[k], options));
  const figure = {
    data: panels.flatMap(({ data }) => data),
    layout: {
      width,
      height,
      margin: MARGIN,
      paper_bgcolor: theme.paper,
      plot_bgcolor: theme.paper,
      font: { family: theme.font, size: 12, color: theme.ink },
      dragmode: false,
      showlegend: false,
      hovermode: "closest",
      hoverlabel: {
        bgcolor: theme.ink,
        bordercolor: theme.ink,
        font: { family: theme.font, size: 13, color: theme.paper },
      },
      ...Object.assign({}, ...panels.map(({ axes }) => axes)),
      shapes: panels.flatMap(({ shapes }) => shapes),
      annotations: panels.flatMap(({ annotations }) => annotations),
      meta: {
        label: labelOf(rows),
        table: tableOf(rows),
        opens: panels.flatMap(({ annotations }, k) => annotations.map(() => PAST[PANELS[k].name])),
      },
    },
  };
  return /** @type {import("../../core/types.js").Figure} */ (/** @type {unknown} */ (figure));
}

/**
 * @param {EpochRow[]} rows @param {typeof PANELS[number]} panel @param {number} k
 * @param {{x: number[], y: number[]}} domain @param {Parameters<typeof trainingFigure>[1]} options
 */
function panelOf(rows, { name, title }, k, domain, { theme, epoch, epochs }) {
  const own = k ? String(k + 1) : "";
  const [x, y] = [`x${own}`, `y${own}`];
  const validated = rows.some((row) => row.val_loss !== null);
  const lines = [
    ...(validated ? [lineOf(rows, `val_${name}`, { color: theme.muted, text: "validation" })] : []),
    lineOf(rows, name, { color: theme.ink, text: validated ? "training" : "" }),
  ];
  const top = name === "accuracy" ? 1 : Math.max(...lines.flatMap((line) => line.values)) * 1.05;
  const places = apart(
    lines.map((line) => line.values[line.values.length - 1]),
    top,
  );
  const last = rows[rows.length - 1].epoch;
  return {
    data: lines.map((line) => ({
      type: "scatter",
      mode: rows.length > 1 ? "lines" : "markers",
      x: rows.map((row) => row.epoch),
      y: line.values,
      line: { color: line.color, width: 2.2 },
      marker: { color: line.color, size: 7 },
      hoverinfo: "text",
      customdata: rows.map(() => PAST[name]),
      hovertext: rows.map((row, i) => `epoch ${row.epoch}<br>${title} ${line.hover[i]}`),
      xaxis: x,
      yaxis: y,
    })),
    axes: {
      [`xaxis${own}`]: {
        ...plain(theme),
        domain: domain.x,
        range: [0, Math.max(epochs, 1)],
        anchor: y,
        title: { text: "epoch", standoff: 4, font: { size: 12, color: theme.muted } },
        nticks: 6,
      },
      [`yaxis${own}`]: {
        ...plain(theme),
        domain: domain.y,
        range: [0, top],
        anchor: x,
        nticks: 5,
        tickformat: name === "accuracy" ? ".0%" : undefined,
        showgrid: true,
      },
    },
    shapes:
      epoch === null
        ? []
        : [
            {
              type: "line",
              xref: x,
              yref: `${y} domain`,
              x0: epoch,
              x1: epoch,
              y0: 0,
              y1: 1,
              line: { color: theme.quantity.hidden_state, width: 2 },
              layer: "below",
            },
          ],
    annotations: [
      {
        text: `<b>${title}</b>`,
        xref: `${x} domain`,
        yref: `${y} domain`,
        x: 0,
        y: 1,
        xanchor: "left",
        yanchor: "bottom",
        yshift: 4,
        showarrow: false,
        font: { size: 13, color: theme.ink },
      },
      ...lines.map((line, i) => ({
        text: `${line.hover[rows.length - 1]}${line.text && `<br>${line.text}`}`,
        xref: x,
        yref: y,
        x: last,
        y: places[i],
        xanchor: "left",
        yanchor: "middle",
        xshift: 7,
        align: "left",
        showarrow: false,
        captureevents: true,
        font: { size: 11, color: line.color },
      })),
    ],
  };
}

/**
 * @param {EpochRow[]} rows
 * @param {string} name
 * @param {{color: string, text: string}} style
 */
function lineOf(rows, name, style) {
  const values = rows.map((row) => Number(/** @type {any} */ (row)[name]));
  const write = name.endsWith("accuracy") ? percent : (/** @type {number} */ v) => fixed(v, 3);
  return { ...style, values, hover: values.map(write) };
}

/** Where two labels go that would lie over one another or outside of the panel.
 * @param {number[]} values @param {number} top the end of the axis */
function apart(values, top) {
  const least = 0.11 * top;
  const inside = (/** @type {number} */ y) => Math.min(Math.max(y, least * 0.7), top - least * 0.7);
  if (values.length < 2 || Math.abs(values[0] - values[1]) >= 2 * least) return values.map(inside);
  const middle = (values[0] + values[1]) / 2;
  const center = Math.min(Math.max(middle, least * 1.7), top - least * 1.7);
  const up = values[0] >= values[1] ? least : -least;
  return [center + up, center - up];
}

/** @param {Theme} theme */
const plain = (theme) => ({
  fixedrange: true,
  showgrid: false,
  zeroline: false,
  gridcolor: theme.line,
  linecolor: theme.line,
  showline: true,
  ticks: "outside",
  tickcolor: theme.line,
  ticklen: 4,
  tickfont: { size: 11, color: theme.muted },
});

/** @param {EpochRow[]} rows */
function labelOf(rows) {
  const [first, last] = [rows[0], rows[rows.length - 1]];
  const losses = `from ${fixed(first.loss, 3)} to ${fixed(last.loss, 3)}`;
  if (first.accuracy === null || last.accuracy === null) {
    return `Loss after each epoch up to ${last.epoch} of ${last.epochs}: ${losses}.`;
  }
  const aside =
    last.val_accuracy === null ? "" : `, ${percent(last.val_accuracy)} on held-out sentences`;
  return (
    `Loss and accuracy after each epoch up to ${last.epoch} of ${last.epochs}. Loss ` +
    `${losses}; accuracy from ${percent(first.accuracy)} ` +
    `to ${percent(last.accuracy)}${aside}.`
  );
}

/** @param {EpochRow[]} rows @returns {import("../../core/types.js").Table} */
function tableOf(rows) {
  const validated = rows.some((row) => row.val_loss !== null);
  const judged = rows[0].accuracy !== null;
  const names = ["loss", ...(judged ? ["accuracy"] : [])];
  const aside = validated ? names.map((name) => `${name}, validation`) : [];
  const cells = (/** @type {number | null} */ loss, /** @type {number | null} */ accuracy) => [
    { text: fixed(loss ?? 0, 4), mark: PAST.loss },
    ...(judged ? [{ text: percent(accuracy ?? 0), mark: PAST.accuracy }] : []),
  ];
  return {
    columns: ["epoch", ...names, ...aside],
    rows: rows.map((row) => [
      `${row.epoch}`,
      ...cells(row.loss, row.accuracy),
      ...(validated ? cells(row.val_loss, row.val_accuracy) : []),
    ]),
  };
}

/** A series, what a model foretold of each timestep from those before it, and its own forecasts read on. */
import { errorsOf, foretold, seriesOf } from "../../arithmetic/forecast-error.js";
import { fixed } from "../../draw/format.js";

/** @typedef {import("../../core/theme.js").Theme} Theme */
/** @typedef {import("../../core/types.js").Trace} Trace */

const MOST = 4; // features, a panel each
const [ONE, EACH, GAP] = [260, 150, 16];
const MARGIN = { l: 46, r: 14, t: 30, b: 40 };
const NARROW = { below: 520, line: 16 }; // pixels: a line of its own for each in the legend

/**
 * @param {Trace} trace of a model that foretells numbers
 * @param {{theme: Theme, width: number, timestep: number}} options
 * @param {number[][] | null} rolled its own forecasts, each read in its turn, from the cursor on
 * @returns {import("../../core/types.js").Figure}
 */
export function forecastFigure(trace, options, rolled) {
  const { theme, width, timestep } = options;
  const series = seriesOf(trace);
  const features = Math.min(MOST, series[0].length);
  const margin = { ...MARGIN, t: MARGIN.t + (width < NARROW.below ? 2 * NARROW.line : 0) };
  const height = margin.t + margin.b + (features === 1 ? ONE : features * EACH);
  const last = Math.max(series.length + 1, timestep + (rolled?.length ?? 0));
  const panels = Array.from({ length: features }, (_, k) =>
    panelOf(trace, k, features, { ...options, inside: height - margin.t - margin.b, last }, rolled),
  );
  const figure = {
    data: panels.flatMap(({ data }) => data),
    layout: {
      width,
      height,
      margin,
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
      annotations: legendOf(options, rolled, foretold(trace).length > 0),
      meta: { label: labelOf(trace, timestep, rolled), table: tableOf(trace, timestep, rolled) },
    },
  };
  return /** @type {import("../../core/types.js").Figure} */ (/** @type {unknown} */ (figure));
}

/**
 * The end of a series, and how a model foretells it from its own forecasts.
 *
 * @param {{seen: number[][], came: number[][], said: number[][]}} rows
 * @param {{theme: Theme, width: number}} options
 */
export function rollOutFigure({ seen, came, said }, options) {
  const inputs = [...seen, ...came];
  const trace = /** @type {Trace} */ (/** @type {unknown} */ ({ asked: { inputs } }));
  return forecastFigure(trace, { ...options, timestep: seen.length }, said);
}

/**
 * @param {Trace} trace @param {number} k which feature @param {number} features
 * @param {{theme: Theme, timestep: number, inside: number, last: number}} options
 * @param {number[][] | null} rolled
 */
function panelOf(trace, k, features, { theme, timestep, inside, last }, rolled) {
  const own = k ? String(k + 1) : "";
  const [x, y] = [`x${own}`, `y${own}`];
  const gap = features === 1 ? 0 : GAP / inside;
  const [top, bottom] = [1 - k / features, 1 - (k + 1) / features + gap];
  const series = seriesOf(trace);
  const said = foretold(trace);
  const line = (
    /** @type {object} */ style,
    /** @type {[number, number][]} */ points,
    what = "",
  ) => ({
    type: "scatter",
    mode: "lines+markers",
    x: points.map(([t]) => t),
    y: points.map(([, value]) => value),
    hoverinfo: "text",
    hovertext: points.map(([t, value]) => `timestep ${t}<br>${what} <b>${fixed(value, 3)}</b>`),
    customdata: points.map(([t]) => ({ quantity: "answer", timestep: t, unit: k })),
    xaxis: x,
    yaxis: y,
    ...style,
  });
  const came = series.map((row, t) => /** @type {[number, number]} */ ([t + 1, row[k]]));
  const ahead = said.map((row, t) => /** @type {[number, number]} */ ([t + 2, row[k]]));
  const data = [
    line(markedLine(theme.ink, "solid", 5), came, "came"),
    ...(ahead.length ? [line(markedLine(theme.bands[1], "dot", 5), ahead, "one step ahead")] : []),
  ];
  if (rolled) {
    const on = rolled.map((row, n) => /** @type {[number, number]} */ ([timestep + 1 + n, row[k]]));
    const from = /** @type {[number, number]} */ ([timestep, series[timestep - 1][k]]);
    data.push(line(markedLine(theme.bands[3], "solid", 4), [from, ...on], "rolled out"));
  }
  return {
    data,
    axes: {
      [`xaxis${own}`]: {
        ...plain(theme),
        range: [0.5, last + 0.5],
        anchor: y,
        nticks: 12,
        showticklabels: k === features - 1,
        title: k === features - 1 ? { text: "timestep", standoff: 4, font: { size: 12 } } : {},
      },
      [`yaxis${own}`]: {
        ...plain(theme),
        domain: [bottom, top],
        anchor: x,
        nticks: 5,
        showgrid: true,
      },
    },
    shapes: [
      {
        type: "line",
        xref: x,
        yref: `${y} domain`,
        x0: timestep,
        x1: timestep,
        y0: 0,
        y1: 1,
        line: { color: theme.muted, width: 1.5 },
        layer: "below",
      },
    ],
  };
}

/** @param {string} color @param {string} dash @param {number} size */
const markedLine = (color, dash, size) => ({
  line: { color, dash, width: 1.8 },
  marker: { color, size },
});

/** What each line is, in its colour. @param {{theme: Theme, width: number}} options
 * @param {number[][] | null} rolled @param {boolean} ahead */
function legendOf({ theme, width }, rolled, ahead) {
  const parts = [
    `<b>what came</b>`,
    ...(ahead ? [`<span style="color:${theme.bands[1]}">● forecast one step ahead</span>`] : []),
    ...(rolled
      ? [
          `<span style="color:${theme.bands[3]}">● ${rolled.length} steps from its own forecasts</span>`,
        ]
      : []),
  ];
  return [
    {
      text: parts.join(width < NARROW.below ? "<br>" : "   "),
      xref: "paper",
      yref: "paper",
      x: 0,
      y: 1,
      xanchor: "left",
      yanchor: "bottom",
      yshift: 6,
      align: "left",
      showarrow: false,
      font: { size: 12, color: theme.ink },
    },
  ];
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

/** @param {Trace} trace @param {number} timestep @param {number[][] | null} rolled */
function labelOf(trace, timestep, rolled) {
  const series = seriesOf(trace);
  const errors = errorsOf(series, foretold(trace));
  const off = errors ? ` The forecasts one step ahead are off by ${fixed(errors.model, 3)}.` : "";
  const on = rolled
    ? ` From timestep ${timestep} it reads ${rolled.length} of its own forecasts.`
    : "";
  return `A series of ${series.length} timesteps, and what the model foretold of each.${off}${on}`;
}

/**
 * @param {Trace} trace @param {number} timestep @param {number[][] | null} rolled
 * @returns {import("../../core/types.js").Table}
 */
function tableOf(trace, timestep, rolled) {
  const series = seriesOf(trace);
  const said = foretold(trace);
  const features = Array.from({ length: Math.min(MOST, series[0].length) }, (_, k) => k);
  const name = (/** @type {string} */ what, /** @type {number} */ k) =>
    features.length > 1 ? `${what}, feature ${k}` : what;
  const count = Math.max(series.length + 1, rolled ? timestep + rolled.length : 0);
  const write = (/** @type {number[] | undefined} */ row, /** @type {number} */ k) =>
    row ? fixed(row[k], 3) : "";
  return {
    columns: [
      "timestep",
      ...features.flatMap((k) => [
        name("came", k),
        name("foretold", k),
        ...(rolled ? [name("rolled out", k)] : []),
      ]),
    ],
    rows: Array.from({ length: count }, (_, t) => [
      `${t + 1}`,
      ...features.flatMap((k) => [
        write(series[t], k),
        write(said[t - 1], k),
        ...(rolled ? [write(rolled[t - timestep], k)] : []),
      ]),
    ]),
  };
}

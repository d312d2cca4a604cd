/**
 * A drawing as Plotly's traces and shapes, as few as will do. Bars and text traces redraw several
 * times faster than as many shapes and annotations, and a picture of stripes faster than bars.
 */

/** @typedef {import("../core/theme.js").Theme} Theme */
/** @typedef {import("./primitives.js").Drawing} Drawing */
/** @typedef {import("./primitives.js").Stripe} Stripe */

/** Pixels to a tenth. @param {number} value */
export const px = (value) => Math.round(value * 10) / 10;

/** @param {Drawing} drawn */
const discTrace = ({ discs }) => ({
  type: "scatter",
  mode: "markers",
  x: discs.map(({ x }) => px(x)),
  y: discs.map(({ y }) => px(y)),
  marker: {
    opacity: 1,
    size: discs.map(({ radius }) => 2 * radius),
    color: discs.map(({ color }) => color),
    line: {
      color: discs.map(({ line }) => line),
      width: discs.map(({ lineWidth }) => lineWidth),
    },
  },
  hoverinfo: "skip",
  cliponaxis: false,
  showlegend: false,
});

/** Stripes that stand on one grid, as one picture.
 * @param {Stripe[]} stripes of one scale */
function stripeTrace(stripes) {
  const lefts = [...new Set(stripes.map(({ x }) => x))].sort((a, b) => a - b);
  const tops = [...new Set(stripes.map(({ y }) => y))].sort((a, b) => a - b);
  const [{ width, height, shares, scale, faded }] = stripes;
  const count = shares.length;
  const edges = lefts.flatMap((x) =>
    Array.from({ length: count + 1 }, (_, k) => px(x + (k * width) / count)),
  );
  const blank = Array.from({ length: edges.length - 1 }, () => null);
  const rows = tops.flatMap((y, row) => {
    const at = new Map(stripes.filter((s) => s.y === y).map((s) => [s.x, s.shares]));
    const filled = lefts
      .flatMap((x) => [...(at.get(x) ?? blank.slice(0, count)), null])
      .slice(0, -1);
    return row === 0 ? [filled] : [blank, filled];
  });
  return {
    type: "heatmap",
    x: edges,
    y: tops.flatMap((y) => [px(y), px(y + height)]),
    z: rows,
    zmin: 0,
    zmax: 1,
    colorscale: scale,
    showscale: false,
    zsmooth: false,
    hoverongaps: false,
    opacity: faded ? 0.3 : 1,
    hoverinfo: "skip",
  };
}

/** @param {Drawing} drawn @param {Theme} theme */
function textTrace({ labels }, theme) {
  const side = { left: "middle right", center: "middle center", right: "middle left" };
  return {
    type: "scatter",
    mode: "text",
    x: labels.map(({ x }) => px(x)),
    // Plotly centres the line box, in which digits sit a little high.
    y: labels.map(({ y }) => px(y + 0.8)),
    text: labels.map(({ text, bold }) => (bold ? `<b>${text}</b>` : text)),
    textposition: labels.map(({ align }) => side[align]),
    textfont: {
      family: theme.font,
      size: labels.map(({ size }) => size),
      color: labels.map(({ color }) => color),
    },
    hoverinfo: "skip",
    cliponaxis: false,
    showlegend: false,
  };
}

/** @param {Drawing} drawn */
const boxTrace = ({ boxes }) => ({
  type: "bar",
  x: boxes.map(({ x, width }) => px(x + width / 2)),
  width: boxes.map(({ width }) => px(width)),
  base: boxes.map(({ y }) => px(y)),
  y: boxes.map(({ height }) => px(height)),
  marker: {
    color: boxes.map(({ color }) => color),
    line: { color: boxes.map(({ line }) => line), width: 1.2 },
  },
  hoverinfo: "skip",
  showlegend: false,
});

/** @param {Drawing} drawn */
const hitTrace = ({ hits }) => ({
  type: "scatter",
  mode: "none", // found by the pointer, but nothing to draw
  x: hits.map(({ x }) => px(x)),
  y: hits.map(({ y }) => px(y)),
  hoverinfo: "text",
  hovertext: hits.map(({ text }) => text),
  customdata: hits.map(({ mark }) => mark),
  showlegend: false,
});

/** @param {Drawing} drawn @param {Theme} theme */
export const traces = (drawn, theme) => [
  ...[false, true]
    .map((faded) => drawn.stripes.filter((stripe) => stripe.faded === faded))
    .filter((stripes) => stripes.length > 0)
    .map(stripeTrace),
  ...(drawn.boxes.length > 0 ? [boxTrace(drawn)] : []),
  ...(drawn.discs.length > 0 ? [discTrace(drawn)] : []),
  textTrace(drawn, theme),
  hitTrace(drawn),
];

/** Paths of one style as one path, where the first of them stood, since a shape costs Plotly far
 * more than a longer path does. Above the traces thicker outlines lie over thinner ones.
 * @param {Drawing["shapes"]} shapes @returns {Drawing["shapes"]} */
export function mergedShapes(shapes) {
  const above = shapes.filter(({ layer }) => layer === "above");
  above.sort((one, other) => (one.line?.width ?? 0) - (other.line?.width ?? 0));
  /** @type {Map<string, Drawing["shapes"][number]>} */
  const merged = new Map();
  for (const shape of [...shapes.filter(({ layer }) => layer !== "above"), ...above]) {
    const { path, ...style } = shape;
    const key = path ? JSON.stringify(style) : `alone ${merged.size}`;
    const before = merged.get(key);
    merged.set(key, before ? { ...style, path: `${before.path}${path}` } : shape);
  }
  return [...merged.values()];
}

/**
 * Drawing in pixels. A drawing is data: shapes for wires and frames, boxes and discs filled by
 * value, stripes of values, labels, and hits that carry hover and clicks. Primitives return
 * drawings, `join` lays them over one another, `toFigure` makes them Plotly's.
 */
import { mergedShapes, px, traces } from "./plotly-traces.js";

/** @typedef {import("../core/theme.js").Theme} Theme */
/** @typedef {import("../core/types.js").Openable} Mark */
/** @typedef {[number, number]} Point */
/** @typedef {{x: number, y: number, width: number, height: number}} Rect */
/** @typedef {Rect & {color: string, line: string}} Box */
/** @typedef {{x: number, y: number, text: string, size: number, color: string, bold: boolean,
 *   align: "left" | "center" | "right"}} Label */
/** @typedef {{x: number, y: number, text: string, mark: Mark | null}} Hit */
/** @typedef {{x: number, y: number, radius: number, color: string, line: string,
 *   lineWidth: number}} Disc */
/** @typedef {Rect & {shares: number[], scale: [number, string][], faded: boolean}} Stripe many
 *   values without numbers, each a share 0..1 of the scale */
/** @typedef {{tag: string, points: Point[], color: string}} Flow a wire on which something may travel */
/** @typedef {{shapes: Partial<import("plotly.js").Shape>[], boxes: Box[], discs: Disc[],
 *   stripes: Stripe[], labels: Label[], hits: Hit[], flows: Flow[]}} Drawing */

/** @param {Partial<Drawing>} parts @returns {Drawing} */
export const drawing = (parts) => ({
  shapes: [],
  boxes: [],
  discs: [],
  stripes: [],
  labels: [],
  hits: [],
  flows: [],
  ...parts,
});

/** Drawings one over another, the first lowest.
 * @param {...(Drawing | null)} drawings @returns {Drawing} */
export function join(...drawings) {
  const present = drawings.filter((part) => part !== null);
  return {
    shapes: present.flatMap((part) => part.shapes),
    boxes: present.flatMap((part) => part.boxes),
    discs: present.flatMap((part) => part.discs),
    stripes: present.flatMap((part) => part.stripes),
    labels: present.flatMap((part) => part.labels),
    hits: present.flatMap((part) => part.hits),
    flows: present.flatMap((part) => part.flows),
  };
}

/** @param {string} path @param {Partial<import("plotly.js").Shape>} style */
const pathShape = (path, style) =>
  drawing({ shapes: [{ type: "path", path, layer: "below", ...style }] });

/** A rectangle with round corners. @param {Rect} rect
 * @param {{fill?: string, line?: string, lineWidth?: number, radius?: number,
 *   layer?: "above" | "below"}} style */
export function frame({ x, y, width, height }, style) {
  const { fill = "rgba(0,0,0,0)", line = fill, lineWidth = 1, radius = 5, layer } = style;
  const r = Math.min(radius, width / 2, height / 2);
  const [x1, y1, x2, y2] = [x, y, x + width, y + height].map(px);
  const path =
    `M${px(x1 + r)},${y1}H${px(x2 - r)}Q${x2},${y1} ${x2},${px(y1 + r)}V${px(y2 - r)}` +
    `Q${x2},${y2} ${px(x2 - r)},${y2}H${px(x1 + r)}Q${x1},${y2} ${x1},${px(y2 - r)}` +
    `V${px(y1 + r)}Q${x1},${y1} ${px(x1 + r)},${y1}Z`;
  return pathShape(path, {
    fillcolor: fill,
    line: { color: line, width: lineWidth },
    layer: layer ?? "below",
  });
}

/** @param {Point} from @param {Point} to @param {number} length @returns {Point} */
function toward([x0, y0], [x1, y1], length) {
  const distance = Math.hypot(x1 - x0, y1 - y0) || 1;
  const share = Math.min(1, length / distance);
  return [px(x0 + (x1 - x0) * share), px(y0 + (y1 - y0) * share)];
}

/** The path of a line through points, its corners rounded. @param {Point[]} points
 * @param {number} radius */
function roundedPath(points, radius) {
  let path = `M${px(points[0][0])},${px(points[0][1])}`;
  for (let k = 1; k < points.length - 1; k++) {
    const enter = toward(points[k], points[k - 1], radius);
    const leave = toward(points[k], points[k + 1], radius);
    path += `L${enter}Q${px(points[k][0])},${px(points[k][1])} ${leave}`;
  }
  const [x, y] = points[points.length - 1];
  return `${path}L${px(x)},${px(y)}`;
}

/** @param {Point} tip @param {Point} from @param {string} color @param {number} size */
function arrowhead(tip, from, color, size) {
  const [bx, by] = toward(tip, from, size);
  const [dx, dy] = [(tip[0] - bx) * 0.5, (tip[1] - by) * 0.5];
  const path = `M${tip.map(px)}L${px(bx - dy)},${px(by + dx)}L${px(bx + dy)},${px(by - dx)}Z`;
  return pathShape(path, { fillcolor: color, line: { color, width: 0 } });
}

/** Points of a wire that runs level and upright: a start, then one coordinate changed at a time.
 * @param {number} x @param {number} y @param {...({x: number} | {y: number})} steps
 * @returns {Point[]} */
export function route(x, y, ...steps) {
  /** @type {Point[]} */
  const points = [[x, y]];
  for (const step of steps) {
    const [lastX, lastY] = points[points.length - 1];
    points.push("x" in step ? [step.x, lastY] : [lastX, step.y]);
  }
  return points;
}

/** A wire through points, with an arrowhead at its end unless told otherwise.
 * @param {Point[]} points
 * @param {{color: string, width?: number, arrow?: boolean, radius?: number}} style */
export function wire(points, { color, width = 2, arrow = true, radius = 10 }) {
  const [from, tip] = points.slice(-2);
  const size = 6 + width * 1.5;
  const body = arrow ? [...points.slice(0, -1), toward(tip, from, size * 0.7)] : points;
  if (arrow) body[body.length - 1] = toward(tip, from, size * 0.7);
  return join(
    pathShape(roundedPath(body, radius), { line: { color, width } }),
    arrow ? arrowhead(tip, from, color, size) : null,
  );
}

/** The way along a wire, for what travels on it. @param {string} tag the wire's
 * @param {Point[]} points @param {string} color */
export const flow = (tag, points, color) => drawing({ flows: [{ tag, points, color }] });

/** A curve that leaves and arrives level, for wires that cross.
 * @param {Point} from @param {Point} to
 * @param {{color: string, width: number, dash?: string}} line dash in pixels
 */
export function curve([x1, y1], [x2, y2], line) {
  const middle = px((x1 + x2) / 2);
  const path = `M${px(x1)},${px(y1)}C${middle},${px(y1)} ${middle},${px(y2)} ${px(x2)},${px(y2)}`;
  // Plotly takes lengths in pixels for a dash too, which its types leave out.
  return pathShape(path, { line: /** @type {Partial<import("plotly.js").ShapeLine>} */ (line) });
}

/** Where a wire branches. @param {Point} at @param {string} color */
export const junction = ([x, y], color) =>
  drawing({ discs: [{ x, y, radius: 3.5, color, line: color, lineWidth: 0 }] });

/** Text centred on a point, or starting ("left") or ending ("right") there.
 * @param {number} x @param {number} y @param {string} text already escaped
 * @param {{color: string, size?: number, bold?: boolean, align?: Label["align"]}} style */
export const label = (x, y, text, { color, size = 12, bold = false, align = "center" }) =>
  drawing({ labels: [{ x, y, text, size, color, bold, align }] });

/** An operator in a circle. @param {Point} center @param {string} sign
 * @param {{fill: string, line: string, ink: string, radius?: number}} style */
export function operator([x, y], sign, { fill, line, ink, radius = 13 }) {
  const circle = drawing({
    shapes: [
      {
        type: "circle",
        x0: x - radius,
        x1: x + radius,
        y0: y - radius,
        y1: y + radius,
        fillcolor: fill,
        line: { color: line, width: 1.6 },
        layer: "below",
      },
    ],
  });
  return join(
    circle,
    label(x, y + 1, sign, { color: ink, size: radius + (sign.length > 1 ? 1 : 5) }),
  );
}

/** @typedef {{from: number, to: number, color: string, upright?: boolean}} Gauge what of a box is
 *   filled, 0..1 of its width, or upright of its height, from below */

/** One box of a block. @typedef {{text: string, color: string, ink: string, hover: string,
 *   mark: Mark | null, selected: boolean, pinned?: boolean, gauge?: Gauge}} Value pinned: held at its
 *   value */

/** What a value wears that is held: a folded corner, to be seen on any colour. */
export const OVERRIDE_FOLD = { fill: "#000000", edge: "#ffffff" };

/** @param {Point} corner the top right one */
export const overrideMark = ([x, y]) =>
  pathShape(`M${px(x - 11)},${px(y)}H${px(x)}V${px(y + 11)}Z`, {
    fillcolor: OVERRIDE_FOLD.fill,
    line: { color: OVERRIDE_FOLD.edge, width: 1.2 },
    layer: "above",
  });

/** @param {Rect} cell @param {Gauge} gauge @returns {Box} */
function fillOf({ x, y, width, height }, { from, to, color, upright = false }) {
  const [along, across] = [upright ? height : width, upright ? width : height].map(
    (size) => size - 1,
  );
  const [start, length] = [(upright ? 1 - to : from) * along, (to - from) * along];
  const rect = upright
    ? { x: x + 0.5, y: y + 0.5 + start, width: across, height: length }
    : { x: x + 0.5 + start, y: y + 0.5, width: length, height: across };
  return { ...rect, color, line: color };
}

/** Values in boxes without gaps, `columns` to a row, in one frame; the selected one outlined.
 * @param {Rect} rect the whole block @param {Value[]} values @param {number} columns
 * @param {{line: string | null, hairline: string | ((index: number) => string), selection: string,
 *   size?: number}} style no frame where line is null */
export function block(rect, values, columns, { line, hairline, selection, size = 12 }) {
  const rows = Math.ceil(values.length / columns);
  const [width, height] = [rect.width / columns, rect.height / rows];
  const cells = values.map((value, k) => ({
    value,
    x: rect.x + (k % columns) * width,
    y: rect.y + Math.floor(k / columns) * height,
    width,
    height,
  }));
  const chosen = cells.filter(({ value }) => value.selected);
  return join(
    drawing({
      boxes: cells.flatMap(({ value, ...cell }, k) => [
        {
          ...cell,
          color: value.color,
          line: typeof hairline === "string" ? hairline : hairline(k),
        },
        ...(value.gauge ? [fillOf(cell, value.gauge)] : []),
      ]),
      hits: cells.map(({ value, x, y }) => ({
        x: x + width / 2,
        y: y + height / 2,
        text: value.hover,
        mark: value.mark,
      })),
    }),
    ...cells.map(({ value, x, y }) =>
      value.text
        ? label(x + width / 2, y + height / 2, value.text, { color: value.ink, size })
        : null,
    ),
    line === null ? null : frame(rect, { line, lineWidth: 1.6, radius: 2, layer: "above" }),
    ...cells
      .filter(({ value }) => value.pinned)
      .map((cell) => overrideMark([cell.x + cell.width, cell.y])),
    ...chosen.map((cell) =>
      frame(cell, { line: selection, lineWidth: 2.6, radius: 2, layer: "above" }),
    ),
  );
}

/** Points close enough for a click anywhere between two ends to find one.
 * @param {number} from @param {number} to */
export function along(from, to) {
  const count = Math.max(1, Math.round((to - from) / 40));
  return Array.from({ length: count }, (_, k) => from + ((k + 0.5) * (to - from)) / count);
}

/** Places that say something under the pointer, and may open, with nothing drawn there.
 * @param {Hit[]} hits */
export const touch = (hits) => drawing({ hits });

/** A value in a circle. @param {Point} center @param {number} radius @param {Value} value
 * @param {{line: string, selection: string, size?: number}} style */
export function disc([x, y], radius, value, { line, selection, size = 12 }) {
  const edge = value.selected ? { line: selection, lineWidth: 2.6 } : { line, lineWidth: 1.4 };
  return join(
    drawing({
      discs: [{ x, y, radius, color: value.color, ...edge }],
      hits: [{ x, y, text: value.hover, mark: value.mark }],
    }),
    value.pinned ? overrideMark([x + radius, y - radius]) : null,
    label(x, y, value.text, { color: value.ink, size }),
  );
}

/** @param {number[]} range */
const axis = (range) => ({
  type: "linear",
  range,
  visible: false,
  fixedrange: true,
  autorange: false,
});

/** A finished figure. @param {Drawing} drawn
 * @param {{width: number, height: number, theme: Theme, label: string,
 *   table: import("../core/types.js").Table}} options @returns {import("../core/types.js").Figure} */
export function toFigure(drawn, { width, height, theme, label: sentence, table }) {
  const figure = {
    data: traces(drawn, theme),
    layout: {
      width,
      height,
      margin: { l: 0, r: 0, t: 0, b: 0 },
      paper_bgcolor: theme.paper,
      plot_bgcolor: theme.paper,
      xaxis: axis([0, width]),
      yaxis: axis([height, 0]),
      barmode: "overlay",
      hovermode: "closest",
      hoverdistance: 24,
      hoverlabel: {
        bgcolor: theme.ink,
        bordercolor: theme.ink,
        font: { family: theme.font, size: 13, color: theme.paper },
        align: "left",
      },
      dragmode: false,
      showlegend: false,
      shapes: mergedShapes(drawn.shapes),
      meta: { label: sentence, table, flows: drawn.flows },
    },
  };
  // Plotly's published types know neither arrays in fonts nor a width for each bar.
  return /** @type {import("../core/types.js").Figure} */ (/** @type {unknown} */ (figure));
}

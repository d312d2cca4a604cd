/**
 * A series drawn by hand: a strip for each feature, a point for each timestep. A pointer draws a
 * line through them; with the keyboard the arrows choose a point and move it.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { dragged, limitsOf, nudged, yOf } from "./series-strokes.js";
import { parseSeries, seriesText } from "../core/inputs.js";
import { el } from "../ui/dom.js";
import { onNextFrame } from "../ui/animation-frame.js";

const MOST = 4; // strips; of more features the first ones
const [WIDTH, HEIGHT, PAD] = [320, 64, 8];
const SVG = "http://www.w3.org/2000/svg";

/** @param {string} tag @param {Record<string, string | number>} attributes */
function shape(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountDrawSeries(root, store) {
  /** @type {{feature: number, at: number} | null} where the pointer was last, while it draws */
  let stroke = null;
  /** @type {[number, number] | null} the ends of the scale, which stay while it draws */
  let limits = null;
  let chosen = 0;

  /** The numbers as they stand; null while what is typed is no series. */
  function rows() {
    const { inputs, reads } = store.get();
    try {
      const features = reads.features ?? 1;
      return inputs === null
        ? /** @type {number[][]} */ (reads.example ?? [])
        : parseSeries(inputs, features);
    } catch {
      return null;
    }
  }

  /** @param {number[][]} changed */
  const keep = (changed) => store.set({ inputs: seriesText(changed) });

  /** @param {PointerEvent} event @param {Element} strip @param {number[][]} series */
  function placeOf(event, strip, series) {
    const box = strip.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * WIDTH;
    const y = ((event.clientY - box.top) / box.height) * HEIGHT;
    const share = (x - PAD) / (WIDTH - 2 * PAD);
    const [low, high] = limits ?? limitsOf(series);
    const at = Math.round(share * (series.length - 1));
    return {
      at: Math.min(Math.max(at, 0), series.length - 1),
      value: high - ((y - PAD) / (HEIGHT - 2 * PAD)) * (high - low),
    };
  }

  /** @param {number} feature */
  function stripOf(feature) {
    const strip = shape("svg", {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      class: "stroke",
      role: "slider",
      tabindex: 0,
      "data-own-arrows": "",
      "aria-orientation": "vertical",
    });
    strip.addEventListener("pointerdown", (event) => {
      const series = rows();
      if (!series || series.length === 0) return;
      event.preventDefault();
      /** @type {SVGElement} */ (strip).focus({ preventScroll: true });
      strip.setPointerCapture(event.pointerId);
      limits = limitsOf(series);
      const { at, value } = placeOf(event, strip, series);
      stroke = { feature, at };
      chosen = at;
      keep(dragged(series, feature, at, at, value));
    });
    strip.addEventListener("pointermove", (event) => {
      const series = rows();
      if (!stroke || !series || stroke.feature !== feature) return;
      const { at, value } = placeOf(event, strip, series);
      keep(dragged(series, feature, stroke.at, at, value));
      stroke.at = chosen = at;
    });
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
      strip.addEventListener(end, () => {
        stroke = limits = null;
        onNextFrame(draw);
      });
    }
    strip.addEventListener("keydown", (event) => {
      const series = rows();
      const along = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const up = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
      if (!series || (along === undefined && up === undefined)) return;
      event.preventDefault();
      if (along) {
        chosen = Math.min(Math.max(chosen + along, 0), series.length - 1);
        return draw();
      }
      keep(nudged(series, feature, chosen, up ?? 0));
    });
    return strip;
  }

  /** @param {Element} strip @param {number[][]} series @param {number} feature */
  function fill(strip, series, feature) {
    const [low, high] = limits ?? limitsOf(series);
    const room = { height: HEIGHT, pad: PAD, low, high };
    const step = (WIDTH - 2 * PAD) / Math.max(1, series.length - 1);
    const points = series.map((row, t) => [PAD + t * step, yOf(row[feature], room)]);
    const zero = yOf(0, room);
    const at = Math.min(chosen, series.length - 1);
    const value = series[at][feature];
    strip.replaceChildren(
      shape("line", { x1: 0, x2: WIDTH, y1: zero, y2: zero, class: "stroke-zero" }),
      shape("polyline", { points: points.map((point) => point.join(",")).join(" ") }),
      ...points.map(([x, y], t) =>
        shape("circle", { cx: x, cy: y, r: t === at ? 4.5 : 2.5, class: t === at ? "at" : "" }),
      ),
    );
    const said = `timestep ${at + 1} of ${series.length}: ${value}`;
    strip.setAttribute("aria-label", `Feature ${feature}, drawn: arrows left and right choose`);
    strip.setAttribute("aria-valuetext", said);
    strip.setAttribute("aria-valuenow", String(value));
    strip.setAttribute("aria-valuemin", String(low));
    strip.setAttribute("aria-valuemax", String(high));
  }

  function draw() {
    const { reads } = store.get();
    const series = reads.kind === "numbers" ? rows() : null;
    root.hidden = !series || series.length === 0;
    if (!series || series.length === 0) return;
    const count = Math.min(MOST, reads.features ?? 1);
    const known = root.querySelectorAll("svg");
    if (known.length !== count) {
      const drawn = Array.from({ length: count }, (_, feature) =>
        el("div", { class: "stroke-row" }, el("small", {}, `feature ${feature}`), stripOf(feature)),
      );
      const more = (reads.features ?? 1) > count ? `, the first ${count} features` : "";
      const line = `Or draw it${more}: drag along a strip, or use the arrow keys.`;
      root.replaceChildren(el("p", { class: "honest" }, line), ...drawn);
    }
    root.querySelectorAll("svg").forEach((strip, feature) => fill(strip, series, feature));
  }

  store.subscribe(() => onNextFrame(draw), ["inputs", "reads", "model"]);
  draw();
}

/**
 * Puts a figure into the page: drawn when it is on screen and something it shows has changed,
 * named for those who cannot see it, with its numbers in a table one key away.
 *
 * @typedef {import("../core/types.js").AppState} AppState
 * @typedef {import("../core/types.js").Figure} Figure
 * @typedef {import("../core/types.js").Openable} Mark
 * @typedef {import("../core/types.js").Store} Store
 * @typedef {import("../core/types.js").Trace} Trace
 *
 * @typedef {object} Options what every builder gets
 * @property {number} timestep
 * @property {number} unit
 * @property {import("../core/theme.js").Theme} theme
 * @property {number} width
 * @property {number} [height] pixels that it is to fill, where it has room of its own
 *
 * @typedef {object} Room
 * @property {number} width pixels on the screen
 * @property {number} height pixels on the screen
 * @property {number} zoom how much larger it is drawn than it says, if it can be laid out so
 *
 * @typedef {object} Spec
 * @property {(trace: Trace, options: Options, state: AppState) => Figure | null} build null where
 *   there is nothing to draw yet
 * @property {(keyof AppState)[]} keys what it depends on besides trace, theme and width
 * @property {boolean} [eager] drawn at load, wherever it is
 * @property {(mark: Mark, open: (mark: Mark) => void) => void} [onMark] instead of opening the
 *   number's arithmetic
 * @property {(mark: Mark) => Mark} [asOpened] what a number opens, where the cursor says more than it
 * @property {("timestep" | "unit")[]} [previews] what of the cursor the pointer over a number shows
 *   in all other figures; one cell knows no other timestep
 * @property {(figure: Figure, plot: HTMLElement) => void} [onDraw]
 * @property {Element | null} [within] whose size the room depends on
 * @property {() => Room | null} [room] what it is to fill; null where its width alone is given
 * @property {(state: AppState) => string[]} [about] what a picture of it says it was computed from,
 *   where that is not the page's own run
 */
import { retryImport } from "../core/import-retry.js";
import { cursorOf, shownCursor } from "../core/store.js";
import { THEMES } from "../core/theme.js";
import { el, openMark, refill } from "./dom.js";
import { onNextFrame } from "./animation-frame.js";
import { whenIdle } from "./idle.js";
import { endPreview, preview } from "./preview.js";
import { pictureControl } from "./save-file.js";
import { numbersTable } from "./numbers-table.js";

/** @type {Partial<import("plotly.js").Config>} */
const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };

const RENAME = 250; // ms without a change before what is not on screen says what it would show

const PRINTED = 700; // pixels: how wide a picture is of what is not on the page now

/** @type {WeakMap<Element, (visible: boolean) => void>} */
const seen = new WeakMap();
const onScreen = new IntersectionObserver(
  (entries) => entries.forEach((entry) => seen.get(entry.target)?.(entry.isIntersecting)),
  { rootMargin: "-96px 0px 0px" }, // what is under the bar is not seen
);

/** @type {WeakMap<Element, () => void>} */
const approached = new WeakMap();
const nearScreen = new IntersectionObserver(
  (entries) =>
    entries
      .filter((entry) => entry.isIntersecting)
      .forEach((entry) => approached.get(entry.target)?.()),
  { rootMargin: "300px 0px" },
);

/** @param {() => void} task run when the frames that matter have been drawn */
const requestIdle = (task) => setTimeout(() => onNextFrame(task), 60);

/** @type {WeakMap<Element, () => void>} */
const sized = new WeakMap();
const resizes = new ResizeObserver((entries) =>
  entries.forEach((entry) => sized.get(entry.target)?.()),
);

/**
 * @param {HTMLElement} host an empty figure element
 * @param {Store} store
 * @param {Spec} spec
 */
export function mountFigure(host, store, spec) {
  const id = `${host.dataset.figure}-plot`;
  const plot = el("div", { class: "plot", id, role: "img", "aria-label": "being drawn" });
  /** @param {Mark} mark */
  const open = (mark) => openMark(host, spec.asOpened?.(mark) ?? mark);
  const { button, region, refresh } = tableOf(host, () => named ?? figure, open);
  const picture = pictureControl(host, async (format) => {
    const { saveFigure } = await retryImport(async () => await import("./save-picture.js"));
    const state = store.get();
    const source = { build: printed, trace: state.trace, about: spec.about?.(state) };
    return saveFigure(host, format, source);
  });
  host.append(plot, el("div", { class: "figure-tools" }, button, picture), region);

  /** @type {Figure | null} */
  let figure = null;
  /** @type {Figure | null} what its name and its table say, where that is newer than the drawing */
  let named = null;
  let visible = false;
  let near = Boolean(spec.eager);
  let stale = true;
  let width = 0;
  /** @type {number | undefined} */
  let height;
  let drawnAt = "";
  let renaming = 0;

  function build() {
    const state = store.get();
    if (!state.trace) return null;
    const theme = THEMES[themeName(state)];
    return spec.build(state.trace, { ...shownCursor(state, host), theme, width, height }, state);
  }

  /** The figure at the cursor, whatever is pointed at. @param {import("../core/theme.js").Theme} theme */
  function printed(theme) {
    const state = { ...store.get(), lit: null, preview: null };
    const options = { ...cursorOf(state), theme, width: width || PRINTED };
    return state.trace && spec.build(state.trace, options, state);
  }

  const place = () => JSON.stringify(shownCursor(store.get(), host));

  function draw() {
    if (!stale || !width || !(visible || (near && !figure))) return;
    figure = build();
    if (!figure) return;
    stale = false;
    named = null;
    drawnAt = place();
    const first = !plot.classList.contains("js-plotly-plot");
    // without what Plotly does not draw, it finds most layouts unchanged and draws less
    const { meta, ...layout } = figure.layout;
    Plotly.react(plot, figure.data, layout, CONFIG);
    if (first) listen();
    name(meta.label);
    plot.style.minHeight = "";
    keepRoom(figure.layout.height ?? 0);
    refresh();
    spec.onDraw?.(figure, plot);
  }

  /** @param {string} label */
  function name(label) {
    plot.setAttribute("aria-label", label);
    plot.removeAttribute("aria-busy");
  }

  /** What is not on screen is not drawn anew, but says what it will show. */
  function rename() {
    if (!stale || !width || visible) return;
    named = build();
    if (!named) return;
    name(named.layout.meta.label);
    refresh();
  }

  /** What is scaled takes more or less room than it says. @param {number} height */
  function keepRoom(height) {
    const zoom = Number(getComputedStyle(plot).getPropertyValue("--zoom"));
    plot.style.marginBottom = zoom === 1 ? "" : `${(zoom - 1) * height}px`;
  }

  /** The pixels across that there are, once the figure is as large as its room allows. */
  function measure() {
    const room = spec.room?.() ?? null;
    const { trace } = store.get();
    height = undefined;
    if (!room || !trace) {
      plot.style.removeProperty("--zoom");
      return Math.floor(plot.clientWidth);
    }
    const theme = THEMES[themeName(store.get())];
    const zoom = zoomToFit(room, (width, height) => {
      const options = { ...cursorOf(store.get()), theme, width, height };
      return spec.build(trace, options, store.get())?.layout.height ?? height;
    });
    plot.style.setProperty("--zoom", String(zoom));
    height = Math.floor(room.height / zoom);
    return Math.floor(plot.clientWidth);
  }

  /** Keeps room for what will be drawn once it is on screen, so that nothing jumps then. */
  function reserve() {
    const { layout } = (!figure && width && build()) || {};
    if (!layout) return;
    plot.style.minHeight = `${layout.height}px`;
    keepRoom(layout.height ?? 0);
    name(layout.meta.label);
  }

  function listen() {
    const drawn = /** @type {any} */ (plot);
    drawn.on("plotly_click", (/** @type {any} */ event) => {
      const mark = markOf(event);
      // a tap comes twice: the browser makes a mouse's click of it, which has the last word
      if (!mark || event.event.type === "touchstart") return;
      if (spec.onMark) spec.onMark(mark, open);
      else open(mark);
    });
    drawn.on("plotly_clickannotation", (/** @type {{index: number}} */ { index }) => {
      const mark = figure?.layout.meta.opens?.[index];
      if (mark) open(mark);
    });
    if (!spec.previews) return;
    drawn.on("plotly_hover", (/** @type {any} */ event) => {
      const mark = markOf(event);
      if (mark) preview(store, host, mark, spec.previews);
    });
    drawn.on("plotly_unhover", () => endPreview(store));
  }

  function invalidate() {
    stale = true;
    onNextFrame(draw);
    if (visible) return;
    plot.setAttribute("aria-busy", "true");
    clearTimeout(renaming);
    renaming = setTimeout(() => whenIdle(rename), RENAME);
  }

  store.subscribe(invalidate, ["trace", "theme", "dark", ...spec.keys]);
  if (spec.keys.some((key) => key === "timestep" || key === "unit")) {
    store.subscribe(() => figure && place() !== drawnAt && invalidate(), ["preview"]);
  }
  store.subscribe(() => requestIdle(reserve), ["trace"]);
  seen.set(host, (now) => {
    visible = now;
    if (now) onNextFrame(draw);
  });
  approached.set(host, () => {
    near = true;
    nearScreen.unobserve(host);
    onNextFrame(draw);
  });
  const resize = () => {
    const before = height;
    const now = measure();
    if (now === width && height === before) return;
    width = now;
    invalidate();
    requestIdle(reserve);
  };
  sized.set(host, resize);
  if (spec.within) new ResizeObserver(resize).observe(spec.within);
  if (spec.room) store.subscribe(() => (width = measure()), ["trace"]);
  onScreen.observe(host);
  nearScreen.observe(host);
  resizes.observe(host);

  /** Does not wait for a frame, as the page's first figure need not. */
  function drawNow() {
    width = measure();
    draw();
  }

  /** What it shows has another shape: it is measured anew. */
  function refit() {
    width = measure();
    invalidate();
  }

  return { redraw: invalidate, drawNow, refit };
}

const LEAST_ACROSS = 600; // pixels that a landscape is laid out for

/** How much larger a figure is drawn than it says, to fill its room: what cannot be laid out as high
 * as it should be is drawn smaller, but its letters keep their least size.
 * @param {Room} room @param {(width: number, height: number) => number} heightAt */
function zoomToFit(room, heightAt) {
  let { zoom } = room;
  for (let round = 0; round < 4; round++) {
    const [width, height] = [room.width / zoom, room.height / zoom].map(Math.floor);
    const found = heightAt(width, height);
    if (found === height) break;
    zoom = Math.max(1, Math.min((zoom * height) / found, room.width / LEAST_ACROSS));
  }
  return zoom;
}

/** @param {any} event of Plotly @returns {Mark | undefined} */
const markOf = (event) =>
  event.points.find((/** @type {any} */ point) => point.customdata)?.customdata;

/**
 * The button and the table behind a figure.
 *
 * @param {HTMLElement} host
 * @param {() => Figure | null} current
 * @param {(mark: Mark) => void} openMark
 */
function tableOf(host, current, openMark) {
  const id = `${host.dataset.figure}-numbers`;
  const region = el("div", { class: "numbers", id, hidden: true, tabindex: 0, role: "region" });
  const button = el(
    "button",
    {
      type: "button",
      class: "quiet",
      "aria-expanded": "false",
      "aria-controls": id,
      "aria-describedby": `${host.dataset.figure}-plot`, // of which of many it is the table
    },
    "Table of numbers",
  );

  function refresh() {
    const figure = current();
    if (region.hidden || !figure) return;
    const { label, table } = figure.layout.meta;
    region.setAttribute("aria-label", `Numbers: ${label}`);
    refill(region, numbersTable(table, label, openMark));
  }

  button.addEventListener("click", () => {
    region.hidden = !region.hidden;
    button.setAttribute("aria-expanded", String(!region.hidden));
    refresh();
  });
  return { button, region, refresh };
}

/**
 * @param {AppState} state
 * @returns {"light" | "dark"}
 */
export function themeName({ theme, dark }) {
  return theme === "system" ? (dark ? "dark" : "light") : theme;
}

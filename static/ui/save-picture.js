/**
 * Draws figures as pictures to take away, and hands them to the browser as files. Nothing of it is
 * fetched before somebody wants a picture.
 */
import { aboutRun, fileName, pictureSvg, readText } from "./picture-svg.js";
import { textWidth } from "../draw/text.js";
import { PRINT, THEMES } from "../core/theme.js";
import { el } from "./dom.js";
import { nameOf, saveBlob } from "./save-file.js";

/** @typedef {import("./picture-svg.js").Panel} Panel */
/** @typedef {import("./picture-svg.js").Picture} Picture */
/** @typedef {"svg" | "png"} Format */
/** @typedef {import("../core/theme.js").Theme} Theme */
/** @typedef {import("../core/types.js").Figure} Figure */
/** @typedef {import("../core/types.js").Trace} Trace */

const SCALE = 2; // of a PNG

const ROOM = 1.06; // other fonts may be a little wider

/**
 * Saves one figure of the page.
 *
 * @param {HTMLElement} host
 * @param {Format} format
 * @param {object} source
 * @param {(theme: Theme) => Figure | null} source.build
 * @param {Trace | null} source.trace what it was computed from
 * @param {string[]} [source.about] in place of that, where it is something else
 * @returns {Promise<string>} the file's name
 */
export async function saveFigure(host, format, { build, trace, about }) {
  const figure = build(themeOf(format));
  if (!figure || !trace) throw new NothingThere();
  const panel = await drawPanel(figure);
  const title = headingOf(host);
  const blob = await pictureBlob(
    { title, about: about ?? aboutRun(trace), rows: [[panel]] },
    format,
  );
  const of = about ? about.slice(0, 1) : [trace.model.id, readText(trace)];
  const name = fileName([nameOf(host), ...of], format);
  saveBlob(blob, name);
  return name;
}

class NothingThere extends Error {
  detail = "There is nothing to save yet.";
}

/** What the page calls a figure: the heading it stands under. @param {HTMLElement} host */
function headingOf(host) {
  const heading = [...document.querySelectorAll("main h2, main h3, main h4")].findLast(
    (one) =>
      one.checkVisibility() && one.compareDocumentPosition(host) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  const words = /** @type {Element | undefined} */ (heading?.cloneNode(true));
  words?.querySelectorAll(".count, [hidden]").forEach((part) => part.remove());
  return words?.textContent?.trim().replace(/\s+/g, " ") ?? "";
}

/** The theme of a picture: an SVG's fonts must be everywhere, a PNG's only here. @param {Format} format */
export const themeOf = (format) =>
  format === "png" ? { ...PRINT, font: THEMES.light.font } : PRINT;

/**
 * @param {Figure} figure drawn in the theme of the picture
 * @returns {Promise<Panel>}
 */
export async function drawPanel({ data, layout }) {
  const { meta, ...rest } = layout;
  const { width = 0, height = 0 } = layout;
  const drawing = { data: data.map(crisp), layout: rest };
  const options = { format: "svg", width, height, imageDataOnly: true };
  const svg = await Plotly.toImage(/** @type {any} */ (drawing), /** @type {any} */ (options));
  return { svg: svg.replaceAll("<image ", PIXELS), width, height, caption: meta.label };
}

/** Cells of a heatmap have edges, in whatever program opens it. */
const PIXELS = '<image image-rendering="pixelated" ';

/**
 * Without gaps Plotly makes a pixel of each cell and leaves it to the viewer to enlarge them, and
 * many blur what they enlarge. The smallest gap makes it draw the cells as large as they are.
 *
 * @param {Figure["data"][number]} trace
 */
const crisp = (trace) =>
  trace.type === "heatmap" && !trace.xgap && !trace.ygap ? { ...trace, xgap: 0.01 } : trace;

/**
 * @param {Picture} picture
 * @param {Format} format
 * @returns {Promise<Blob>}
 */
export async function pictureBlob(picture, format) {
  const theme = themeOf(format);
  const pen = /** @type {CanvasRenderingContext2D} */ (el("canvas").getContext("2d"));
  /** @param {string} text @param {number} size */
  const measure = (text, size) => {
    pen.font = `${size}px ${theme.font}`;
    return Math.max(textWidth(text, size), ROOM * pen.measureText(text).width);
  };
  const drawn = pictureSvg(picture, { theme, measure });
  const blob = new Blob([drawn.svg], { type: "image/svg+xml" });
  return format === "svg" ? blob : painted(blob, drawn);
}

/**
 * @param {Blob} svg
 * @param {{width: number, height: number}} size
 * @returns {Promise<Blob>}
 */
async function painted(svg, { width, height }) {
  const address = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = el("canvas", { width: SCALE * width, height: SCALE * height });
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error("too large a canvas"))),
        "image/png",
      ),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}

/**
 * Draws what stands above the words, as SVG that is there at once.
 *
 * @typedef {import("../core/types.js").Trace} Trace
 * @typedef {import("./columns.js").Columns} Columns
 */
import { timelinePicture } from "./picture.js";
import { pictureLabel } from "./picture-words.js";

const SVG = "http://www.w3.org/2000/svg";
const ROUND = 2; // pixels, of an answer's corners

/** @param {string} tag @param {Record<string, string | number | null>} attributes
 * @param {...(Node | string)} children */
function shape(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** As the style sheet numbers them. @param {import("./picture.js").Hue} hue */
const numberOf = (hue) => (hue === null ? null : hue + 1);

/**
 * @param {HTMLElement} host
 * @param {Trace} trace
 * @param {{columns: Columns, width: number, size: number}} room in pixels: all columns, as much of
 *   them as one sees at once, and the size of the text
 */
export function drawPicture(host, trace, { columns, width, size }) {
  const height = host.clientHeight;
  if (height === 0) return host.replaceChildren(); // in the page that holds all it is not shown
  const { answers, bands, names, state } = timelinePicture(trace, { columns, width, height, size });
  const picture = shape(
    "svg",
    { role: "img", "aria-label": pictureLabel(trace), width: columns.total, height },
    ...answers.map(({ hue, ...box }) =>
      shape("rect", { ...box, rx: ROUND, class: "timeline-mark", "data-hue": numberOf(hue) }),
    ),
    ...(state ? [shape("path", { d: state, class: "timeline-state" })] : []),
    ...bands.map(({ path, hue }) =>
      shape("path", { d: path, class: "timeline-mark is-band", "data-hue": numberOf(hue) }),
    ),
    ...names.map(({ text, hue, ...place }) =>
      shape("text", { ...place, class: "timeline-name", "data-hue": numberOf(hue) }, text),
    ),
  );
  host.replaceChildren(picture);
}

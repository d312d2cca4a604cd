/** A drawing that stands back: all of its colours most of the way to that of the ground. */
import { mix } from "./color.js";

/** @typedef {import("./primitives.js").Drawing} Drawing */

/** @param {Drawing} drawn @param {string} ground @param {number} share 0..1 @returns {Drawing} */
export function faded(drawn, ground, share) {
  /** Shapes without a fill have none to fade. @param {any} color */
  const fade = (color) => (/^#/.test(color) ? mix(color, ground, share) : color);
  return {
    ...drawn,
    shapes: drawn.shapes.map((shape) => ({
      ...shape,
      ...(shape.fillcolor && { fillcolor: fade(shape.fillcolor) }),
      ...(shape.line && { line: { ...shape.line, color: fade(shape.line.color) } }),
    })),
    boxes: drawn.boxes.map((box) => ({ ...box, color: fade(box.color), line: fade(box.line) })),
    discs: drawn.discs.map((disc) => ({ ...disc, color: fade(disc.color), line: fade(disc.line) })),
    stripes: drawn.stripes.map((stripe) => ({ ...stripe, faded: true })),
    labels: drawn.labels.map((label) => ({ ...label, color: fade(label.color) })),
  };
}

/** How wide a text really is: fonts differ, and an estimate that is too small cuts words. */

/**
 * @param {HTMLElement} element whose font it has
 * @returns {(text: string, size: number) => number} in pixels
 */
export function textMeasure(element) {
  const context = /** @type {CanvasRenderingContext2D} */ (
    document.createElement("canvas").getContext("2d")
  );
  const { fontFamily, fontWeight } = getComputedStyle(element);
  return (text, size) => {
    context.font = `${fontWeight} ${size}px ${fontFamily}`;
    return context.measureText(text).width;
  };
}

/** Colours as data: mixing, scales, and text that can be read on them. */

/** @param {string} hex "#rrggbb" @returns {number[]} red, green, blue in 0..255 */
const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

/** @param {number} channel */
const hexPair = (channel) => Math.round(channel).toString(16).padStart(2, "0");

/** The colour a share of the way from one to another.
 * @param {string} from @param {string} to @param {number} share 0..1 */
export function mix(from, to, share) {
  const end = channels(to);
  return (
    "#" +
    channels(from)
      .map((c, k) => hexPair(c + (end[k] - c) * share))
      .join("")
  );
}

/** Relative luminance (WCAG 2). @param {string} hex */
function luminance(hex) {
  const [red, green, blue] = channels(hex).map((c) => {
    const s = c / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio (WCAG 2), from 1 to 21. @param {string} one @param {string} other */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** A text colour with a contrast of at least 4.5 on a background: ink where ink will do.
 * @param {string} background @param {import("../core/theme.js").Theme} theme */
export function readable(background, theme) {
  const fits = [theme.ink, theme.paper].find((color) => contrast(color, background) >= 4.5);
  if (fits) return fits;
  return contrast("#ffffff", background) >= 4.5 ? "#ffffff" : "#000000";
}

/** A colour from a scale of stops. @param {[number, string][]} scale @param {number} share 0..1 */
export function colorAt(scale, share) {
  const s = Math.min(1, Math.max(0, share));
  const above = Math.max(
    1,
    scale.findIndex(([stop]) => stop >= s),
  );
  const [low, high] = [scale[above - 1], scale[above]];
  return mix(low[1], high[1], (s - low[0]) / (high[0] - low[0]));
}

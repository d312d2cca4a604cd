/** How a value travels along a wire, and which word's values travel: data, without a page. */

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../draw/primitives.js").Point} Point */
/** @typedef {{trace: Trace | null, at: number}} Shown what is shown, at which timestep */

const SEEN = [0.15, 0.85]; // the share of the way on which it is seen in full

/**
 * Keyframes along a wire: transforms and opacity, which a browser moves without laying out.
 *
 * @param {Point[]} points the wire's corners, in pixels of the figure
 * @returns {Keyframe[]}
 */
export function flightFrames(points) {
  const lengths = points.map(([x, y], k) =>
    k ? Math.hypot(x - points[k - 1][0], y - points[k - 1][1]) : 0,
  );
  const whole = lengths.reduce((sum, length) => sum + length, 0) || 1;
  let gone = 0;
  const moves = points.map(([x, y], k) => {
    gone += lengths[k];
    const transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
    return { offset: Math.min(1, gone / whole), transform };
  });
  const fades = [0, ...SEEN, 1].map((offset) => ({
    offset,
    opacity: offset > 0 && offset < 1 ? 1 : 0,
  }));
  return [...moves, ...fades].sort((one, other) => one.offset - other.offset);
}

/**
 * Whether a word has just been read: the next of the same sentence, or one that was added at its end.
 *
 * @param {Shown} before
 * @param {Shown} now
 */
export function isNewWord(before, now) {
  if (before.trace === now.trace) return now.at === before.at + 1;
  if (!before.trace || !now.trace || now.at !== now.trace.steps.length) return false;
  const [{ model, layer, tokens }, then] = [now.trace, before.trace];
  if (model.id !== then.model.id || layer.name !== then.layer.name) return false;
  const same = (/** @type {number} */ k) => tokens[k].text === then.tokens[k]?.text;
  const last = tokens.length - 1;
  return !same(last) && tokens.slice(0, last).every((_, k) => same(k));
}

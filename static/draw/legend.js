/** What the colours mean, and which units are shown: the line under a diagram. */
import { sizes } from "../core/theme.js";
import { colorAt } from "./color.js";
import { block, drawing, join, label } from "./primitives.js";
import { textWidth } from "./text.js";

/** @typedef {import("../core/theme.js").Theme} Theme */

/** What a figure says of a masked timestep. */
export const PADDING = "padding: the states pass through unchanged";

/** @param {number} x @param {number} y @param {[number, string][]} scale
 * @param {[string, string]} ends @param {Theme} theme */
function key(x, y, scale, ends, theme) {
  const values = Array.from({ length: 7 }, (_, k) => {
    const color = colorAt(scale, k / 6);
    return { text: "", color, ink: color, hover: "", mark: null, selected: false };
  });
  const style = { line: theme.line, hairline: (/** @type {number} */ k) => values[k].color };
  const { boxes, shapes } = block({ x: x - 49, y: y - 6, width: 98, height: 12 }, values, 7, {
    ...style,
    selection: theme.line,
  });
  return join(
    drawing({ boxes, shapes }),
    label(x - 55, y, ends[0], { color: theme.muted, align: "right" }),
    label(x + 55, y, ends[1], { color: theme.muted, align: "left" }),
  );
}

/** Which units a figure shows. @param {number[]} units @param {number} unit @param {number} total */
export function shownUnits(units, unit, total) {
  const outlined = `outlined: unit ${unit}`;
  if (units.length === total) return outlined;
  return `units ${units[0]}\u2013${units[units.length - 1]} of ${total}, ${outlined}`;
}

/** The keys, that to gates only where there are any, and notes beside them or, where there is no room, under them.
 * @param {number} y of the first line @param {number} width @param {string[]} notes
 * @param {Theme} theme @param {boolean} [gated] */
export function legend(y, width, notes, theme, gated = true) {
  const wide = width >= 560;
  const [gates, signed] = [
    { x: wide ? width - 386 : 132, y },
    { x: wide ? width - 132 : 132, y: wide || !gated ? y : y + 22 },
  ];
  const line = notes.join("; ");
  const beside = wide && textWidth(line, 12) < width - 530;
  const lines = beside || textWidth(line, 12) < width - 20 ? [line] : notes;
  const first = beside ? y : signed.y + 24;
  const drawn = join(
    gated ? key(gates.x, gates.y, sizes(theme), ["gate shut 0", "1 open"], theme) : null,
    key(signed.x, signed.y, theme.signed, ["negative", "positive"], theme),
    ...lines.map((text, k) =>
      label(10, first + k * 18, text, { color: theme.muted, align: "left" }),
    ),
  );
  return { drawn, height: first + (lines.length - 1) * 18 - y + 16 };
}

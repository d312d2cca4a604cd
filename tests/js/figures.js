/** What holds for every diagram, whatever it shows. */
import assert from "node:assert/strict";
import { textWidth } from "../../static/draw/text.js";
import { THEMES } from "../../static/core/theme.js";
import { parts } from "./trace.js";

export const WIDTHS = [288, 328, 390, 560, 700, 1100];

const SUBSCRIPT = 0.7; // of the text it stands in, as Plotly sets it

/** Builds a figure at every width in both themes and checks what all figures promise.
 * @param {(options: import("../../static/core/types.js").FigureOptions) => any} build
 * @param {{timestep: number, unit: number}} cursor @param {(figure: any, width: number) => void} [check] */
export function atEveryWidth(build, cursor, check = () => {}) {
  for (const width of WIDTHS) {
    for (const theme of Object.values(THEMES)) {
      const figure = build({ ...cursor, theme, width });
      const { text, hits, shapes } = parts(figure);
      text.text.forEach((/** @type {string} */ one, /** @type {number} */ k) => {
        const least = text.textfont.size[k] * (one.includes("<sub>") ? SUBSCRIPT : 1);
        assert.ok(least >= 11, `"${one}" is not under 11 pixels`);
      });
      assertTextInside(text, width);
      assert.ok(shapes.length <= 150, `${shapes.length} shapes`);
      for (const trace of figure.data.filter((/** @type {any} */ one) => one.type === "scatter")) {
        assert.ok(trace.x.every((/** @type {number} */ x) => x >= 0 && x <= width));
        assert.ok(trace.y.every((/** @type {number} */ y) => y >= 0 && y <= figure.layout.height));
      }
      assert.ok(
        hits.customdata.every((/** @type {any} */ mark) => mark === null || mark.unit >= 0),
      );
      assert.ok(figure.layout.meta.label.length > 20);
      assert.ok(figure.layout.meta.table.rows.length > 0);
      check(figure, width);
    }
  }
}

/** No text leaves the figure at either side, by a width that is rather too small than too large.
 * @param {any} text the trace that holds them @param {number} width */
function assertTextInside({ x, text, textposition, textfont }, width) {
  text.forEach((/** @type {string} */ one, /** @type {number} */ k) => {
    const plain = one.replace(/<[^>]*>|[\u2068\u2069]/g, "").replace(/&[a-z]+;/g, "&");
    const wide = 0.8 * textWidth(plain, textfont.size[k]);
    const at = textposition[k] ?? textposition;
    const left = at.endsWith("right") ? x[k] : at.endsWith("left") ? x[k] - wide : x[k] - wide / 2;
    assert.ok(left >= -1 && left + wide <= width + 1, `"${plain}" at ${left} of ${width} pixels`);
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { tintedSentenceFigure } from "../../../static/draw/tinted-sentence.js";
import { atEveryWidth } from "../figures.js";
import { parts } from "../trace.js";

const WORDS = [
  "I",
  "live",
  "<b>",
  "W".repeat(80),
  ..."in Pune but now I stay in Hyderabad".split(" "),
];
const shades = WORDS.map((_, k) => ({
  fill: k % 2 ? "#dddddd" : null,
  ink: "#111111",
  note: k === 0 ? "" : `${k}%`,
}));

test("a sentence as a picture has every word and number in it, in rows that fit", () => {
  atEveryWidth(
    (options) =>
      tintedSentenceFigure(WORDS, { ...options, shades, label: "Words, by what is left of each." }),
    { timestep: 2, unit: 0 },
    (figure, width) => {
      const { text } = parts(figure);
      const all = text.text.join(" ").replace(/[\u2068\u2069]/g, "");
      for (const one of ["live", "&lt;b&gt;", "Hyderabad", "11%"])
        assert.ok(all.includes(one), one);
      assert.ok(figure.layout.height >= (width < 400 ? 90 : 46));
      assert.deepEqual(figure.layout.meta.table.rows[1], ["live", "1%"]);
    },
  );
});

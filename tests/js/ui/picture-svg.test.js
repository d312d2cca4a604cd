import assert from "node:assert/strict";
import { test } from "node:test";
import {
  aboutRun,
  fileName,
  pictureSvg,
  readText,
  wrapText,
} from "../../../static/ui/picture-svg.js";
import { allPanelsRows, allPanelsTitle } from "../../../static/lenses/take/all-panels.js";
import { textWidth } from "../../../static/draw/text.js";
import { PRINT } from "../../../static/core/theme.js";
import { otherTrace, randomTrace } from "../trace.js";

const HOSTILE = [
  "<img src=x>",
  "&nbsp;",
  "]]>",
  '"quoted"',
  "نحن نقرأ",
  "👩‍👩‍👧 आज",
  "今天天气很好",
  "\u0001\ufffe",
];

/** @param {string} text */
const unescaped = (text) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** The lines of a picture, top to bottom. @param {string} svg */
const linesOf = (svg) =>
  [...svg.matchAll(/<tspan[^>]*>([^<]*)</g)].map(([, text]) => unescaped(text));

/** @param {object} [change] */
const panel = (change) => ({
  svg: '<svg class="main-svg" width="300" height="100"><rect/></svg>',
  width: 300,
  height: 100,
  caption: "What it shows.",
  ...change,
});

test("lines fit their room and lose nothing but blanks", () => {
  const texts = [
    "to be or not to be, that is the question",
    `${"long".repeat(60)} end`,
    "今天天气很好".repeat(20),
    "👩‍👩‍👧".repeat(40),
    HOSTILE.join(" "),
  ];
  for (const text of texts) {
    for (const width of [40, 120, 600]) {
      const lines = wrapText(text, { width, size: 13 });
      assert.equal(lines.join("").replace(/\s/g, ""), text.replace(/\s/g, ""));
      for (const line of lines) assert.ok(textWidth(line, 13) <= width, line);
    }
  }
});

test("what readers take for one character is never broken", () => {
  assert.deepEqual(wrapText("👩‍👩‍👧👩‍👩‍👧", { width: 16, size: 13 }), ["👩‍👩‍👧", "👩‍👩‍👧"]);
});

test("a picture holds its title, what it was computed from, and the caption, on white", () => {
  const { svg, width } = pictureSvg(
    { title: "Forget gate", about: ["“Good Day”", "Model: Guide"], rows: [[panel()]] },
    { theme: PRINT },
  );
  assert.deepEqual(linesOf(svg), ["Forget gate", "“Good Day”", "Model: Guide", "What it shows."]);
  assert.match(svg, new RegExp(`<rect width="${width}" height="\\d+" fill="#ffffff"/>`));
  assert.match(svg, /<svg x="24" y="[\d.]+" class="main-svg"/);
  assert.doesNotMatch(svg, /system-ui/);
});

test("hostile words are text in a picture, and what XML forbids is left out", () => {
  const text = HOSTILE.join(" ");
  const { svg } = pictureSvg(
    { title: text, about: [text], rows: [[panel({ caption: text, title: text })]] },
    { theme: PRINT },
  );
  assert.doesNotMatch(svg, /<img|&nbsp;|[\u0001\ufffe]/);
  assert.ok(linesOf(svg).join(" ").includes("<img src=x> &nbsp; ]]>"));
});

test("panels stand side by side and never on each other", () => {
  const rows = [[panel(), panel({ height: 180, caption: "many words ".repeat(30) })], [panel()]];
  const { svg, width, height } = pictureSvg({ title: "All", about: [], rows }, { theme: PRINT });
  const places = [...svg.matchAll(/<svg x="([\d.]+)" y="([\d.]+)"/g)].map(([, x, y]) => [+x, +y]);
  assert.equal(places.length, 3);
  const [a, b, c] = places;
  assert.ok(b[0] >= a[0] + 300 && b[1] === a[1]);
  assert.ok(c[1] > b[1] + 180 + 100, "under the longest caption above it");
  const last = Math.max(...[...svg.matchAll(/<tspan x="[\d.]+" y="([\d.]+)"/g)].map(([, y]) => +y));
  assert.ok(b[0] + 300 <= width && c[1] + 100 <= height && last < height);
});

test("a file's name is safe on any disk and still says what is in it", () => {
  assert.equal(
    fileName(["forget_gate-cell", "article", "“Good Day”"], "svg"),
    "forget-gate-cell_article_good-day.svg",
  );
  assert.equal(fileName(["cell", "m", "../../etc/passwd\0:*?"], "png"), "cell_m_etc-passwd.png");
  assert.match(fileName(["cell", "m", "आज मौसम"], "svg"), /^cell_m_आज-मौसम\.svg$/);
  assert.equal(fileName(["🙂", "", "?"], "csv"), "picture.csv");
  for (const long of ["x".repeat(2000), "आज".repeat(900), "今".repeat(2000)]) {
    assert.ok(new Blob([fileName([long, long, long], "json")]).size < 240);
  }
});

test("a run is named by what was read, and by whose weights read it", () => {
  const { trace } = randomTrace(["Good", "Day"], 5, 3);
  assert.match(readText(trace), /Good Day/);
  assert.match(readText({ ...trace, asked: { sentence: " Good, Day! " } }), /“.Good, Day!.”/u);
  const ids = { ...trace, asked: { token_ids: [1, 2] } };
  assert.equal(readText(ids), "Token ids 1, 2");
  const numbers = { ...trace, tokens: trace.tokens.map((token) => ({ ...token, id: null })) };
  assert.equal(readText(numbers), "A series of 2 timesteps, 5 numbers each");
  const held = { timestep: 1, gate: /** @type {const} */ ("forget_gate"), unit: null, value: 0 };
  assert.match(
    aboutRun({ ...trace, pins: [held] })[1],
    /Random.* \(random weights, untrained\), layer lstm, one held value/,
  );
});

test("the sheet has the cell, the unrolled sentence and every path of each kind of cell", () => {
  const options = { timestep: 2, unit: 0, theme: PRINT };
  const titles = (/** @type {any} */ { trace }) =>
    allPanelsRows(trace, options).map((row) => row.map(({ title }) => title));
  assert.deepEqual(titles(randomTrace(["Good", "Day"], 5, 3)), [
    ["The cell", "The sentence, unrolled"],
    ["Forget gate", "Input gate", "Candidate"],
    ["Cell update", "Output gate", "Hidden state"],
  ]);
  assert.deepEqual(
    titles(otherTrace("gru", ["Good", "Day"], 5, 3))
      .flat()
      .slice(2),
    ["Update gate", "Reset gate", "Candidate", "Hidden state"],
  );
  assert.deepEqual(
    titles(otherTrace("simple_rnn", ["a", "b"], 5, 3))
      .flat()
      .slice(2),
    ["Hidden state"],
  );
  const { trace } = randomTrace(["Good", "Day"], 5, 3);
  assert.match(allPanelsTitle(trace, 2), /at timestep 2 of 2, “.Day.”/u);
  for (const { caption, figure } of allPanelsRows(trace, options).flat()) {
    assert.ok(caption.length > 20);
    assert.equal(figure.layout.paper_bgcolor, "#ffffff");
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { greatestLoss, memoryCaption } from "../../../../static/lenses/memory/words.js";
import {
  ledgerFigure,
  ledgerGeometry,
  shareLeft,
  sourcesOf,
} from "../../../../static/lenses/memory/ledger-figure.js";
import { bandsOf } from "../../../../static/draw/bands.js";
import { bandsFigure, bandsGeometry } from "../../../../static/lenses/memory/bands-figure.js";
import { plainText } from "../../../../static/words/sentence.js";
import { THEMES } from "../../../../static/core/theme.js";
import { memoryOf } from "../../explained.js";
import { randomTrace } from "../../trace.js";

const theme = THEMES.light;
const WORDS = ["I", "live", "in", "Pune", "now"];

/** @param {string[]} words @param {number} [unit] */
function ledger(words, unit = 1) {
  const { trace } = randomTrace(words, 3, 4);
  return { trace, memory: memoryOf(trace, unit) };
}

/** @param {string[]} words @param {boolean} all @param {number} [width] */
function build(words, all, width = 700) {
  const { trace, memory } = ledger(words);
  const options = { memory, all, unit: 1, theme, width };
  return {
    trace,
    memory,
    triangle: /** @type {any} */ (ledgerFigure(trace, options)),
    bands: /** @type {any} */ (bandsFigure(trace, { ...options, chosen: 1 })),
  };
}

test("a row is what has been read so far, and the words to come are blank", () => {
  const { memory, triangle } = build(WORDS, true);
  triangle.data[0].z.forEach((/** @type {(number | null)[]} */ row, /** @type {number} */ t) => {
    assert.deepEqual(row.slice(0, t + 1), memory.magnitude[t].slice(1, t + 2));
    assert.ok(row.slice(t + 1).every((value) => value === null));
  });
});

test("all units are sizes from zero, one unit has signs on both sides of it", () => {
  const [all, one] = [build(WORDS, true), build(WORDS, false)].map(
    (built) => built.triangle.data[0],
  );
  assert.equal(all.zmin, 0);
  assert.equal(one.zmin, -one.zmax);
  assert.ok(one.z.flat().some((/** @type {number | null} */ value) => Number(value) < 0));
});

test("the bands of a unit add up to its cell state", () => {
  const { trace, memory } = ledger(WORDS);
  const rows = memory.contributions ?? [];
  const bands = bandsOf(trace, rows, { initial: false, chosen: [1] });
  trace.steps.forEach((step, t) => {
    const total = bands.reduce((sum, { values }) => sum + values[t], 0);
    assert.ok(Math.abs(total - step.cell_state[1]) < 1e-12);
  });
});

test("of many words those that matter little share bands, and nothing is lost", () => {
  const words = Array.from({ length: 60 }, (_, k) => `w${k}`);
  const { trace, memory } = ledger(words);
  const bands = bandsOf(trace, memory.magnitude, { initial: false, chosen: [33] });
  assert.ok(bands.length <= 23);
  assert.ok(bands.some(({ sources }) => sources.length === 1 && sources[0] === 33));
  assert.deepEqual(
    bands.flatMap(({ sources }) => sources),
    words.map((_, k) => k + 1),
  );
  const last = bands.reduce((sum, { values }) => sum + values[59], 0);
  const expected = memory.magnitude[59].reduce((sum, value) => sum + value, 0);
  assert.ok(Math.abs(last - expected) < 1e-9);
});

test("an initial state is a source of its own, and only where there is one", () => {
  const { trace, memory } = ledger(WORDS);
  assert.equal(sourcesOf(trace, memory).length, 5);
  const started = { ...trace, initial_state: { hidden_state: [], cell_state: [1, -1, 1, 1] } };
  const withInitial = memoryOf(started, 1);
  assert.deepEqual(
    sourcesOf(started, withInitial).map(({ source }) => source),
    [0, 1, 2, 3, 4, 5],
  );
  const figure = /** @type {any} */ (
    ledgerFigure(started, { memory: withInitial, all: true, unit: 1, theme, width: 700 })
  );
  assert.equal(figure.data[0].z[0][0], withInitial.magnitude[0][0]);
});

test("the share that is left is the product of the forget gates in between", () => {
  const { trace, memory } = ledger(WORDS, 2);
  const rows = memory.contributions ?? [];
  const product = trace.steps.slice(1, 4).reduce((share, step) => share * step.forget_gate[2], 1);
  assert.ok(Math.abs((shareLeft(rows, 1, 4) ?? 0) - product) < 1e-12);
  assert.equal(shareLeft(rows, 3, 3), 1);
  assert.equal(shareLeft(rows, 4, 3), null);
});

test("the sentence names what was lost most, what is left, and what took it", () => {
  const { trace } = ledger(WORDS);
  const rows = [
    [0, 1, 0, 0, 0, 0],
    [0, 0.9, 4, 0, 0, 0],
    [0, 0.9, 2.84, 1, 0, 0],
    [0, 0.9, 0.24, 1, 2, 0],
    [0, 0.9, 0.24, 1, 2, 1],
  ];
  assert.deepEqual(greatestLoss(rows, 4), { source: 2, left: 0.06, taker: 4, before: 0.71 });
  const text = plainText(memoryCaption(trace, rows, { timestep: 4, unit: null })).replace(
    /[\u2068\u2069]/g,
    "",
  );
  assert.equal(
    text,
    "After “Pune”, 6% of what “live” wrote is left; it was 71% just before “Pune”.",
  );
  assert.equal(greatestLoss(rows, 1), null);
});

test("a ledger read from the end loses what stands further on", () => {
  const rows = [
    [0, 1, 0, 0],
    [0, 0.5, 1, 0],
    [0, 0.1, 1, 1],
  ];
  const turned = [
    [0, 1, 1, 0.1],
    [0, 0, 1, 0.5],
    [0, 0, 0, 1],
  ];
  const loss = greatestLoss(rows, 3);
  assert.deepEqual(greatestLoss(turned, 1, true), loss && { ...loss, source: 3, taker: 2 });
  assert.equal(loss?.source, 1);
  assert.equal(shareLeft(turned, 3, 2, true), 0.5);
  assert.equal(shareLeft(turned, 1, 2, true), null, "not read yet");
});

test("cells and bands lie where the cursor over them is told they lie", () => {
  for (const width of [340, 700, 1100]) {
    for (const words of [WORDS, Array(40).fill("Hyderabad"), ["one"]]) {
      const { trace, memory, triangle, bands } = build(words, true, width);
      const at = ledgerGeometry(trace, memory, width);
      assert.equal(triangle.layout.margin.t, at.top);
      assert.equal(triangle.layout.margin.l, at.left);
      const across = width - triangle.layout.margin.l - triangle.layout.margin.r;
      assert.ok(Math.abs(across - at.width) < 1e-9);
      assert.ok(Math.abs(triangle.layout.height - at.top - at.height - 4) < 1e-9);
      const under = bandsGeometry(trace, width);
      assert.equal(bands.layout.margin.t, under.top);
      assert.ok(under.left + under.width <= width);
    }
  }
});

test("a visitor's markup stays text", () => {
  const { triangle, bands } = build(["<b>x</b>", "a&b"], true);
  for (const { data, layout } of [triangle, bands]) {
    const texts = JSON.stringify([
      layout.xaxis.ticktext,
      layout.annotations,
      data.map((/** @type {any} */ trace) => trace.hovertext),
    ]);
    assert.ok(!texts.includes("<b>x"));
    assert.ok(texts.includes("&lt;b&gt;"));
  }
});

test("names of bands never lie over one another", () => {
  const words = Array.from({ length: 40 }, (_, k) => `word${k}`);
  const { bands } = build(words, true, 1100);
  const cell = bandsGeometry(ledger(words).trace, 1100).cell;
  const [low, high] = bands.layout.yaxis.range;
  /** @param {any} one @param {any} other */
  const apart = (one, other) =>
    Math.abs(one.x - other.x) * cell > 40 ||
    (Math.abs(one.y - other.y) / (high - low)) * bands.layout.height > 14;
  const names = bands.layout.annotations;
  for (const [k, one] of names.entries()) {
    assert.ok(names.slice(k + 1).every((/** @type {any} */ other) => apart(one, other)));
  }
});

test("the cursor's line and the neighbours pass behind the name of a band", () => {
  for (const width of [200, 1100]) {
    const { annotations } = build(["a", "hyderabad", "b"], true, width).bands.layout;
    assert.ok(annotations.length > 0);
    assert.ok(annotations.every((/** @type {any} */ name) => name.bgcolor));
  }
});

test("a word alone has a band as wide as its column, and a name only where it fits", () => {
  for (const all of [true, false]) {
    const { bands, memory } = build(["one"], all);
    const share = all ? memory.magnitude[0][1] : (memory.contributions ?? [])[0][1];
    const band = bands.data.find((/** @type {any} */ line) => line.y.some(Boolean));
    assert.deepEqual(
      [band.x, band.y],
      [
        [0.5, 1, 1.5],
        [share, share, share],
      ],
    );
    assert.equal(bands.layout.annotations.length, 1);
    assert.equal(build(["a-name-of-thirty-letters-or-so"], all).bands.layout.annotations.length, 0);
  }
});

test("a word that loses much at the cursor is what the sentence speaks of", () => {
  const rows = [
    [0, 4, 0, 0],
    [0, 1, 1, 0],
    [0, 1, 0.5, 1],
  ];
  assert.equal(greatestLoss(rows, 3)?.source, 2, "not the one that lost most before");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { epochCaption } from "../../../../static/lenses/train/epochs-words.js";
import { progressText } from "../../../../static/lenses/train/progress-words.js";
import { plainText } from "../../../../static/words/sentence.js";
import { trainingFigure } from "../../../../static/lenses/train/curves-figure.js";
import { createStore } from "../../../../static/core/store.js";
import { THEMES } from "../../../../static/core/theme.js";
import { beginTraining } from "../../../../static/core/training-run.js";
import { randomTrace } from "../../trace.js";

/** @param {number} count @param {boolean} validated */
const rowsOf = (count, validated) =>
  Array.from({ length: count }, (_, epoch) => ({
    epoch,
    epochs: 20,
    loss: 2 / (epoch + 1),
    accuracy: 1 - 1 / (epoch + 2),
    val_loss: validated ? 2.2 / (epoch + 1) : null,
    val_accuracy: validated ? 0.95 - 1 / (epoch + 2) : null,
    seconds_left: 20 - epoch,
  }));

/** @param {number} count @param {boolean} validated @param {number} width @returns {any} */
function build(count, validated, width, theme = THEMES.light) {
  const options = { theme, width, epoch: count - 1, epochs: 20 };
  return trainingFigure(rowsOf(count, validated), options);
}

test("loss and accuracy have a panel each, and a line for what was held out where there is any", () => {
  assert.equal(build(5, true, 700).data.length, 4);
  assert.equal(build(5, false, 700).data.length, 2);
  const [aside, learned] = build(5, true, 700).data;
  assert.deepEqual(
    learned.y,
    rowsOf(5, true).map(({ loss }) => loss),
  );
  assert.deepEqual(
    aside.y,
    rowsOf(5, true).map(({ val_loss }) => val_loss),
  );
});

test("the axes stay put while the epochs come in", () => {
  for (const count of [1, 7, 21]) {
    const { layout } = build(count, true, 700);
    assert.deepEqual(layout.xaxis.range, [0, 20]);
    assert.deepEqual(layout.yaxis2.range, [0, 1]);
  }
});

test("labels at the lines' ends never lie over one another, nor outside of the panel", () => {
  for (const count of [1, 2, 5, 21]) {
    for (const width of [340, 700]) {
      const { layout } = build(count, true, width);
      for (const [axis, range] of [
        ["y", layout.yaxis.range],
        ["y2", layout.yaxis2.range],
      ]) {
        const at = layout.annotations
          .filter((/** @type {any} */ one) => one.yref === axis)
          .map((/** @type {any} */ one) => one.y / range[1]);
        assert.equal(at.length, 2);
        assert.ok(Math.abs(at[0] - at[1]) > 0.2, `${at}`);
        assert.ok(
          at.every((/** @type {number} */ y) => y > 0.05 && y < 0.96),
          `${at}`,
        );
      }
    }
  }
});

test("no text is under 11 pixels, in either theme", () => {
  for (const theme of Object.values(THEMES)) {
    const { layout } = build(5, true, 340, theme);
    for (const { font } of layout.annotations) assert.ok(font.size >= 11);
    assert.ok(layout.xaxis.tickfont.size >= 11);
    assert.equal(layout.paper_bgcolor, theme.paper);
  }
});

test("one epoch is a point, and the figure says in words what it shows", () => {
  const { data, layout } = build(1, false, 700);
  assert.equal(data[0].mode, "markers");
  assert.match(layout.meta.label, /up to 0 of 20.*Loss from 2.000 to 2.000/);
  const { meta } = build(8, true, 700).layout;
  assert.match(meta.label, /held-out/);
  assert.equal(meta.table.rows.length, 8);
  assert.equal(meta.table.rows[0].length, 5);
  for (const cell of meta.table.rows[0].slice(1)) assert.match(cell.mark.work(null), /is history/);
});

/** @param {object} change @returns {import("../../../../static/core/types.js").Training} */
const training = (change) => ({
  job: "abc",
  title: "Mood",
  state: "running",
  place: null,
  settings: { grammar: null, sentences: 10, epochs: 20 },
  epochs: rowsOf(4, true),
  model: null,
  model_epoch: null,
  detail: null,
  ...change,
});

test("every state of a training has its own words", () => {
  const said = [
    [{}, /^Epoch 3 of 20: 75% right, about 17 seconds left\.$/],
    [{ epochs: [] }, /^Preparing/],
    [{ epochs: rowsOf(1, false) }, /^Before the first of 20 epochs/],
    [{ cut: true }, /does not answer.*again by itself/],
    [{ state: "waiting", place: 1 }, /yours is next/],
    [{ state: "waiting", place: 4 }, /3 ahead of yours/],
    [{ state: "done", model_epoch: 18 }, /after epoch 18 was the most accurate/],
    [{ state: "failed", detail: "It diverged." }, /^It diverged\.$/],
    [{ state: "cancelled", detail: "Cancelled after epoch 3." }, /^Cancelled/],
    [{ state: "lost" }, /restarted/],
  ];
  for (const [change, expected] of said) {
    assert.match(
      progressText(training(/** @type {object} */ (change))),
      /** @type {RegExp} */ (expected),
    );
  }
});

test("the sentence about an epoch names the gate that moves most", () => {
  const { trace } = randomTrace(["one", "two"], 5, 2);
  trace.steps[0].forget_gate = [0.5, 0.9];
  trace.steps[1].forget_gate = [0.5, 0.1];
  const prediction = { labels: ["no", "yes"], probabilities: [0.2, 0.8], output: [0.8] };
  const answered = {
    ...trace,
    prediction: {
      ...prediction,
      by_timestep: [
        [0.5, 0.5],
        [0.2, 0.8],
      ],
    },
  };
  const text = plainText(epochCaption(/** @type {any} */ (answered), 3, training({})));
  assert.match(text, /^After epoch 3, with 75% right, unit 1’s forget gate runs from 0\.10/);
  assert.match(text, /two.*to 0\.90.*yes.*80%/);
  const before = epochCaption(/** @type {any} */ (answered), 0, training({}));
  assert.match(plainText(before), /^Before any training/);
  assert.deepEqual(
    [before].flat().flatMap((part) => (typeof part === "string" ? [] : [part.mark.timestep])),
    [2, 1, 2],
  );
});

test("a slow answer about a training never takes the place of the one begun since", async (t) => {
  const jobs = ["first", "second"];
  /** @type {(answer: Response) => void} */
  let late = () => {};
  t.mock.method(globalThis, "fetch", (/** @type {string} */ path) => {
    if (path === "/api/train") return Promise.resolve(Response.json({ job: jobs.shift() }));
    const job = path.split("/").at(-1);
    const answer = Response.json({ job, state: "done", model: null, epochs: [] });
    return job === "second" ? Promise.resolve(answer) : new Promise((resolve) => (late = resolve));
  });
  const store = createStore(/** @type {any} */ ({ training: null, visitor_models: [] }));
  await beginTraining(store, {});
  await beginTraining(store, {});
  await new Promise((resolve) => setTimeout(resolve));
  late(Response.json({ job: "first", state: "done", model: null, epochs: [] }));
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(store.get().training?.job, "second");
});

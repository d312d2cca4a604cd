/** Layers that are not as usual: other activations, peepholes, and reading from the end. */
import assert from "node:assert/strict";
import test from "node:test";

import { arithmetic } from "../../../static/arithmetic/arithmetic.js";
import { cellFigure } from "../../../static/cells/diagram.js";
import { cellOf, previous } from "../../../static/cells/kinds.js";
import { kerasCall, pytorchCall } from "../../../static/cells/framework-code.js";
import { equation, lettersOf } from "../../../static/cells/equations.js";
import { functionOf } from "../../../static/core/activations.js";
import { unrolledFigure } from "../../../static/lenses/unrolled/figure.js";
import { workedFigure } from "../../../static/lenses/worked/figure.js";
import { THEMES } from "../../../static/core/theme.js";
import { parts, randomTrace } from "../trace.js";

const WORDS = ["I", "live", "in", "Pune"];
const { trace: forward, weights } = randomTrace(WORDS, 3, 2);
const options = { timestep: 2, unit: 1, theme: THEMES.light, width: 1000 };
const all = { return_sequences: true, return_state: true };

/** @param {Partial<import("../../../static/core/types.js").Layer>} own */
const withLayer = (own) => ({ ...forward, layer: { ...forward.layer, cell: "lstm", ...own } });

/** The same numbers as a layer gives that reads the last word first. */
const backward = {
  ...withLayer({ go_backwards: true }),
  tokens: forward.tokens.toReversed(),
  steps: forward.steps.toReversed().map((step, k) => ({ ...step, timestep: k + 1 })),
};

/** @param {import("../../../static/core/types.js").Piece[]} pieces */
const written = (pieces) => pieces.map(({ text, sub = "" }) => text + sub).join(" ");

/** @param {import("../../../static/core/types.js").Figure} figure */
const texts = (figure) => /** @type {string[]} */ (parts(figure).text.text);

test("a layer that reads from the end finds its state at the timestep after", () => {
  assert.deepEqual(
    [1, 2, 3, 4].map((t) => previous(backward, t)),
    [2, 3, 4, 0],
  );
  assert.match(written(lettersOf(backward, "cell_state")), /ct\+1/);
  assert.match(written(lettersOf(backward, "input_gate")), /ht\+1/);
  const sum = arithmetic(backward, weights, { quantity: "forget_gate", timestep: 3, unit: 0 });
  const hidden = sum?.terms.filter(({ kind }) => kind === "hidden") ?? [];
  assert.deepEqual(
    hidden.map(({ factors, label }) => [factors[0].mark?.timestep, label]),
    [0, 1].map((unit) => [4, `unit ${unit}, one step later`]),
  );
  assert.ok(sum?.terms.every(({ kind, product }) => kind !== "rounding" || product < 0.001));
});

test("its figures say so, and its arrows point from the end to the beginning", () => {
  const [drawn, other] = [backward, forward].map((trace) => unrolledFigure(trace, options));
  assert.notDeepEqual(drawn.layout.shapes, other.layout.shapes);
  for (const figure of [cellFigure(backward, options), workedFigure(backward, options)]) {
    assert.ok(texts(figure).some((text) => text.includes("t+1")));
    assert.ok(!texts(figure).some((text) => text.includes("t−1")));
  }
  assert.match(kerasCall(backward.layer, all), /go_backwards=True/);
});

test("activations are shown and computed by their own names", () => {
  const trace = withLayer({ activation: "relu", recurrent_activation: "hard_sigmoid" });
  const own = cellOf(trace);
  assert.deepEqual(
    own.gates.map(({ sign }) => sign),
    ["hard σ", "hard σ", "relu", "hard σ"],
  );
  assert.match(written(lettersOf(trace, "hidden_state")), /⊙ relu ct$/);
  const sum = arithmetic(trace, weights, { quantity: "candidate", timestep: 1, unit: 0 });
  assert.equal(sum?.activation?.symbol, "relu");
  const signs = texts(cellFigure(trace, options)).map((text) => text.replaceAll(/<[^>]*>/g, ""));
  for (const sign of ["hard σ", "relu"]) assert.ok(signs.includes(sign));
  for (const sign of ["σ", "tanh"]) assert.ok(!signs.includes(sign));
  assert.match(kerasCall(trace.layer, all), /activation="relu",\n.*recurrent_activation="hard_sig/);
  assert.match(pytorchCall(trace.layer, all), /no activations but its own/);
});

test("what is as usual is drawn as ever", () => {
  assert.equal(cellOf(withLayer({})), cellOf(withLayer({})));
  assert.match(written(lettersOf(forward, "forget_gate")), /= σ \( xt Wf \+ ht−1 Uf \+ bf \)$/);
});

test("a peephole is one more term of its gate", () => {
  const peephole = { forget_gate: [0.5, -1], output_gate: [2, 0.25] };
  const looking = {
    ...withLayer({ peephole: true }),
    steps: forward.steps.map((step) => {
      const { cell_state: c, timestep, preactivations: z } = step;
      const before = timestep > 1 ? forward.steps[timestep - 2].cell_state : [0, 0];
      const more = {
        forget_gate: z?.forget_gate.map((sum, k) => sum + peephole.forget_gate[k] * before[k]),
        output_gate: z?.output_gate.map((sum, k) => sum + peephole.output_gate[k] * c[k]),
      };
      return /** @type {typeof step} */ ({ ...step, preactivations: { ...z, ...more } });
    }),
  };
  const own = { ...weights };
  for (const gate of /** @type {const} */ (["forget_gate", "output_gate"])) {
    own[gate] = { ...weights[gate], peephole: peephole[gate] };
  }
  assert.match(written(lettersOf(looking, "forget_gate")), /bf \+ pf ⊙ ct−1 \)$/);
  assert.match(written(lettersOf(looking, "output_gate")), /bo \+ po ⊙ ct \)$/);
  assert.doesNotMatch(written(lettersOf(looking, "candidate")), /⊙/);
  const at = { quantity: /** @type {const} */ ("output_gate"), timestep: 3, unit: 1 };
  const sum = arithmetic(looking, own, at);
  const seen = sum?.terms.find(({ label }) => label.startsWith("peephole"));
  assert.deepEqual(
    seen?.factors.map(({ name }) => name),
    ["c₃[1]", "po[1]"],
  );
  const rounding = sum?.terms.find(({ kind }) => kind === "rounding")?.product ?? 0;
  assert.ok(Math.abs(rounding) < 0.001);
  const [, numbers] = equation(looking, { ...at, weights: own });
  assert.equal(numbers.filter(({ kind }) => kind === "number").length, 4);
});

test("every activation is what its name says", () => {
  const values = { relu6: 2, softsign: 2 / 3, elu: 2, hard_sigmoid: 5 / 6, hard_sigmoid_2: 0.9 };
  for (const [name, value] of Object.entries({ ...values, gelu: 1.9544997, mish: 1.943959 })) {
    assert.ok(Math.abs(functionOf(name).of(2) - value) < 1e-6, name);
  }
  assert.equal(functionOf("leaky_relu").of(-1), -0.2);
});

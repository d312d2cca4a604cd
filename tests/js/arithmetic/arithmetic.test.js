import assert from "node:assert/strict";
import { test } from "node:test";
import { arithmetic, arithmeticText } from "../../../static/arithmetic/arithmetic.js";
import { precise } from "../../../static/draw/format.js";
import { adds, displayed } from "../sums.js";
import { randomTrace } from "../trace.js";

const QUANTITIES = /** @type {const} */ ([
  "forget_gate",
  "input_gate",
  "candidate",
  "output_gate",
  "cell_state",
  "hidden_state",
]);

const SIZES = [
  [1, 1, 3],
  [5, 3, 2],
  [8, 8, 4],
  [64, 32, 2],
];

/** Every sum of several random models.
 * @param {(sum: import("../../../static/arithmetic/arithmetic.js").Arithmetic, value: number) => void} check */
function forEverySum(check) {
  SIZES.forEach(([features, units, length], seed) => {
    const words = Array.from({ length }, (_, k) => `w${k}`);
    const { trace, weights } = randomTrace(words, features, units, seed + 1);
    for (let timestep = 1; timestep <= length; timestep++) {
      for (const quantity of QUANTITIES) {
        for (let unit = 0; unit < units; unit++) {
          const sum = arithmetic(trace, weights, { quantity, timestep, unit });
          assert.ok(sum);
          check(sum, trace.steps[timestep - 1][quantity][unit]);
        }
      }
    }
  });
}

test("the displayed terms add up to the displayed total, to the last digit", () => {
  forEverySum((sum) => adds(sum));
});

test("each displayed product is the product of its displayed factors", () => {
  forEverySum(({ terms }) => {
    for (const { factors, text } of terms.filter((term) => term.factors.length === 2)) {
      const exact = (displayed(factors[0].text) * displayed(factors[1].text)) / 10 ** 4;
      assert.ok(Math.abs(exact - displayed(text)) <= 0.5 + 1e-9);
    }
  });
});

test("a rounding term is there only where a gap has to be closed, comes last, and is small", () => {
  let [with_, without] = [0, 0];
  forEverySum(({ terms }) => {
    const rounding = terms.filter(({ kind }) => kind === "rounding");
    rounding.length ? with_++ : without++;
    if (!rounding.length) return;
    assert.equal(terms.at(-1), rounding[0]);
    assert.notEqual(displayed(rounding[0].text), 0);
    assert.ok(Math.abs(displayed(rounding[0].text)) <= 1.5 * terms.length);
  });
  assert.ok(with_ > 0 && without > 0);
});

test("the result is the number of the trace, and the activation leads to it", () => {
  forEverySum(({ activation, result }, value) => {
    assert.equal(result.text, precise(value));
    if (!activation) return;
    const gap = activation.rounding ? displayed(activation.rounding) : 0;
    assert.equal(displayed(activation.output) + gap, displayed(result.text));
    assert.notEqual(activation.rounding, "0.0000");
  });
});

test("every operand can be opened in turn, back to the word's embedding", () => {
  const { trace, weights } = randomTrace(["Good", "Day"], 5, 3);
  const seen = new Set();
  /** @param {import("../../../static/core/types.js").Mark} mark */
  const open = (mark) => {
    const key = `${mark.quantity} ${mark.timestep} ${mark.unit}${mark.how ? ` ${mark.how}` : ""}`;
    if (seen.has(key)) return;
    seen.add(key);
    const sum = adds(arithmetic(trace, weights, mark));
    for (const { factors } of sum.terms) {
      for (const { mark: next } of factors) if (next) open(/** @type {any} */ (next));
    }
  };
  open({ quantity: "hidden_state", timestep: 2, unit: 1 });
  assert.ok(seen.has("input 2 4") && seen.has("input 1 0"), "the embedding was reached");
  assert.ok(seen.has("hidden_state 0 2") && seen.has("cell_state 0 1"), "and the initial state");
  const input = arithmetic(trace, weights, { quantity: "input", timestep: 2, unit: 4 });
  assert.match(/** @type {any} */ (input).equation, /row 2 of the embedding, column 4$/);
});

test("a gate's sum has a product for each feature and each unit, and the bias", () => {
  const { trace, weights } = randomTrace(["Good", "Day"], 5, 3);
  const sum = adds(arithmetic(trace, weights, { quantity: "candidate", timestep: 2, unit: 1 }));
  const kinds = sum.terms.map(({ kind }) => kind).filter((kind) => kind !== "rounding");
  assert.deepEqual(kinds, [...Array(5).fill("input"), ...Array(3).fill("hidden"), "bias"]);
  assert.equal(sum.activation?.name, "tanh");
  const [x, w] = sum.terms[3].factors;
  assert.deepEqual(x.mark, { quantity: "input", timestep: 2, unit: 3 });
  assert.equal(w.value, weights.candidate.kernel[3][1]);
});

test("the weights of the one unit that is asked about are enough", () => {
  const { trace, weights } = randomTrace(["Good", "Day"], 5, 3);
  const unit = 2;
  /** @param {keyof typeof weights} gate */
  const only = (gate) => ({
    kernel: weights[gate].kernel.map((row) => row[unit]),
    recurrent_kernel: weights[gate].recurrent_kernel.map((row) => row[unit]),
    bias: weights[gate].bias[unit],
  });
  const one = {
    input_gate: only("input_gate"),
    forget_gate: only("forget_gate"),
    candidate: only("candidate"),
    output_gate: only("output_gate"),
  };
  const mark = /** @type {const} */ ({ quantity: "output_gate", timestep: 2, unit });
  assert.deepEqual(arithmetic(trace, one, mark), arithmetic(trace, weights, mark));
});

test("a gate waits for its weights, the states do not need them", () => {
  const { trace } = randomTrace(["Good"], 5, 3);
  assert.equal(arithmetic(trace, null, { quantity: "forget_gate", timestep: 1, unit: 0 }), null);
  adds(arithmetic(trace, null, { quantity: "cell_state", timestep: 1, unit: 0 }));
});

test("a padded timestep carries the states over", () => {
  const { trace } = randomTrace(["a", "b"], 2, 2);
  const { cell_state: cell } = trace.steps[0];
  trace.steps[1] = { ...trace.steps[1], masked: true, cell_state: cell };
  const sum = adds(arithmetic(trace, null, { quantity: "cell_state", timestep: 2, unit: 1 }));
  assert.deepEqual(sum.terms[0].factors[0].mark, { quantity: "cell_state", timestep: 1, unit: 1 });
});

test("the arithmetic can be read out in one line", () => {
  const { trace } = randomTrace(["Good"], 5, 3);
  const sum = adds(arithmetic(trace, null, { quantity: "hidden_state", timestep: 1, unit: 0 }));
  assert.match(
    arithmeticText(sum),
    /^hidden state, unit 0, at \u201cGood\u201d: .* = \u2212?\d\.\d{4}$/,
  );
});

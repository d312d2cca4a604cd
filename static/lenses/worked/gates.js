/** The worked cell's left half: inputs, the wires they send, and the four gates. */
import { cellOf, previous } from "../../cells/kinds.js";
import { mix } from "../../draw/color.js";
import { curve, frame, join, label } from "../../draw/primitives.js";
import { functionOf } from "../../core/activations.js";
import { nameAt, readsNumbers, word } from "../../draw/text.js";
import { LETTERS, NAMES, symbol, vector } from "../../cells/quantities.js";
import { PITCH, RADIUS } from "./parts.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("./parts.js").WorkedOptions} WorkedOptions */
/** @typedef {import("./parts.js").Plan} Plan */
/** @typedef {import("./parts.js").Paint} Paint */
/** @typedef {import("../../cells/kind.js").Block} Block */

/** @param {Plan} plan @param {number} k which gate */
const gateRect = ({ gateX, gateWidth, gateTop, gatePitch }, k) => ({
  x: gateX,
  y: gateTop + k * gatePitch + (gatePitch - 82) / 2,
  width: gateWidth,
  height: 76,
});

/** The inputs on the left. @param {Trace} trace @param {WorkedOptions} options @param {Plan} plan
 * @param {Paint} paint */
export function inputs(trace, { timestep, unit, theme }, plan, paint) {
  const { inputX: x, inputTop, hiddenTop, features, units, gateX } = plan;
  const token = readsNumbers(trace) ? nameAt(trace, timestep) : trace.steps[timestep - 1].token;
  const room = gateX - x - 20;
  const muted = { color: theme.muted, align: /** @type {const} */ ("left") };
  const left = /** @type {const} */ ("left");
  /** @param {boolean} chosen */
  const index = (chosen) => ({
    color: chosen ? theme.ink : theme.muted,
    bold: chosen,
    size: 11,
    align: /** @type {const} */ ("right"),
  });
  const hidden = features.length < trace.layer.features;
  return join(
    label(x - 17, inputTop - 36, symbol("input"), {
      color: theme.quantity.input,
      size: 16,
      align: left,
    }),
    label(x + 8, inputTop - 36, word(token, room, 15), {
      color: theme.ink,
      size: 15,
      bold: true,
      align: left,
    }),
    ...features.map((feature, k) =>
      paint({ quantity: "input", timestep, unit: feature }, [x, inputTop + k * PITCH]),
    ),
    ...features.map((feature, k) =>
      label(x - 24, inputTop + k * PITCH, `${feature}`, index(false)),
    ),
    ...units.map((k, at) => label(x - 24, hiddenTop + at * PITCH, `${k}`, index(k === unit))),
    hidden
      ? label(
          x - 17,
          hiddenTop - 55,
          `\u2026 ${trace.layer.features - features.length} more`,
          muted,
        )
      : null,
    label(x - 17, hiddenTop - 32, symbol("hidden_state", cellOf(trace).previous), {
      color: theme.quantity.hidden_state,
      size: 16,
      align: left,
    }),
    ...units.map((index, k) =>
      paint({ quantity: "hidden_state", timestep: previous(trace, timestep), unit: index }, [
        x,
        hiddenTop + k * PITCH,
      ]),
    ),
  );
}

/** How much each input adds to a gate of the unit under the cursor.
 * @param {Trace} trace @param {WorkedOptions} options @param {Block} gate
 * @returns {((quantity: "input" | "hidden_state", index: number) => number) | null} */
function contribution(trace, { timestep, unit, weights }, gate) {
  if (!weights) return null;
  const { kernel, recurrent_kernel: recurrent } = weights[gate];
  const reset = cellOf(trace).sums[gate]?.reset;
  /** What a reset gate leaves of it. @param {"input" | "hidden_state"} of @param {number} index */
  const share = (of, index) =>
    reset && of === "hidden_state"
      ? trace.steps[timestep - 1][reset.gate][reset.after ? unit : index]
      : 1;
  return (quantity, index) => {
    const row = (quantity === "input" ? kernel : recurrent)[index];
    const weight = Array.isArray(row) ? row[unit] : row;
    const when = quantity === "input" ? timestep : previous(trace, timestep);
    return weight * share(quantity, index) * vector(trace, quantity, when)[index];
  };
}

/** The wires into the unit under the cursor.
 * @param {Trace} trace @param {WorkedOptions} options @param {Plan} plan */
export function wires(trace, options, plan) {
  const { theme } = options;
  const { inputX, inputTop, hiddenTop, features, units } = plan;
  /** @type {["input" | "hidden_state", number, number][]} */
  const sources = [
    ...features.map(
      (unit, k) => /** @type {["input", number, number]} */ (["input", unit, inputTop + k * PITCH]),
    ),
    ...units.map(
      (unit, k) =>
        /** @type {["hidden_state", number, number]} */ ([
          "hidden_state",
          unit,
          hiddenTop + k * PITCH,
        ]),
    ),
  ];
  const amounts = plan.blocks.map((gate) => {
    const amount = contribution(trace, options, gate);
    return sources.map(([quantity, index]) => (amount ? amount(quantity, index) : 0));
  });
  // as thick as its share of the largest, so that those of large weights are no carpet
  const largest = Math.max(1, ...amounts.flat().map(Math.abs));
  return join(
    ...plan.blocks.flatMap((gate, k) => {
      const { x, y, height } = gateRect(plan, k);
      return sources.map(([, , from], s) => {
        const size = amounts[k][s];
        const width = options.weights ? 0.6 + (4.4 * Math.abs(size)) / largest : 1;
        const color = mix(
          theme.quantity[gate],
          theme.paper,
          options.weights && width < 1 ? 0.7 : 0.4,
        );
        const dash = size < 0 ? "5px,3px" : "solid";
        return curve([inputX + RADIUS, from], [x, y + height / 2], { color, width, dash });
      });
    }),
  );
}

/** What a gate is of, as text. @param {import("../../cells/kind.js").CellKind} cell @param {Block} gate */
function formulaOf(cell, gate) {
  const { activation, reset, peephole } = cell.sums[gate] ?? { activation: "sigmoid" };
  const { sign } = functionOf(activation);
  const met = reset ? LETTERS[reset.gate] : "";
  if (reset?.after)
    return { sign, formula: `${sign}(<i>xW + ${met}</i>\u2299(<i>hU + b\u2032</i>)<i> + b</i>)` };
  if (reset)
    return { sign, formula: `${sign}(<i>xW + </i>(<i>${met}</i>\u2299<i>h</i>)<i>U + b</i>)` };
  const looked = peephole ? " + p\u2299c" : "";
  return { sign, formula: `${sign}(<i>xW + hU + b${looked}</i>)` };
}

/** @param {Trace} trace @param {WorkedOptions} options @param {Plan} plan @param {Paint} paint */
export function gates(trace, { timestep, theme }, plan, paint) {
  const step = Math.min(PITCH + 6, (plan.gateWidth - 12) / plan.units.length);
  return join(
    ...plan.blocks.map((gate, k) => {
      const rect = gateRect(plan, k);
      const color = theme.quantity[gate];
      const written = formulaOf(cellOf(trace), gate);
      const { reset, peephole } = cellOf(trace).sums[gate] ?? {};
      const long = (reset || peephole ? 250 : 215) + 7 * Math.max(0, written.sign.length - 4);
      const formula = plan.gateWidth >= long ? written.formula : written.sign;
      const first = rect.x + rect.width / 2 - ((plan.units.length - 1) / 2) * step;
      return join(
        frame(rect, { fill: theme.panel, line: color, lineWidth: 1.8, radius: 8 }),
        label(rect.x + 10, rect.y + 15, NAMES[gate], {
          color,
          size: 13,
          bold: true,
          align: "left",
        }),
        label(rect.x + rect.width - 10, rect.y + 15, formula, { color, size: 12, align: "right" }),
        ...plan.units.map((unit, at) =>
          paint({ quantity: gate, timestep, unit }, [first + at * step, rect.y + 51]),
        ),
      );
    }),
  );
}

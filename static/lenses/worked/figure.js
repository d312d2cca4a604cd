/** One cell worked through with numbers: inputs, gates, and the two equations as columns. */
import { cellOf, previous, transformed } from "../../cells/kinds.js";
import { join, toFigure } from "../../draw/primitives.js";
import { precise } from "../../draw/format.js";
import { functionOf } from "../../core/activations.js";
import { PADDING, legend, shownUnits } from "../../draw/legend.js";
import { isProjected, NAMES, preciseAt, vector } from "../../cells/quantities.js";
import { equations } from "./equations.js";
import { gates, inputs, wires } from "./gates.js";
import { planOf, valuePainter } from "./parts.js";
import { nameAt, readsNumbers } from "../../draw/text.js";

/** @typedef {import("../../core/types.js").Mark} Mark */
/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("./parts.js").WorkedOptions} WorkedOptions */
/** @typedef {import("./parts.js").Plan} Plan */

/** @param {Trace} trace @param {WorkedOptions} options @param {Plan} plan
 * @returns {import("../../core/types.js").Table} */
function tableOf(trace, { timestep }, { units, features }) {
  const cell = cellOf(trace);
  const gates = cell.gates.map(({ quantity }) => quantity);
  /** @param {Mark["quantity"]} quantity @param {number} when @param {number[]} indices */
  const rows = (quantity, when, indices) =>
    indices.map((unit) => [
      `${when === timestep ? "" : "previous "}${NAMES[quantity]}`,
      `${quantity === "input" ? "feature" : "unit"} ${unit}`,
      {
        text: preciseAt(trace, { quantity, timestep: when, unit }),
        mark: { quantity, timestep: when, unit },
      },
    ]);
  return {
    columns: ["quantity", "which", "value"],
    rows: [
      ...rows("input", timestep, features),
      ...cell.states.toReversed().flatMap((state) => rows(state, previous(trace, timestep), units)),
      ...gates.flatMap((gate) => rows(gate, timestep, units)),
      ...cell.states.flatMap((state) => rows(state, timestep, units)),
    ],
  };
}

/** What the figure says now. @param {Trace} trace @param {WorkedOptions} options */
function sentence(trace, { timestep, unit }) {
  const step = trace.steps[timestep - 1];
  const read = readsNumbers(trace) ? "" : `, ${nameAt(trace, timestep)}`;
  const place = `One cell worked through at timestep ${timestep}${read}`;
  if (step.masked) return `${place}: ${PADDING}.`;
  const { states, updates } = cellOf(trace);
  const lines = states.map((state) => {
    const products = updates[state]?.products ?? [];
    const result = isProjected(trace, state)
      ? "what the projection makes the hidden state of"
      : precise(step[state][unit]);
    const right = products.map(({ factors }) => factors.map(told).join(" \u00d7 "));
    return right.length > 0 ? `${right.join(" + ")} = ${result}` : `the hidden state is ${result}`;
  });
  return `${place}. Unit ${unit}: ${lines.join("; ")}.`;

  /** @param {import("../../cells/kind.js").Operand} operand */
  function told({ quantity, before, how }) {
    const value = vector(trace, quantity, before ? previous(trace, timestep) : timestep)[unit];
    if (how === "rest" || !how) return precise(transformed(how, value));
    return `${functionOf(how).sign}(${precise(value)})`;
  }
}

/** @param {Trace} trace @param {WorkedOptions} options @returns {import("../../core/types.js").Figure} */
export function workedFigure(trace, options) {
  const { timestep, unit, theme, width, weights } = options;
  const plan = planOf(trace, options);
  const paint = valuePainter(trace, options);
  const columns = equations(trace, options, plan, paint);
  const wired = `wires into unit ${unit}`;
  const padding = trace.steps[timestep - 1].masked;
  const weighed = weights
    ? [`${wired}: thick where they weigh much`, "dashed where they subtract"]
    : [wired];
  const notes = [
    shownUnits(plan.units, unit, trace.layer.units),
    ...(padding ? [PADDING] : weighed),
  ];
  const key = legend(columns.bottom + 24, width, notes, theme, cellOf(trace).gates.length > 0);
  return toFigure(
    join(
      padding ? null : wires(trace, options, plan),
      inputs(trace, options, plan, paint),
      gates(trace, options, plan, paint),
      columns.drawn,
      key.drawn,
    ),
    {
      width,
      height: columns.bottom + 24 + key.height,
      theme,
      label: sentence(trace, options),
      table: tableOf(trace, options, plan),
    },
  );
}

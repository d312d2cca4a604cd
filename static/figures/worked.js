/** One cell worked through with numbers: inputs, gates, and the two equations as columns. */
import { join, toFigure } from "./draw.js";
import { precise } from "./format.js";
import { PADDING, legend, shownUnits } from "./legend.js";
import { NAMES, vector } from "./vectors.js";
import { equations } from "./worked-equations.js";
import { gates, inputs, wires } from "./worked-gates.js";
import { GATES, planOf, valuePainter } from "./worked-parts.js";

/** @typedef {import("../types.js").Mark} Mark */
/** @typedef {import("../types.js").Trace} Trace */
/** @typedef {import("./worked-parts.js").WorkedOptions} WorkedOptions */
/** @typedef {import("./worked-parts.js").Plan} Plan */

/** @param {Trace} trace @param {WorkedOptions} options @param {Plan} plan
 * @returns {import("../types.js").Table} */
function tableOf(trace, { timestep }, { units, features }) {
  /** @param {Mark["quantity"]} quantity @param {number} when @param {number[]} indices */
  const rows = (quantity, when, indices) =>
    indices.map((unit) => [
      `${when === timestep ? "" : "previous "}${NAMES[quantity]}`,
      `${quantity === "input" ? "feature" : "unit"} ${unit}`,
      {
        text: precise(vector(trace, quantity, when)[unit]),
        mark: { quantity, timestep: when, unit },
      },
    ]);
  return {
    columns: ["quantity", "which", "value"],
    rows: [
      ...rows("input", timestep, features),
      ...rows("hidden_state", timestep - 1, units),
      ...rows("cell_state", timestep - 1, units),
      ...GATES.flatMap((gate) => rows(gate, timestep, units)),
      ...rows("cell_state", timestep, units),
      ...rows("hidden_state", timestep, units),
    ],
  };
}

/** What the figure says now. @param {Trace} trace @param {WorkedOptions} options */
function sentence(trace, { timestep, unit }) {
  const step = trace.steps[timestep - 1];
  const place = `One cell worked through at timestep ${timestep}, \u201c${step.token}\u201d`;
  if (step.masked) return `${place}: ${PADDING}.`;
  const before = vector(trace, "cell_state", timestep - 1)[unit];
  const [f, i, g] = [step.forget_gate, step.input_gate, step.candidate].map((v) =>
    precise(v[unit]),
  );
  const [c, o, h] = [step.cell_state, step.output_gate, step.hidden_state].map((v) =>
    precise(v[unit]),
  );
  return (
    `${place}. Unit ${unit}: ` +
    `${f} \u00d7 ${precise(before)} + ${i} \u00d7 ${g} = ${c}; ` +
    `${o} \u00d7 tanh(${c}) = ${h}.`
  );
}

/** @param {Trace} trace @param {WorkedOptions} options @returns {import("../types.js").Figure} */
export function workedFigure(trace, options) {
  const { timestep, unit, theme, width, weights } = options;
  const plan = planOf(trace, options);
  const paint = valuePainter(trace, options);
  const columns = equations(options, plan, paint);
  const wired = `wires into unit ${unit}`;
  const padding = trace.steps[timestep - 1].masked;
  const weighed = weights
    ? [`${wired}: thick where they weigh much`, "dashed where they subtract"]
    : [wired];
  const notes = [
    shownUnits(plan.units, unit, trace.layer.units),
    ...(padding ? [PADDING] : weighed),
  ];
  const key = legend(columns.bottom + 24, width, notes, theme);
  return toFigure(
    join(
      padding ? null : wires(trace, options, plan),
      inputs(trace, options, plan, paint),
      gates(options, plan, paint),
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

/** The lines of Keras and PyTorch that do what a figure shows. */

import { cellOf } from "./kinds.js";

/** @param {boolean} value */
const python = (value) => (value ? "True" : "False");

/** @typedef {import("../core/types.js").Layer} Recurrent */

/** Keras 2's hard sigmoid goes by the name that Keras 3's has now; PyTorch's leaky one has no name.
 * @param {string} activation */
const inKeras = (activation) => activation.replace(/_(2|0\.01)$/, "");

/**
 * @param {Recurrent} recurrent
 * @param {{return_sequences: boolean, return_state: boolean}} setting
 */
export function kerasCall(recurrent, { return_sequences, return_state }) {
  const { units, activation, recurrent_activation: ofGates } = recurrent;
  const { calls, states, short } = cellOf({ layer: recurrent });
  if (!calls.keras) return calls.lacks?.keras ?? "";
  if (recurrent.peephole) return "# keras.layers.LSTM has no peepholes; ONNX has.";
  const names = ["output", ...(return_state ? states.toReversed() : [])].join(", ");
  const layer = short.toLowerCase();
  return [
    `${layer} = keras.layers.${calls.keras}(`,
    `    ${units},`,
    ...(activation ? [`    activation="${inKeras(activation)}",`] : []),
    ...(ofGates ? [`    recurrent_activation="${inKeras(ofGates)}",`] : []),
    ...(calls.settings ?? []).map((setting) => `    ${setting},`),
    ...(recurrent.go_backwards ? [`    go_backwards=True,`] : []),
    `    return_sequences=${python(return_sequences)},`,
    `    return_state=${python(return_state)},`,
    `)`,
    `${names} = ${layer}(inputs)`,
  ].join("\n");
}

/**
 * @param {Recurrent} recurrent
 * @param {{return_sequences: boolean, return_state: boolean}} setting
 */
export function pytorchCall(recurrent, { return_sequences, return_state }) {
  const { units, features, activation, recurrent_activation: ofGates } = recurrent;
  const { calls, states, short } = cellOf({ layer: recurrent });
  const nonlinearity = activation && calls.nonlinearities?.includes(activation);
  if (recurrent.peephole) return "# torch.nn.LSTM has no peepholes.";
  if (ofGates || (activation && !nonlinearity)) {
    return `# torch.nn.${calls.pytorch ?? short} has no activations but its own.`;
  }
  if (!calls.pytorch) return calls.lacks?.pytorch ?? "";
  const layer = short.toLowerCase();
  const left = states.length > 1 ? "(h_n, c_n)" : "h_n";
  const named =
    states.length > 1 ? "hidden_state, cell_state = h_n[-1], c_n[-1]" : "hidden_state = h_n[-1]";
  return [
    `${layer} = torch.nn.${calls.pytorch}(${features}, ${units}, ${nonlinearity ? `nonlinearity="${activation}", ` : ""}batch_first=True)`,
    ...(recurrent.go_backwards ? [`inputs = inputs.flip(1)  # the last timestep first`] : []),
    return_state ? `output, ${left} = ${layer}(inputs)` : `output, _ = ${layer}(inputs)`,
    ...(return_sequences ? [] : [`output = output[:, -1]`]),
    ...(return_state ? [named] : []),
  ].join("\n");
}

/** @param {(number | null)[]} shape */
export const shapeText = (shape) =>
  `(${shape.map((size) => size ?? "None").join(", ")}${shape.length === 1 ? "," : ""})`;

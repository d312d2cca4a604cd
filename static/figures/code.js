/** The lines of Keras and PyTorch that do what a figure shows. */

/** @typedef {import("../types.js").Summary} Summary */
/** @typedef {Summary["layers"][number]} Layer */

/** @param {boolean} value */
const python = (value) => (value ? "True" : "False");

/**
 * @param {{units: number, features: number}} layer
 * @param {{return_sequences: boolean, return_state: boolean}} setting
 */
export function kerasCall({ units }, { return_sequences, return_state }) {
  const names = return_state ? "output, hidden_state, cell_state" : "output";
  return [
    `lstm = keras.layers.LSTM(`,
    `    ${units},`,
    `    return_sequences=${python(return_sequences)},`,
    `    return_state=${python(return_state)},`,
    `)`,
    `${names} = lstm(inputs)`,
  ].join("\n");
}

/**
 * @param {{units: number, features: number}} layer
 * @param {{return_sequences: boolean, return_state: boolean}} setting
 */
export function pytorchCall({ units, features }, { return_sequences, return_state }) {
  return [
    `lstm = torch.nn.LSTM(${features}, ${units}, batch_first=True)`,
    return_state ? `output, (h_n, c_n) = lstm(inputs)` : `output, _ = lstm(inputs)`,
    ...(return_sequences ? [] : [`output = output[:, -1]`]),
    ...(return_state ? [`hidden_state, cell_state = h_n[-1], c_n[-1]`] : []),
  ].join("\n");
}

/** @param {(number | null)[]} shape */
export const shapeText = (shape) =>
  `(${shape.map((size) => size ?? "None").join(", ")}${shape.length === 1 ? "," : ""})`;

/**
 * The model built layer by layer, as its summary tells it.
 *
 * @param {Summary} summary
 * @param {number} timesteps
 */
export function kerasModel(summary, timesteps) {
  return [
    `from keras import Input, Sequential, layers`,
    `model = Sequential([Input((${timesteps},))])`,
    ...summary.layers.map((layer) => `model.add(layers.${layerCall(layer)})`),
    `model.summary()`,
  ].join("\n");
}

/** @param {Layer} layer */
function layerCall({ type, output_shape: shape, parameters }) {
  const size = shape[shape.length - 1] ?? 0;
  switch (type) {
    case "Embedding":
      return `Embedding(${parameters / size}, ${size})`;
    case "LSTM":
    case "GRU":
    case "SimpleRNN":
      return shape.length === 3 ? `${type}(${size}, return_sequences=True)` : `${type}(${size})`;
    case "Dense":
      return `Dense(${size}, activation="${size === 1 ? "sigmoid" : "softmax"}")`;
    default:
      return `${type}()`;
  }
}

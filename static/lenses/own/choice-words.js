/**
 * What a file does not say, in the page's words.
 *
 * @typedef {import("../../core/types.js").Choice} Choice
 */

/** @type {Record<string, string>} */
const LABELS = {
  reads: "The dense layer reads",
  before: "Dense layers before the recurrent one",
  state_activation: "Between the hidden states and the dense layer stands",
  mask_zero: "Token 0",
  merge_mode: "Two directions are joined by",
  nonlinearity: "nn.RNN uses",
  cell_activation: "Recurrent layers use",
  gate_activation: "Their gates use",
  backwards: "Recurrent layers that read from the end",
  order: "Recurrent layers in their order",
  dense_order: "Dense layers in their order",
  layer: "The recurrent layer that is opened",
  fed: "What is sent to it",
  repeats: "Timesteps for which the decoder reads the last state",
  part: "Of the weights in the file, those of",
};

/** @type {Record<string, Record<string, string>>} */
const VALUES = {
  reads: {
    last_state: "the last hidden state of each direction",
    last_timestep: "the hidden state of the last timestep",
    every: "every hidden state",
    max: "the maximum over the timesteps",
    average: "the average over the timesteps",
    flatten: "all hidden states side by side",
    all_layers: "the last hidden states of all layers",
    cell_state: "the last cell state",
  },
  state_activation: { linear: "nothing" },
  mask_zero: { true: "is padding (mask_zero)", false: "is a word like any other" },
  merge_mode: { concat: "standing side by side", sum: "sum", ave: "average", mul: "product" },
  gate_activation: {
    hard_sigmoid: "hard_sigmoid of Keras 3",
    hard_sigmoid_2: "hard_sigmoid of Keras 1 and 2",
  },
  fed: { ids: "token ids: the embedding stands before it", numbers: "numbers" },
  repeats: { null: "none: it reads every state" },
  part: { null: "all parts together" },
};

/** @param {Choice} choice @param {string} [of] the layer that this part of it is for */
export const labelOf = ({ option }, of) =>
  of === undefined ? (LABELS[option] ?? option) : `Activation of ${of}`;

/** @param {string} option @param {unknown} value */
export function valueText(option, value) {
  if (Array.isArray(value)) {
    const joint = option.endsWith("order") ? ", then " : ", ";
    return value.length > 0 ? value.join(joint) : "none";
  }
  return VALUES[option]?.[String(value)] ?? String(value);
}

/** What the owner has said before, and not the file. @param {Choice[]} choices @param {string[]} assumed */
export const saidOf = (choices, assumed) =>
  Object.fromEntries(
    choices
      .filter(({ text, chosen }) => !assumed.includes(text) && chosen !== null)
      .map(({ option, chosen }) => [option, chosen]),
  );

/** The LSTM with coupled gates (Greff et al. 2017): its input gate is what the forget gate leaves. */
import { declaredKind } from "../generic/kind.js";

/** @param {import("../../core/types.js").Layer} layer @returns {import("../kind.js").CellKind} */
export const lstmCoupled = (layer) => ({
  ...declaredKind(layer),
  words: "lstm-coupled",
  name: "LSTM with coupled gates",
  noun: "an LSTM with coupled gates",
  short: "CIFG",
  calls: {
    lacks: {
      keras: "# keras.layers.LSTM cannot couple its gates; ONNX's LSTM can (input_forget=1).",
      pytorch: "# torch.nn.LSTM cannot couple its gates; ONNX's LSTM can (input_forget=1).",
    },
  },
  notes: {
    keras: "Keras has no such layer: these are the three blocks as this server keeps them.",
    pytorch: "PyTorch has no such layer: these are the three blocks as this server keeps them.",
    onnx:
      "In ONNX it is an LSTM with input_forget=1, of four blocks: i o f c. ONNX computes the input " +
      "gate, takes f = 1 \u2212 i, and never reads the block of f. Here it is the other way round: " +
      "the weights of f are those of i with their sign turned.",
  },
});

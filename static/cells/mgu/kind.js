/** The minimal gated unit (Zhou et al. 2016): a GRU whose one gate does both jobs. */
import { declaredKind } from "../generic/kind.js";

/** @param {import("../../core/types.js").Layer} layer @returns {import("../kind.js").CellKind} */
export const mgu = (layer) => ({
  ...declaredKind(layer),
  words: "mgu",
  name: "MGU",
  noun: "a minimal gated unit",
  short: "MGU",
  calls: {
    lacks: {
      keras: "# Keras has no minimal gated unit: it would be a cell of your own in layers.RNN.",
      pytorch: "# PyTorch has no minimal gated unit: it would be a module of your own.",
    },
  },
});

/** How many parameters a model has, layer by layer: counts, which are whole numbers. */
import { derived } from "./derived-numbers.js";
import { blocksOf, kindOf } from "../cells/kinds.js";
import { fixed } from "../draw/format.js";

/** @typedef {import("../core/types.js").Summary} Summary */
/** @typedef {Summary["layers"][number]} Row */
/** @typedef {import("../core/types.js").SumMark} SumMark */
/** @typedef {import("./arithmetic.js").Arithmetic} Arithmetic */
/** @typedef {import("./arithmetic.js").Term} Term */

/** @param {number} count */
export const inThousands = (count) => count.toLocaleString("en-US");

/** @param {string} name @param {number} value @param {SumMark | null} [mark] */
const whole = (name, value, mark = null) => ({ name, value, text: inThousands(value), mark });

/** @param {string} label @param {...ReturnType<typeof whole>} factors @returns {Term} */
function product(label, ...factors) {
  const count = factors.reduce((all, { value }) => all * value, 1);
  return { kind: "given", label, factors, product: count, text: inThousands(count) };
}

/** @param {string} title @param {Term[]} terms @param {number} value @param {string} [note]
 * @returns {Arithmetic} */
function counted(title, terms, value, note = "") {
  const result = { name: "numbers", value, text: inThousands(value), note };
  return { title, equation: "", terms, sum: result, activation: null, result };
}

/** What a layer's numbers are, where its kind and its neighbours say so.
 * @param {Summary} summary @param {number} at @returns {Term[]} */
function termsOf({ layers, recurrent }, at) {
  const { name, type, output_shape: shape, parameters } = layers[at];
  const size = shape[shape.length - 1] ?? 0;
  const inputs = at > 0 ? (layers[at - 1].output_shape.at(-1) ?? 0) : 0;
  if (type === "Embedding") {
    return [
      product("a vector for each word", whole("words", parameters / size), whole("features", size)),
    ];
  }
  if (type === "Dense") {
    return [
      product("weights", whole("inputs", inputs), whole("outputs", size)),
      product("biases", whole("outputs", size)),
    ];
  }
  const own = recurrent.filter((row) => row.name === name || row.name.startsWith(`${name}/`));
  return own.flatMap((row) => recurrentTerms(row, own.length, parameters));
}

/** @param {Summary["recurrent"][number]} row @param {number} directions @param {number} all
 * @returns {Term[]} */
function recurrentTerms(row, directions, all) {
  const { units, features } = row;
  const kind = kindOf(row);
  const blocks = whole(kind.gates.length ? "gates" : "sums", blocksOf(kind).length);
  const matrices = [
    product("from the input", blocks, whole("features", features), whole("units", units)),
    product("from the state before", blocks, whole("units", units), whole("units", units)),
  ];
  const counts = matrices.reduce((sum, term) => sum + term.product, 0);
  const vectors = (all / directions - counts) / units; // biases, and in some cells peepholes
  if (vectors === 0) return matrices;
  return [
    ...matrices,
    product("biases and other vectors", whole("vectors", vectors), whole("units", units)),
  ];
}

/**
 * A layer's parameters.
 *
 * @param {Summary} summary
 * @param {string} name
 * @returns {SumMark}
 */
export const layerMark = (summary, name) =>
  derived(() => {
    const at = summary.layers.findIndex((row) => row.name === name);
    const { type, parameters } = summary.layers[at];
    const terms = parameters === 0 ? [] : termsOf(summary, at);
    const found = terms.reduce((sum, term) => sum + term.product, 0);
    const title = `numbers that ${name} (${type}) has learned`;
    if (parameters === 0)
      return counted(title, [product("it has nothing to learn", whole("", 0))], 0);
    return found === parameters && terms.every((term) => Number.isInteger(term.product))
      ? counted(title, terms, parameters)
      : counted(title, [product("as counted in the model", whole("", parameters))], parameters);
  });

/** All parameters of a model. @param {Summary} summary @returns {SumMark} */
export const totalMark = (summary) =>
  derived(() =>
    counted(
      "numbers of the whole model",
      summary.layers.map(({ name, parameters }) =>
        product(name, whole("", parameters, layerMark(summary, name))),
      ),
      summary.total_parameters,
    ),
  );

/** A layer's part of all. @param {Summary} summary @param {string} name @param {string} shown
 * @returns {SumMark} */
export const partMark = (summary, name, shown) =>
  derived(() => {
    const parameters = summary.layers.find((row) => row.name === name)?.parameters ?? 0;
    const share = parameters / summary.total_parameters;
    const factors = [
      whole("", parameters, layerMark(summary, name)),
      { ...whole("all", summary.total_parameters, totalMark(summary)), divides: true },
    ];
    const text = fixed(share, 4);
    return {
      ...counted(`the part of ${name}`, [], 0),
      terms: [{ kind: "given", label: name, factors, product: share, text }],
      result: { name: "share", value: share, text, note: `, that is ${shown}` },
    };
  });

/**
 * A kind of cell made of what the server says of it: for a cell that has no folder of its own, and
 * to begin with for one that has little to add.
 */
import { FORWARD, SIGMOID, before, now } from "../kind.js";
import { SIMPLE_RNN } from "../simple-rnn/kind.js";
import { generic } from "./diagram.js";

/** @typedef {import("../../core/types.js").Gate} Gate */
/** @typedef {import("../../core/types.js").Layer} Layer */
/** @typedef {import("../../core/types.js").Quantity} Quantity */
/** @typedef {import("../kind.js").CellKind} CellKind */
/** @typedef {import("../kind.js").GateRow} GateRow */
/** @typedef {import("../kind.js").Operand} Operand */
/** @typedef {import("../kind.js").StateName} StateName */
/** @typedef {import("../kind.js").Update} Update */

/** @type {Record<Gate, string>} */
const TAGS = {
  forget_gate: "f",
  input_gate: "i",
  candidate: "g",
  output_gate: "o",
  update_gate: "z",
  reset_gate: "r",
};

/** What a factor of the server's is: a gate, or what it leaves of 1.
 * @param {string} text @returns {Operand} */
function operandOf(text) {
  const rest = text.startsWith("1 - ");
  const quantity = /** @type {Gate} */ (rest ? text.slice(4) : text);
  return rest ? { quantity, how: "rest" } : now(quantity);
}

/** The gates as they are drawn: what the memory takes, the candidate after the others, then what
 * shows the memory. @param {Layer} layer @returns {Gate[]} */
function gatesOf({ gates = [], derived = {}, memory, reset }) {
  const all = [...gates, ...Object.keys(derived)];
  const last = ["candidate", memory?.shown_by];
  const first = all.filter((gate) => !last.includes(gate) && gate !== reset?.gate);
  const meets = all.filter((gate) => gate === reset?.gate);
  return /** @type {Gate[]} */ ([
    ...first,
    ...meets,
    ...last.filter((gate) => gate !== undefined && all.includes(gate)),
  ]);
}

/** @param {Layer} layer @returns {CellKind["updates"]} */
function updatesOf({ derived = {}, memory }) {
  /** @type {CellKind["updates"]} */
  const updates = {};
  for (const [gate, text] of Object.entries(derived)) {
    const { gate: name } = { gate: /** @type {Gate} */ (gate) };
    const products = [{ label: "what is left of 1", factors: [operandOf(text)] }];
    updates[name] = { title: "", products };
  }
  if (!memory) return updates;
  const state = /** @type {StateName} */ (memory.state);
  updates[state] = {
    title: state === "cell_state" ? "New cell state" : "New hidden state",
    products: [
      { label: "kept of the old", factors: [operandOf(memory.keeps), before(state)] },
      { label: "added by the new", factors: memory.writes.map(operandOf) },
    ],
  };
  if (memory.shown_by) {
    const shown = [operandOf(memory.shown_by), { quantity: state, how: "tanh" }];
    updates.hidden_state = {
      title: "New hidden state",
      products: [{ label: "let out", factors: shown }],
    };
  }
  return updates;
}

/** What is computed after what. @param {Gate[]} gates @param {Layer} layer @returns {Quantity[]} */
function orderOf(gates, { memory }) {
  const shows = gates.filter((gate) => gate === memory?.shown_by);
  const others = gates.filter((gate) => gate !== memory?.shown_by);
  const state = /** @type {StateName} */ (memory?.state ?? "hidden_state");
  return shows.length > 0
    ? [...others, state, ...shows, "hidden_state"]
    : [...others, "hidden_state"];
}

/** @param {Gate} gate @param {Layer} layer @returns {Quantity[]} what flows into it */
const sourcesOf = (gate, { derived = {} }) => {
  const from = derived[gate];
  return from ? [operandOf(from).quantity] : [];
};

/** Which parts of the picture light up. @param {Gate[]} gates @param {Layer} layer
 * @param {CellKind["updates"]} updates @returns {CellKind["lit"]} */
function litOf(gates, layer, updates) {
  const tag = (/** @type {Quantity} */ quantity) => TAGS[/** @type {Gate} */ (quantity)];
  /** @type {CellKind["lit"]} */
  const lit = {};
  for (const gate of gates) {
    const sources = sourcesOf(gate, layer);
    const met =
      gate === "candidate" && layer.reset
        ? [tag(/** @type {Gate} */ (layer.reset.gate)), "reset"]
        : [];
    const read =
      sources.length > 0 ? ["rest", ...sources.map(tag)] : ["x", "hPrev", `${tag(gate)}In`];
    lit[gate] = [...read, ...met, tag(gate)];
  }
  const memory = layer.memory;
  if (!memory) return { ...lit, hidden_state: ["x", "hPrev", "h"] };
  const own = memory.state === "cell_state" ? ["cPrev", "c"] : ["hPrev", "h"];
  const state = /** @type {StateName} */ (memory.state);
  const taken = (updates[state]?.products ?? []).flatMap(({ factors }) =>
    factors.map((f) => f.quantity),
  );
  lit[state] = [...own, "update", ...taken.filter((name) => name in TAGS).map(tag)];
  if (memory.shown_by)
    lit.hidden_state = ["c", "show", tag(/** @type {Gate} */ (memory.shown_by)), "h"];
  return lit;
}

/** Each equation is one box, there from its first product on. @param {StateName[]} states
 * @returns {CellKind["phaseParts"]} */
function phasePartsOf(states) {
  const box = { lights: ["update"], moves: [] };
  const [memory, shown] = states;
  const now = shown ? "c" : "h";
  return {
    [memory]: { products: [box, box], sum: { lights: [now], moves: shown ? [now] : [] } },
    ...(shown && { [shown]: { products: [{ lights: ["show"], moves: [] }] } }),
  };
}

/**
 * @param {Layer} layer
 * @returns {CellKind}
 */
export function declaredKind(layer) {
  const { cell, memory, reset, derived = {} } = layer;
  const gates = gatesOf(layer);
  const updates = updatesOf(layer);
  const weighed = gates.filter((gate) => !(gate in derived));
  const states = /** @type {StateName[]} */ (
    memory && memory.state !== "hidden_state" ? [memory.state, "hidden_state"] : ["hidden_state"]
  );
  /** @param {Gate} gate @returns {GateRow} */
  const row = (gate) => ({
    tag: TAGS[gate],
    quantity: gate,
    sign: gate in derived ? "1 \u2212" : gate === "candidate" ? "tanh" : SIGMOID,
    name: gate.replace("_gate", ""),
  });
  /** @param {Gate} gate @returns {[Gate, import("../kind.js").Sum]} */
  const sum = (gate) => {
    const meets = gate === "candidate" && reset;
    const met = meets && { gate: /** @type {Gate} */ (reset.gate), after: reset.after };
    return [
      gate,
      { activation: gate === "candidate" ? "tanh" : "sigmoid", ...(met && { reset: met }) },
    ];
  };
  return {
    words: "generic",
    diagram: memory ? generic : SIMPLE_RNN.diagram,
    squash: "tanh",
    previous: FORWARD,
    name: cell,
    noun: `this kind of cell, ${cell},`,
    short: cell.toUpperCase(),
    calls: { lacks: { keras: `# Keras has no ${cell}.`, pytorch: `# PyTorch has no ${cell}.` } },
    gates: gates.map(row),
    states,
    order: orderOf(gates, layer),
    sums:
      gates.length > 0
        ? Object.fromEntries(weighed.map(sum))
        : { hidden_state: { activation: "tanh" } },
    updates,
    phaseParts: phasePartsOf(states),
    lit: litOf(gates, layer, updates),
    layouts: {},
    notes: {
      keras: "Keras has no such layer: these are the blocks as this server keeps them.",
      pytorch: "PyTorch has no such layer: these are the blocks as this server keeps them.",
      onnx: "ONNX has no such node: these are the blocks as this server keeps them.",
    },
  };
}

/**
 * The order in which a cell computes a word: its phases, as data, from what the cell declares. What of
 * the picture belongs to which phase a kind of cell says with its drawing.
 */

/** @typedef {import("../core/types.js").Quantity} Quantity */
/** @typedef {import("./kind.js").CellKind} CellKind */
/** @typedef {import("./kind.js").StateName} StateName */
/** @typedef {import("./kind.js").Tag} Tag */

/**
 * @typedef {object} Phase
 * @property {"arrive" | "gates" | "reset" | "derived" | "squash" | "product" | "sum" | "leave"} kind
 * @property {Quantity[]} quantities what it computes, whole or in part: the gates; the gate that
 *   resets or that is derived; the state
 * @property {number} [which] of the products of the state
 * @property {Tag[]} lights parts of the picture that are there from now on
 * @property {Tag[]} moves wires on which values travel
 */

/** @typedef {{lights?: Tag[], moves?: Tag[]}} PhaseParts moves: those it lights, where nothing is said */

/** @param {Phase["kind"]} kind @param {Quantity[]} quantities @param {PhaseParts} [parts]
 * @param {number} [which] @returns {Phase} */
const phase = (kind, quantities, { lights = [], moves = lights } = {}, which) => ({
  kind,
  quantities,
  which,
  lights,
  moves,
});

/** The gates: first those that are sums of what arrives, then the reset, and what it comes into.
 * @param {CellKind} cell @returns {Phase[]} */
function gatePhases({ gates, sums }) {
  const [state] = /** @type {StateName[]} */ (
    Object.keys(sums).filter((q) => q === "hidden_state")
  );
  if (state) return [phase("gates", [state], { lights: ["h"] })]; // a simple RNN is one sum
  const weighed = gates.filter(({ quantity }) => quantity in sums);
  const met = weighed.filter(({ quantity }) => sums[quantity]?.reset);
  const first = weighed.filter((gate) => !met.includes(gate));
  const made = (/** @type {typeof weighed} */ rows) =>
    phase(
      "gates",
      rows.map(({ quantity }) => quantity),
      { lights: rows.map(({ tag }) => tag) },
    );
  const reset = met.map(({ quantity, tag }) => {
    const gate = /** @type {Quantity} */ (sums[quantity]?.reset?.gate);
    return phase("reset", [gate], { lights: ["reset", `${tag}In`] });
  });
  return [made(first), ...reset, ...(met.length > 0 ? [made(met)] : [])];
}

/** A state: its products, what their factors are squashed with, and their sum.
 * @param {CellKind} cell @param {StateName} state @returns {Phase[]} */
function statePhases({ updates, phaseParts }, state) {
  const products = updates[state]?.products ?? [];
  const parts = phaseParts[state];
  const made = products.flatMap(({ factors }, k) => {
    const squashed = factors.find(({ how }) => how !== undefined && how !== "rest");
    return [
      ...(squashed ? [phase("squash", [squashed.quantity], { lights: ["tanh"] })] : []),
      phase("product", [state], parts?.products[k], k),
    ];
  });
  return products.length > 1 ? [...made, phase("sum", [state], parts?.sum)] : made;
}

/** @param {CellKind} cell @returns {Phase[]} */
export function phasesOf(cell) {
  const { gates, states, sums, updates } = cell;
  const arriving = gates
    .filter(({ quantity }) => quantity in sums && !sums[quantity]?.reset)
    .map(({ tag }) => `${tag}In`);
  const derived = gates.filter(({ quantity }) => !(quantity in sums));
  const before = states.length > 1 ? ["hPrev", "cPrev"] : ["hPrev"];
  return [
    phase("arrive", [], {
      lights: ["x", ...before, ...arriving],
      moves: ["x", "hPrev", ...arriving],
    }),
    ...gatePhases(cell),
    ...derived.map(({ quantity, tag }) => phase("derived", [quantity], { lights: [tag, "rest"] })),
    ...states.filter((state) => updates[state]).flatMap((state) => statePhases(cell, state)),
    phase("leave", ["hidden_state"], { lights: ["h"] }),
  ];
}

/** @type {Phase["kind"][]} */
const MAKING = ["gates", "derived", "sum", "product"];

/** The phase, from 0, after which a quantity is there. @param {CellKind} cell @param {Quantity} quantity */
export const madeIn = (cell, quantity) =>
  phasesOf(cell).reduce(
    (last, { kind, quantities }, k) =>
      MAKING.includes(kind) && quantities.includes(quantity) ? k : last,
    0,
  );

/** The phase, from 0, after which one of a state's products is there. @param {CellKind} cell
 * @param {Quantity} quantity @param {number} which */
export function productIn(cell, quantity, which) {
  const own = (/** @type {Phase} */ one) =>
    one.which === which && one.quantities.includes(quantity);
  const at = phasesOf(cell).findIndex(own);
  return at < 0 ? madeIn(cell, quantity) : at; // of what one gate leaves of 1
}

/** The phase, from 0, after which a state's activation is there. @param {CellKind} cell
 * @param {Quantity} quantity */
export const squashedIn = (cell, quantity) =>
  phasesOf(cell).findIndex(
    ({ kind, quantities }) => kind === "squash" && quantities.includes(quantity),
  );

/** What a state's product is made of: gates, the squashed memory, and the state before.
 * @param {CellKind} cell @param {StateName} state @param {number} which @returns {Tag[]} */
const factorsOf = ({ gates, updates }, state, which) =>
  (updates[state]?.products[which].factors ?? []).flatMap(({ quantity, before, how }) => {
    if (before) return [quantity === "cell_state" ? "cPrev" : "hPrev"];
    const gate = gates.find((row) => row.quantity === quantity);
    return gate ? [gate.tag] : how ? ["tanh"] : [];
  });

/** What of the picture a phase reads. @param {CellKind} cell @param {Phase} phase @returns {Tag[]} */
function readBy(cell, { kind, quantities, which = 0 }) {
  const [state] = /** @type {StateName[]} */ (quantities);
  switch (kind) {
    case "gates":
      return ["x", "hPrev", ...quantities.flatMap((q) => cell.lit[q] ?? []).filter(isArriving)];
    case "derived":
      return (cell.updates[state]?.products[0].factors ?? []).flatMap(
        ({ quantity }) => cell.gates.find((gate) => gate.quantity === quantity)?.tag ?? [],
      );
    case "reset":
      return ["hPrev", ...cell.gates.filter((gate) => gate.quantity === state).map((g) => g.tag)];
    case "product":
      return factorsOf(cell, state, which);
    case "sum":
      return (cell.phaseParts[state]?.products ?? []).flatMap(({ lights = [] }) => lights);
    case "squash":
      return ["c"];
    default:
      return [];
  }
}

/** A wire into a gate, by its tag. @param {Tag} tag */
const isArriving = (tag) => tag.endsWith("In");

/** What of the picture a phase is about: what it reads and what it makes. @param {CellKind} cell
 * @param {number} phase from 0 @returns {Set<Tag>} */
export function concernedIn(cell, phase) {
  const one = phasesOf(cell)[phase];
  return new Set([...one.lights, ...readBy(cell, one)]);
}

/** What of the picture is there once a phase is over. @param {CellKind} cell @param {number} phase
 * from 0 @returns {Set<Tag>} */
export const computedBy = (cell, phase) =>
  new Set(
    phasesOf(cell)
      .slice(0, phase + 1)
      .flatMap(({ lights }) => lights),
  );

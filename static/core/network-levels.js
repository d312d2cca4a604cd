/** The recurrent layers of a network as levels, and what one hands on to the next. */

/** @typedef {import("./types.js").Layer} Layer */
/** @typedef {import("./types.js").Mark} Mark */
/** @typedef {import("./types.js").Trace} Trace */
/** @typedef {{layers: Layer[], turned: boolean}} Level turned: it hands its states on in the order
 *   in which it read, the last timestep first */
/** @typedef {{name: string, source: {layer: string, timestep: number, unit: number} | null}} Handed
 *   by which level, and which hidden state it is; null where two directions are made one number */

export const DIRECTION = /\/(forward|backward)$/;

/** The levels of a network, both directions of a layer in one. @param {Layer[]} layers
 * @returns {Level[]} */
export function levelsOf(layers) {
  /** @type {Map<string, Layer[]>} */
  const byName = new Map();
  for (const layer of layers) {
    const whole = layer.name.replace(DIRECTION, "");
    byName.set(whole, [...(byName.get(whole) ?? []), layer]);
  }
  return [...byName.values()].map((both) => ({
    layers: both,
    turned:
      both.length === 1 &&
      both[0].return_sequences &&
      (both[0].go_backwards ?? false) &&
      !both[0].restores_order,
  }));
}

/** Where a level stands that holds a layer. @param {Level[]} levels @param {string} name */
export const levelAt = (levels, name) =>
  levels.findIndex(({ layers }) => layers.some((layer) => layer.name === name));

/** What an input of a layer is that reads another one's hidden states; null where it reads what the
 * model reads.
 * @param {Trace} trace @param {Layer[]} recurrent every layer of the network
 * @param {Mark} input @returns {Handed | null} */
export function handedOn({ layer, steps }, recurrent, { timestep, unit }) {
  const levels = levelsOf(recurrent);
  const { layers, turned } = levels[levelAt(levels, layer.name) - 1] ?? { layers: [] };
  if (timestep === 0 || layers.length === 0) return null;
  const name = layers[0].name.replace(DIRECTION, "");
  const [{ units: first }] = layers;
  const whole = layers.reduce((sum, { units }) => sum + units, 0) === layer.features;
  const from = unit < first ? layers[0] : layers[1];
  if (!whole || !from) return { name, source: null };
  const when = turned ? steps.length + 1 - timestep : timestep;
  return {
    name,
    source: { layer: from.name, timestep: when, unit: unit < first ? unit : unit - first },
  };
}

/** The same as a number that opens, once that layer's run is there and holds it.
 * @param {Trace} trace @param {Handed} handed @param {Mark} input
 * @param {Trace} run of the layer that hands it on @returns {Mark | null} */
export function handedMark(trace, { source }, { timestep, unit }, run) {
  if (!source || run.layer.name !== source.layer) return null;
  const own = run.steps[source.timestep - 1]?.hidden_state[source.unit];
  // what is left out between the layers, padding set to zero for one, is not that number
  if (Math.abs(own - trace.steps[timestep - 1].input[unit]) > 1e-6) return null;
  return { quantity: "hidden_state", timestep: source.timestep, unit: source.unit, run };
}

/** Pins: gates held at a value. In the address they are the JSON that the server takes. */

/** @typedef {import("./types.js").Gate} Gate */
/** @typedef {import("./types.js").Mark} Mark */
/** @typedef {import("./types.js").Override} Override */
/** @typedef {import("./types.js").Trace} Trace */

/** The gates that can be held, in the order of the equations. */
export const OVERRIDABLE = /** @type {Gate[]} */ ([
  "forget_gate",
  "update_gate",
  "reset_gate",
  "input_gate",
  "candidate",
  "output_gate",
]);

/** The values a gate can be held at. @param {string} gate @returns {[number, number]} */
export const rangeOf = (gate) => (gate === "candidate" ? [-1, 1] : [0, 1]);

/** @param {unknown} value @returns {value is Override} */
function isOverride(value) {
  const { timestep, gate, unit, value: held } = /** @type {Partial<Override>} */ (value ?? {});
  return (
    Number.isInteger(timestep) &&
    typeof gate === "string" &&
    (unit === null || unit === undefined || Number.isInteger(unit)) &&
    typeof held === "number"
  );
}

/** What an address says; nothing where it makes no sense.
 * @param {string | null | undefined} text @returns {Override[]} */
export function parseOverrides(text) {
  if (!text) return [];
  try {
    const list = JSON.parse(text);
    if (!Array.isArray(list) || !list.every(isOverride)) return [];
    return list.map((pin) => ({ ...pin, unit: pin.unit ?? null }));
  } catch {
    return [];
  }
}

/** @param {Override[]} pins @returns {string | null} null for none, which the address leaves out */
export const formatOverrides = (pins) => (pins.length > 0 ? JSON.stringify(pins) : null);

/** Whether the first says of the second's numbers all there is to say.
 * @param {Override} one @param {Override} other */
const covers = (one, other) =>
  one.gate === other.gate &&
  one.timestep === other.timestep &&
  (one.unit === null || one.unit === other.unit);

/** Holds one more value: it stands in for those it covers. @param {Override[]} pins @param {Override} pin */
export const addOverride = (pins, pin) => [...pins.filter((before) => !covers(pin, before)), pin];

/** Lets go of one number; of a pin on all units, the others stay held.
 * @param {Override[]} pins @param {Override} pin its unit given @param {number} units */
export function removeOverride(pins, pin, units) {
  return pins.flatMap((held) => {
    if (!covers(held, pin)) return [held];
    if (held.unit !== null) return [];
    const others = Array.from({ length: units }, (_, unit) => unit).filter((k) => k !== pin.unit);
    return others.map((unit) => ({ ...held, unit }));
  });
}

/** What the pins say of one number; undefined where they leave it free.
 * @param {Override[]} pins @param {{timestep: number, gate: string, unit: number}} number */
export const overriddenValue = (pins, { timestep, gate, unit }) =>
  pins.findLast(
    (pin) =>
      pin.timestep === timestep && pin.gate === gate && (pin.unit === null || pin.unit === unit),
  )?.value;

/** The gates of a trace's cell that can be held, the candidate among them: one that comes of another
 * is held with that. @param {Trace} trace */
export function gatesOf({ steps, layer }) {
  const names = /** @type {Gate[]} */ (
    Object.keys(steps[0]).filter((name) => name.endsWith("_gate") || name === "candidate")
  ).filter((name) => !layer.derived?.[name]);
  const place = (/** @type {Gate} */ name) => OVERRIDABLE.indexOf(name);
  return names.sort((a, b) => place(a) - place(b));
}

/** Pins that say the same of several words, together.
 * @param {Override[]} pins @returns {{gate: Gate, unit: number | null, value: number,
 *   timesteps: number[]}[]} */
export function grouped(pins) {
  /** @type {Map<string, {gate: Gate, unit: number | null, value: number, timesteps: number[]}>} */
  const groups = new Map();
  for (const { gate, unit, value, timestep } of pins) {
    const key = `${gate} ${unit} ${value}`;
    const group = groups.get(key) ?? { gate, unit, value, timesteps: [] };
    group.timesteps.push(timestep);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** What each number of a trace is held at. @type {WeakMap<Trace, Map<string, number>>} */
const held = new WeakMap();

/** @param {Trace} trace */
function heldIn(trace) {
  const known = held.get(trace);
  if (known) return known;
  /** @type {Map<string, number>} */
  const values = new Map();
  for (const { timestep, gate, unit, value } of trace.pins ?? []) {
    const units = unit === null ? Array.from({ length: trace.layer.units }, (_, k) => k) : [unit];
    for (const k of units) values.set(`${gate} ${timestep} ${k}`, value);
  }
  held.set(trace, values);
  return values;
}

/** What a number is held at; undefined where it is free.
 * @param {Trace} trace @param {Mark} mark */
export const overrideAt = (trace, { quantity, timestep, unit }) =>
  trace.pins?.length ? heldIn(trace).get(`${quantity} ${timestep} ${unit}`) : undefined;

/** How many numbers are held. @param {Trace} trace */
export const overrideCount = (trace) => heldIn(trace).size;

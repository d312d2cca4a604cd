/**
 * Holds a gate of one unit at one word at a value, and lets it go again. What comes of it is computed
 * anew, by a server.
 *
 * @typedef {import("../../core/types.js").Gate} Gate
 * @typedef {import("../../core/types.js").Store} Store
 * @typedef {{timestep: number, gate: Gate, unit: number}} Place
 */
import {
  addOverride,
  formatOverrides,
  overriddenValue,
  parseOverrides,
  rangeOf,
  removeOverride,
} from "../../core/overrides.js";

/** @param {Gate} gate @param {number} value */
export function inRange(gate, value) {
  const [low, high] = rangeOf(gate);
  return Math.round(Math.min(Math.max(value, low), high) * 100) / 100;
}

/** @param {Store} store @param {Place} place @param {number} value */
export function holdGate(store, place, value) {
  const pins = parseOverrides(store.get().pins);
  const held = { ...place, value: inRange(place.gate, value) };
  store.set({ pins: formatOverrides(addOverride(pins, held)) });
}

/** @param {Store} store @param {Place} place */
export function releaseGate(store, place) {
  const { pins, trace } = store.get();
  const units = trace?.layer.units ?? 0;
  const left = removeOverride(parseOverrides(pins), { ...place, value: 0 }, units);
  store.set({ pins: formatOverrides(left) });
}

/** Lets a gate go at a word, for every unit.
 * @param {Store} store @param {Gate} gate @param {number} timestep */
export function releaseAll(store, gate, timestep) {
  const left = parseOverrides(store.get().pins).filter(
    (pin) => pin.gate !== gate || pin.timestep !== timestep,
  );
  store.set({ pins: formatOverrides(left) });
}

/** What a gate is held at, though the answer may still be on its way, or else has.
 * @param {Store} store @param {Place} place */
export function valueNow(store, { timestep, gate, unit }) {
  const { pins, trace } = store.get();
  const computed = trace?.steps[timestep - 1][gate][unit] ?? 0;
  return overriddenValue(parseOverrides(pins), { timestep, gate, unit }) ?? computed;
}

/** Moves the cursor to a timestep. */

/** @typedef {import("../core/types.js").Store} Store */

/**
 * @param {Store} store
 * @returns {(timestep: number) => void}
 */
export function cursorMover(store) {
  return (timestep) => {
    const timesteps = store.get().trace?.steps.length ?? 1;
    const clamped = Math.min(Math.max(timestep, 1), timesteps);
    store.set({ timestep: clamped === timesteps ? null : clamped, arrived: false });
  };
}

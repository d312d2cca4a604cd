/** Moves the cursor to a timestep. */

/** @typedef {import("../core/types.js").Store} Store */

/**
 * @param {Store} store
 * @returns {(timestep: number, also?: Partial<import("../core/types.js").AppState>) => void} also: what
 *   changes with it
 */
export function cursorMover(store) {
  return (timestep, also) => {
    const timesteps = store.get().trace?.steps.length ?? 1;
    const clamped = Math.min(Math.max(timestep, 1), timesteps);
    store.set({ timestep: clamped === timesteps ? null : clamped, arrived: false, ...also });
  };
}

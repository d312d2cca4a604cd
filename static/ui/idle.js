/**
 * Work that can wait until nothing else wants the browser: one task at a time, so that a key pressed
 * meanwhile is answered first.
 */

/** @type {Set<() => void>} */
const tasks = new Set();
let waiting = false;
const PATIENCE = 100; // ms after which a browser that finds no rest does a task all the same

const later =
  typeof requestIdleCallback === "function"
    ? (/** @type {() => void} */ run) => requestIdleCallback(run, { timeout: PATIENCE })
    : (/** @type {() => void} */ run) => setTimeout(run, 50);

/** @param {() => void} task run once, however often it is asked for */
export function whenIdle(task) {
  tasks.add(task);
  if (waiting) return;
  waiting = true;
  later(next);
}

function next() {
  const [task] = tasks;
  tasks.delete(task);
  waiting = tasks.size > 0;
  if (waiting) later(next);
  task?.();
}

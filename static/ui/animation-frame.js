/**
 * One animation frame does the drawing that changes of the store have asked for. What takes longer
 * than a frame may goes on in the next, so that a key pressed meanwhile is not kept waiting.
 */

const BUDGET = 45; // ms

/** @type {Set<() => void>} */
const tasks = new Set();
let frame = 0;

/** @param {() => void} task run once in the next frame, however often it is asked for */
export function onNextFrame(task) {
  tasks.add(task);
  frame ||= requestAnimationFrame(flush);
}

function flush() {
  const end = performance.now() + BUDGET;
  frame = 0;
  for (const task of [...tasks]) {
    if (performance.now() > end) break;
    tasks.delete(task);
    task();
  }
  if (tasks.size > 0) frame ||= requestAnimationFrame(flush);
}

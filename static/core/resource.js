/** One thing that is fetched: the newest question counts, and is asked again while nobody answers. */
import { ApiError } from "./api.js";

/**
 * @template Question
 * @param {object} source
 * @param {(question: Question, signal: AbortSignal) => Promise<void>} source.load asks, and takes over
 *   the answer; what has been overtaken is aborted
 * @param {(error: ApiError) => void} source.fail says what went wrong; where that is passing
 *   (`error.passing`), the question is asked again by itself
 * @param {number[]} [source.pauses] in ms before the next attempts; the last one goes on
 * @returns {{ask: (question: Question, delay?: number) => void, stop: () => void}} ask: in place of
 *   what was asked before, after a delay in ms; stop: nothing is asked any more
 */
export function resource({ load, fail, pauses = [4000] }) {
  let controller = new AbortController();
  let timer = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined);

  function stop() {
    controller.abort();
    clearTimeout(timer);
  }

  /** @param {Question} question @param {number} [delay] */
  function ask(question, delay = 0) {
    stop();
    controller = new AbortController();
    const { signal } = controller;
    if (delay > 0) timer = setTimeout(() => attempt(question, signal, 0), delay);
    else attempt(question, signal, 0);
  }

  /** @param {Question} question @param {AbortSignal} signal @param {number} failures */
  async function attempt(question, signal, failures) {
    try {
      await load(question, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      const pause = pauses[Math.min(failures, pauses.length - 1)];
      if (error.passing) timer = setTimeout(() => attempt(question, signal, failures + 1), pause);
      fail(error);
    }
  }

  return { ask, stop };
}

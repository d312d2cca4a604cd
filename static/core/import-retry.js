/** Parts of the page that are fetched later, which may be just when the server is away. */

const PAUSE = 3000; // ms between attempts
const NOT_THERE = /dynamically imported module|importing a module/i; // in three browsers' words

/**
 * Asks again until it comes.
 *
 * @template T
 * @param {() => Promise<T>} ask
 * @param {() => void} [waiting] said each time it has not come
 * @param {number} [pause]
 * @returns {Promise<T>}
 */
export async function retryImport(ask, waiting = () => {}, pause = PAUSE) {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!NOT_THERE.test(String(error))) throw error;
      waiting();
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Which step the learner was at; nothing where the browser may not remember. */

const REMEMBERED = "lstm-viz.guide";

/** @returns {string | null} the step's id */
export function rememberedStep() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

/** @param {string | null} id null: the guide has been read to its end */
export function rememberStep(id) {
  try {
    if (id === null) localStorage.removeItem(REMEMBERED);
    else localStorage.setItem(REMEMBERED, id);
  } catch {
    // then it begins at the first step again
  }
}

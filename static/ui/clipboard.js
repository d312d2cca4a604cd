/** Copies text, with or without leave to use the clipboard. */

/**
 * @param {string} text
 * @returns {Promise<boolean>} false where the browser does not let us
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

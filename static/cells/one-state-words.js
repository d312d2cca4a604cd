/** What the page's sections say of every cell that has a hidden state and no other. */

/** @type {Record<string, string>} */
export const ONE_STATE = {
  "returns-text":
    "Inside, there is always a hidden state for each word. Two switches decide which vectors " +
    "leave: return_sequences asks for all of them in place of the last one, return_state for the " +
    "final hidden state once more. There is no cell state to return.",
};

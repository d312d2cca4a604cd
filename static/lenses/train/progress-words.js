/** Where a training stands, in words. */
import { percent } from "../../arithmetic/probabilities.js";

/** @typedef {import("../../core/types.js").Training} Training */

/** @param {number} seconds */
function timeLeft(seconds) {
  if (seconds < 1.5) return "a second left";
  if (seconds < 90) return `about ${Math.round(seconds)} seconds left`;
  return `about ${Math.round(seconds / 60)} minutes left`;
}

/** @param {Training} training */
export function progressText(training) {
  const { state, place, epochs, detail, model_epoch } = training;
  const last = epochs.at(-1);
  if (state === "lost") {
    return "The server does not know this training any more: it has been started again. Train anew.";
  }
  if (state === "waiting") {
    return place === 1
      ? "Waiting for a place: yours is next."
      : `Waiting for a place: ${(place ?? 1) - 1} before yours.`;
  }
  if (state === "done") {
    return (
      `Done. The network as it was after epoch ${model_epoch} was the most accurate; it is yours ` +
      "now, in the list of models above."
    );
  }
  if (state !== "running") return detail ?? "";
  if (training.cut) return "The server does not answer. Trying again by itself.";
  if (!last) return "Preparing the sentences…";
  if (last.epoch === 0) return `Before the first of ${last.epochs} epochs: nothing is learned yet.`;
  const right = last.val_accuracy ?? last.accuracy;
  return (
    `Epoch ${last.epoch} of ${last.epochs}: ${percent(right)} right, ` +
    `${timeLeft(last.seconds_left)}.`
  );
}

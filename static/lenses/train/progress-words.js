/** Where a training stands, in words. */
import { percent } from "../../arithmetic/probabilities.js";
import { fixed } from "../../draw/format.js";

/** @typedef {import("../../core/types.js").Training} Training */

/** @param {number} seconds */
function timeLeft(seconds) {
  if (seconds < 1.5) return "a second left";
  if (seconds < 90) return `about ${Math.round(seconds)} seconds left`;
  return `about ${Math.round(seconds / 60)} minutes left`;
}

/** How good the network is after an epoch. @param {import("../../core/types.js").EpochRow} row */
export function howGood({ accuracy, val_accuracy, loss, val_loss }) {
  const right = val_accuracy ?? accuracy;
  return right === null ? `a loss of ${fixed(val_loss ?? loss, 3)}` : `${percent(right)} right`;
}

/** @param {Training} training */
export function progressText(training) {
  const { state, place, epochs, detail, model_epoch } = training;
  const last = epochs.at(-1);
  if (state === "lost") {
    return "The server no longer knows this training: it has been restarted. Train again.";
  }
  if (state === "waiting") {
    return place === 1
      ? "Waiting in the queue: yours is next."
      : `Waiting in the queue: ${(place ?? 1) - 1} ahead of yours.`;
  }
  if (state === "done") {
    const best = last?.accuracy === null ? "best" : "most accurate";
    return (
      `Done. The network as it was after epoch ${model_epoch} was the ${best}; it is yours ` +
      "now, in the list of models above."
    );
  }
  if (state !== "running") return detail ?? "";
  if (training.cut) return "The server does not answer. Trying again by itself.";
  if (!last) return "Preparing the sentences…";
  if (last.epoch === 0) return `Before the first of ${last.epochs} epochs: nothing is learned yet.`;
  return `Epoch ${last.epoch} of ${last.epochs}: ${howGood(last)}, ${timeLeft(last.seconds_left)}.`;
}

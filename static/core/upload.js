/**
 * Brings a model file to the server. The one request that says how far it is, which `fetch` cannot.
 *
 * @typedef {import("./types.js").Model} Model
 */
import { ApiError, detailOf } from "./api.js";

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Whether there is a file to send: a folder can be dropped like one. @param {File} file */
export const isReadable = (file) =>
  file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );

/** What to do with what cannot be read. @param {string} name */
export const unreadable = (name) =>
  [
    `${name} is a folder, or cannot be read any more. Choose files. A SavedModel folder that Keras 2 ` +
      "saved has a list of layers beside its graph; three lines turn it into a file:",
    "import tf_keras  # pip install tf_keras",
    `model = tf_keras.models.load_model(${JSON.stringify(name)})`,
    'model.save("model.keras")',
  ].join("\n");

/**
 * @param {FormData} form
 * @param {(share: number) => void} onProgress 0..1 of what has been sent
 * @returns {{done: Promise<Model>, cancel: () => void}} rejects with an ApiError, and with an
 *   AbortError where it was cancelled
 */
export function uploadModel(form, onProgress) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    const lost = () => reject(new ApiError(0, "The server does not answer."));
    request.upload.addEventListener("progress", ({ loaded, total }) =>
      onProgress(total ? loaded / total : 0),
    );
    request.addEventListener("error", lost);
    request.addEventListener("abort", () => reject(new DOMException("cancelled", "AbortError")));
    request.addEventListener("load", () => {
      const body = parsed(request.responseText);
      if (request.status === 201 && body) resolve(body);
      else if (request.status === 201) lost();
      else reject(new ApiError(request.status, detailOf(body), body?.choices));
    });
    request.open("POST", "/api/models");
    request.send(form);
  });
  return { done, cancel: () => request.abort() };
}

/**
 * What is said besides the file; what is left empty is left to the file.
 *
 * @param {FormData} fields
 * @param {Record<string, unknown>} options
 * @returns {[string, string][]}
 */
export function serverDetailOf(fields, options) {
  const said = ["title", "vocabulary", "labels"].map((name) => [
    name,
    String(fields.get(name) ?? "").trim(),
  ]);
  if (Object.keys(options).length > 0) said.push(["options", JSON.stringify(options)]);
  return /** @type {[string, string][]} */ (said.filter(([, value]) => value));
}

/** @param {number} bytes */
export function sizeText(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  const [unit, size] = bytes < 1e6 ? ["kB", bytes / 1e3] : ["MB", bytes / 1e6];
  return `${size < 10 ? size.toFixed(1) : Math.round(size).toLocaleString("en-US")} ${unit}`;
}

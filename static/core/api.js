/**
 * The only place that talks to the server.
 *
 * @typedef {import("./types.js").Input} Input
 * @typedef {import("./types.js").Model} Model
 * @typedef {import("./types.js").Boot} Boot
 * @typedef {import("./types.js").Summary} Summary
 * @typedef {import("./types.js").Trace} Trace
 * @typedef {import("./types.js").Training} Training
 * @typedef {import("./types.js").Gate} Gate
 * @typedef {import("./types.js").UnitGateWeights} UnitGateWeights
 * @typedef {import("./types.js").Weights} Weights
 */
import { parseOverrides } from "./overrides.js";
import { savedAnswer } from "./saved-answers.js";

/** The server's refusal, or its absence (status 0). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} detail
   * @param {import("./types.js").Choice[]} [choices] what may be said for it to be answered
   */
  constructor(status, detail, choices = []) {
    super(detail);
    this.status = status;
    this.detail = detail;
    this.choices = choices;
  }

  /** Whether trying the same again may succeed: nobody answered, or what did is not well. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/**
 * @param {unknown} body what a refusal carries
 * @returns {string}
 */
export function detailOf(body) {
  const detail = /** @type {{detail?: unknown} | null} */ (body)?.detail;
  if (typeof detail === "string") return detail;
  if (Array.isArray(detail)) return detail.map((item) => item?.msg ?? String(item)).join("; ");
  return "The server returned an error without saying which.";
}

/** @type {ReturnType<typeof savedAnswer>["answer"] | null} where a saved page has its answers from */
let known = null;

/**
 * Asks no server from now on.
 *
 * @param {Boot} boot
 * @returns {Boot} the same, with what is written in parts put together
 */
export function answerFrom({ recorded, trace, summary, ...boot }) {
  if (!recorded) return { trace, summary, ...boot };
  const { restore, answer } = savedAnswer(recorded);
  known = answer;
  return {
    ...boot,
    trace: restore(/** @type {any} */ (trace)),
    summary: restore(/** @type {any} */ (summary)),
  };
}

/**
 * @param {string} path
 * @param {string | undefined} body
 */
function recalled(path, body) {
  const found = known?.(path, body === undefined ? null : JSON.parse(body));
  if (found && !found.refused) return found.answer;
  const absent = "This saved page does not contain that. Run the visualizer itself to see it.";
  throw new ApiError(422, found?.refused ?? absent);
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    if (options?.signal?.aborted) throw error;
    throw new ApiError(0, "The server does not answer.");
  }
}

/**
 * @param {string} path
 * @param {RequestInit & {body?: string}} [options]
 * @param {string} [key] what the answer must have: others may answer in the server's place
 * @returns {Promise<any>}
 */
async function request(path, options, key) {
  if (known) return recalled(path, options?.body);
  const response = await reach(path, options);
  const body = await response.json().catch((error) => {
    if (options?.signal?.aborted) throw error;
    return null;
  });
  if (!response.ok) throw new ApiError(response.status, detailOf(body));
  if (response.status === 204) return null;
  if (body === null || (key && !body[key])) {
    throw new ApiError(0, "The answer was cut off on the way.");
  }
  return body;
}

/**
 * @param {{input: Input, model: string, layer: string | null, pins: string | null}} question
 * @param {AbortSignal} signal
 * @returns {Promise<Trace>}
 */
export function fetchTrace({ input, model, layer, pins }, signal) {
  const held = parseOverrides(pins);
  return fetchStep(
    {
      ...input,
      model,
      ...(layer === null ? {} : { layer }),
      ...(held.length > 0 ? { pins: held } : {}),
      include: ["preactivations"],
    },
    signal,
  );
}

/** What a question reads. @param {any} question @returns {Input} */
export function askedInput({ sentence, token_ids, inputs }) {
  if (sentence !== undefined) return { sentence };
  return token_ids === undefined ? { inputs } : { token_ids };
}

/**
 * @param {object} question a request as /api/step takes it
 * @param {AbortSignal} signal
 * @returns {Promise<Trace>}
 */
export async function fetchStep(question, signal) {
  const trace = await request(
    "/api/step",
    {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(question),
      signal,
    },
    "steps",
  );
  return { ...withAnswer(trace), asked: askedInput(question) };
}

/**
 * What a view of the page needs beyond the trace.
 *
 * @param {"memory" | "memories" | "scores" | "swaps" | "vanishing"} view
 * @param {object} question the fields of /api/step, and the view's own
 * @param {AbortSignal} signal
 * @returns {Promise<any>}
 */
export function fetchView(view, question, signal) {
  return request(`/api/views/${view}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(question),
    signal,
  });
}

/**
 * What a model goes on with.
 *
 * @param {object} question a request as /api/generate takes it
 * @param {AbortSignal} signal
 * @returns {Promise<{tokens?: {text: string}[], outputs?: number[][]}>}
 */
export function fetchContinuation(question, signal) {
  return request(
    "/api/generate",
    {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(question),
      signal,
    },
    "state",
  );
}

/**
 * A head that gives no probabilities has an answer that no figure can draw as one.
 *
 * @param {any} trace
 * @returns {Trace}
 */
export function withAnswer(trace) {
  const { prediction } = trace;
  if (!prediction || prediction.probabilities) return trace;
  return { ...trace, prediction: null, answer: prediction };
}

/**
 * @param {string} model
 * @param {number} timesteps
 * @param {AbortSignal} signal
 * @returns {Promise<Summary>}
 */
export function fetchSummary(model, timesteps, signal) {
  const path = `/api/models/${encodeURIComponent(model)}?timesteps=${timesteps}`;
  return request(path, { signal }, "layers");
}

/**
 * @param {string} model
 * @param {string} layer
 * @param {AbortSignal} signal
 * @returns {Promise<Weights>}
 */
export function fetchWeights(model, layer, signal) {
  return request(weightsPath(model, layer), { signal });
}

/**
 * @param {string} model
 * @param {string} layer
 * @param {number} unit
 * @param {AbortSignal} signal
 * @returns {Promise<Record<Gate | "hidden_state", UnitGateWeights>>}
 */
export function fetchUnitWeights(model, layer, unit, signal) {
  return request(`${weightsPath(model, layer)}&unit=${unit}`, { signal });
}

/**
 * The weights that make the answers of the hidden states.
 *
 * @param {string} model
 * @param {number} timesteps
 * @param {AbortSignal} signal
 * @returns {Promise<import("./types.js").Head>}
 */
export function fetchHead(model, timesteps, signal) {
  const path = `/api/models/${encodeURIComponent(model)}/head?timesteps=${timesteps}`;
  return request(path, { signal });
}

/**
 * @param {string} model
 * @param {string} layer
 */
function weightsPath(model, layer) {
  return `/api/models/${encodeURIComponent(model)}/weights?layer=${encodeURIComponent(layer)}`;
}

/**
 * @param {Record<string, unknown>} lesson the fields of POST /api/train
 * @returns {Promise<{job: string}>}
 */
export function startTraining(lesson) {
  return request("/api/train", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(lesson),
  });
}

/** @param {string} job */
const pathOf = (job) => `/api/train/${encodeURIComponent(job)}`;

/**
 * @param {string} job
 * @param {AbortSignal} signal
 * @returns {Promise<Training>}
 */
export const fetchTraining = (job, signal) => request(pathOf(job), { signal });

/**
 * @param {string} job
 * @returns {Promise<Training>}
 */
export const cancelTraining = (job) => request(pathOf(job), { method: "DELETE" });

/**
 * Follows a training. The browser connects again by itself and goes on where it was.
 *
 * @param {string} job
 * @param {object} on
 * @param {(name: "epoch" | "done" | "failed", data: any) => void} on.event
 * @param {(cut: boolean) => void} on.connection whether it is cut off for the moment
 * @param {() => void} on.end the browser has given up
 * @returns {() => void} stops following
 */
export function followTraining(job, on) {
  const source = new EventSource(`${pathOf(job)}/events`);
  for (const name of /** @type {const} */ (["epoch", "done", "failed"])) {
    source.addEventListener(name, ({ data }) => {
      if (name !== "epoch") source.close();
      on.event(name, JSON.parse(data));
    });
  }
  source.addEventListener("open", () => on.connection(false));
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) on.end();
    else on.connection(true);
  });
  return () => source.close();
}

/**
 * What a corpus says.
 *
 * @param {string[]} path below /api/corpora
 * @param {Record<string, string | number>} query
 * @param {AbortSignal} signal
 * @returns {Promise<any>}
 */
export function fetchCorpus(path, query, signal) {
  const place = ["/api/corpora", ...path.map(encodeURIComponent)].join("/");
  const asked = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, `${value}`]));
  return request(`${place}${path.length > 0 ? `?${asked}` : ""}`, { signal });
}

/**
 * Ranges of a corpus that are like one of what is read now.
 *
 * @param {string} corpus its id
 * @param {object} question
 * @param {AbortSignal} signal
 * @returns {Promise<any>}
 */
export function fetchMatches(corpus, question, signal) {
  return request(`/api/corpora/${encodeURIComponent(corpus)}/match`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(question),
    signal,
  });
}

/** @param {string} model @returns {Promise<void>} */
export async function deleteModel(model) {
  const path = `/api/models/${encodeURIComponent(model)}`;
  await request(path, { method: "DELETE" });
}

/**
 * @param {string} query the state to save
 * @returns {Promise<{file: Blob, name: string}>} the page as one file
 */
export async function fetchPage(query) {
  const response = await reach(`/api/export${query}`);
  const file = await fileIn(response);
  const [, name = "page.html"] =
    response.headers.get("content-disposition")?.match(/filename="([^"]+)"/) ?? [];
  return { file, name };
}

/**
 * @param {object} question a request as /api/step takes it
 * @param {"json" | "csv" | "npz"} format
 * @returns {Promise<Blob>} the answer as a file
 */
export async function fetchData(question, format) {
  const response = await reach(`/api/step?format=${format}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(question),
  });
  return fileIn(response);
}

/**
 * @param {Response} response
 * @returns {Promise<Blob>}
 */
async function fileIn(response) {
  if (!response.ok) {
    throw new ApiError(response.status, detailOf(await response.json().catch(() => null)));
  }
  try {
    return await response.blob();
  } catch {
    throw new ApiError(0, "The file was cut off on the way. Try again.");
  }
}

/** @param {string} model @param {string} title @returns {Promise<Model>} */
export function renameModel(model, title) {
  return request(`/api/models/${encodeURIComponent(model)}`, {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ title }),
  });
}

/**
 * Keeps with a model what came of a comparison.
 *
 * @param {string} model its owner's name for it
 * @param {import("./types.js").Compared} compared
 * @returns {Promise<Model & {detected: import("./types.js").Detected}>}
 */
export function keepCompared(model, compared) {
  return request(`/api/models/${encodeURIComponent(model)}`, {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ compared }),
  });
}

/** Where a model's file is. @param {string} model */
export const fileOf = (model) => `/api/models/${encodeURIComponent(model)}/file`;

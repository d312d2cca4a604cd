/**
 * What gives the page's numbers as a file: the question to the server, and the same as a line for
 * a terminal.
 *
 * @typedef {import("../../core/types.js").AppState} AppState
 * @typedef {import("../../core/types.js").Trace} Trace
 * @typedef {"json" | "csv" | "npz"} DataFormat
 */
import { remembers } from "../../cells/kinds.js";
import { cursorOf } from "../../core/store.js";

/** The optional parts of an answer that a model's own run can have. @param {Trace} trace */
function explanationsOf({ layer, prediction, answer }) {
  const ledger = remembers({ layer });
  const head = Boolean(prediction || answer);
  return [
    "preactivations",
    ...(ledger ? ["memory"] : []),
    ...(head ? ["gradients"] : []),
    ...(ledger && prediction ? ["attributions"] : []),
  ];
}

/**
 * Questions for the trace as it stands, the fullest first: which explanations a model allows,
 * beyond its kind of cell, the server knows.
 *
 * @param {AppState} state
 * @returns {Record<string, unknown>[]} requests as /api/step takes them; none without a trace
 */
export function dataQuestions(state) {
  const { trace, label, return_sequences: sequences, return_state: last } = state;
  const input = trace?.asked;
  if (!trace || !input) return [];
  const labels = (trace.prediction ?? trace.answer)?.labels ?? [];
  const base = {
    ...input,
    model: trace.model.id,
    layer: trace.layer.name,
    ...(sequences === null ? {} : { return_sequences: sequences }),
    ...(last ? {} : { return_state: last }),
    ...(trace.pins?.length ? { pins: trace.pins } : {}),
    unit: cursorOf(state).unit,
    ...(label !== null && labels.includes(label) ? { label } : {}),
  };
  const all = explanationsOf(trace);
  const fewer = [
    all,
    all.filter((name) => name !== "attributions"),
    all.filter((name) => name !== "attributions" && name !== "gradients"),
    ["preactivations"],
  ];
  const different = fewer.filter(
    (some, k) => fewer.findIndex((one) => `${one}` === `${some}`) === k,
  );
  return different.map((include) => ({ ...base, include }));
}

/** @param {string} text as one word of a shell */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * The same for a terminal: by address where it can be, since that is easier to change by hand.
 *
 * @param {Record<string, unknown>} question
 * @param {{origin: string, format: DataFormat, name: string}} options name: of the file
 */
export function curlLine(question, { origin, format, name }) {
  const out = `-o ${quoted(name)}`;
  if ("inputs" in question) {
    return (
      `curl --fail-with-body ${quoted(`${origin}/api/step?format=${format}`)} ` +
      `-H 'content-type: application/json' -d ${quoted(JSON.stringify(question))} ${out}`
    );
  }
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(question)) {
    const text = key === "pins" ? JSON.stringify(value) : `${value}`;
    query.set(key, text);
  }
  query.set("format", format);
  return `curl --fail-with-body ${quoted(`${origin}/api/step?${query}`)} ${out}`;
}

/**
 * Train one: what to learn and how, then how it goes, then the epochs one by one.
 *
 * @typedef {import("../../core/types.js").Store} Store
 */
import { beginTraining, isOver } from "../../core/training-run.js";
import { find } from "../../ui/dom.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { announceIn } from "../../ui/announce.js";
import { mountEpochs } from "./epochs-view.js";
import { mountProgress } from "./progress-view.js";

const LARGEST = 15 * 2 ** 20; // bytes of a file, so that the request stays under its limit

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountTrain(root, store) {
  const form = root.querySelector("form");
  if (!form) return; // switched off on this server
  mountForm(form, store);
  let shown = false;

  /** What follows a start is in the page only once there is something to show. */
  function open() {
    if (shown || !store.get().training) return;
    shown = true;
    const template = /** @type {HTMLTemplateElement} */ (root.querySelector("template"));
    find(root, "[data-run]").append(template.content.cloneNode(true));
    mountProgress(find(root, "[data-progress]"), store);
    mountEpochs(find(root, "[data-epochs]"), store);
  }

  store.subscribe(open, ["training"]);
  open();
}

/**
 * @param {HTMLFormElement} form
 * @param {Store} store
 */
function mountForm(form, store) {
  const problem = find(form, "[data-problem]");
  const button = /** @type {HTMLButtonElement} */ (find(form, "[type=submit]"));
  const text = /** @type {HTMLTextAreaElement} */ (find(form, "textarea"));
  const source = () => String(new FormData(form).get("source"));

  /** @param {string} detail */
  function complain(detail) {
    announceIn(problem, detail);
    problem.hidden = !detail;
  }

  function draw() {
    const own = source() === "own";
    for (const part of form.querySelectorAll("[data-only]")) {
      part.toggleAttribute("hidden", (part.getAttribute("data-only") === "own") !== own);
    }
    const { training } = store.get();
    // and keeps the focus
    button.ariaDisabled = training && !isOver(training) && !training.cut ? "true" : null;
  }

  mountFile(form, text, complain);
  form.addEventListener("change", draw);
  form.addEventListener("input", () => complain(""));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.ariaDisabled === "true" || !form.reportValidity()) return;
    button.ariaDisabled = "true";
    complain("");
    complain(await beginTraining(store, lessonOf(new FormData(form), source())));
    draw();
  });
  store.subscribe(() => onNextFrame(draw), ["training"]);
  draw();
}

/**
 * @param {FormData} fields
 * @param {string} source
 * @returns {Record<string, unknown>}
 */
function lessonOf(fields, source) {
  const number = (/** @type {string} */ name) => Number(fields.get(name));
  return {
    ...(source === "own"
      ? { csv: String(fields.get("csv")), title: String(fields.get("title")).trim() || null }
      : { grammar: source, examples: number("examples") }),
    cell: String(fields.get("cell")),
    units: number("units"),
    features: number("features"),
    epochs: number("epochs"),
    learning_rate: number("learning_rate"),
    seed: number("seed"),
  };
}

/**
 * A file goes into the text box, where it can be seen before it is sent.
 *
 * @param {HTMLFormElement} form
 * @param {HTMLTextAreaElement} text
 * @param {(detail: string) => void} complain
 */
function mountFile(form, text, complain) {
  const input = /** @type {HTMLInputElement} */ (find(form, "[type=file]"));
  const name = find(form, "[data-file-name]");
  input.addEventListener("change", async () => {
    const file = input.files?.[0];
    if (!file) return;
    input.value = "";
    if (file.size > LARGEST) {
      return complain(`${file.name} is too large: at most 15 MB can be sent. Take fewer rows.`);
    }
    try {
      text.value = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      name.textContent = file.name;
      complain("");
    } catch {
      complain(`${file.name} is not UTF-8 text. Save it as CSV UTF-8 and choose it again.`);
    }
  });
  text.addEventListener("input", () => (name.textContent = ""));
}

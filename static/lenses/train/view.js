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

/** What a visitor brings, as the form calls it. */
const OWN = ["own", "text", "series"];
/** Settings that suit each, where the visitor has not chosen others. @type {Record<string,
 *   Record<string, number>>} */
const USUAL = {
  grammar: { units: 8, features: 8, epochs: 30, learning_rate: 0.02 },
  own: { units: 8, features: 8, epochs: 30, learning_rate: 0.02 },
  text: { units: 64, features: 16, epochs: 120, learning_rate: 0.01 },
  series: { units: 16, features: 8, epochs: 30, learning_rate: 0.02 },
};
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
  const source = () => String(new FormData(form).get("source"));

  /** @param {string} detail */
  function complain(detail) {
    announceIn(problem, detail);
    problem.hidden = !detail;
  }

  const kindOf = () => (OWN.includes(source()) ? source() : "grammar");

  /** Takes over the settings that suit what is to be learned. */
  function suit() {
    for (const [name, value] of Object.entries(USUAL[kindOf()])) {
      const field = /** @type {HTMLInputElement} */ (find(form, `[name=${name}]`));
      const usual = Object.values(USUAL).some((one) => String(one[name]) === field.value);
      if (usual) field.value = String(value);
    }
  }

  function draw() {
    const kind = kindOf();
    for (const part of form.querySelectorAll("[data-only]")) {
      const of = part.getAttribute("data-only")?.split(" ") ?? [];
      part.toggleAttribute("hidden", !of.includes(kind));
    }
    const { training } = store.get();
    // and keeps the focus
    button.ariaDisabled = training && !isOver(training) && !training.cut ? "true" : null;
  }

  for (const part of form.querySelectorAll(".train-own")) {
    mountFile(/** @type {HTMLElement} */ (part), complain);
  }
  form.addEventListener("change", ({ target }) => {
    if (/** @type {HTMLInputElement} */ (target).name === "source") suit();
    draw();
  });
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
  const name = { own: "csv", text: "text", series: "series" }[source];
  return {
    ...(name
      ? { [name]: String(fields.get(name)), title: String(fields.get("title")).trim() || null }
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
 * @param {HTMLElement} part
 * @param {(detail: string) => void} complain
 */
function mountFile(part, complain) {
  const input = /** @type {HTMLInputElement} */ (find(part, "[type=file]"));
  const text = /** @type {HTMLTextAreaElement} */ (find(part, "textarea"));
  const name = find(part, "[data-file-name]");
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

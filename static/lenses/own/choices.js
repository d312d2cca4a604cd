/**
 * What a file does not say, as fields with what was taken for granted in them. A change reads the
 * file again.
 *
 * @typedef {import("../../core/types.js").Choice} Choice
 * @typedef {(option: string, value: unknown) => void} Say
 */
import { el } from "../../ui/dom.js";
import { labelOf, valueText } from "./choice-words.js";

const NUMBER = "number";

/**
 * A field to choose from.
 *
 * @param {string} label
 * @param {string} option
 * @param {unknown[]} values
 * @param {unknown} chosen undefined for a question that is open
 * @param {(value: unknown) => void} changed
 */
function selectField(label, option, values, chosen, changed) {
  const written = values.map((value) => JSON.stringify(value));
  const open = chosen === undefined;
  const select = /** @type {HTMLSelectElement} */ (
    el(
      "select",
      { name: option },
      ...(open ? [el("option", { value: "", selected: true }, "choose…")] : []),
      ...values.map((value, place) =>
        el(
          "option",
          { value: written[place], selected: !open && written[place] === JSON.stringify(chosen) },
          valueText(option, value),
        ),
      ),
    )
  );
  select.addEventListener("change", () => {
    if (select.value) changed(JSON.parse(select.value));
  });
  return el("label", { class: "own-field" }, el("span", {}, label), select);
}

/**
 * A field for a number, or for none.
 *
 * @param {string} label @param {Choice} choice @param {(value: unknown) => void} changed
 */
function numberField(label, { option, chosen }, changed) {
  const input = /** @type {HTMLInputElement} */ (
    el("input", {
      type: "number",
      name: option,
      min: "1",
      step: "1",
      value: typeof chosen === "number" ? chosen : "",
      placeholder: valueText(option, null),
    })
  );
  input.addEventListener("change", () => {
    if (input.value === "" || input.validity.valid)
      changed(input.value ? Number(input.value) : null);
  });
  return el("label", { class: "own-field" }, el("span", {}, label), input);
}

/**
 * @param {Choice} choice
 * @param {Say} say
 * @returns {HTMLElement[]}
 */
function fieldsOfOne(choice, say) {
  const { option, values, chosen, of } = choice;
  if (of && Array.isArray(chosen)) {
    return of.map((name, place) =>
      selectField(labelOf(choice, name), option, values, chosen[place], (value) =>
        say(
          option,
          chosen.map((old, at) => (at === place ? value : old)),
        ),
      ),
    );
  }
  const changed = (/** @type {unknown} */ value) => say(option, value);
  if (values.includes(NUMBER)) return [numberField(labelOf(choice), choice, changed)];
  const open = chosen === null && !values.includes(null);
  return [selectField(labelOf(choice), option, values, open ? undefined : chosen, changed)];
}

/**
 * @param {Choice[]} choices
 * @param {Say} say
 * @returns {HTMLElement[]}
 */
export const fieldsOf = (choices, say) =>
  choices
    .filter(({ values, chosen }) => values.length > 1 || chosen === null)
    .flatMap((choice) => fieldsOfOne(choice, say));

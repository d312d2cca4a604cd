/**
 * What is saved on the visitor's disk, and the control under each figure that saves it as a
 * picture.
 *
 * @typedef {import("../core/types.js").AppState} AppState
 * @typedef {import("../core/types.js").Figure} Figure
 * @typedef {import("../core/types.js").Store} Store
 */
import { el } from "./dom.js";
import { announce } from "./announce.js";

const FORMATS = /** @type {const} */ (["svg", "png"]);

/**
 * Hands a file to the browser.
 *
 * @param {Blob} blob
 * @param {string} name
 */
export function saveBlob(blob, name) {
  const href = URL.createObjectURL(blob);
  el("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

/**
 * Buttons that save something, and the line that says how it went. While one is at work the others
 * wait.
 *
 * @param {HTMLElement} root
 * @param {HTMLElement} line
 * @param {(name: string) => Promise<string>} save what the button's `data-save` names; the
 *   answer is said
 */
export function mountSaving(root, line, save) {
  let busy = false;
  root.addEventListener("click", async ({ target }) => {
    const button = /** @type {HTMLElement} */ (target).closest("[data-save]");
    if (!(button instanceof HTMLElement) || busy) return;
    busy = true;
    root.setAttribute("aria-busy", "true");
    line.textContent = "Making it…";
    try {
      line.textContent = await save(button.dataset.save ?? "");
    } catch (error) {
      line.textContent = troubleOf(error);
    } finally {
      busy = false;
      root.removeAttribute("aria-busy");
      announce(line.textContent ?? "");
    }
  });
}

/** @param {unknown} error */
function troubleOf(error) {
  const detail = /** @type {{detail?: string} | null} */ (error)?.detail;
  return detail ?? "That could not be made here. Try the other format, or another browser.";
}

/** What a figure, or a sentence that is shaded, is called. @param {HTMLElement} host */
export const nameOf = ({ dataset }) => dataset.figure ?? dataset.shaded ?? "";

/**
 * @param {HTMLElement} host of a figure
 * @param {(format: "svg" | "png") => Promise<string>} save what the file is called then
 */
export function pictureControl(host, save) {
  const id = `${nameOf(host)}-formats`;
  const line = el("span", { class: "saved" });
  const formats = el(
    "span",
    { class: "formats", id, role: "group", "aria-label": "Save this picture as", hidden: true },
    ...FORMATS.map((format) =>
      el("button", { type: "button", class: "quiet", "data-save": format }, format.toUpperCase()),
    ),
    line,
  );
  const button = el(
    "button",
    { type: "button", class: "quiet", "aria-expanded": "false", "aria-controls": id },
    "Save picture",
  );
  /** @param {boolean} open */
  function show(open) {
    formats.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    line.textContent = "";
  }
  button.addEventListener("click", () => show(Boolean(formats.hidden)));
  formats.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    show(false);
    button.focus();
  });
  mountSaving(
    formats,
    line,
    async (format) => `Saved as ${await save(/** @type {any} */ (format))}`,
  );
  return el("span", { class: "save" }, button, formats);
}

/**
 * A figure's numbers as a table.
 *
 * @typedef {import("../core/types.js").Openable} Openable
 * @typedef {import("../core/types.js").Table} Table
 */
import { el } from "./dom.js";

/**
 * @param {Table} table
 * @param {string} caption
 * @param {(mark: Openable) => void} onMark
 * @returns {HTMLTableElement}
 */
export function numbersTable(table, caption, onMark) {
  const head = el(
    "tr",
    {},
    ...table.columns.map((text) => (text ? el("th", { scope: "col" }, text) : el("td"))),
  );
  const rows = table.rows.map((row) => el("tr", {}, ...row.map((cell, i) => cellOf(cell, i))));
  return el(
    "table",
    {},
    el("caption", {}, caption),
    el("thead", {}, head),
    el("tbody", {}, ...rows),
  );

  /**
   * @param {Table["rows"][number][number]} cell
   * @param {number} column
   */
  function cellOf(cell, column) {
    if (typeof cell === "string") {
      return column === 0
        ? el("th", { scope: "row", dir: "auto" }, cell)
        : el("td", { dir: "auto" }, cell);
    }
    const { quantity, unit } = cell.mark;
    const ofUnit = ["input", "answer", "sum"].includes(quantity) ? null : unit;
    const attributes = { type: "button", class: "number", "data-of-unit": ofUnit };
    const button = el("button", attributes, cell.text);
    button.addEventListener("click", () => onMark(cell.mark));
    return el("td", {}, button);
  }
}

/** A card for each unit: how its values lie, and the words that move it most. */
import { fixed } from "../../draw/format.js";
import { withBase } from "../../draw/text.js";
import { el } from "../../ui/dom.js";
import { nameOf } from "./words.js";

/** @typedef {import("./types.js").UnitRow} UnitRow */

const [WIDTH, HEIGHT] = [120, 28];
const SVG = "http://www.w3.org/2000/svg";
const FEW = 3; // words on a card

/** @param {import("./types.js").Histogram} histogram */
function sketch({ counts }) {
  const most = Math.max(1, ...counts);
  const each = WIDTH / counts.length;
  const bars = counts.map((count, k) => {
    const tall = (count / most) * HEIGHT;
    return `M${k * each},${HEIGHT}v${-tall}h${each}v${tall}`;
  });
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", bars.join(""));
  picture.append(path);
  return picture;
}

/** @param {import("./types.js").Word[]} words */
const named = (words) =>
  words.flatMap(({ token }, k) => [k > 0 ? ", " : "", el("bdi", {}, withBase(token))]);

/**
 * @param {UnitRow} row
 * @param {string} quantity
 * @param {boolean} chosen
 * @param {(unit: number) => void} choose
 */
export function unitCard({ unit, mean, histogram, opens, closes }, quantity, chosen, choose) {
  const card = el(
    "button",
    {
      type: "button",
      class: `unit-card ${quantity}`,
      "aria-pressed": String(chosen),
      "data-unit": unit,
    },
    el("b", {}, `Unit ${unit}`),
    el("span", { class: "unit-mean" }, `mean ${fixed(mean)}`),
    sketch(histogram),
    el("span", { class: "unit-words" }, "\u2191 ", ...named(opens.slice(0, FEW))),
    el("span", { class: "unit-words" }, "\u2193 ", ...named(closes.slice(0, FEW))),
  );
  card.title = `${nameOf(quantity)}: highest and lowest at these words`;
  card.addEventListener("click", () => choose(unit));
  return card;
}

/** Saves every panel of the cell as one picture. */
import { aboutRun, fileName, readText } from "../../ui/picture-svg.js";
import { allPanelsRows, allPanelsTitle } from "./all-panels.js";
import { drawPanel, pictureBlob, themeOf } from "../../ui/save-picture.js";
import { saveBlob } from "../../ui/save-file.js";

/** @typedef {import("../../ui/picture-svg.js").Panel} Panel */
/** @typedef {import("../../ui/save-picture.js").Format} Format */
/** @typedef {import("../../core/types.js").Trace} Trace */

/**
 * Saves every panel of the cell as one picture.
 *
 * @param {Trace} trace
 * @param {{timestep: number, unit: number}} cursor
 * @param {Format} format
 * @returns {Promise<string>} the file's name
 */
export async function saveAllPanels(trace, cursor, format) {
  /** @type {Panel[][]} */
  const rows = [];
  for (const row of allPanelsRows(trace, { ...cursor, theme: themeOf(format) })) {
    const drawn = row.map(async ({ figure, title, caption }) => ({
      ...(await drawPanel(figure)),
      title,
      caption,
    }));
    rows.push(await Promise.all(drawn));
  }
  const title = allPanelsTitle(trace, cursor.timestep);
  const blob = await pictureBlob({ title, about: aboutRun(trace), rows }, format);
  const name = fileName(["all-panels", trace.model.id, readText(trace)], format);
  saveBlob(blob, name);
  return name;
}

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";

import { lensOfSection, shownLens } from "../../../static/core/lenses.js";

const lenses = JSON.parse(readFileSync("static/lenses.json", "utf-8"));

test("the lens that is shown is the one that the address names, or the cell", () => {
  assert.equal(shownLens({ lens: "memory", lenses }), "memory");
  assert.equal(shownLens({ lens: "all", lenses }), "all");
  assert.equal(shownLens({ lens: "memori", lenses }), "cell");
});

test("a section's lens is found, whatever its name", () => {
  assert.equal(lensOfSection(lenses, "why")?.id, "memory");
  assert.equal(lensOfSection(lenses, "model")?.id, "weights");
  assert.equal(lensOfSection(lenses, "take"), undefined);
});

test("every section has a template, and stands in one lens", () => {
  /** @type {import("../../../static/core/lenses.js").Lens[]} */
  const table = lenses;
  const ids = table.flatMap(({ sections }) => sections.map(({ id }) => id));
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.ok(existsSync(`templates/lenses/${id}.html`), id);
});

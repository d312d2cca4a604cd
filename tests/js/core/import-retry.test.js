import assert from "node:assert/strict";
import { test } from "node:test";
import { retryImport } from "../../../static/core/import-retry.js";

test("what does not come is asked for again, and what is wrong in itself is not", async () => {
  let [asked, waited] = [0, 0];
  const part = await retryImport(
    async () => {
      asked += 1;
      if (asked < 3) throw new TypeError("Failed to fetch dynamically imported module: later.js");
      return "there";
    },
    () => (waited += 1),
    0,
  );
  assert.equal(part, "there");
  assert.deepEqual([asked, waited], [3, 2]);
  await assert.rejects(
    retryImport(() => Promise.reject(new TypeError("x is not a function"))),
    /not a function/,
  );
});

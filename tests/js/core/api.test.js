import assert from "node:assert/strict";
import test from "node:test";

import { fetchStep } from "../../../static/core/api.js";

/** What becomes of an answer. @param {number} status @param {string} body */
async function failure(status, body) {
  const fetched = globalThis.fetch;
  globalThis.fetch = async () => new Response(body, { status });
  try {
    return await fetchStep({}, new AbortController().signal);
  } catch (error) {
    return error;
  } finally {
    globalThis.fetch = fetched;
  }
}

test("what is no answer of ours is asked for again", async () => {
  for (const body of ["<html>Sign in</html>", '{"model": {"id"', "{}", "[]", "null"]) {
    const { passing, detail } = await failure(200, body);
    assert.equal(passing, true, body);
    assert.match(detail, /cut off/);
  }
});

test("a server that is not well is asked again, a refusal is not", async () => {
  for (const status of [429, 500, 502, 507])
    assert.equal((await failure(status, "")).passing, true);
  for (const status of [403, 404, 413, 422]) {
    const { passing, detail } = await failure(status, '{"detail": "Type a word."}');
    assert.equal(passing, false);
    assert.equal(detail, "Type a word.");
  }
});

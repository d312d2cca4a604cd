import assert from "node:assert/strict";
import test from "node:test";

import { ApiError } from "../../../static/core/api.js";
import { resource } from "../../../static/core/resource.js";

/** Lets what has been answered arrive. */
const settled = async () => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
};

/** A resource whose answers are given by hand, and what has been heard of it. */
function byHand(/** @type {number[]} */ pauses = [100, 200]) {
  /** @type {{question: string, signal: AbortSignal, resolve: (answer: string) => void,
   *   reject: (error: Error) => void}[]} */
  const asked = [];
  /** @type {string[]} */
  const heard = [];
  const source = resource({
    load: async (/** @type {string} */ question, signal) => {
      const answer = await new Promise((resolve, reject) =>
        asked.push({ question, signal, resolve, reject }),
      );
      if (!signal.aborted) heard.push(answer);
    },
    fail: (error) => heard.push(`failed: ${error.detail}`),
    pauses,
  });
  return { ...source, asked, heard };
}

test("only the newest question's answer is taken over, and the one before is aborted", async () => {
  const { ask, asked, heard } = byHand();
  ask("one");
  ask("two");
  assert.equal(asked[0].signal.aborted, true);
  asked[1].resolve("second");
  asked[0].resolve("first");
  await settled();
  assert.deepEqual(heard, ["second"]);
});

test("a question waits for its delay, and is dropped when another comes meanwhile", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { ask, asked } = byHand();
  ask("typed", 250);
  ask("typed on", 250);
  t.mock.timers.tick(249);
  assert.equal(asked.length, 0);
  t.mock.timers.tick(1);
  assert.deepEqual(
    asked.map(({ question }) => question),
    ["typed on"],
  );
});

test("while nobody answers it asks again, with longer pauses, and stops once there is an answer", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { ask, asked, heard } = byHand();
  ask("one");
  for (const [failures, pause] of [100, 200, 200].entries()) {
    asked[failures].reject(new ApiError(503, "busy"));
    await settled();
    t.mock.timers.tick(pause - 1);
    assert.equal(asked.length, failures + 1);
    t.mock.timers.tick(1);
    assert.equal(asked.length, failures + 2);
  }
  asked[3].resolve("there");
  await settled();
  t.mock.timers.tick(10_000);
  assert.equal(asked.length, 4);
  assert.deepEqual(heard, ["failed: busy", "failed: busy", "failed: busy", "there"]);
});

test("what the server refuses is not asked again, nor anything after a stop", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { ask, stop, asked, heard } = byHand();
  ask("wrong");
  asked[0].reject(new ApiError(422, "no words"));
  await settled();
  ask("lost");
  asked[1].reject(new ApiError(0, "no answer"));
  await settled();
  stop();
  t.mock.timers.tick(10_000);
  assert.equal(asked.length, 2);
  assert.deepEqual(heard, ["failed: no words", "failed: no answer"]);
});

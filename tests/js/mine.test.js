import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import {
  addMine,
  keepMine,
  ownerOf,
  readMine,
  removeMine,
  renameMine,
  trainingOf,
} from "../../static/mine.js";
import { createStore } from "../../static/store.js";

/** @param {string} id @returns {import("../../static/types.js").Model} */
const model = (id) => /** @type {any} */ ({ id, title: id, provenance: { kind: "trained" } });

/** @type {Map<string, string>} */
const kept = new Map();

beforeEach(() => {
  kept.clear();
  const storage = {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ text) => kept.set(key, text),
  };
  Object.assign(globalThis, { localStorage: storage });
});

const storeOf = () => createStore(/** @type {any} */ ({ mine: readMine() }));

test("a model is remembered once, the newest first, and forgotten when removed", () => {
  const store = storeOf();
  for (const id of ["one", "two", "one"]) addMine(store, model(id));
  assert.deepEqual(
    readMine().map(({ id }) => id),
    ["one", "two"],
  );
  removeMine(store, "one");
  assert.deepEqual(
    store.get().mine.map(({ id }) => id),
    ["two"],
  );
  assert.equal(readMine().length, 1);
});

test("a model that another tab has brought is remembered beside one's own", () => {
  /** @type {(event: {key: string}) => void} */
  let told = () => {};
  Object.assign(globalThis, {
    addEventListener: (/** @type {string} */ name, /** @type {typeof told} */ listener) =>
      name === "storage" && (told = listener),
  });
  const [here, there] = [storeOf(), storeOf()];
  keepMine(here);
  addMine(there, model("theirs"));
  told({ key: "lstm-viz.models" });
  addMine(here, model("ours"));
  assert.deepEqual(
    readMine().map(({ id }) => id),
    ["ours", "theirs"],
  );
});

test("a model is remembered by the id that reads it, and its owner's is kept beside", () => {
  const store = storeOf();
  const row = { ...model("owners"), reading_id: "reads" };
  addMine(store, row);
  const [mine] = readMine();
  assert.equal(mine.id, "reads");
  assert.equal(ownerOf(readMine(), "reads"), "owners");
  assert.equal(ownerOf(readMine(), "another"), "another");
  renameMine(store, { ...row, title: "Renamed" });
  assert.deepEqual(
    readMine().map(({ id, owner, title }) => ({ id, owner, title })),
    [{ id: "reads", owner: "owners", title: "Renamed" }],
  );
  removeMine(store, "reads");
  assert.deepEqual(readMine(), []);
});

test("what was remembered by its owner's id alone learns the one that reads it", async () => {
  const older = [model("older"), { ...model("newer"), owner: "newer's" }];
  kept.set("lstm-viz.models", JSON.stringify(older));
  /** @type {string[]} */
  const asked = [];
  Object.assign(globalThis, {
    addEventListener: () => {},
    fetch: async (/** @type {string} */ path) => {
      asked.push(path);
      return Response.json({ id: "reads", layers: [] });
    },
  });
  const store = createStore(/** @type {any} */ ({ mine: readMine(), model: "older" }));
  keepMine(store);
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(asked, ["/api/models/older?timesteps=2"]);
  assert.equal(ownerOf(readMine(), "reads"), "older");
  assert.equal(store.get().model, "reads");
});

test("only so many are remembered", () => {
  const store = storeOf();
  for (let k = 0; k < 30; k++) addMine(store, model(`model ${k}`));
  assert.equal(readMine().length, 20);
  assert.equal(readMine()[0].id, "model 29");
});

test("what somebody else wrote there is as if nothing were there", () => {
  for (const text of ["{", "null", "7", '[{"no": "id"}, null]']) {
    kept.set("lstm-viz.models", text);
    assert.deepEqual(readMine(), []);
  }
});

test("where nothing may be kept a model lasts as long as the page", () => {
  const refuse = () => {
    throw new Error("no leave");
  };
  Object.assign(globalThis, { localStorage: { getItem: refuse, setItem: refuse } });
  const store = storeOf();
  addMine(store, model("one"));
  assert.equal(store.get().mine.length, 1);
});

test("an epoch belongs to its training", () => {
  assert.equal(trainingOf("abc@12"), "abc");
  assert.equal(trainingOf("abc"), "abc");
});

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import {
  addVisitorModel,
  ownerOf,
  readVisitorModels,
  removeVisitorModel,
  renameVisitorModel,
  syncVisitorModels,
  trainingOf,
} from "../../../static/core/visitor-models.js";
import { createStore } from "../../../static/core/store.js";

/** @param {string} id @returns {import("../../../static/core/types.js").Model} */
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

const storeOf = () => createStore(/** @type {any} */ ({ visitor_models: readVisitorModels() }));

test("a model is remembered once, the newest first, and forgotten when removed", () => {
  const store = storeOf();
  for (const id of ["one", "two", "one"]) addVisitorModel(store, model(id));
  assert.deepEqual(
    readVisitorModels().map(({ id }) => id),
    ["one", "two"],
  );
  removeVisitorModel(store, "one");
  assert.deepEqual(
    store.get().visitor_models.map(({ id }) => id),
    ["two"],
  );
  assert.equal(readVisitorModels().length, 1);
});

test("a model that another tab has brought is remembered beside one's own", () => {
  /** @type {(event: {key: string}) => void} */
  let told = () => {};
  Object.assign(globalThis, {
    addEventListener: (/** @type {string} */ name, /** @type {typeof told} */ listener) =>
      name === "storage" && (told = listener),
  });
  const [here, there] = [storeOf(), storeOf()];
  syncVisitorModels(here);
  addVisitorModel(there, model("theirs"));
  told({ key: "lstm-viz.models" });
  addVisitorModel(here, model("ours"));
  assert.deepEqual(
    readVisitorModels().map(({ id }) => id),
    ["ours", "theirs"],
  );
});

test("a model is remembered by the id that reads it, and its owner's is kept beside", () => {
  const store = storeOf();
  const row = { ...model("owners"), reading_id: "reads" };
  addVisitorModel(store, row);
  const [mine] = readVisitorModels();
  assert.equal(mine.id, "reads");
  assert.equal(ownerOf(readVisitorModels(), "reads"), "owners");
  assert.equal(ownerOf(readVisitorModels(), "another"), "another");
  renameVisitorModel(store, { ...row, title: "Renamed" });
  assert.deepEqual(
    readVisitorModels().map(({ id, owner, title }) => ({ id, owner, title })),
    [{ id: "reads", owner: "owners", title: "Renamed" }],
  );
  removeVisitorModel(store, "reads");
  assert.deepEqual(readVisitorModels(), []);
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
  const store = createStore(
    /** @type {any} */ ({ visitor_models: readVisitorModels(), model: "older" }),
  );
  syncVisitorModels(store);
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(asked, ["/api/models/older?timesteps=2"]);
  assert.equal(ownerOf(readVisitorModels(), "reads"), "older");
  assert.equal(store.get().model, "reads");
});

test("only so many are remembered", () => {
  const store = storeOf();
  for (let k = 0; k < 30; k++) addVisitorModel(store, model(`model ${k}`));
  assert.equal(readVisitorModels().length, 20);
  assert.equal(readVisitorModels()[0].id, "model 29");
});

test("what somebody else wrote there is as if nothing were there", () => {
  for (const text of ["{", "null", "7", '[{"no": "id"}, null]']) {
    kept.set("lstm-viz.models", text);
    assert.deepEqual(readVisitorModels(), []);
  }
});

test("where nothing may be kept a model lasts as long as the page", () => {
  const refuse = () => {
    throw new Error("no leave");
  };
  Object.assign(globalThis, { localStorage: { getItem: refuse, setItem: refuse } });
  const store = storeOf();
  addVisitorModel(store, model("one"));
  assert.equal(store.get().visitor_models.length, 1);
});

test("an epoch belongs to its training", () => {
  assert.equal(trainingOf("abc@12"), "abc");
  assert.equal(trainingOf("abc"), "abc");
});

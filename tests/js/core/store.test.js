import assert from "node:assert/strict";
import { test } from "node:test";
import { PROPS, createStore, cursorOf, fromQuery, toQuery } from "../../../static/core/store.js";
import { randomTrace } from "../trace.js";

/** @param {object} [change] @returns {import("../../../static/core/types.js").AppState} */
function stateWith(change) {
  const initial = /** @type {any} */ (fromQuery(""));
  return { ...initial, trace: null, weights: null, ...change };
}

test("a state at its defaults leaves the address bare", () => {
  assert.equal(toQuery(stateWith()), "");
});

test("every part of the state survives the way through the address", () => {
  const state = {
    sentence: "a & b = c? 50% नमस्ते 🙂",
    token_ids: "4,8,15",
    inputs: "0.5, 1\n-2, 3",
    model: "place",
    layer: "lstm_1",
    timestep: 3,
    unit: 2,
    label: "Pune",
    return_sequences: false,
    return_state: false,
    pins: '[{"timestep":1}]',
    compare: ["article", "place"],
    swaps: ["Delhi", "दिल्ली"],
    lens: "memory",
    depth: "unit",
    phase: 2,
    guide: 7,
    theme: "dark",
    hide: ["why", "model"],
  };
  assert.deepEqual(Object.keys(state), Object.keys(PROPS));
  assert.deepEqual(fromQuery(toQuery(/** @type {any} */ (state))), state);
});

test("what was pasted stands in the address as the server reads it", () => {
  const inputs = "array([[0.5, 1. ],\n       [-2., 3. ]], dtype=float32)";
  const token_ids = "tensor([[4, 8, 15]])";
  const query = new URLSearchParams(toQuery(stateWith({ inputs, token_ids })));
  assert.equal(query.get("inputs"), "0.5, 1.;-2., 3.");
  assert.equal(query.get("token_ids"), "4,8,15");
  assert.equal(fromQuery(toQuery(stateWith({ inputs: "a;b\n1;2\n3;4" }))).inputs, "1, 2\n3, 4");
});

test("a series too long for a link is left out of it", () => {
  const inputs = "0.125, 1\n".repeat(1000);
  const sentence = "Good Day";
  assert.equal(toQuery(stateWith({ inputs, sentence, model: "series" })), "?model=series");
});

test("a link that says nothing of what is read is the opening; a sentence alone is the guide's model's", () => {
  const opening = fromQuery("?lens=memory&timestep=3");
  assert.match(String(opening.sentence), /^I live in Pune/);
  assert.equal(opening.model, "place");
  assert.equal(fromQuery("?sentence=Good+Day").model, "article");
  assert.equal(fromQuery("?model=sentiment").sentence, "Good Day");
  assert.equal(toQuery(/** @type {any} */ (opening)), "?timestep=3&lens=memory");
});

test("whatever else is read is named, the guide's two words with their model too", () => {
  const state = { sentence: "Good Day", model: "article" };
  assert.equal(toQuery(stateWith(state)), "?sentence=Good+Day");
  assert.equal(toQuery(stateWith({ ...state, model: "sentiment" })), "?model=sentiment");
  assert.equal(toQuery(stateWith({ model: "article" })).startsWith("?sentence=I+live"), true);
});

test("an emptied sentence is in the address, and is not the default one", () => {
  assert.equal(fromQuery(toQuery(stateWith({ sentence: "" }))).sentence, "");
});

test("what the address gets wrong is as if it were silent", () => {
  const wrong = fromQuery("?timestep=0&unit=-1&theme=pink&return_state=perhaps&return_sequences=");
  assert.deepEqual(wrong, fromQuery(""));
  assert.deepEqual(fromQuery("?timestep=1.5&unit=two"), fromQuery(""));
});

test("the switches read what people write for true and false", () => {
  for (const text of ["true", "True", "1", "yes"]) {
    assert.equal(fromQuery(`?return_sequences=${text}`).return_sequences, true);
  }
  for (const text of ["false", "False", "0", "no"]) {
    assert.equal(fromQuery(`?return_sequences=${text}`).return_sequences, false);
  }
});

test("the cursor stands on the last word unless told otherwise, and never outside", () => {
  const { trace } = randomTrace(["one", "two", "three"], 5, 4);
  assert.deepEqual(cursorOf(stateWith({ trace })), { timestep: 3, unit: 0 });
  const at = (/** @type {object} */ change) => cursorOf(stateWith({ trace, ...change }));
  assert.deepEqual(at({ timestep: 2, unit: 3 }), { timestep: 2, unit: 3 });
  assert.deepEqual(at({ timestep: 99, unit: 99 }), { timestep: 3, unit: 3 });
});

test("a listener hears of its own keys only, and not of what did not change", () => {
  const store = createStore(stateWith());
  /** @type {string[]} */
  const heard = [];
  store.subscribe(() => heard.push("unit"), ["unit"]);
  store.subscribe(() => heard.push("any"));
  store.set({ unit: 1 });
  store.set({ unit: 1 });
  store.set({ sentence: "hello" });
  assert.deepEqual(heard, ["unit", "any", "any"]);
});

test("a listener that has left hears nothing more", () => {
  const store = createStore(stateWith());
  let heard = 0;
  const leave = store.subscribe(() => heard++);
  store.set({ unit: 1 });
  leave();
  store.set({ unit: 2 });
  assert.equal(heard, 1);
});

test("the state cannot be changed behind the store's back", () => {
  const store = createStore(stateWith());
  assert.throws(() => {
    /** @type {any} */ (store.get()).unit = 7;
  }, TypeError);
});

test("what a listener changes is told to all after what they were told of: nobody ends with old news", () => {
  const store = createStore(stateWith());
  /** @type {number[]} */
  const early = [];
  /** @type {number[]} */
  const late = [];
  store.subscribe(({ unit }) => early.push(unit), ["unit"]);
  store.subscribe(({ unit }) => unit === 1 && store.set({ unit: 2 }), ["unit"]);
  store.subscribe(({ unit }, before) => late.push(before.unit, unit), ["unit"]);
  store.set({ unit: 1 });
  assert.equal(store.get().unit, 2);
  assert.deepEqual(early, [1, 2]);
  assert.deepEqual(late, [0, 1, 1, 2]);
});

test("a listener that fails does not keep the store from telling of what comes next", () => {
  const store = createStore(stateWith());
  /** @type {number[]} */
  const heard = [];
  store.subscribe(({ unit }) => {
    if (unit === 1) throw new Error("one");
  });
  store.subscribe(({ unit }) => heard.push(unit));
  assert.throws(() => store.set({ unit: 1 }), /one/);
  store.set({ unit: 2 });
  assert.deepEqual(heard, [2]);
});

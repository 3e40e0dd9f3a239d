// Tests of the check of built-in objects, which a page may replace at any time.

import assert from "node:assert/strict";
import { test } from "node:test";

import { areIntact, guarded, onReplaced } from "../../src/dom/globals.js";

const METHODS =
  "at concat every filter find findIndex flat flatMap forEach includes indexOf join keys map pop push reduce reverse shift slice some sort splice unshift".split(
    " ",
  );

/** Runs a task while `owner[name]` is replaced. */
const replaced = (owner, name, value, task) => {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { ...before, value });
  try {
    return task();
  } finally {
    Object.defineProperty(owner, name, before);
  }
};

test("replaced built-in objects are noticed", () => {
  assert.equal(areIntact(), true);
  const all = METHODS.map((name) => [Array.prototype, name]);
  all.push([Array.prototype, Symbol.iterator], [Map.prototype, "get"], [Map.prototype, "values"], [Object, "assign"], [Object, "keys"]);
  all.push([String.prototype, "trim"], [String.prototype, "split"], [String.prototype, "replace"]);
  for (const [owner, name] of all) {
    for (const value of [undefined, () => {}, () => [], () => Object.assign([], { then() {} })]) {
      assert.equal(replaced(owner, name, value, areIntact), false, `${String(name)} = ${value}`);
    }
  }
  assert.equal(areIntact(), true);
});

test("a working replacement is accepted", () => {
  for (const name of METHODS) {
    const own = Array.prototype[name];
    const value = function (...given) {
      return own.apply(this, given);
    };
    assert.equal(replaced(Array.prototype, name, value, areIntact), true, name);
  }
});

test("a guarded function never throws, and ends the card if needed", () => {
  let ended = 0;
  onReplaced(() => ended++);
  const run = guarded((list, number) => list.find((other) => other === number));
  assert.equal(run([1, 2], 2), 2);
  assert.equal(run(null, 2), undefined);
  assert.equal(ended, 0, "nothing was replaced");
  const find = () => {
    throw new Error("the page's own");
  };
  assert.equal(replaced(Array.prototype, "find", find, () => run([1, 2], 2)), undefined);
  assert.equal(ended, 1);
});

// Run by `cargo xtask test`: the rules of the pages' scripts, against the tables that the other rooms are held to.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { matches } from "./audience.js";
import { say } from "./times.js";
import { afterAnswer, afterFailure, soon } from "./rhythm.js";

const vectors = JSON.parse(readFileSync(new URL("../../notice/vectors/audience.json", import.meta.url)));

test("whom a notice is for, as everywhere", () => {
  assert.ok(vectors.length > 20);
  for (const { name, audience, page, matches: expected } of vectors) {
    assert.equal(matches(audience, page), expected, name);
  }
});

test("an open page asks as often as it was told to, and no sooner", () => {
  for (const random of [0, 0.5, 1]) {
    const wait = afterAnswer(0, 10, random);
    assert.ok(wait >= 10_000 && wait <= 12_000, String(wait));
    assert.ok(soon(0, random) <= 2000);
  }
  assert.ok(afterAnswer(0, Number.NaN, 0) === 30_000, "a page that says nothing");
});

test("failures space out, and what the server asks for is kept to", () => {
  const waits = [1, 2, 3, 4, 20].map((failures) => afterFailure(0, failures, 0, 0));
  assert.deepEqual(waits, [5000, 10_000, 20_000, 40_000, 300_000]);
  assert.ok(afterFailure(0, 1, 120, 0) >= 120_000);
});

test("times are as short as they can be", () => {
  const now = new Date(2026, 10, 21, 12, 0);
  for (const [at, expected] of [
    [new Date(2026, 10, 21, 9, 5), "09:05"],
    [new Date(2026, 10, 20, 9, 5), "20 Nov, 09:05"],
    [new Date(2026, 9, 21, 0, 0), "21 Oct, 00:00"],
    [new Date(2025, 10, 21, 23, 59), "21 Nov 2025, 23:59"],
  ]) {
    assert.equal(say(at, now, "en-GB"), expected);
  }
});

// Tests of replayed answers, and of the server's clock.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { serverClock } from "../server_clock.js";

const RealDate = Date;
const monotonic = performance.now;
let passed; // The time of both clocks of this computer, in milliseconds.
beforeEach(() => {
  passed = 1e12;
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      super(...(given.length ? given : [passed]));
    }
  };
  performance.now = () => passed - 1e12;
});
afterEach(() => {
  globalThis.Date = RealDate;
  performance.now = monotonic;
});

/** An answer whose Date is `date` milliseconds after the start of the test, with an Age in seconds. */
const answer = (date, age = 0, at = "2026-11-21T12:00:00Z") => ({ offset: 1e12 + date + age * 1e3 - passed, age, at });
/** Judges the answers of `[milliseconds since the start, Date, Age]`. */
const judged = (all) => {
  const clock = serverClock();
  return all.map(([at, date, age]) => {
    passed = 1e12 + at;
    return clock.isOld(answer(date, age));
  });
};

test("answers whose clock advances with ours are current", () => {
  const steady = [0, 10e3, 20e3, 3600e3].map((at) => [at, at]);
  assert.deepEqual(judged(steady), [false, false, false, false]);
  assert.deepEqual(judged([[0, 0], [10e3, 5.1e3], [20e3, 16e3]]), [false, false, false], "less than 5 s behind");
});

test("a replayed answer is old, however often it comes", () => {
  assert.deepEqual(judged([[0, 0], [10e3, 0], [20e3, 0], [30e3, 0]]), [false, true, true, true]);
  assert.deepEqual(judged([[0, 0], [5e3, 0]]), [false, true], "5 s behind");
  const often = [...Array(40).keys()].map((second) => [second * 1e3, 0]);
  assert.deepEqual(judged(often), often.map(([at]) => at >= 5e3), "also of a page that asks each second");
  assert.deepEqual(judged([[0, 0], [10e3, 0], [20e3, 20e3]]), [false, true, false], "then the server answers again");
});

test("an Age of up to 35 s is current", () => {
  assert.deepEqual(judged([[0, -35e3, 35], [10e3, -25e3, 35]]), [false, false]);
  assert.deepEqual(judged([[0, -36e3, 36], [10e3, 10e3, 0]]), [true, false]);
  assert.deepEqual(judged([[0, -7200e3, 7200], [10e3, -7190e3, 7200]]), [true, true]);
});

test("an answer without a readable time of confirmation is old", () => {
  const clock = serverClock();
  for (const at of [null, undefined, ""]) assert.equal(clock.isOld(answer(0, 0, at || null)), true, String(at));
  passed += 10e3;
  assert.equal(clock.isOld(answer(10e3)), false, "another one is not");
});

test("an answer over 5 min off the local clock waits for a second", () => {
  for (const far of [-7200e3, -301e3, 301e3, 86400e3]) {
    assert.deepEqual(judged([[0, far], [10e3, far + 10e3], [20e3, far + 20e3]]), [true, false, false], String(far));
    assert.deepEqual(judged([[0, far], [1e3, far + 1e3], [10e3, far + 10e3]]), [true, true, false], "a second too soon");
    assert.deepEqual(judged([[0, far], [10e3, far], [20e3, far]]), [true, true, true], "replayed");
  }
  assert.deepEqual(judged([[0, 299e3]]), [false]);
});

test("a server clock that was set back is used from answer two on", () => {
  assert.deepEqual(judged([[0, 0], [10e3, -50e3], [20e3, -40e3], [30e3, -30e3]]), [false, true, false, false]);
});

test("the clock is set by current answers, and at first by any", () => {
  const clock = serverClock();
  clock.set(-5e3);
  assert.equal(clock.now(), passed - 5e3, "of a stored answer");
  assert.equal(clock.isOld(answer(-7200e3)), true);
  assert.equal(clock.now(), passed - 5e3);
  passed += 10e3;
  assert.equal(clock.isOld(answer(10e3 + 2e3)), false);
  assert.equal(clock.now(), passed + 2e3);
  const first = serverClock();
  assert.equal(first.now(), passed);
  assert.equal(first.isOld(answer(10e3 - 7200e3)), true);
  assert.equal(first.now(), passed - 7200e3, "as of the time of the answer");
});

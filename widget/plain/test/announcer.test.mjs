// Tests of the announcer that both cards use, with a fake clock.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { announcer } from "../../src/dom/announcer.js";

let opened = 0; // Number of announcers so far. Each starts at a later time, because the clock never falls.

/** An announcer with a fake clock. `spoken` has each announcement with its time in seconds. */
const open = (announced = {}, isFrozen = false) => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  let elapsed = 0;
  const start = ++opened * 1e6;
  const now = () => start + (isFrozen ? 0 : elapsed);
  Object.defineProperty(globalThis, "performance", { value: { now }, configurable: true });
  const spoken = [];
  const card = { spoken, announced, clears: 0 };
  const speak = (id, isUrgent) => spoken.push(`${Math.round(elapsed / 1e3)} ${id}${isUrgent ? " urgent" : ""}`);
  const look = announcer(announced, speak, () => card.clears++);
  card.stop = () => look();
  /** Shows notices, `[id, attention, isOver, isCritical]`, and lets the time pass until `second`. */
  card.show = (second, ...entries) => {
    look(entries);
    for (; elapsed < second * 1e3; elapsed += 10) mock.timers.tick(10);
  };
  return card;
};

test("an announcement is made once", () => {
  const card = open();
  for (let second = 1; second < 90; second++) card.show(second, ["inc_1", 1, false, false]);
  assert.deepEqual(card.spoken, ["0 inc_1"]);
});

test("constant redraws do not postpone an announcement", () => {
  const card = open();
  for (let tick = 1; tick <= 20; tick++) card.show(tick / 50, ["inc_1", 1, false, false]);
  assert.deepEqual(card.spoken, ["0 inc_1"]);
});

test("a rise within 30 s waits, and only the newest is spoken", () => {
  const card = open();
  card.show(1, ["inc_1", 1, false, false]);
  card.show(10, ["inc_1", 2, false, false]);
  card.show(20, ["inc_1", 3, false, true]);
  card.show(90, ["inc_1", 4, false, true]);
  assert.deepEqual(card.spoken, ["0 inc_1", "30 inc_1 urgent"]);
});

test("an all-clear within 30 s waits and is spoken", () => {
  const card = open();
  card.show(1, ["inc_1", 1, false, false]);
  card.show(2, ["inc_1", 2, true, false]);
  card.show(90, ["inc_1", 2, true, false]);
  assert.deepEqual(card.spoken, ["0 inc_1", "30 inc_1"]);
});

test("an all-clear without a rise in attention is spoken each time", () => {
  const card = open();
  card.show(40, ["inc_1", 1, false, false]);
  card.show(80, ["inc_1", 1, true, false]);
  card.show(120, ["inc_1", 1, false, false]);
  card.show(160, ["inc_1", 1, true, false]);
  assert.deepEqual(card.spoken, ["0 inc_1", "40 inc_1", "120 inc_1"]);
});

test("the pause of 30 s applies to each notice by itself", () => {
  const card = open();
  card.show(10, ["inc_1", 1, false, false]);
  card.show(11, ["inc_1", 2, false, false], ["inc_2", 1, false, false]);
  card.show(90, ["inc_1", 2, false, false], ["inc_2", 1, false, false]);
  assert.deepEqual(card.spoken, ["0 inc_1", "10 inc_2", "30 inc_1"]);
});

test("only an urgent announcement is made without a pause", () => {
  const card = open();
  card.show(1, ["inc_1", 1, false, false]);
  card.show(2, ["inc_3", 1, false, true], ["inc_1", 1, false, false], ["inc_2", 1, false, false]);
  card.show(90, ["inc_3", 1, false, true], ["inc_1", 1, false, false], ["inc_2", 1, false, false]);
  assert.deepEqual(card.spoken, ["0 inc_1", "1 inc_3 urgent", "6 inc_2"]);
});

test("at first, one open notice and every all-clear are announced", () => {
  const card = open();
  card.show(90, ["inc_1", 1, false, false], ["inc_2", 1, false, false], ["inc_3", 4, true, false]);
  assert.deepEqual(card.spoken, ["0 inc_1", "5 inc_3"], "and each all-clear is spoken");
  card.show(180, ["inc_1", 1, false, false], ["inc_2", 2, false, false], ["inc_3", 4, true, false]);
  assert.deepEqual(card.spoken.slice(2), ["90 inc_2"]);
});

test("a notice that disappears and returns is not announced again", () => {
  const card = open();
  card.show(40, ["inc_1", 1, false, false]);
  card.show(80);
  card.show(120, ["inc_1", 1, false, false]);
  assert.deepEqual(card.spoken, ["0 inc_1"]);
});

test("a notice that disappears while it waits is not announced", () => {
  const card = open();
  card.show(1, ["inc_1", 1, false, false]);
  card.show(2, ["inc_1", 2, false, false]);
  card.show(90);
  assert.deepEqual(card.spoken, ["0 inc_1"]);
});

test("the regions are cleared 5 s after the last announcement", () => {
  const card = open();
  card.show(4, ["inc_1", 1, false, false]);
  assert.equal(card.clears, 0);
  card.show(6, ["inc_1", 1, false, false]);
  assert.equal(card.clears, 1);
});

test("the next card continues the announcements", () => {
  const first = open();
  first.show(1, ["inc_1", 1, false, true]);
  const next = open({ inc_1: { ...first.announced.inc_1, at: (opened + 1) * 1e6 - 10_000 } });
  next.show(90, ["inc_1", 2, false, true]);
  assert.deepEqual(next.spoken, ["20 inc_1"], "30 s after it, and not urgently again");
});

test("a frozen clock delays announcements, and stops none", () => {
  const card = open({}, true);
  card.show(10, ["inc_1", 1, false, false]);
  card.show(50, ["inc_1", 2, false, false]);
  card.show(90, ["inc_1", 2, true, false]);
  assert.deepEqual(card.spoken.map((one) => one.replace(/^\d+ /, "")), ["inc_1", "inc_1", "inc_1"]);
});

test("a stopped announcer is silent", () => {
  const card = open();
  card.show(0.05, ["inc_1", 1, false, false]);
  card.stop();
  mock.timers.tick(60_000);
  assert.deepEqual(card.spoken, []);
});

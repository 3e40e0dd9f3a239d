// Run by `cargo xtask test`: the rules of the rendered pages' scripts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { formatTime } from "./times.js";
import { afterAnswer, afterFailure, onReturn } from "./schedule.js";

// The build defines this for the loader's modules.
globalThis.__HASHES__ = {};
const { visibility } = await import("./audience.js");

test("an open page polls at its interval with a jitter of a fifth", () => {
  for (const random of [0, 0.5, 1]) {
    const wait = afterAnswer(0, 10, random);
    assert.ok(wait >= 10_000 && wait <= 12_000, String(wait));
    assert.ok(onReturn(0, random) <= 2000);
  }
  assert.ok(afterAnswer(0, Number.NaN, 0) === 30_000, "without an interval");
});

test("failures back off exponentially and respect Retry-After", () => {
  const waits = [1, 2, 3, 4, 20].map((failures) => afterFailure(0, failures, 0, 0));
  assert.deepEqual(waits, [5000, 10_000, 20_000, 40_000, 300_000]);
  assert.ok(afterFailure(0, 1, 120, 0) >= 120_000);
});

test("times have no date or year that is today's", () => {
  const now = new Date(2026, 10, 21, 12, 0);
  for (const [at, expected] of [
    [new Date(2026, 10, 21, 9, 5), "09:05"],
    [new Date(2026, 10, 20, 9, 5), "20 Nov, 09:05"],
    [new Date(2026, 9, 21, 0, 0), "21 Oct, 00:00"],
    [new Date(2025, 10, 21, 23, 59), "21 Nov 2025, 23:59"],
  ]) {
    assert.equal(formatTime(at, now, "en-GB"), expected);
  }
  const night = new Date(2026, 10, 22, 22, 0);
  assert.equal(formatTime(new Date(2026, 10, 22, 23, 30), now, "en-GB", night), "23:30", "the end of a period on the same day has no date");
  assert.equal(formatTime(new Date(2026, 10, 23, 1, 0), now, "en-GB", night), "23 Nov, 01:00");
});

test("readers who saw the outage see when their component is restored", () => {
  const now = Date.parse("2026-11-21T12:00:00Z");
  const notice = {
    impact: "major", status: "identified", restored: false, audience: {},
    components: [
      { slug: "sending", status: "operational", since: "2026-11-21T10:40:00Z" },
      { slug: "receiving", status: "major_outage", since: "2026-11-21T08:00:00Z" },
    ],
  };
  const page = (...components) => ({ components, paths: [] });
  for (const [components, memory, expected] of [
    [["sending"], { isSeen: true }, "part"],
    [["sending"], { isSeen: false }, ""],
    [["sending"], { isSeen: true, now: now + 72 * 36e5 }, ""],
    [["receiving"], { isSeen: true }, "all"],
    [["sending", "receiving"], { isSeen: false }, "all"],
    [[], { isSeen: false }, "all"],
    [[], { isSeen: false, isPast: true }, ""],
    [[], { isSeen: true, isPast: true }, "all"],
  ]) {
    assert.equal(visibility(notice, page(...components), { now, ...memory }), expected, `${components} ${JSON.stringify(memory)}`);
  }
});

// Tests of the stored answer, which the loader uses in place of its first request until the pause of the answer has passed.

import assert from "node:assert/strict";
import { test } from "node:test";

import { confirmed, major, storedFeed } from "./answers.mjs";
import { Browser } from "./browser.mjs";

/** A browser that has stored an answer with these fields, `age_ms` ago, and the page that it opens. */
const visit = (fields, age_ms, options = {}, change = (stored) => stored) => {
  const browser = new Browser();
  for (const [name, text] of Object.entries(storedFeed(fields, browser.now - age_ms))) {
    browser.storage[name] = JSON.stringify(change(JSON.parse(text)));
  }
  const page = browser.open({ answers: [() => confirmed(browser, fields)], ...options });
  return Object.assign(page, { browser, pass: (milliseconds) => browser.pass(milliseconds) });
};
const incident = { poll_after_s: 10, notices: [major] };

test("a quiet page within the pause sends no request, and has the feed", async () => {
  const changes = [];
  const page = visit({}, 20_000, { before: { Allclear: [["on", "change", ({ rev }) => changes.push(rev)]] } });
  await page.pass(1);
  const { feed, confirmed_at, stale } = page.window.Allclear.state;
  assert.deepEqual([feed.rev, confirmed_at, stale, changes], [5, "2026-11-21T11:59:40.000Z", false, [5]]);
  await page.pass(9_900);
  assert.deepEqual([page.requests, page.imports], [[], []]);
  await page.pass(3_000);
  assert.equal(page.requests.length, 1);
});

test("page loads within one pause send one request, and the next after it", async () => {
  const browser = new Browser();
  const sent = [];
  for (let passed = 0; passed < 30_000; passed += 3_000.1) {
    const page = browser.open({ answers: [() => confirmed(browser)] });
    await browser.pass(1);
    sent.push(page.requests.length);
    page.leave();
    page.hang();
    await browser.pass(2_999.1);
  }
  assert.deepEqual(sent, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  const page = browser.open({ answers: [() => confirmed(browser)] });
  await browser.pass(1);
  assert.equal(page.requests.length, 1);
});

test("a notice within the pause is drawn as current, without a request", async () => {
  const page = visit(incident, 4_000);
  await page.pass(1);
  const { feed, confirmed_at, stale, open } = page.window.Allclear.state;
  assert.deepEqual([feed.notices[0].id, confirmed_at, stale, open], ["inc_1", "2026-11-21T11:59:56.000Z", false, null]);
  assert.deepEqual([page.requests, page.handoffs.length], [[], 1]);
  await page.pass(5_900);
  assert.equal(page.requests.length, 0);
});

test("a plain card's loader sends the next request after the pause", async () => {
  const page = visit(incident, 4_000, { plain: true });
  await page.pass(5_900);
  assert.deepEqual([page.requests.length, page.handoffs.length], [0, 1]);
  await page.pass(1_500);
  assert.deepEqual([page.requests.length, page.window.Allclear.state.stale], [1, false]);
});

test("an answer older than its pause leads to a request at once", async () => {
  for (const age_ms of [10_001, 60_000, 86_400_000]) {
    const page = visit(incident, age_ms, { plain: true });
    await page.pass(0);
    assert.equal(page.requests.length, 1, String(age_ms));
  }
});

test("an answer that a cache had replayed leads to a request", async () => {
  // Its clock was four minutes slow, and so was its confirmation.
  const page = visit({}, 240_000, {}, (stored) => ({ ...stored, offset: -240_000 }));
  await page.pass(0);
  assert.equal(page.requests.length, 1);
});

test("a clock that was changed leads to a request", async () => {
  for (const ahead of [-60_000, 60_000]) {
    const browser = new Browser();
    Object.assign(browser.storage, storedFeed({}, browser.now));
    browser.ahead = ahead;
    const page = browser.open({ answers: [() => confirmed(browser)] });
    await browser.pass(0);
    assert.equal(page.requests.length, 1, String(ahead));
  }
});

test("an answer without a time of its confirmation leads to a request", async () => {
  for (const at of [null, undefined, "soon"]) {
    const page = visit({}, 0, {}, (stored) => ({ ...stored, at }));
    await page.pass(0);
    assert.equal(page.requests.length, 1, String(at));
  }
});

test("refresh sends a request", async () => {
  const page = visit({}, 1_000);
  await page.pass(1);
  page.window.Allclear.refresh();
  await page.pass(0);
  assert.equal(page.requests.length, 1);
});

test("a pause of years ends after an hour", async () => {
  const page = visit({ poll_after_s: 1e9 }, 1_000);
  await page.pass(4_400_000);
  assert.equal(page.requests.length, 1);
});

test("a preview does not use it", async () => {
  const page = visit({}, 1_000, { address: "https://host.example/?allclear-preview=major" });
  page.preview = () => ({ ...incident, name: "preview", rev: 9 });
  await page.pass(0);
  assert.deepEqual([page.window.Allclear.state.feed.name, page.requests], ["preview", []]);
});

test("a preview that starts before the answer is used has its own feed", async () => {
  const page = visit({}, 1_000);
  page.preview = () => ({ ...incident, name: "preview", rev: 9 });
  page.window.Allclear.preview();
  await page.pass(10);
  assert.deepEqual([page.window.Allclear.state.feed.name, page.requests], ["preview", []]);
});

test("an object of another script under its name does no harm", async () => {
  for (const change of [() => 1, () => ({ seconds: 10, at: "2026-11-21T12:00:00Z" }), (stored) => ({ ...stored, feed: {} })]) {
    const page = visit({}, 1_000, {}, change);
    await page.pass(40_000);
    assert.equal(page.window.Allclear.state.feed.rev, 5);
    assert.deepEqual(page.warnings, []);
  }
});

test("a tab that is shown uses the answer that another tab has stored", async () => {
  const browser = new Browser();
  const page = browser.open({ hidden: true, answers: [() => confirmed(browser)] });
  Object.assign(browser.storage, storedFeed({ rev: 6 }, browser.now));
  await browser.pass(5_000);
  page.show();
  await browser.pass(1);
  assert.deepEqual([page.requests.length, page.window.Allclear.state.feed.rev], [0, 6]);
});

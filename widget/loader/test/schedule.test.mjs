// Tests of when the loader sends requests, with the polling table of `notice/vectors` and in the fake browser.

import assert from "node:assert/strict";
import { test } from "node:test";

import { failing, major, open, quiet, slow, table } from "./answers.mjs";
import { Browser } from "./browser.mjs";

for (const row of table("polling")) {
  test(`polling: ${row.name}`, async () => {
    const origins = [...Array(row.origins).keys()].map((index) => `https://${index}.example`);
    const answers = [];
    // Hidden at first, until no other timer is left.
    const page = open({ attributes: { site: "acme", api: origins.join(" ") }, answers, hidden: true });
    await page.pass(10_000);
    const channel = () => [...page.browser.channels][0];
    const wanted = () => page.document.documentElement.lang + undefined; // No preview.
    let [wait, origin] = [0, 0];
    for (const step of row.steps) {
      page.random = () => step.random || 1e-4; // Not 0, so that every wait is positive.
      const { body } = quiet({ poll_after_s: step.answered ?? step.other_answered, rev: page.browser.now });
      if (step.other_origin === undefined) {
        answers.splice(0, 1, step.failed === undefined ? { body } : failing(step.failed));
        const requested = page.requests.length;
        if (requested) await page.pass(wait + 0.01);
        else page.show();
        await page.pass(0);
        assert.equal(page.requests.length, requested + 1, "one request");
        assert.equal(new URL(page.requests.at(-1).url).host, `${origin}.example`);
      } else {
        const feed = step.other_failed === undefined ? body : undefined;
        const seconds = step.other_answered ?? step.other_failed;
        const answer = { origin: step.other_origin, failures: step.failures, seconds, feed, offset: 0, lang: wanted() };
        channel().onmessage({ data: answer });
      }
      ({ origin } = step);
      wait = page.next();
      assert.ok(Math.abs(wait - step.wait_ms) <= 1 + step.wait_ms / 1e4, `${wait} ${JSON.stringify(step)}`);
    }
  });
}

test("visits: one per hour for a week, one per day for a month", async () => {
  const browser = new Browser();
  const from = Math.floor(browser.now / 36e5) - 40 * 24;
  browser.now = from * 36e5;
  const { body } = quiet();
  const page = browser.open({ answers: [{ body }] });
  for (let at = from; at <= from + 40 * 24; at += 0.25) {
    browser.now = at * 36e5;
    page.window.Allclear.refresh();
    await browser.pass(0);
  }
  const visits = Object.values(JSON.parse(browser.storage["allclear:acme:visits"]));
  const now = from + 40 * 24;
  assert.equal(Math.floor(visits.at(-1)), now);
  assert.ok(visits.every((at, index) => now - at < 744 && !(at <= visits[index - 1])));
  assert.equal(visits.filter((at) => now - at < 168).length, 168);
  assert.ok(visits.length <= 168 + 25 && visits.length >= 168 + 23, String(visits.length));
});

test("an empty feed: simple requests, and no import", async () => {
  const page = open({ answers: [quiet()] });
  await page.pass(0);
  assert.equal(page.requests.length, 1);
  const [{ url, options }] = page.requests;
  assert.equal(url, "https://status.example/v1/sites/acme/feed?lang=de-AT");
  assert.deepEqual(
    [options.cache, options.credentials, options.referrer, options.headers],
    ["no-cache", "same-origin", "", undefined],
  );
  await page.pass(29_000);
  assert.equal(page.requests.length, 1);
  await page.pass(8_000);
  assert.equal(page.requests.length, 2);
  assert.deepEqual(page.imports, []);
  assert.equal(page.window.Allclear.state.feed.rev, 5);
});

test("a malformed answer causes backoff, and no exception", async () => {
  for (const answer of [
    { body: "<!doctype html><p>It works!" },
    { body: "null" },
    { body: { notices: [major] } },
    { body: { poll_after_s: 10, notices: {} } },
    { status: 503, ...quiet({ notices: [major] }) },
    undefined,
  ]) {
    const page = open({ answers: [answer] });
    await page.pass(60_000);
    assert.ok(page.requests.length >= 3 && page.requests.length <= 5, String(page.requests.length));
    assert.deepEqual([page.imports, page.warnings], [[], []]);
  }
});

test("the second origin is used when the first fails", async () => {
  const attributes = { site: "acme", api: "https://a.example https://b.example/" };
  const page = open({ attributes, answers: [{ body: "<html>" }, quiet()] });
  await page.pass(40_000);
  const requested = page.requests.map(({ url }) => new URL(url).host);
  assert.deepEqual(requested.slice(0, 3), ["a.example", "b.example", "b.example"]);
});

test("an older feed is ignored", async () => {
  const page = open({ answers: [quiet({ rev: 9 }), quiet({ rev: 8, notices: [major] })] });
  await page.pass(40_000);
  assert.equal(page.window.Allclear.state.feed.rev, 9);
  assert.equal(JSON.parse(page.browser.storage["allclear:acme:feed:de-AT"]).feed.rev, 9);
  assert.deepEqual(page.imports, []);
});

test("a hidden tab sends no request until it is visible", async () => {
  const page = open({ answers: [quiet()] });
  await page.pass(0);
  page.hide();
  await page.pass(600_000);
  const requests = page.requests.length;
  page.show();
  await page.pass(2_000);
  assert.deepEqual([requests, page.requests.length], [1, 2]);
});

test("a tab opened in the background waits until it is visible", async () => {
  const page = open({ hidden: true, answers: [quiet()] });
  await page.pass(600_000);
  assert.deepEqual([page.requests.length, page.browser.storage], [0, {}]);
  page.show();
  await page.pass(0);
  assert.equal(page.requests.length, 1);
});

test("switching tabs does not cause earlier requests", async () => {
  const page = open({ answers: [quiet()] });
  await page.pass(1_000);
  for (let turn = 0; turn < 20; turn++) {
    page.hide();
    await page.pass(500);
    page.show();
    await page.pass(500);
  }
  assert.equal(page.requests.length, 1);
});

test("a visible tab sends a request within 2 s if allowed", async () => {
  for (const [random, least, most] of [[0, 0, 1], [0.5, 999, 1_001], [0.999, 1_990, 2_000]]) {
    const browser = new Browser();
    const page = browser.open({ locks: null, answers: [quiet()], random: () => random });
    await browser.pass(0);
    page.hide();
    await browser.pass(600_000);
    // The lock is never granted, so that only the timer causes the request.
    page.window.navigator.locks = { request: () => new Promise(() => {}) };
    const from = browser.now;
    page.show();
    await browser.pass(5_000);
    const after = page.requests[1].at - from;
    assert.ok(after >= least && after <= most, `${random}: ${after}`);
  }
  const page = open({ answers: [quiet()], random: () => 0 });
  await page.pass(0);
  page.comesOnline();
  await page.pass(29_000);
  assert.equal(page.requests.length, 1);
});

test("setting the clock does not change the schedule", async () => {
  for (const hours of [-5, 5]) {
    const page = open({ answers: [quiet()] });
    await page.pass(1_000);
    page.browser.ahead = hours * 3_600_000;
    await page.pass(100_000);
    const requested = page.requests.length;
    assert.ok(requested >= 3 && requested <= 5, `${hours}: ${requested}`);
  }
});

test("a page whose monotonic clock stands still sends requests", async () => {
  const page = open({ answers: [quiet()], replacement: "performance = { now: () => 0 }" });
  await page.pass(200_000);
  assert.ok(page.requests.length >= 5 && page.requests.length <= 8, String(page.requests.length));
});

test("poll_after_s is clamped, and must be a number", async () => {
  for (const [poll_after_s, least, most] of [[0, 1e3, 1_200], [0.001, 1e3, 1_200], [1e9, 3_600e3, 4_320e3], [1e300, 3_600e3, 4_320e3], ["5", 5e3, 6e3]]) {
    const page = open({ answers: [quiet({ poll_after_s })] });
    await page.pass(0);
    const from = page.browser.now;
    await page.pass(4_400_000);
    const after = page.requests[1].at - from;
    assert.ok(after >= least && after <= most, `${poll_after_s}: ${after}`);
  }
  for (const poll_after_s of [-1, "soon", {}, undefined]) {
    const page = open({ answers: [quiet({ poll_after_s })] });
    await page.pass(4_900);
    assert.deepEqual([page.window.Allclear.state.feed, page.imports], [null, []], String(poll_after_s));
    assert.equal(page.requests.length, 1, "backoff");
  }
});

test("an answer that takes longer than 8 s is used when it comes", async () => {
  const { answers, give } = slow();
  const attributes = { site: "acme", api: "https://a.example https://b.example" };
  const page = open({ attributes, answers });
  await page.pass(7_900);
  assert.equal(page.requests.length, 1);
  assert.equal(page.requests[0].options.signal, undefined, "nothing aborts the request");
  await page.pass(2_000);
  const requested = page.requests.map(({ url }) => new URL(url).host);
  assert.deepEqual(requested, ["a.example", "b.example"], "the next origin");
  give(quiet({ notices: [major] }));
  await page.pass(0);
  assert.equal(page.window.Allclear.state.feed.rev, 5);
  await page.pass(8_000);
  assert.equal(page.handoffs.length, 1, "once no other request is waited for");
});

test("each request is answered after a minute: the notice is shown", async () => {
  const waiting = [];
  const page = open({ answers: [() => new Promise((resolve) => waiting.push([page.browser.now + 60_000, resolve]))] });
  while (page.browser.now < Date.parse("2026-11-21T12:02:00Z")) {
    await page.pass(1_000);
    for (const [at, resolve] of waiting) if (at <= page.browser.now) resolve(quiet({ notices: [major] }));
  }
  assert.deepEqual([page.window.Allclear.state.feed?.rev, page.handoffs.length], [5, 1]);
});

test("the feed is requested at once, also while the page is parsed", async () => {
  const page = open({ readyState: "loading", answers: [quiet({ notices: [major] })] });
  await page.pass(0);
  assert.deepEqual([page.requests.length, page.handoffs.length], [1, 0]);
  await page.pass(1_000);
  assert.equal(page.handoffs.length, 1, "a script of the page may hang");
  const parsed = open({ readyState: "loading", answers: [quiet({ notices: [major] })] });
  await parsed.pass(100);
  parsed.document.readyState = "interactive";
  parsed.document.dispatchEvent(new Event("DOMContentLoaded"));
  await parsed.pass(0);
  assert.equal(parsed.handoffs.length, 1);
});

test("the card starts once the parser has created the body", async () => {
  const page = open({ readyState: "loading", answers: [quiet({ notices: [major] })] });
  await page.pass(100);
  assert.equal(page.handoffs.length, 0);
  page.parse({ body: {} });
  await page.pass(0);
  assert.equal(page.handoffs.length, 1);
  const inline = open({ readyState: "loading", attributes: { site: "acme", position: "inline" }, answers: [quiet({ notices: [major] })] });
  inline.parse({ body: {} });
  await inline.pass(900);
  assert.equal(inline.handoffs.length, 0, "an inline card waits for its place");
  await inline.pass(100);
  assert.equal(inline.handoffs.length, 1);
});

test("a slot that is parsed later shows its notice", async () => {
  const notices = [{ ...major, audience: { components: ["billing"], undeclared: "hide" } }];
  const slots = [];
  const page = open({ readyState: "loading", slots, answers: [quiet({ notices })] });
  page.parse({ body: {} });
  await page.pass(100);
  assert.equal(page.handoffs.length, 0);
  slots.push("billing");
  page.parse({ readyState: "interactive" });
  await page.pass(0);
  assert.equal(page.handoffs.length, 1);
});

test("events are received after document.open()", async () => {
  const page = open({ answers: [quiet()] });
  await page.pass(0);
  page.openDocument();
  await page.pass(60_000);
  const before = page.requests.length;
  page.hide();
  await page.pass(600_000);
  assert.equal(page.requests.length, before, "a hidden tab sends no requests");
  page.show();
  await page.pass(2_000);
  assert.equal(page.requests.length, before + 1);
});

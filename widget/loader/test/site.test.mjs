// Tests of the loader of a site, in the fake browser: when it uses the feed that it contains.

import assert from "node:assert/strict";
import { test } from "node:test";

import { lookUp } from "../languages.js";
import { major, open, quiet, slow, table } from "./answers.mjs";
import { Browser } from "./browser.mjs";

/** The entry of a script that came from the network 100 ms ago. */
const arrived = { startTime: -300, responseStart: -100, transferSize: 900, workerStart: 0 };
const script = { src: "https://status.example/s/acme/embed.js", dataset: {} };
/** The object in a script while the feed is empty. */
const calm = { site: "acme", feed: quiet().body };
const NOW = Date.parse("2026-11-21T12:00:00Z");
const openFeed = quiet({ poll_after_s: 10, notices: [major] }).body;
/** The object in a script with a notice in the page's language, composed 100 ms ago. */
const incident = { site: "acme", at: NOW - 100, confirmed: NOW - 600, feeds: { "de-AT": openFeed } };

const visit = (options) => open({ script, timings: [arrived], answers: [quiet()], ...options });

test("a new script without notices waits its poll interval", async () => {
  const page = visit({ contained: calm });
  await page.pass(1);
  const { state } = page.window.Allclear;
  assert.deepEqual([state.feed, state.stale], [calm.feed, false]);
  assert.equal(state.confirmed_at, "2026-11-21T11:59:59.900Z");
  assert.deepEqual([page.requests, page.imports, page.warnings], [[], [], []]);
  await page.pass(29_890);
  assert.equal(page.requests.length, 0);
  await page.pass(6_020);
  assert.equal(page.requests.length, 1);
  assert.equal(page.requests[0].url, "https://status.example/v1/sites/acme/feed?lang=de-AT");
});

test("the change is dispatched once, after the load listeners", async () => {
  const received = [];
  const listen = (name) => ["on", "change", (feed) => received.push([name, feed.rev])];
  const page = visit({ contained: calm, before: { Allclear: [listen("queued")] } });
  page.window.Allclear.push(listen("load"));
  await page.pass(1_000);
  assert.deepEqual(received, [["queued", 5], ["load", 5]]);
});

test("data-site is ignored", async () => {
  const page = visit({ contained: { site: "acme" }, script: { ...script, dataset: { site: "other" } } });
  await page.pass(0);
  assert.deepEqual(page.requests.map(({ url }) => url), ["https://status.example/v1/sites/acme/feed?lang=de-AT"]);
});

test("the script tag is found in a module", async () => {
  const tag = (src) => ({ src, dataset: {} });
  const others = ["https://vendor.example/s/acme/embed.js", "https://host.example/site.js", "https://vendor.example/embed.js", ""].map(tag);
  for (const src of [script.src, script.src + "?lang=fr", "https://status.example/site.js", "https://status.example/site.js?v=2#x"]) {
    for (const scripts of [[...others, tag(src)], [tag(src), ...others], others]) {
      const page = visit({ contained: { site: "acme" }, script: null, url: src, scripts });
      await page.pass(0);
      assert.deepEqual(page.requests.map(({ url }) => new URL(url).origin), ["https://status.example"], src);
    }
  }
});

test("a script that may be an older copy requests the feed at once", async () => {
  const cached = { ...arrived, transferSize: 0 };
  for (const [why, timings] of Object.entries({
    "the timings were cleared or their buffer was full": [],
    "a cache": [cached],
    "a cache, after the network": [arrived, cached],
    "a cache that has revalidated it meanwhile": [cached, arrived],
    "a service worker": [{ ...arrived, workerStart: 5 }],
    "sizes are hidden": [{ startTime: -300, responseStart: 0, transferSize: 0, workerStart: 0 }],
    "a browser without sizes": [{ startTime: -300, responseStart: -100 }],
    "it began before this navigation": [{ ...arrived, startTime: -NOW }],
    "it arrived longer ago than its pause": [{ ...arrived, responseStart: -30_001 }],
  })) {
    const page = visit({ contained: calm, timings });
    await page.pass(0);
    assert.deepEqual([page.requests.length, page.window.Allclear.state.feed], [1, calm.feed], why);
  }
  for (const timings of [[{ ...arrived, responseStart: -31_000 }, arrived], [{ ...arrived, responseStart: -30_000 }]]) {
    const page = visit({ contained: calm, timings });
    await page.pass(0.5);
    assert.equal(page.requests.length, 0);
  }
});

test("a browser without Resource Timing requests the feed", async () => {
  for (const replacement of ["delete performance.getEntriesByName", "performance.getEntriesByName = () => { throw 1 }", "delete performance.timeOrigin"]) {
    const page = visit({ contained: calm, replacement });
    await page.pass(0);
    assert.equal(page.requests.length, 1, replacement);
  }
});

test("a background tab judges the script's age when it is shown", async () => {
  for (const [hidden_ms, slept_ms, requests] of [[20_000, 0, 0], [31_000, 0, 1], [1_000, 3_600_000, 1], [1_000, -3_600_000, 1]]) {
    const page = visit({ contained: calm, hidden: true });
    await page.pass(hidden_ms);
    assert.equal(page.requests.length, 0);
    // The monotonic clock stops while a computer sleeps.
    page.browser.ahead += slept_ms;
    page.show();
    await page.pass(1);
    assert.equal(page.requests.length, requests, `${hidden_ms} ${slept_ms}`);
  }
});

test("a page load within the poll interval sends no request", async () => {
  const browser = new Browser();
  const load = async (options) => {
    const page = browser.open({ script, contained: calm, answers: [quiet()], ...options });
    await browser.pass(1);
    assert.equal(page.window.Allclear.state.feed.rev, 5);
    page.leave();
    page.hang();
    return page.requests.length;
  };
  assert.equal(await load({ timings: [arrived] }), 0, "the first visit");
  for (let passed = 0; passed < 27_000; passed += 9_000) {
    await browser.pass(9_000);
    assert.equal(await load({ timings: [] }), 0, `${passed}`);
  }
  await browser.pass(9_000);
  assert.equal(await load({ timings: [] }), 1, "when it is older than the pause");
});

test("a stored answer postpones the request by its remaining pause", async () => {
  const browser = new Browser();
  const first = browser.open({ script, contained: calm, timings: [arrived] });
  await browser.pass(20_000);
  first.leave();
  first.hang();
  const page = browser.open({ script, contained: calm, answers: [quiet()] });
  await browser.pass(9_000);
  assert.equal(page.requests.length, 0);
  await browser.pass(7_000);
  assert.equal(page.requests.length, 1);
});

test("a change of the local clock makes a stored answer old", async () => {
  for (const ahead of [-60_000, 60_000]) {
    const browser = new Browser();
    const first = browser.open({ script, contained: calm, timings: [arrived] });
    await browser.pass(1_000);
    first.leave();
    browser.ahead = ahead;
    const page = browser.open({ script, contained: calm, answers: [quiet()] });
    await browser.pass(2_000);
    assert.equal(page.requests.length, 1, String(ahead));
  }
});

test("a script older than the stored feed requests the feed", async () => {
  const browser = new Browser();
  const first = browser.open({ answers: [quiet({ rev: 6 })] });
  await browser.pass(0);
  first.leave();
  first.hang();
  await browser.pass(40_000);
  const page = browser.open({ script, contained: calm, timings: [arrived], answers: [quiet({ rev: 6 })] });
  await browser.pass(0);
  assert.deepEqual([page.requests.length, page.window.Allclear.state.feed.rev], [1, 6]);
});

test("refresh sends a request although the script is current", async () => {
  const page = visit({ contained: calm });
  await page.pass(1);
  page.window.Allclear.refresh();
  await page.pass(0);
  assert.equal(page.requests.length, 1);
});

test("a preview uses no feed of the script", async () => {
  const page = visit({ contained: calm, address: "https://host.example/?allclear-preview=major" });
  page.preview = () => ({ ...openFeed, name: "preview" });
  await page.pass(0);
  assert.deepEqual([page.window.Allclear.state.feed.name, page.requests], ["preview", []]);
});

test("a script with a notice draws it without a request", async () => {
  const page = visit({ contained: incident, answers: [{ ...quiet(), body: openFeed }] });
  await page.pass(1);
  const { state } = page.window.Allclear;
  assert.deepEqual([state.feed, state.confirmed_at, state.stale], [openFeed, "2026-11-21T11:59:59.400Z", false]);
  assert.deepEqual([page.handoffs.length, page.requests, page.imports], [1, [], []]);
  assert.equal(page.rulesUrl, "https://status.example/embed/test/rules.js");
  // From then on, the card polls.
  assert.ok(page.handoffs[0][3] - page.browser.now > 9_800, String(page.handoffs[0]));
});

test("the server's clock is that of the composition", async () => {
  const browser = new Browser();
  browser.ahead = 120_000;
  const page = browser.open({ script, contained: incident, timings: [arrived] });
  await browser.pass(1);
  const { state } = page.window.Allclear;
  assert.deepEqual([page.handoffs.length, state.stale, page.requests.length], [1, false, 0]);
  assert.equal(JSON.parse(browser.storage["allclear:acme:feed:de-AT"]).offset, -120_000);
});

test("a notice of unknown age is drawn after the answer", async () => {
  const { answers, give } = slow();
  const page = visit({ contained: incident, timings: [], answers });
  await page.pass(1_000);
  assert.deepEqual([page.requests.length, page.handoffs.length], [1, 0]);
  give({ ...quiet(), body: { ...openFeed, rev: 6 } });
  await page.pass(0);
  const { state } = page.window.Allclear;
  assert.deepEqual([page.handoffs.length, state.feed.rev, state.stale], [1, 6, false]);
});

test("a notice of unknown age is not drawn if the answer is empty", async () => {
  const page = visit({ contained: incident, timings: [], answers: [quiet({ rev: 6 })] });
  await page.pass(10_000);
  assert.deepEqual([page.handoffs.length, page.window.Allclear.state.feed.rev], [0, 6]);
});

test("a notice of unknown age is drawn after 2 s without an answer", async () => {
  for (const [age_ms, drawn] of [[0, 1], [3_600_000, 1], [86_500_000, 0]]) {
    const at = NOW - age_ms;
    const page = visit({ contained: { ...incident, at, confirmed: at }, timings: [], answers: slow().answers });
    await page.pass(1_999);
    assert.equal(page.handoffs.length, 0);
    await page.pass(2);
    assert.equal(page.handoffs.length, drawn, String(age_ms));
    const { state } = page.window.Allclear;
    if (drawn) assert.deepEqual([state.stale, state.confirmed_at], [true, new Date(at).toJSON()]);
  }
});

test("with a script of unknown age, the later confirmation is used", async () => {
  for (const [stored_ms, stale] of [[5_000, false], [60_000, true]]) {
    const browser = new Browser();
    const first = browser.open({ script, contained: incident, timings: [arrived] });
    await browser.pass(1);
    first.leave();
    first.hang();
    await browser.pass(stored_ms);
    const later = { ...incident, at: incident.at + 30_000, confirmed: incident.confirmed + 30_000 };
    const page = browser.open({ script, contained: later, timings: [], answers: slow().answers });
    await browser.pass(1);
    assert.equal(page.handoffs.length, stale ? 0 : 1);
    await browser.pass(2_000);
    assert.deepEqual([page.handoffs.length, page.window.Allclear.state.stale], [1, stale]);
  }
});

test("a page whose language the script lacks requests the feed", async () => {
  const contained = { ...incident, feeds: {} };
  const page = visit({ contained, answers: [{ ...quiet(), body: openFeed }] });
  await page.pass(0);
  assert.deepEqual([page.requests.length, page.handoffs.length, page.imports], [1, 1, []]);
});

test("a shortened feed is followed by the complete one", async () => {
  const page = visit({ contained: { ...incident, isShortened: 1 }, plain: true, answers: [{ ...quiet(), body: { ...openFeed, rev: 6 } }] });
  await page.pass(1);
  assert.deepEqual([page.handoffs.length, page.requests.length], [1, 0]);
  await page.pass(1_200);
  assert.deepEqual([page.requests.length, page.window.Allclear.state.feed.rev], [1, 6]);
});

test("a feed that a script contains is not shared with other tabs", async () => {
  const browser = new Browser();
  const other = browser.open({ answers: [quiet()] });
  await browser.pass(0);
  const page = browser.open({ script, contained: { site: "acme", feed: quiet({ rev: 6 }).body }, timings: [arrived] });
  await browser.pass(1);
  assert.deepEqual([page.requests.length, page.window.Allclear.state.feed.rev, other.window.Allclear.state.feed.rev], [0, 6, 5]);
});

test("a script whose contents throw works like the general loader", async () => {
  const contained = { site: "acme", at: NOW, confirmed: NOW, open: () => { throw new Error("an old browser"); } };
  const page = visit({ contained, answers: [{ ...quiet(), body: openFeed }] });
  await page.pass(0);
  assert.deepEqual([page.requests.length, page.handoffs.length], [1, 1]);
  assert.deepEqual(page.imports, ["https://status.example/embed/test/rules.js"]);
});

test("a language is found as the server finds it, or not at all", () => {
  let found = 0;
  for (const { site, tag, language } of table("languages")) {
    const index = lookUp(tag, site);
    if (index < 0) continue;
    found++;
    assert.equal(site[index], language, `${tag} in ${site}`);
  }
  assert.ok(found > 10, String(found));
  for (const [tag, expected] of [["de-AT", 1], ["DE", 1], ["en-Latn-x-simple", 0], ["fr", -1], ["", -1], ["zh-TW", -1], ["zh", 2]]) {
    assert.equal(lookUp(tag, ["en", "de", "zh"]), expected, tag);
  }
});

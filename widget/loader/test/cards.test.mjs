// Tests of starting and replacing a card, in the fake browser.

import assert from "node:assert/strict";
import { test } from "node:test";

import { failing, major, open, quiet, slow } from "./answers.mjs";
import { Browser } from "./browser.mjs";

test("a notice for this page: the card starts once, and polls", async () => {
  const page = open({ attributes: { site: "acme", components: "sending" }, answers: [quiet({ notices: [major] })] });
  await page.pass(0);
  assert.deepEqual(page.imports, ["https://status.example/embed/test/rules.js"]);
  assert.equal(page.handoffs.length, 1);
  const requests = page.requests.length;
  await page.pass(600_000);
  assert.deepEqual([page.requests.length, page.handoffs.length], [requests, 1], "the loader does not poll");
});

test("with a plain card the loader polls", async () => {
  const page = open({ plain: true, answers: [quiet({ notices: [major] })] });
  await page.pass(100_000);
  assert.ok(page.requests.length >= 3);
  assert.equal(page.handoffs.length, 1);
  assert.ok(page.events.length >= 2 && page.events.every((name) => name === "polled 0 0 30"), page.events.join());
});

test("a notice that the page does not show starts no card", async () => {
  const elsewhere = { ...major, audience: { components: ["reports"] } };
  const page = open({ attributes: { site: "acme", components: "sending" }, answers: [quiet({ notices: [elsewhere] })] });
  await page.pass(0);
  assert.equal(page.handoffs.length, 0);
  page.window.Allclear.configure({ components: ["reports"] });
  await page.pass(0);
  assert.equal(page.handoffs.length, 1, "after the page has declared the component");
});

test("if rules.js fails to load, the next origin is tried", async () => {
  const attributes = { site: "acme", api: "https://a.example https://b.example" };
  const page = open({ attributes, answers: [quiet({ notices: [major] }), failing(), quiet({ notices: [major] })] });
  page.refused = "https://a.example/";
  await page.pass(20_000);
  assert.equal(page.handoffs.length, 0);
  await page.pass(40_000);
  assert.equal(page.imports.at(-1), "https://b.example/embed/test/rules.js");
  assert.deepEqual([page.handoffs.length, page.warnings], [1, []]);
});

test("a malformed notice is not shown", async () => {
  const page = open({ answers: [quiet({ notices: [null, {}, { id: 5 }] })] });
  await page.pass(60_000);
  assert.deepEqual([page.handoffs, page.warnings], [[], []]);
});

test("a notice waits up to 5 s for pending segments", async () => {
  const segments = [{ slug: "eu", label: "European customers" }];
  const notices = [{ ...major, audience: { segments, undeclared: "show" } }];
  const attributes = { site: "acme", audience: "pending" };
  const silent = open({ attributes: { ...attributes }, answers: [quiet({ notices })] });
  await silent.pass(4_900);
  assert.equal(silent.handoffs.length, 0, "the notice waits");
  await silent.pass(200);
  assert.equal(silent.handoffs.length, 1, "then the page declares no segment");
  for (const [audience, cards] of [["eu", 1], [["us"], 0], [[], 0]]) {
    const page = open({ attributes: { ...attributes }, answers: [quiet({ notices })] });
    await page.pass(1_000);
    page.window.Allclear.configure({ audience });
    await page.pass(0);
    assert.equal(page.handoffs.length, cards, String(audience));
    await page.pass(20_000);
    assert.equal(page.handoffs.length, cards, `${audience}, after 5 s`);
  }
  const all = open({ attributes: { ...attributes }, answers: [quiet({ notices: [major] })] });
  await all.pass(0);
  assert.equal(all.handoffs.length, 1, "a notice without segments does not wait");
});

test("the components of slots count as the page's own", async () => {
  const notices = [{ ...major, audience: { components: ["billing"], undeclared: "hide" } }];
  const answers = [quiet({ notices })];
  for (const [attributes, slots, cards] of [
    [{}, [], 0],
    [{}, ["share billing"], 1],
    [{ components: "share" }, ["share billing"], 1],
    [{ components: "share" }, ["share"], 0],
    [{}, [""], 0],
  ]) {
    const page = open({ attributes: { site: "acme", ...attributes }, slots, answers });
    await page.pass(0);
    assert.equal(page.handoffs.length, cards, JSON.stringify([attributes, slots]));
  }
  const page = open({ answers });
  await page.pass(0);
  const unmount = page.window.Allclear.mount({}, { components: ["billing"] });
  await page.pass(0);
  assert.equal(page.handoffs.length, 1, "mount counts like a slot");
  unmount();
  page.window.Allclear.mount({})();
  assert.deepEqual(page.events, ["mount", "mount", "mount"]);
});

test("a notice is shown while one slot's component is affected", async () => {
  // Long ago, so that the all-clear has expired.
  const component = (slug, status) => ({ slug, status, since: "2001-01-01T00:00:00Z" });
  const components = [component("billing", "operational"), component("share", "partial_outage")];
  const audience = { components: ["billing", "share"] };
  const answers = [quiet({ notices: [{ ...major, components, audience }] })];
  for (const [slots, cards] of [
    [[], 0],
    [["share"], 1],
    [["billing"], 0],
    [["billing", "share"], 1],
  ]) {
    const page = open({ attributes: { site: "acme", components: "billing" }, slots, answers });
    await page.pass(0);
    assert.equal(page.handoffs.length, cards, JSON.stringify(slots));
  }
});

test("a stored feed is drawn before the first answer, by its age", async () => {
  const confirmed_at = "2026-11-21T12:00:00Z";
  // Seconds after the confirmation, the wait in milliseconds, and whether the card says "as of".
  for (const [seconds, wait, stale] of [
    [0, 0, false],
    [30, 0, false],
    [31, 0, true],
    [900, 0, true],
    [901, 2_000, true],
    [86_000, 2_000, true],
  ]) {
    const browser = new Browser();
    const first = browser.open({ answers: [quiet({ notices: [major] })] });
    await browser.pass(0);
    first.leave();
    await browser.pass(seconds * 1e3);
    const later = browser.open({ answers: [() => new Promise(() => {})] });
    await browser.pass(Math.max(0, wait - 1));
    assert.equal(later.handoffs.length, +!wait, `${seconds} s`);
    await browser.pass(1);
    const { state } = later.window.Allclear;
    assert.deepEqual([later.handoffs.length, state.stale, state.confirmed_at], [1, stale, confirmed_at], `${seconds} s`);
  }
});

test("an old stored feed gives way to the first answer", async () => {
  const browser = new Browser();
  const first = browser.open({ answers: [quiet({ notices: [major] })] });
  await browser.pass(0);
  first.leave();
  await browser.pass(3_600_000);
  const later = browser.open({ answers: [quiet({ rev: 6 })] });
  await browser.pass(10_000);
  assert.deepEqual([later.handoffs.length, later.window.Allclear.state.feed.rev], [0, 6]);
});

test("a stored replay is not current", async () => {
  for (const [ahead, age] of [[2 * 3_600_000, undefined], [0, 60]]) {
    const browser = new Browser();
    browser.ahead = ahead;
    const answer = quiet({ notices: [major] });
    if (age) answer.headers.Age = String(age);
    const first = browser.open({ answers: [answer] });
    await browser.pass(0);
    first.leave();
    const later = browser.open({ answers: [() => new Promise(() => {})] });
    await browser.pass(0);
    assert.deepEqual([later.handoffs.length, later.window.Allclear.state.stale], [1, true], `${ahead} ${age}`);
  }
});

test("a stored notice is drawn during the first request", async () => {
  for (const plain of [false, true]) {
    const browser = new Browser();
    const first = browser.open({ answers: [quiet({ notices: [major] })] });
    await browser.pass(0);
    first.leave();
    await browser.pass(60_000);
    const { answers, give } = slow();
    let proceed;
    const importing = new Promise((resolve) => (proceed = resolve));
    const later = browser.open({ answers, plain, importing });
    await browser.pass(0);
    assert.deepEqual([later.requests.length, later.handoffs.length], [1, 0]);
    proceed();
    await browser.pass(0);
    assert.deepEqual([later.requests.length, later.handoffs.length], [1, 1]);
    const answer = later.ask(0);
    give(quiet({ notices: [major], rev: 6 }));
    await browser.pass(0);
    assert.deepEqual([later.requests.length, (await answer).feed.rev, later.window.Allclear.state.feed.rev], [1, 6, 6]);
  }
});

test("a stored feed's age is measured by the server's clock", async () => {
  for (const [ahead, cards] of [[0, 1], [23, 1], [-50, 1]]) {
    const browser = new Browser();
    browser.ahead = ahead * 3_600_000;
    const first = browser.open({ answers: [quiet({ notices: [major] })] });
    await browser.pass(0);
    first.leave();
    await browser.pass(20 * 3_600_000);
    const later = browser.open({ answers: [undefined] });
    await browser.pass(2_000);
    assert.equal(later.handoffs.length, cards, String(ahead));
  }
});

test("an outdated or foreign stored feed is not drawn", async () => {
  for (const [passes, changes, attributes] of [
    [24 * 3_600_000, {}, {}],
    [0, { restored: {} }, {}],
    [0, { audience: { components: ["reports"] } }, { components: "sending" }],
    [0, {}, { lang: "en" }],
  ]) {
    const browser = new Browser();
    const first = browser.open({ answers: [quiet({ notices: [{ ...major, ...changes }] })] });
    await browser.pass(0);
    first.leave();
    await browser.pass(passes);
    const later = browser.open({ attributes: { site: "acme", ...attributes }, answers: [undefined] });
    await browser.pass(2_000);
    assert.equal(later.handoffs.length, 0, JSON.stringify([passes, changes, attributes]));
  }
});

test("a polling card gets other tabs' answers, not its own", async () => {
  const page = open({ answers: [quiet({ notices: [major] })] });
  await page.pass(0);
  const answer = await page.ask(0);
  assert.deepEqual([answer.feed.rev, page.events], [5, []]);
  page.window.Allclear.configure({});
  assert.deepEqual(page.events, ["configure"]);
});

test("a broken card is replaced, and the loader polls on", async () => {
  for (const passed of [5_000, 29_000, 600_000]) {
    const page = open({ answers: [quiet({ notices: [major] })] });
    await page.pass(0);
    await page.pass(100_000);
    await page.ask(0);
    const { length } = page.requests;
    const requested = page.requests.at(-1).at;
    await page.pass(passed);
    assert.equal(page.requests.length, length, "the card hangs and does not poll");
    page.onBroken();
    await page.pass(0);
    assert.equal(page.replacements, 1);
    await page.pass(60_000);
    const next = page.requests[length].at - requested;
    const due = Math.max(33_000, passed); // The schedule of an answer with 30 s and the random number 0.5.
    assert.ok(next >= due && next <= due + 100, `${next} of ${due} ms`);
    assert.ok(page.events.length && page.events.every((name) => name === "plain: polled 0 0 30"), page.events.join());
    await page.pass(120_000);
    assert.ok(page.requests.length >= length + 4, "and polls on");
    assert.deepEqual([page.replacements, page.handoffs.length], [1, 1]);
  }
});

test("replacing a broken card is retried", async () => {
  const page = open({ answers: [quiet({ notices: [major] })] });
  await page.pass(0);
  page.refused = "the plain card";
  page.onBroken();
  await page.pass(40_000);
  assert.equal(page.replacements, 0);
  page.refused = undefined;
  await page.pass(40_000);
  assert.equal(page.replacements, 1);
});

/** A shadow root that notes in `removed` what is removed. */
const fakeRoot = (removed) => ({ replaceChildren: () => removed.push("content"), host: { remove: () => removed.push("host") } });

test("a broken card whose replacement fails is removed", async () => {
  const page = open({ answers: [quiet({ notices: [major] })] });
  await page.pass(0);
  const removed = [];
  Object.assign(page.record, { root: fakeRoot(removed), regions: ["status", "alert"] });
  page.refused = "the plain card";
  page.onBroken();
  await page.pass(0);
  assert.deepEqual([removed, page.record.regions], [["content", "host"], null], "its notice may be over by now");
  page.refused = undefined;
  await page.pass(40_000);
  assert.equal(page.replacements, 1);
});

test("destroy removes a broken card while it is replaced", async () => {
  const page = open({ answers: [quiet({ notices: [major] })] });
  await page.pass(0);
  const removed = [];
  Object.assign(page.record, { release: () => removed.push("release"), root: fakeRoot(removed) });
  page.onBroken();
  page.window.Allclear.destroy();
  await page.pass(100_000);
  assert.deepEqual(removed, ["release", "host"]);
});

test("records survive a clearing of localStorage by the page", async () => {
  const page = open({ answers: [quiet({ notices: [major] })] });
  await page.pass(0);
  const [visit] = Object.values(page.storage("visits"));
  assert.ok(visit > 0);
  page.rules.hide(major);
  page.rules.note("seen", "inc_1", 1);
  page.storage("hidden", { ...page.storage("hidden"), inc_2: 5 });
  const clear = () => {
    for (const key of Object.keys(page.browser.storage)) delete page.browser.storage[key];
  };
  clear();
  assert.deepEqual({ ...page.storage("hidden") }, { inc_1: 1, inc_2: 5 });
  assert.deepEqual({ ...page.storage("seen") }, { inc_1: 1 });
  assert.deepEqual(Object.values(page.storage("visits")), [visit]);
  page.browser.storage["allclear:acme:hidden"] = JSON.stringify({ inc_1: 3 });
  assert.equal(page.storage("hidden").inc_1, 3, "another tab hid it at a higher attention");
  clear();
  page.rules.note("seen", "inc_3", 2);
  const stored = JSON.parse(page.browser.storage["allclear:acme:seen"]);
  assert.deepEqual(stored, { inc_1: 1, inc_3: 2 }, "the next value is stored with the others");
});

test("of 101 remembered notices the oldest is forgotten", async () => {
  const page = open({ answers: [quiet({ notices: [major] })] });
  await page.pass(0);
  for (let number = 0; number <= 100; number++) page.rules.note("seen", `inc_${number}`, 1);
  const names = Object.keys(page.storage("seen"));
  assert.deepEqual([names.length, names[0], names.at(-1)], [100, "inc_1", "inc_100"]);
});

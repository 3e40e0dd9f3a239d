// The loader and its rules, run in Node: against the tables they share with `notice`, and the loader in a browser made of
// fakes (`fakes.mjs`).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Browser } from "./fakes.mjs";
import { matches, shows } from "./rules.js";

const table = (name) =>
  JSON.parse(readFileSync(new URL(`../../notice/vectors/${name}.json`, import.meta.url), "utf8"));
const hours = (text) => Date.parse(text) / 36e5;
const views = ["nothing", "pill", "card"];
const everywhere = { segments: null, components: null, paths: [], drill: false };
const quiet = (changes = {}) => ({
  body: { v: 1, site: "acme", rev: 5, poll_after_s: 30, notices: [], ...changes },
  headers: { "Allclear-Confirmed-At": "2026-11-21T12:00:00Z", Date: "Sat, 21 Nov 2026 12:00:00 GMT" },
});
const failing = (retry) => ({ status: 503, body: "{}", headers: retry ? { "Retry-After": String(retry) } : {} });
const major = { id: "inc_1", kind: "incident", in_app: "bar", impact: "major", attention: 1, restored: null, audience: {} };
/** A page alone in its browser. */
const open = (options) => {
  const browser = new Browser();
  const page = browser.open(options);
  return Object.assign(page, { browser, pass: (milliseconds) => browser.pass(milliseconds) });
};

for (const row of table("audience")) {
  test(`audience: ${row.name}`, () => {
    const segments = row.audience.segments?.map((slug) => ({ slug, label: slug }));
    assert.equal(Boolean(matches({ ...row.audience, segments }, { ...everywhere, ...row.page })), row.matches);
  });
}

const remembered = (row, id) => {
  const hidden = {};
  if (row.hidden_at != null) hidden[id] = row.hidden_at;
  if (row.back_hidden_at != null) hidden[id + ":back"] = row.back_hidden_at;
  return { seen: row.witness ? { [id]: 3 } : {}, hidden, visits: (row.visits || []).map(hours) };
};

for (const row of [...table("hiding"), ...table("part_restored")]) {
  test(`hiding: ${row.name}`, () => {
    const notice = { id: "inc_1", kind: "incident", audience: {}, restored: null, started_at: "2026-11-21T08:00:00Z", ...row.notice };
    const page = { ...everywhere, ...row.page };
    assert.equal(views[shows(notice, page, remembered(row, "inc_1"), hours(row.now) || 0)], row.sees);
  });
}

for (const row of table("all_clear")) {
  test(`all-clear: ${row.name}`, () => {
    const { impact, attention, restored } = row;
    const notice = { id: "inc_1", kind: "restored", in_app: "bar", audience: {}, impact, attention, restored };
    assert.equal(views[shows(notice, everywhere, remembered(row, "inc_1"), hours(row.now))], row.sees);
  });
}

for (const row of table("polling")) {
  test(`polling: ${row.name}`, async () => {
    const origins = [...Array(row.origins).keys()].map((index) => `https://${index}.example`);
    const answers = [];
    // Out of view at first, until no other timer is left.
    const page = open({ attributes: { site: "acme", api: origins.join(" ") }, answers, hidden: true });
    await page.pass(10_000);
    const channel = () => [...page.browser.channels][0];
    let [wait, origin] = [0, 0];
    for (const step of row.steps) {
      page.random = () => step.random || 1e-4; // So that even the next moment comes after this one.
      const { body } = quiet({ poll_after_s: step.answered ?? step.told, rev: page.browser.now });
      if (step.of === undefined) {
        answers.splice(0, 1, step.failed === undefined ? { body } : failing(step.failed));
        const asked = page.requests.length;
        if (asked) await page.pass(wait + 0.01);
        else page.show();
        await page.pass(0);
        assert.equal(page.requests.length, asked + 1, "it asks, once");
        assert.equal(new URL(page.requests.at(-1).url).host, `${origin}.example`);
      } else {
        const feed = step.missed === undefined ? body : undefined;
        const seconds = step.told ?? step.missed;
        channel().onmessage({ data: { origin: step.of, failures: step.failures, seconds, feed } });
      }
      ({ origin } = step);
      wait = page.next();
      assert.ok(Math.abs(wait - step.wait_ms) <= 1 + step.wait_ms / 1e4, `${wait} ${JSON.stringify(step)}`);
    }
  });
}

test("visits: one an hour for a week, one a day for a month, then none", async () => {
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

test("a quiet page asks for the feed, plainly, and sleeps", async () => {
  const page = open({ answers: [quiet()] });
  await page.pass(0);
  assert.equal(page.requests.length, 1);
  const [{ url, options }] = page.requests;
  assert.equal(url, "https://status.example/v1/sites/acme/feed?lang=de");
  assert.deepEqual(
    [options.cache, options.credentials, options.referrerPolicy, options.headers],
    ["no-cache", "omit", "no-referrer", undefined],
  );
  await page.pass(29_000);
  assert.equal(page.requests.length, 1);
  await page.pass(8_000);
  assert.equal(page.requests.length, 2);
  assert.deepEqual(page.imports, []);
  assert.equal(page.window.Allclear.state.feed.rev, 5);
});

test("a site that is missing or malformed: one warning, nothing else", async () => {
  for (const attributes of [{}, { site: "" }, { site: "-x" }, { site: "A b" }]) {
    const page = open({ attributes });
    await page.pass(5_000);
    assert.deepEqual([page.warnings.length, page.requests.length, page.window.Allclear], [1, 0, undefined]);
  }
});

test("the query says the same as the attributes", async () => {
  const page = open({ attributes: {}, query: "?site=acme&lang=pt-BR", answers: [quiet()] });
  await page.pass(0);
  assert.equal(page.requests[0].url, "https://status.example/v1/sites/acme/feed?lang=pt-BR");
});

test("of a language that has no varieties the server is told the language alone", async () => {
  for (const [tag, asked] of [
    ["en-US", "en"],
    ["en_AU", "en"],
    ["EN", "EN"],
    ["fil-PH", "fil"],
    ["zh-TW", "zh-TW"],
    ["zh-Hans-CN", "zh-Hans-CN"],
    ["zh", "zh"],
    ["pt-BR", "pt-BR"],
    ["zha", "zha"],
  ]) {
    const page = open({ attributes: {}, query: `?site=acme&lang=${tag}`, answers: [quiet()] });
    await page.pass(0);
    assert.equal(page.requests[0].url, `https://status.example/v1/sites/acme/feed?lang=${asked}`);
  }
});

test("a notice for this page: the card is brought and takes over, once", async () => {
  const page = open({ attributes: { site: "acme", components: "sending" }, answers: [quiet({ notices: [major] })] });
  await page.pass(0);
  assert.deepEqual(page.imports, ["https://status.example/embed/test/rules.js"]);
  assert.equal(page.handoffs.length, 1);
  const requests = page.requests.length;
  await page.pass(600_000);
  assert.deepEqual([page.requests.length, page.handoffs.length], [requests, 1], "the loader polls no more");
});

test("with the plain card the loader goes on polling, and tells it", async () => {
  const page = open({ plain: true, answers: [quiet({ notices: [major] })] });
  await page.pass(100_000);
  assert.ok(page.requests.length >= 3);
  assert.equal(page.handoffs.length, 1);
  assert.ok(page.told.length >= 2 && page.told.every((name) => name === "told 0 0 30"), page.told.join());
});

test("a notice for others, or hidden to nothing, brings no card", async () => {
  const elsewhere = { ...major, audience: { components: ["reports"] } };
  const page = open({ attributes: { site: "acme", components: "sending" }, answers: [quiet({ notices: [elsewhere] })] });
  await page.pass(0);
  assert.equal(page.handoffs.length, 0);
  page.window.Allclear.configure({ components: ["reports"] });
  await page.pass(0);
  assert.equal(page.handoffs.length, 1, "until the page says that it is one of them");
});

test("rules that cannot be had from one origin are had from the next", async () => {
  const attributes = { site: "acme", api: "https://a.example https://b.example" };
  const page = open({ attributes, answers: [quiet({ notices: [major] }), failing(), quiet({ notices: [major] })] });
  page.refused = "https://a.example/";
  await page.pass(20_000);
  assert.equal(page.handoffs.length, 0);
  await page.pass(40_000);
  assert.equal(page.imports.at(-1), "https://b.example/embed/test/rules.js");
  assert.deepEqual([page.handoffs.length, page.warnings], [1, []]);
});

test("nonsense is a failure: back-off, no exception, no notice", async () => {
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

test("a notice that is none is not shown", async () => {
  const page = open({ answers: [quiet({ notices: [null, {}, { id: 5 }] })] });
  await page.pass(60_000);
  assert.deepEqual([page.handoffs, page.warnings], [[], []]);
});

test("a second origin is asked when the first fails, and kept", async () => {
  const attributes = { site: "acme", api: "https://a.example https://b.example/" };
  const page = open({ attributes, answers: [{ body: "<html>" }, quiet()] });
  await page.pass(40_000);
  const asked = page.requests.map(({ url }) => new URL(url).host);
  assert.deepEqual(asked.slice(0, 3), ["a.example", "b.example", "b.example"]);
});

test("an older feed than one seen is ignored", async () => {
  const page = open({ answers: [quiet({ rev: 9 }), quiet({ rev: 8, notices: [major] })] });
  await page.pass(40_000);
  assert.equal(page.window.Allclear.state.feed.rev, 9);
  assert.equal(JSON.parse(page.browser.storage["allclear:acme:feed:de"]).feed.rev, 9);
  assert.deepEqual(page.imports, []);
});

test("a hidden tab is silent, and asks soon after it is seen again", async () => {
  const page = open({ answers: [quiet()] });
  await page.pass(0);
  page.hide();
  await page.pass(600_000);
  const requests = page.requests.length;
  page.show();
  await page.pass(2_000);
  assert.deepEqual([requests, page.requests.length], [1, 2]);
});

test("a tab opened out of view is silent until it is seen", async () => {
  const page = open({ hidden: true, answers: [quiet()] });
  await page.pass(600_000);
  assert.deepEqual([page.requests.length, page.browser.storage], [0, {}]);
  page.show();
  await page.pass(0);
  assert.equal(page.requests.length, 1);
});

test("looking away and back does not make it ask sooner than it may", async () => {
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

test("included twice: the first one stays", async () => {
  const page = open({ before: { Allclear: { state: {} } }, answers: [quiet()] });
  await page.pass(5_000);
  assert.deepEqual([page.requests.length, page.warnings.length], [0, 0]);
});

test("calls made before it loads are made then; events come; destroy ends it", async () => {
  const heard = [];
  const before = { Allclear: [["nonsense"], ["on", "change", (feed) => heard.push(feed.rev)]] };
  const page = open({ before, answers: [quiet()] });
  await page.pass(0);
  assert.deepEqual([heard, page.warnings], [[5], []]);
  page.window.Allclear.destroy();
  page.hide();
  page.show();
  await page.pass(600_000);
  assert.deepEqual([page.requests.length, page.window.Allclear, page.browser.channels.size], [1, undefined, 0]);
});

test("a blocked storage is no obstacle, and none is used when told so", async () => {
  const notices = [major];
  const blocked = open({ blocked: true, answers: [quiet({ notices })] });
  await blocked.pass(0);
  assert.equal(blocked.handoffs.length, 1);
  const none = open({ attributes: { site: "acme", storage: "none" }, answers: [quiet()] });
  await none.pass(0);
  assert.deepEqual([none.requests.length, Object.keys(none.browser.storage)], [1, []]);
  const kept = open({ answers: [quiet()] });
  await kept.pass(0);
  assert.deepEqual(Object.keys(kept.browser.storage).sort(), ["allclear:acme:feed:de", "allclear:acme:visits"]);
  const full = open({ kept: Object.freeze({}), answers: [quiet({ notices })] });
  await full.pass(0);
  assert.deepEqual([full.handoffs.length, full.warnings], [1, []], "nor a full one");
  const missing = open({ kept: null, answers: [quiet({ notices })] });
  await missing.pass(0);
  assert.deepEqual([missing.handoffs.length, missing.warnings], [1, []], "nor a webview's that is null");
  const spoilt = { "allclear:acme:visits": "<", "allclear:acme:feed:de": "null", "allclear:acme:seen": "5" };
  const other = open({ kept: spoilt, answers: [quiet({ notices })] });
  await other.pass(0);
  assert.deepEqual([other.handoffs.length, other.warnings], [1, []], "nor what somebody else wrote there");
});

test("segments that the page will name later: 5 s, then it has none", async () => {
  const segments = [{ slug: "eu", label: "European customers" }];
  const notices = [{ ...major, audience: { segments, undeclared: "show" } }];
  const attributes = { site: "acme", audience: "pending" };
  const silent = open({ attributes: { ...attributes }, answers: [quiet({ notices })] });
  await silent.pass(4_900);
  assert.equal(silent.handoffs.length, 0, "held");
  await silent.pass(200);
  assert.equal(silent.handoffs.length, 1, "undeclared");
  for (const [audience, cards] of [["eu", 1], [["us"], 0], [[], 0]]) {
    const page = open({ attributes: { ...attributes }, answers: [quiet({ notices })] });
    await page.pass(1_000);
    page.window.Allclear.configure({ audience });
    await page.pass(0);
    assert.equal(page.handoffs.length, cards, String(audience));
    await page.pass(20_000);
    assert.equal(page.handoffs.length, cards, `${audience}, which stays`);
  }
  const all = open({ attributes: { ...attributes }, answers: [quiet({ notices: [major] })] });
  await all.pass(0);
  assert.equal(all.handoffs.length, 1, "what names no segment is not held");
});

test("a slot for a component makes it one that the page has", async () => {
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
  assert.equal(page.handoffs.length, 1, "mounted by hand");
  unmount();
  page.window.Allclear.mount({})();
  assert.deepEqual(page.told, ["mount", "mount", "mount"]);
});

test("what is over for the page is not over where one of its slots is not well", async () => {
  // Long ago, so that its all-clear is gone.
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

test("events can be answered", async () => {
  const page = open({ plain: true, answers: [quiet({ notices: [major] })] });
  await page.pass(0);
  const heard = [];
  const off = page.window.Allclear.on("contact", (detail, event) => {
    heard.push(detail.value);
    event.preventDefault();
  });
  assert.equal(page.emit("contact", { value: "tel:1" }), false);
  off();
  assert.equal(page.emit("contact", { value: "tel:2" }), true);
  assert.deepEqual(heard, ["tel:1"]);
});

test("a preview asks no server, keeps nothing and tells no other tab", async () => {
  const browser = new Browser();
  const feed = { ...quiet().body, rev: Number.MAX_SAFE_INTEGER, notices: [major] };
  const address = "https://host.example/app?a=b&allclear-preview=critical";
  const other = browser.open({ answers: [quiet()] });
  await browser.pass(0);
  const kept = JSON.stringify(browser.storage);
  const page = browser.open({ address });
  const previewed = [];
  page.preview = (impact) => previewed.push(impact) && feed;
  await browser.pass(5_000);
  assert.deepEqual([previewed.slice(0, 1), page.requests, page.handoffs.length], [["critical"], [], 1]);
  page.hide();
  page.show();
  await browser.pass(20_000);
  assert.equal(page.requests.length, 0);
  assert.deepEqual([other.window.Allclear.state.feed.rev, other.handoffs.length], [5, 0]);
  assert.equal(JSON.stringify(browser.storage), kept);

  const asked = open({ answers: [quiet()] });
  await asked.pass(0);
  asked.preview = (impact) => ({ ...feed, name: impact });
  asked.window.Allclear.preview();
  await asked.pass(0);
  assert.deepEqual([asked.requests.length, asked.window.Allclear.state.feed.name, asked.handoffs.length], [1, "major", 1]);
});

test("what was kept is drawn at once, as of then, and then confirmed", async () => {
  const browser = new Browser();
  const first = browser.open({ answers: [quiet({ notices: [major] })] });
  await browser.pass(0);
  first.leave();
  await browser.pass(3_600_000);
  const later = browser.open({ answers: [undefined] });
  await browser.pass(0);
  const { state } = later.window.Allclear;
  assert.deepEqual([later.handoffs.length, state.stale, state.confirmed_at], [1, true, "2026-11-21T12:00:00Z"]);
});

test("what was kept is as old as the server says, whatever our own clock does", async () => {
  for (const [ahead, cards] of [[0, 1], [23, 1], [-50, 1]]) {
    const browser = new Browser();
    browser.ahead = ahead * 3_600_000;
    const first = browser.open({ answers: [quiet({ notices: [major] })] });
    await browser.pass(0);
    first.leave();
    await browser.pass(20 * 3_600_000);
    const later = browser.open({ answers: [undefined] });
    await browser.pass(0);
    assert.equal(later.handoffs.length, cards, String(ahead));
  }
});

test("what was kept is not drawn when it is a day old, restored, for others or in another language", async () => {
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
    await browser.pass(0);
    assert.equal(later.handoffs.length, 0, JSON.stringify([passes, changes, attributes]));
  }
});

/** All requests of some pages. */
const requests = (pages) => pages.flatMap((page) => page.requests).length;
/** So many tabs of one origin, whose chances are all different. */
const tabs = (browser, count, options) =>
  [...Array(count).keys()].map((index) => browser.open({ random: () => (index + 0.5) / count, ...options }));

test("twenty tabs make one tab's requests", async () => {
  const browser = new Browser();
  const pages = tabs(browser, 20, { answers: [quiet()] });
  await browser.pass(0);
  await browser.pass(0);
  assert.equal(requests(pages), 1);
  assert.ok(pages.every((page) => page.window.Allclear.state.feed.rev === 5), "all know it");
  await browser.pass(600_000);
  assert.ok(requests(pages) >= 600 / 37 && requests(pages) <= 600 / 30 + 1, String(requests(pages)));
  const visited = tabs(browser, 1, { answers: [quiet()] });
  await browser.pass(0);
  await browser.pass(0);
  assert.equal(requests(visited), 0, "a new one is answered at once");
  assert.equal(visited[0].window.Allclear.state.feed.rev, 5);
});

test("twenty tabs of a site that is down make one tab's requests", async () => {
  const browser = new Browser();
  const attributes = { site: "acme", api: "https://a.example https://b.example" };
  const pages = tabs(browser, 20, { attributes, answers: [failing()] });
  const alone = new Browser();
  const [one] = tabs(alone, 1, { attributes, answers: [failing()] });
  await browser.pass(3_600_000);
  await alone.pass(3_600_000);
  assert.ok(requests(pages) <= one.requests.length + 4, `${requests(pages)} and ${one.requests.length}`);
});

test("when the leader is closed, hidden, or goes into the cache, another asks at once", async () => {
  for (const goes of ["hide", "leave"]) {
    const browser = new Browser();
    const pages = tabs(browser, 5, { answers: [quiet()] });
    await browser.pass(5_000);
    const leader = pages.find((page) => page.requests.length);
    leader[goes]();
    await browser.pass(100);
    assert.equal(requests(pages), 2, goes);
    assert.equal(leader.requests.length, 1);
  }
});

test("when the leader hangs, another asks within ten seconds, and the rest follow it", async () => {
  const browser = new Browser();
  const pages = tabs(browser, 5, { answers: [quiet()] });
  await browser.pass(5_000);
  const leader = pages.find((page) => page.requests.length);
  // It holds the lock, and does nothing more.
  leader.hang();
  const others = pages.filter((page) => page !== leader);
  await browser.pass(31_000 + 5_000 + 10_000);
  assert.equal(requests(others), 1);
  await browser.pass(600_000);
  assert.ok(requests(others) >= 14 && requests(others) <= 21, String(requests(others)));
});

test("without locks, or where they are refused, each tab asks for itself", async () => {
  const refused = { request: async () => Promise.reject(new Error("no")) };
  for (const locks of [null, refused]) {
    const browser = new Browser();
    const pages = tabs(browser, 3, { locks, answers: [quiet()] });
    await browser.pass(0);
    assert.deepEqual(pages.map((page) => page.requests.length), [1, 1, 1], String(locks));
  }
});

test("sites and languages do not mix", async () => {
  const browser = new Browser();
  const pages = [{}, { site: "other" }, { lang: "en" }].map((changes) =>
    browser.open({ attributes: { site: "acme", ...changes }, answers: [quiet()] }),
  );
  await browser.pass(0);
  assert.deepEqual(pages.map((page) => page.requests.length), [1, 1, 1]);
  pages[0].window.Allclear.configure({ lang: "en" });
  await browser.pass(0);
  await browser.pass(0);
  assert.deepEqual(pages.map((page) => page.requests.length), [2, 1, 1], "it asks in the language that it speaks now");
  assert.ok(pages[0].requests[1].url.endsWith("?lang=en"));
  pages[2].leave();
  await browser.pass(100);
  assert.equal(pages[0].requests.length, 2, "and joins the others who speak it");
});

test("what others say reaches the card", async () => {
  const browser = new Browser();
  const first = browser.open({ answers: [quiet({ notices: [major] })] });
  await browser.pass(0);
  const second = browser.open({ answers: [quiet({ notices: [major] })] });
  await browser.pass(0);
  await browser.pass(0);
  assert.deepEqual([second.requests.length, second.handoffs.length], [0, 1]);
  first.window.Allclear.refresh();
  await first.ask(0);
  await browser.pass(0);
  assert.equal(second.told.at(-1), "told 0 0 30");
  first.leave();
  await browser.pass(0);
  assert.equal(second.told.at(-1), "lead");
});

/** Answers that come when the test says so: `give(answer)` answers the oldest request that waits. */
const slow = () => {
  const waiting = [];
  return { answers: [() => new Promise((resolve) => waiting.push(resolve))], give: (answer) => waiting.shift()(answer) };
};
const of = (lang, changes) => ({ ...quiet({ lang, ...changes }) });

test("a language chosen while a request is under way: its answer is for nobody", async () => {
  const { answers, give } = slow();
  const browser = new Browser();
  const page = browser.open({ answers });
  await browser.pass(0);
  const changes = [];
  page.window.Allclear.on("change", (feed) => changes.push(feed.lang));
  page.window.Allclear.configure({ lang: "en" });
  const other = browser.open({ attributes: { site: "acme", lang: "en" }, answers: [of("en")] });
  await browser.pass(0);
  give(of("de", { rev: 9 }));
  await browser.pass(0);
  assert.equal(page.window.Allclear.state.feed, null);
  assert.equal(page.requests.length, 2, "it asks again, at once");
  assert.ok(page.requests[1].url.endsWith("lang=en"));
  give(of("en", { rev: 9 }));
  await browser.pass(0);
  await browser.pass(0);
  assert.deepEqual(changes, ["en"]);
  const kept = Object.entries(browser.storage).filter(([name]) => name.includes("feed:"));
  assert.deepEqual(kept.map(([name, text]) => [name, JSON.parse(text).feed.lang]), [["allclear:acme:feed:en", "en"]]);
  assert.equal(other.window.Allclear.state.feed.lang, "en", "nor do others hear of it");
});

test("who leads in a new language does not tell the old one's words to those who ask", async () => {
  const browser = new Browser();
  const page = browser.open({ answers: [of("de", { rev: 7 }), slow().answers[0]] });
  await browser.pass(0);
  page.window.Allclear.configure({ lang: "en" });
  await browser.pass(0);
  const other = browser.open({ attributes: { site: "acme", lang: "en" }, answers: [undefined] });
  await browser.pass(0);
  await browser.pass(0);
  assert.equal(other.window.Allclear.state.feed, null);
});

test("a preview wished for while a request is under way comes at once", async () => {
  const { answers, give } = slow();
  const page = open({ answers });
  await page.pass(0);
  page.preview = (impact) => ({ ...quiet().body, rev: Number.MAX_SAFE_INTEGER, name: impact });
  page.window.Allclear.preview("minor");
  give(quiet());
  await page.pass(0);
  assert.equal(page.window.Allclear.state.feed.name, "minor");
});

test("what comes after the end is for nobody", async () => {
  const { answers, give } = slow();
  const page = open({ answers });
  await page.pass(0);
  const heard = [];
  page.window.Allclear.on("change", () => heard.push("change"));
  page.window.Allclear.destroy();
  give(quiet({ notices: [major] }));
  await page.pass(0);
  assert.deepEqual([heard, page.imports, Object.keys(page.browser.storage)], [[], [], ["allclear:acme:visits"]]);
});

test("a call in the queue that is none, or throws, spoils no other", async () => {
  const heard = [];
  const thrown = () => {
    throw new Error("the host's own");
  };
  const queue = [
    null,
    undefined,
    5,
    "refresh",
    [],
    ["nonsense"],
    ["state"],
    [Symbol.iterator],
    ["configure", { get lang() { return thrown(); } }],
    ["on", Symbol("no name"), thrown],
    ["on", "change", null],
    ["on", "change", "refresh"],
    ["on", "change", (feed) => heard.push(feed.rev)],
  ];
  const page = open({ before: { Allclear: queue }, answers: [quiet()] });
  await page.pass(0);
  for (const call of queue.slice(0, -1)) assert.equal(page.window.Allclear.push(call), undefined);
  assert.deepEqual([heard, page.warnings, page.ready], [[5], [], 1]);
});

test("what stands in our place is no queue", async () => {
  for (const Allclear of [{}, () => {}, { forEach: 5 }, "text", 5, { length: 1, 0: ["destroy"] }]) {
    const page = open({ before: { Allclear }, answers: [quiet()] });
    await page.pass(0);
    assert.deepEqual([page.requests.length, page.warnings, page.ready], [1, [], 1], String(Allclear));
  }
});

test("origins that are none: one warning that says where", async () => {
  for (const api of [" ", "status.example.com", "localhost:8787", "//status.example", "https://", "javascript:alert(1)"]) {
    const page = open({ attributes: { site: "acme", api } });
    await page.pass(5_000);
    assert.deepEqual([page.warnings, page.requests], [["Allclear: data-api is missing or malformed"], []], api);
  }
  const page = open({ attributes: {} });
  assert.deepEqual(page.warnings, ["Allclear: data-site is missing or malformed"]);
  const commas = open({ attributes: { site: "acme", api: "https://a.example/,\n https://b.example:8443/x" }, answers: [failing()] });
  await commas.pass(2_000);
  const asked = commas.requests.map(({ url }) => new URL(url).origin);
  assert.deepEqual(asked, ["https://a.example", "https://b.example:8443"]);
});

test("without a current script the tag is looked for, and without a tag there is one warning", async () => {
  const tag = { src: "https://status.example/embed.js?site=acme", dataset: {} };
  const page = open({ script: null, tag, answers: [quiet()] });
  await page.pass(0);
  assert.deepEqual([page.requests.length, page.warnings], [1, []]);
  const none = open({ script: null });
  assert.equal(none.warnings.length, 1);
  for (const script of [{}, { src: "" }, { src: "https://host.example/cat.png", dataset: {} }]) {
    assert.equal(open({ script }).warnings.length, 1, "something that is only called so");
  }
});

test("coming back asks within two seconds, and not sooner than allowed", async () => {
  for (const [random, least, most] of [[0, 0, 1], [0.5, 999, 1_001], [0.999, 1_990, 2_000]]) {
    const browser = new Browser();
    const page = browser.open({ locks: null, answers: [quiet()], random: () => random });
    await browser.pass(0);
    page.hide();
    await browser.pass(600_000);
    // Alone, and with no lead to take: what is left is to ask soon.
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

test("a clock that is set while the page stands there changes nothing about when it asks", async () => {
  for (const hours of [-5, 5]) {
    const page = open({ answers: [quiet()] });
    await page.pass(1_000);
    page.browser.ahead = hours * 3_600_000;
    await page.pass(100_000);
    const asked = page.requests.length;
    assert.ok(asked >= 3 && asked <= 5, `${hours}: ${asked}`);
  }
});

test("another tab with more origins than we have", async () => {
  const browser = new Browser();
  const page = browser.open({ answers: [quiet()] });
  await browser.pass(0);
  [...browser.channels][0].onmessage({ data: { origin: 3, failures: 0, seconds: 30, feed: { ...quiet().body, rev: 6 } } });
  await browser.pass(100_000);
  assert.ok(page.requests.length > 1);
  assert.ok(page.requests.every(({ url }) => url.startsWith("https://status.example/")));
});

test("pauses out of all reason are put within it; what is no number is no feed", async () => {
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
    assert.equal(page.requests.length, 1, "it backs off");
  }
});

test("a card that polls by itself is told of other tabs' answers, not of its own", async () => {
  const page = open({ answers: [quiet({ notices: [major] })] });
  await page.pass(0);
  const answer = await page.ask(0);
  assert.deepEqual([answer.feed.rev, page.told], [5, []]);
  page.window.Allclear.configure({});
  assert.deepEqual(page.told, ["configure"]);
});

test("a broken card is replaced, and the loader polls from where the card was", async () => {
  for (const passed of [5_000, 29_000, 600_000]) {
    const page = open({ answers: [quiet({ notices: [major] })] });
    await page.pass(0);
    await page.pass(100_000);
    await page.ask(0);
    const { length } = page.requests;
    const asked = page.requests.at(-1).at;
    await page.pass(passed);
    assert.equal(page.requests.length, length, "the card does not ask: it hangs");
    page.broke();
    await page.pass(0);
    assert.equal(page.replaced, 1);
    await page.pass(60_000);
    const next = page.requests[length].at - asked;
    const due = Math.max(33_000, passed); // As an answer of 30 s has it, by the random number of these pages.
    assert.ok(next >= due && next <= due + 100, `${next} of ${due} ms`);
    assert.ok(page.told.length && page.told.every((name) => name === "plain: told 0 0 30"), page.told.join());
    await page.pass(120_000);
    assert.ok(page.requests.length >= length + 4, "and so on");
    assert.deepEqual([page.replaced, page.handoffs.length], [1, 1]);
  }
});

test("a broken card is replaced later where its replacement cannot be had at once", async () => {
  const page = open({ answers: [quiet({ notices: [major] })] });
  await page.pass(0);
  page.refused = "the plain card";
  page.broke();
  await page.pass(40_000);
  assert.equal(page.replaced, 0);
  page.refused = undefined;
  await page.pass(40_000);
  assert.equal(page.replaced, 1);
});

test("a broken card that nothing replaces is taken away by destroy", async () => {
  const page = open({ answers: [quiet({ notices: [major] })] });
  await page.pass(0);
  page.refused = "the plain card";
  page.broke();
  await page.pass(0);
  const gone = [];
  Object.assign(page.record, { release: () => gone.push("release"), root: { host: { remove: () => gone.push("host") } } });
  page.window.Allclear.destroy();
  await page.pass(100_000);
  assert.deepEqual(gone, ["release", "host"]);
});

test("what was hidden stays hidden when the page empties the storage", async () => {
  const page = open({ answers: [quiet({ notices: [major] })] });
  await page.pass(0);
  page.asked.hide(major);
  page.storage("hidden", { inc_2: 5 });
  for (const key of Object.keys(page.browser.storage)) delete page.browser.storage[key];
  assert.deepEqual({ ...page.storage("hidden") }, { inc_1: 1, inc_2: 5 });
  page.browser.storage["allclear:acme:hidden"] = JSON.stringify({ inc_1: 3 });
  assert.equal(page.storage("hidden").inc_1, 3, "another tab hid it as it is now");
});

// Tests of the loader's options and API, in the fake browser.

import assert from "node:assert/strict";
import { test } from "node:test";

import { failing, major, open, quiet, slow } from "./answers.mjs";
import { Browser } from "./browser.mjs";

test("a missing or invalid site gives one warning", async () => {
  for (const attributes of [{}, { site: "" }, { site: "-x" }, { site: "A b" }]) {
    const page = open({ attributes });
    await page.pass(5_000);
    assert.deepEqual([page.warnings.length, page.requests.length, page.window.Allclear], [1, 0, undefined]);
  }
});

test("options in the query work like attributes", async () => {
  const page = open({ attributes: {}, query: "?site=acme&lang=pt-BR", answers: [quiet()] });
  await page.pass(0);
  assert.equal(page.requests[0].url, "https://status.example/v1/sites/acme/feed?lang=pt-BR");
});

test("up to 35 characters of the language tag are sent unchanged", async () => {
  for (const [tag, requested] of [
    ["en-US", "en-US"],
    ["en_AU", "en_AU"],
    ["EN", "EN"],
    ["zh-Hans-CN", "zh-Hans-CN"],
    ["de-CH-1996", "de-CH-1996"],
    ["sl-Latn-IT-rozaj-nedis-1994-x-thirty", "sl-Latn-IT-rozaj-nedis-1994-x-thirt"],
  ]) {
    const page = open({ attributes: {}, query: `?site=acme&lang=${tag}`, answers: [quiet()] });
    await page.pass(0);
    assert.equal(page.requests[0].url, `https://status.example/v1/sites/acme/feed?lang=${requested}`);
  }
});

test("a script included twice runs once", async () => {
  const page = open({ before: { Allclear: { state: {} } }, answers: [quiet()] });
  await page.pass(5_000);
  assert.deepEqual([page.requests.length, page.warnings.length], [0, 0]);
});

test("queued calls run, events fire, destroy stops polling", async () => {
  const received = [];
  const before = { Allclear: [["nonsense"], ["on", "change", (feed) => received.push(feed.rev)]] };
  const page = open({ before, answers: [quiet()] });
  await page.pass(0);
  assert.deepEqual([received, page.warnings], [[5], []]);
  page.window.Allclear.destroy();
  page.hide();
  page.show();
  await page.pass(600_000);
  assert.deepEqual([page.requests.length, page.window.Allclear, page.browser.channels.size], [1, undefined, 0]);
});

test("the loader works without a usable storage", async () => {
  const notices = [major];
  const blocked = open({ blocked: true, answers: [quiet({ notices })] });
  await blocked.pass(0);
  assert.equal(blocked.handoffs.length, 1);
  const none = open({ attributes: { site: "acme", storage: "none" }, answers: [quiet()] });
  await none.pass(0);
  assert.deepEqual([none.requests.length, Object.keys(none.browser.storage)], [1, []]);
  const stored = open({ answers: [quiet()] });
  await stored.pass(0);
  assert.deepEqual(Object.keys(stored.browser.storage).sort(), ["allclear:acme:feed:de-AT", "allclear:acme:visits"]);
  const full = open({ stored: Object.freeze({}), answers: [quiet({ notices })] });
  await full.pass(0);
  assert.deepEqual([full.handoffs.length, full.warnings], [1, []], "a full storage");
  const missing = open({ stored: null, answers: [quiet({ notices })] });
  await missing.pass(0);
  assert.deepEqual([missing.handoffs.length, missing.warnings], [1, []], "a webview without storage");
  const malformed = { "allclear:acme:visits": "<", "allclear:acme:feed:de-AT": "null", "allclear:acme:seen": "5" };
  const other = open({ stored: malformed, answers: [quiet({ notices })] });
  await other.pass(0);
  assert.deepEqual([other.handoffs.length, other.warnings], [1, []], "another script's values");
});

test("a listener can cancel an event", async () => {
  const page = open({ plain: true, answers: [quiet({ notices: [major] })] });
  await page.pass(0);
  const received = [];
  const off = page.window.Allclear.on("contact", (detail, event) => {
    received.push(detail.value);
    event.preventDefault();
  });
  assert.equal(page.emit("contact", { value: "tel:1" }), false);
  off();
  assert.equal(page.emit("contact", { value: "tel:2" }), true);
  assert.deepEqual(received, ["tel:1"]);
});

test("a preview sends, stores and broadcasts nothing", async () => {
  const browser = new Browser();
  const feed = { ...quiet().body, rev: Number.MAX_SAFE_INTEGER, notices: [major] };
  const address = "https://host.example/app?a=b&allclear-preview=critical";
  const other = browser.open({ answers: [quiet()] });
  await browser.pass(0);
  const stored = JSON.stringify(browser.storage);
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
  assert.equal(JSON.stringify(browser.storage), stored);

  const manual = open({ answers: [quiet()] });
  await manual.pass(0);
  manual.preview = (impact) => ({ ...feed, name: impact });
  manual.window.Allclear.preview();
  await manual.pass(0);
  assert.deepEqual([manual.requests.length, manual.window.Allclear.state.feed.name, manual.handoffs.length], [1, "major", 1]);
});

test("a preview during a request replaces its answer", async () => {
  const { answers, give } = slow();
  const page = open({ answers });
  await page.pass(0);
  page.preview = (impact) => ({ ...quiet().body, rev: Number.MAX_SAFE_INTEGER, name: impact });
  page.window.Allclear.preview("minor");
  give(quiet());
  await page.pass(0);
  assert.equal(page.window.Allclear.state.feed.name, "minor");
});

test("an answer after destroy is dropped", async () => {
  const { answers, give } = slow();
  const page = open({ answers });
  await page.pass(0);
  const received = [];
  page.window.Allclear.on("change", () => received.push("change"));
  page.window.Allclear.destroy();
  give(quiet({ notices: [major] }));
  await page.pass(0);
  assert.deepEqual([received, page.imports, Object.keys(page.browser.storage)], [[], [], []]);
});

test("a malformed or throwing queued call affects no other", async () => {
  const received = [];
  const thrown = () => {
    throw new Error("the page's own");
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
    ["on", "change", (feed) => received.push(feed.rev)],
  ];
  const page = open({ before: { Allclear: queue }, answers: [quiet()] });
  await page.pass(0);
  for (const call of queue.slice(0, -1)) assert.equal(page.window.Allclear.push(call), undefined);
  assert.deepEqual([received, page.warnings, page.ready], [[5], [], 1]);
});

test("another global variable named Allclear is replaced", async () => {
  for (const Allclear of [{}, () => {}, { forEach: 5 }, "text", 5, { length: 1, 0: ["destroy"] }]) {
    const page = open({ before: { Allclear }, answers: [quiet()] });
    await page.pass(0);
    assert.deepEqual([page.requests.length, page.warnings, page.ready], [1, [], 1], String(Allclear));
  }
});

test("malformed origins give one warning about data-api", async () => {
  for (const api of [" ", "status.example.com", "localhost:8787", "//status.example", "https://", "javascript:alert(1)"]) {
    const page = open({ attributes: { site: "acme", api } });
    await page.pass(5_000);
    assert.deepEqual([page.warnings, page.requests], [[`Allclear: check data-api ${api}`], []], api);
  }
  const page = open({ attributes: {} });
  assert.deepEqual(page.warnings, ["Allclear: check data-site "]);
});

test("commas may separate the origins of data-api", async () => {
  const api = "https://a.example/,\n https://b.example:8443/x";
  const page = open({ attributes: { site: "acme", api }, answers: [failing()] });
  await page.pass(2_000);
  const requested = page.requests.map(({ url }) => new URL(url).origin);
  assert.deepEqual(requested, ["https://a.example", "https://b.example:8443"]);
});

/** A script tag. */
const tag = (src, dataset = {}) => ({ src, dataset });

/** Scripts of other vendors and of the page. */
const OTHERS = [
  tag("https://vendor.example/embed.js"),
  tag("https://vendor.example/embed.js?site=other"),
  tag("https://vendor.example/embed.js", { site: "other" }),
  tag("https://vendor.example/s/other/embed.js"),
  tag("https://vendor.example/s/other/embed.js", { site: "other" }),
  tag("https://host.example/site.js"),
  tag("https://host.example/site.js", { site: "other" }),
  tag("https://status.example/other/embed.js", { site: "other" }),
  tag("https://status.example/embed.js.map", { site: "other" }),
  tag("https://status.example/"),
  tag(""),
];

test("the script tag is found in a module", async () => {
  for (const [own, inStack = own.src] of [
    [tag("https://status.example/embed.js?site=acme")],
    [tag("https://status.example/embed.js?v=2&site=acme#x")],
    [tag("https://status.example/embed.js#x", { site: "acme" })],
    [tag("https://status.example:8443/embed.js?v=:1:2", { theme: "dark", site: "acme" })],
    [tag("https://status.example/assets/notices.js", { site: "acme" })],
    [tag("https://status.example/embed.js?site=acme#x"), "https://status.example/embed.js"], // In Safari.
  ]) {
    for (const scripts of [[own], [own, ...OTHERS], [...OTHERS, own]]) {
      const page = open({ script: null, url: inStack, scripts, answers: [quiet()] });
      await page.pass(0);
      assert.deepEqual([page.requests.length, page.warnings], [1, []], own.src);
      assert.ok(page.requests[0].url.startsWith(new URL(own.src).origin + "/v1/sites/acme/"), page.requests[0].url);
    }
  }
});

test("a module that another one imports has the options of its URL", async () => {
  const url = "https://status.example/embed.js?site=acme&lang=ar#x";
  const page = open({ script: null, url, scripts: OTHERS, answers: [quiet()] });
  await page.pass(0);
  assert.deepEqual(page.warnings, []);
  assert.equal(page.requests[0].url, "https://status.example/v1/sites/acme/feed?lang=ar");
  const unknown = open({ script: null, url: "https://status.example/embed.js", scripts: OTHERS });
  assert.deepEqual(unknown.warnings, ["Allclear: check data-site "]);
});

test("a module without a stack trace gives no warning", async () => {
  for (const replacement of ["Error.prepareStackTrace = () => ''", "Error.prepareStackTrace = () => []"]) {
    const page = open({ script: null, url: "https://status.example/embed.js", replacement });
    await page.pass(5_000);
    assert.deepEqual([page.warnings, page.requests], [[], []], replacement);
  }
});

test("a fragment in the script's URL belongs to no option", async () => {
  for (const query of ["?site=acme#x", "?site=acme#site=other", "#x"]) {
    const page = open({ attributes: query === "#x" ? { site: "acme" } : {}, query, answers: [quiet()] });
    await page.pass(0);
    assert.equal(page.requests[0].url, "https://status.example/v1/sites/acme/feed?lang=de-AT", query);
  }
});

test("an element that is not the script gives one warning", async () => {
  for (const script of [tag(""), tag("https://host.example/cat.png")]) {
    assert.equal(open({ script }).warnings.length, 1);
  }
});

test("an unknown site gives one warning", async () => {
  const page = open({ attributes: { site: "acne" }, answers: [{ status: 404, body: "{}" }] });
  await page.pass(600_000);
  assert.deepEqual(page.warnings, ["Allclear: check data-site acne"]);
  assert.ok(page.requests.length > 2);
});

test("with two origins, an unknown site gives one warning", async () => {
  const unknown = { status: 404, body: "{}" };
  for (const answers of [["down", unknown], [unknown, unknown], [quiet(), unknown]]) {
    const page = open({ attributes: { site: "acne", api: "https://a.example https://b.example" }, answers });
    await page.pass(600_000);
    assert.deepEqual(page.warnings, ["Allclear: check data-site acne"]);
  }
});

test("an answer without a status gives no warning", async () => {
  for (const answer of ["{ headers: new Map(), json: async () => ({}) }", "{}"]) {
    const page = open({ replacement: `fetch = async () => (${answer})` });
    await page.pass(60_000);
    assert.deepEqual(page.warnings, [], answer);
  }
  const page = open({ address: "https://host.example/?allclear-preview=major" });
  page.preview = () => quiet().body;
  await page.pass(0);
  assert.deepEqual(page.warnings, [], "a preview");
});

test("the loader ends silently if the page breaks its RegExp", async () => {
  for (const replacement of [
    "RegExp.prototype.exec = () => null",
    "RegExp.prototype.exec = () => ['x']",
    "RegExp.prototype.exec = function () {}",
    "String.prototype.match = () => null",
    "String.prototype.match = function () { return [] }",
    "String.prototype.match = undefined",
    "RegExp.prototype[Symbol.match] = () => null",
  ]) {
    const page = open({ replacement, answers: [quiet()] });
    await page.pass(0);
    assert.deepEqual([page.warnings, page.requests, page.window.Allclear], [[], [], undefined], replacement);
  }
});

test("the page's language is encoded in the request's URL", async () => {
  const page = open({ answers: [quiet()] });
  page.document.documentElement.lang = "a&b=c#d e";
  await page.pass(0);
  const { searchParams, hash } = new URL(page.requests.at(-1).url);
  assert.deepEqual([[...searchParams], hash], [[["lang", "a&b=c#d e"]], ""]);
});

test("a replayed answer does not move confirmed_at", async () => {
  const replayed = quiet({ notices: [major] });
  const page = open({ plain: true, answers: [replayed] });
  await page.pass(0);
  const { state } = page.window.Allclear;
  assert.deepEqual([state.confirmed_at, state.stale], ["2026-11-21T12:00:00Z", false]);
  await page.pass(100_000);
  assert.ok(page.requests.length >= 3);
  assert.deepEqual([state.confirmed_at, state.stale], ["2026-11-21T12:00:00Z", true]);
});

test("with a wrong clock, a second answer confirms the feed", async () => {
  const browser = new Browser();
  browser.ahead = 7_200_000;
  const answer = () => {
    const confirmedAt = new Date(browser.now).toISOString();
    return { ...quiet({ notices: [major] }), headers: { "Allclear-Confirmed-At": confirmedAt, Date: new Date(browser.now).toUTCString() } };
  };
  const page = browser.open({ plain: true, answers: [async () => answer()] });
  await browser.pass(0);
  const { state } = page.window.Allclear;
  assert.deepEqual([page.handoffs.length, state.stale], [1, true]);
  await browser.pass(40_000);
  assert.equal(state.stale, false);
  assert.ok(new Date(state.confirmed_at) > new Date("2026-11-21T12:00:20Z"));
});

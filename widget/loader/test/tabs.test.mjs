// Tests of several tabs that share answers, in the fake browser.

import assert from "node:assert/strict";
import { test } from "node:test";

import { failing, major, quiet, slow } from "./answers.mjs";
import { Browser } from "./browser.mjs";

/** The number of requests of some pages. */
const requests = (pages) => pages.flatMap((page) => page.requests).length;
/** Several tabs of one origin with different random numbers. */
const tabs = (browser, count, options) =>
  [...Array(count).keys()].map((index) => browser.open({ random: () => (index + 0.5) / count, ...options }));
/** An answer with an empty feed in a language. */
const of = (lang, changes) => ({ ...quiet({ lang, ...changes }) });

test("twenty tabs send the requests of one", async () => {
  const browser = new Browser();
  const pages = tabs(browser, 20, { answers: [quiet()] });
  await browser.pass(0);
  await browser.pass(0);
  assert.equal(requests(pages), 1);
  assert.ok(pages.every((page) => page.window.Allclear.state.feed.rev === 5), "all tabs have the feed");
  await browser.pass(600_000);
  assert.ok(requests(pages) >= 600 / 37 && requests(pages) <= 600 / 30 + 1, String(requests(pages)));
  const visited = tabs(browser, 1, { answers: [quiet()] });
  await browser.pass(0);
  await browser.pass(0);
  assert.equal(requests(visited), 0, "a new tab gets the last answer at once");
  assert.equal(visited[0].window.Allclear.state.feed.rev, 5);
});

test("twenty tabs send the requests of one, also on failures", async () => {
  const browser = new Browser();
  const attributes = { site: "acme", api: "https://a.example https://b.example" };
  const pages = tabs(browser, 20, { attributes, answers: [failing()] });
  const alone = new Browser();
  const [one] = tabs(alone, 1, { attributes, answers: [failing()] });
  await browser.pass(3_600_000);
  await alone.pass(3_600_000);
  assert.ok(requests(pages) <= one.requests.length + 4, `${requests(pages)} and ${one.requests.length}`);
});

test("another tab leads at once when the leader is hidden or left", async () => {
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

test("another tab takes over within 10 s when the leader hangs", async () => {
  const browser = new Browser();
  const pages = tabs(browser, 5, { answers: [quiet()] });
  await browser.pass(5_000);
  const leader = pages.find((page) => page.requests.length);
  // The leader holds the lock, and runs no timers.
  leader.hang();
  const others = pages.filter((page) => page !== leader);
  await browser.pass(31_000 + 5_000 + 10_000);
  assert.equal(requests(others), 1);
  await browser.pass(600_000);
  assert.ok(requests(others) >= 14 && requests(others) <= 21, String(requests(others)));
});

test("without Web Locks each tab sends its own requests", async () => {
  const refused = { request: async () => Promise.reject(new Error("no")) };
  for (const locks of [null, refused]) {
    const browser = new Browser();
    const pages = tabs(browser, 3, { locks, answers: [quiet()] });
    await browser.pass(0);
    assert.deepEqual(pages.map((page) => page.requests.length), [1, 1, 1], String(locks));
  }
});

test("tabs share answers per site and language only", async () => {
  const browser = new Browser();
  const pages = [{}, { site: "other" }, { lang: "en" }].map((changes) =>
    browser.open({ attributes: { site: "acme", ...changes }, answers: [quiet()] }),
  );
  await browser.pass(0);
  assert.deepEqual(pages.map((page) => page.requests.length), [1, 1, 1]);
  pages[0].window.Allclear.configure({ lang: "en" });
  await browser.pass(0);
  await browser.pass(0);
  assert.deepEqual(pages.map((page) => page.requests.length), [2, 1, 1], "a request in the new language");
  assert.ok(pages[0].requests[1].url.endsWith("?lang=en"));
  pages[2].leave();
  await browser.pass(100);
  assert.equal(pages[0].requests.length, 2, "and it shares the answers in that language");
});

test("the card gets the answers of other tabs", async () => {
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
  assert.equal(second.events.at(-1), "polled 0 0 30");
  first.leave();
  await browser.pass(0);
  assert.equal(second.events.at(-1), "lead");
});

test("an answer in the previous language is dropped", async () => {
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
  assert.equal(page.window.Allclear.state.feed.lang, "en", "that of the other tab");
  assert.equal(page.requests.length, 2, "a second request at once");
  assert.ok(page.requests[1].url.endsWith("lang=en"));
  give(of("en", { rev: 9 }));
  await browser.pass(0);
  await browser.pass(0);
  assert.deepEqual(changes, ["en", "en"]);
  const stored = Object.entries(browser.storage).filter(([name]) => name.includes("feed:"));
  assert.deepEqual(stored.map(([name, text]) => [name, JSON.parse(text).feed.lang]), [["allclear:acme:feed:en", "en"]]);
  assert.equal(other.window.Allclear.state.feed.lang, "en", "other tabs do not get it");
});

test("a new leader does not share a feed in the old language", async () => {
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

test("an answer from a tab with more origins is accepted", async () => {
  const browser = new Browser();
  const page = browser.open({ answers: [quiet()] });
  await browser.pass(0);
  [...browser.channels][0].onmessage({ data: { origin: 3, failures: 0, seconds: 30, offset: 0, lang: "de-ATundefined", feed: { ...quiet().body, rev: 6 } } });
  await browser.pass(100_000);
  assert.ok(page.requests.length > 1);
  assert.ok(page.requests.every(({ url }) => url.startsWith("https://status.example/")));
});

test("tabs of different languages never exchange feeds", async () => {
  const browser = new Browser();
  const pages = [0, 1].map(() => browser.open({ attributes: { site: "acme" }, answers: [of("de")] }));
  await browser.pass(5_000);
  const [leader, other] = pages;
  // The page's language changes without a call: only the next request notices it.
  leader.document.documentElement.lang = "en";
  leader.window.Allclear.refresh();
  await browser.pass(0);
  assert.ok(leader.requests.at(-1).url.endsWith("?lang=en"), leader.requests.at(-1).url);
  await browser.pass(100_000);
  assert.equal(other.window.Allclear.state.feed.lang, "de");
  assert.ok(other.requests.length > 1, "the other tab requests the feed in its own language");
  assert.ok(other.requests.every(({ url }) => url.endsWith("?lang=de-AT")));
});

// The loader, run in Node: its rules against the tables it shares with `notice`, and itself in a page made of fakes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const source = readFileSync(new URL("embed.js", import.meta.url), "utf8");
const table = (name) =>
  JSON.parse(readFileSync(new URL(`../../notice/vectors/${name}.json`, import.meta.url), "utf8"));

/** A page with the script tag `attributes`; `answers` are given to its requests in turn, the last one for ever. */
function open({ attributes = { site: "acme" }, query = "", answers = [], blocked = false, before = {} } = {}) {
  const seen = { requests: [], imports: [], warnings: [], timers: new Map(), storage: {}, events: [] };
  const now = { value: Date.parse("2026-11-21T12:00:00Z") };
  let timers = 0;
  class Clock extends Date {
    static now() {
      return now.value;
    }
  }
  const script = { src: `https://status.example/embed.js${query}`, dataset: attributes };
  const document = Object.assign(new EventTarget(), {
    currentScript: script,
    documentElement: { lang: "de-AT" },
    hidden: false,
    readyState: "complete",
    querySelector: () => null,
  });
  // What the document is told reaches the window.
  const window = { addEventListener: (...given) => document.addEventListener(...given), ...before };
  const context = vm.createContext(
    Object.assign(window, {
      window,
      document,
      AbortController,
      AbortSignal,
      CustomEvent,
      Date: Clock,
      Event,
      EventTarget,
      URL,
      __VERSION__: "test",
      console: { warn: (text) => seen.warnings.push(text) },
      location: { pathname: "/app", hash: "", toString: () => "https://host.example/app" },
      navigator: { language: "en-AU" },
      setTimeout: (task, delay = 0) => {
        seen.timers.set(++timers, { task, at: now.value + delay });
        return timers;
      },
      clearTimeout: (id) => seen.timers.delete(id),
      fetch: async (url, options) => {
        seen.requests.push({ url, options });
        const answer = answers.length > 1 ? answers.shift() : answers[0];
        if (!answer) throw new TypeError("refused");
        const { status = 200, headers = {}, body } = answer;
        return {
          ok: status < 300,
          headers: new Headers(headers),
          json: async () => JSON.parse(typeof body === "string" ? body : JSON.stringify(body)),
        };
      },
    }),
  );
  Object.defineProperty(window, "localStorage", {
    get() {
      if (blocked) throw new Error("blocked");
      return seen.storage;
    },
  });
  const importing = source.replace("await import(", "await __import(");
  context.__import = async (url) => {
    seen.imports.push(url);
    return { default: async () => {}, start: (...handoff) => seen.handoff.push(handoff) && (() => {}) };
  };
  seen.handoff = [];
  const rules = vm.runInContext(`${importing}\n;({ matches, shows, visit, plan })`, context);
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  /** Lets `milliseconds` pass, timer by timer. */
  const pass = async (milliseconds) => {
    const end = now.value + milliseconds;
    for (;;) {
      await settle();
      const [next] = [...seen.timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at);
      if (!next) break;
      seen.timers.delete(next[0]);
      now.value = Math.max(now.value, next[1].at);
      next[1].task();
    }
    now.value = end;
    await settle();
  };
  return { ...seen, rules, window, document, pass, now };
}

const { matches, shows, visit, plan } = open({ attributes: {} }).rules;
const hours = (text) => Date.parse(text) / 36e5;
const views = ["nothing", "pill", "card"];
const everywhere = { segments: null, components: null, paths: [], drill: false };
const quiet = (changes = {}) => ({
  body: { v: 1, site: "acme", rev: 5, poll_after_s: 30, notices: [], ...changes },
  headers: { "Allclear-Confirmed-At": "2026-11-21T12:00:00Z" },
});
const major = { id: "inc_1", kind: "incident", in_app: "bar", impact: "major", attention: 1, restored: null, audience: {} };

for (const row of table("audience")) {
  test(`audience: ${row.name}`, () => {
    const segments = row.audience.segments?.map((slug) => ({ slug, label: slug }));
    assert.equal(Boolean(matches({ ...row.audience, segments }, { ...everywhere, ...row.page })), row.matches);
  });
}

for (const row of table("hiding")) {
  test(`hiding: ${row.name}`, () => {
    const notice = { id: "inc_1", kind: "incident", audience: {}, restored: null, ...row.notice };
    const hidden = row.hidden_at === null ? {} : { inc_1: row.hidden_at };
    assert.equal(views[Number(shows(notice, { ...everywhere, ...row.page }, {}, hidden, [], 0))], row.sees);
  });
}

for (const row of table("all_clear")) {
  test(`all-clear: ${row.name}`, () => {
    const { impact, attention, restored } = row;
    const notice = { id: "inc_1", kind: "restored", in_app: "bar", audience: {}, impact, attention, restored };
    const seen = row.witness ? { inc_1: 3 } : {};
    const hidden = row.hidden_at === null ? {} : { inc_1: row.hidden_at };
    const shown = shows(notice, everywhere, seen, hidden, row.visits.map(hours), hours(row.now));
    assert.equal(views[Number(shown)], row.sees);
  });
}

for (const row of table("polling")) {
  test(`polling: ${row.name}`, () => {
    let [origin, failures, away] = [0, 0, 0];
    for (const step of row.steps) {
      const retry = step.failed ?? 0;
      const planned = plan(row.origins, origin, failures, away, step.answered, retry, 1000, step.random);
      [origin, failures, away] = planned;
      assert.deepEqual([origin, failures, Math.ceil(planned[4] - 1000)], [step.origin, step.failures, step.wait_ms]);
      assert.ok(planned[3] <= planned[4], "never sooner than allowed");
    }
  });
}

test("visits: one an hour for a week, one a day for a month, then none", () => {
  const now = 500_000.5;
  let visits = [];
  for (let at = now - 40 * 24; at <= now; at += 0.25) visits = visit(visits, at);
  assert.equal(visits.at(-1), 500_000);
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

test("a notice for this page: the widget is imported and takes over, once", async () => {
  const page = open({ attributes: { site: "acme", components: "sending" }, answers: [quiet({ notices: [major] })] });
  await page.pass(0);
  assert.deepEqual(page.imports, ["https://status.example/embed/test/widget.js"]);
  assert.equal(page.handoff.length, 1);
  const requests = page.requests.length;
  await page.pass(600_000);
  assert.equal(page.requests.length, requests, "the loader polls no more");
});

test("a notice for others, or hidden to nothing, loads nothing", async () => {
  const elsewhere = { ...major, audience: { components: ["reports"] } };
  const page = open({ attributes: { site: "acme", components: "sending" }, answers: [quiet({ notices: [elsewhere] })] });
  await page.pass(0);
  assert.deepEqual(page.imports, []);
  page.window.Allclear.configure({ components: ["reports"] });
  await page.pass(0);
  assert.equal(page.imports.length, 1, "until the page says that it is one of them");
});

test("nonsense is a failure: back-off, no exception, no notice", async () => {
  for (const answer of [
    { body: "<!doctype html><p>It works!" },
    { body: "null" },
    { body: { notices: [major] } },
    { body: { poll_after_s: 10, notices: {} } },
    { body: { poll_after_s: 10, notices: [null] } },
    { body: { poll_after_s: 10, notices: [{}] } },
    { status: 503, ...quiet({ notices: [major] }) },
    undefined,
  ]) {
    const page = open({ answers: [answer] });
    await page.pass(60_000);
    assert.ok(page.requests.length >= 3 && page.requests.length <= 5, String(page.requests.length));
    assert.deepEqual([page.imports, page.warnings], [[], []]);
  }
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
  assert.deepEqual(page.imports, []);
});

test("a hidden tab is silent, and asks soon after it is seen again", async () => {
  const page = open({ answers: [quiet()] });
  await page.pass(0);
  page.document.hidden = true;
  await page.pass(600_000);
  const requests = page.requests.length;
  page.document.hidden = false;
  page.document.dispatchEvent(new Event("visibilitychange"));
  await page.pass(2_000);
  assert.deepEqual([requests, page.requests.length], [1, 2]);
});

test("included twice: the first one stays", async () => {
  const page = open({ before: { Allclear: { state: {} } }, answers: [quiet()] });
  await page.pass(5_000);
  assert.deepEqual([page.requests.length, page.warnings.length], [0, 0]);
});

test("calls made before it loads are made then; events come; destroy ends it", async () => {
  const heard = [];
  const page = open({ before: { Allclear: [["on", "change", (feed) => heard.push(feed.rev)]] }, answers: [quiet()] });
  await page.pass(0);
  assert.deepEqual(heard, [5]);
  page.window.Allclear.destroy();
  await page.pass(600_000);
  assert.deepEqual([page.requests.length, page.window.Allclear], [1, undefined]);
});

test("a blocked storage is no obstacle, and none is used when told so", async () => {
  const blocked = open({ blocked: true, answers: [quiet({ notices: [major] })] });
  await blocked.pass(0);
  assert.equal(blocked.handoff.length, 1);
  const none = open({ attributes: { site: "acme", storage: "none" }, answers: [quiet()] });
  await none.pass(0);
  assert.deepEqual([none.requests.length, Object.keys(none.storage)], [1, []]);
  const kept = open({ answers: [quiet()] });
  await kept.pass(0);
  assert.deepEqual(Object.keys(kept.storage), ["allclear:acme:visits"]);
});

test("the plain card's words are those of the card", () => {
  const lines = (language) => readFileSync(new URL(`../texts/${language}.txt`, import.meta.url), "utf8").split("\n");
  const words = (file) => /"([^"]*\|[^"]*)"/.exec(readFileSync(new URL(file, import.meta.url), "utf8"))[1].split("|");
  const places = words("plain.js").map((line) => lines("en").indexOf(line));
  assert.ok(places.length === 13 && !places.includes(-1));
  for (const language of ["de", "ar"]) {
    assert.deepEqual(words(`plain-${language}.js`), places.map((place) => lines(language)[place]));
  }
});

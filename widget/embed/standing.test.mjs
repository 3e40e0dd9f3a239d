// What the plain card is told to draw, and what the host hears of it: with the drawing, the rules and the clock in the
// test's hands.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import standing, { FRESHNESS } from "./standing.js";

const page = new EventTarget();
globalThis.addEventListener = (...given) => page.addEventListener(...given);
globalThis.document = { hidden: false };
const browser = { onLine: true };
Object.defineProperty(globalThis, "navigator", { value: browser, configurable: true });
// Times go by only when the test says so.
let timers = [];
globalThis.setTimeout = (task, milliseconds) => timers.push({ task, milliseconds });
/** What was to happen after so many milliseconds. */
const pass = (milliseconds) => {
  const due = timers.filter((timer) => timer.milliseconds === milliseconds);
  timers = timers.filter((timer) => timer.milliseconds !== milliseconds);
  for (const { task } of due) task();
};

const START = Date.parse("2026-11-21T12:00:00Z");
const outage = (changes) => ({
  id: "inc_1",
  kind: "incident",
  status: "identified",
  impact: "major",
  restored: null,
  ...changes,
});
/** A plain card with these notices; `views` says how much of each is shown, a card when nothing is said. */
const open = (notices, { views = {}, back = () => undefined, ...known } = {}) => {
  const alive = new AbortController();
  const card = { now: START, told: [], drawn: [], hidden: [], asked: [], views, alive, listener: () => {} };
  card.state = { feed: { notices }, confirmed_at: new Date(START).toISOString(), stale: false, shown: [], open: null, ...known };
  const reader = {
    view: (notice) => card.views[notice.id] ?? 2,
    back,
    see: () => {},
    hide: (notice) => card.hidden.push(notice.id),
  };
  const emit = (name, detail) => {
    card.told.push(`${name} ${detail.id ?? detail.since}`);
    card.listener(name, detail);
  };
  const start = (options, emits, toggle, hide) => {
    Object.assign(card, { toggle: (index = 0) => toggle(card.last.entries[index]), hide: () => hide(card.last.entries[0]) });
    return (entries, freshness, news, state, now, ...words) => {
      card.last = entries && { entries, freshness, news, words };
      card.drawn.push(card.last);
    };
  };
  const bring = (file) => new Promise((resolve, reject) => card.asked.push({ file, resolve, reject }));
  card.hear = standing(start, reader, () => card.now, emit, {}, card.state, alive, bring);
  card.extents = () => card.last.entries.map(({ extent }) => extent);
  return card;
};

beforeEach(() => {
  timers = [];
  browser.onLine = true;
  document.hidden = false;
});

test("of several the first that comes as a card is one, the others are lines", () => {
  const three = ["inc_1", "inc_2", "inc_3"].map((id) => outage({ id }));
  assert.deepEqual(open(three, { views: { inc_1: 1 } }).extents(), [0, 1, 0]);
  assert.deepEqual(open(three, { views: { inc_1: 0 } }).extents(), [1, 0]);
  assert.deepEqual(open(three, { views: { inc_1: 1, inc_2: 1, inc_3: 1 } }).extents(), [0, 0, 0]);
});

test("what the reader opens is open alone, and folds to what it was", () => {
  const card = open([outage(), outage({ id: "inc_2" })], { views: { inc_2: 1 } });
  card.toggle(0);
  assert.deepEqual([card.extents(), card.state.open], [[2, 0], "inc_1"]);
  card.toggle(1);
  assert.deepEqual([card.extents(), card.state.open], [[0, 2], "inc_2"]);
  card.toggle(1);
  assert.deepEqual([card.extents(), card.state.open], [[1, 0], null], "it came as a pill");
  card.toggle(0);
  card.hide();
  assert.deepEqual([card.hidden, card.state.open], [["inc_1"], null]);
});

test("what the page opens is shown even where it would not be; what is not there opens nothing", () => {
  const card = open([outage(), outage({ id: "inc_2" })], { views: { inc_2: 0 } });
  card.state.open = "inc_2";
  card.hear("open");
  assert.deepEqual([card.extents(), card.state.open], [[0, 2], "inc_2"]);
  for (const none of ["inc_none", null, undefined, {}]) {
    card.state.open = none;
    card.hear("open");
    assert.deepEqual([card.extents(), card.state.open], [[1], null], String(none));
  }
});

test("a wish from before the first feed waits for it", () => {
  const card = open([], { feed: null, open: "inc_1" });
  assert.deepEqual([card.drawn, card.state.open], [[], "inc_1"]);
  card.state.feed = { notices: [outage()] };
  card.hear("told 0 0 10");
  assert.deepEqual([card.extents(), card.state.open], [[2], "inc_1"]);
});

test("an all-clear comes open, whatever was open before, and can be folded", () => {
  const card = open([outage()]);
  card.toggle();
  card.state.feed = { notices: [outage({ kind: "restored", restored: {} })] };
  card.hear("told 0 0 10");
  assert.deepEqual([card.extents(), card.state.open, card.told], [[2], null, ["show inc_1", "restored inc_1"]]);
  card.toggle();
  assert.deepEqual(card.extents(), [1]);
  card.hear("told 0 0 10");
  assert.deepEqual(card.extents(), [1], "it stays so");
});

test("a page's own part that is back is told once, as restored", () => {
  let since;
  const card = open([outage()], { back: () => since });
  since = "2026-11-21T11:00:00Z";
  card.hear("told 0 0 10");
  card.hear("told 0 0 10");
  assert.deepEqual([card.told, card.last.entries[0].back, card.extents()], [["show inc_1", "restored inc_1"], since, [2]]);
});

test("how well it is known: confirmed, fifteen minutes without a word, slept, offline", () => {
  const card = open([outage()]);
  const is = (freshness, why) => assert.equal(card.last.freshness, FRESHNESS[freshness], why);
  is("confirmed");
  card.hear("told 0 1 0");
  for (let passed = 0; passed < 14; passed++) {
    card.now += 60e3;
    card.hear();
  }
  is("confirmed", "a failure is not yet a doubt");
  card.now += 60e3;
  card.hear();
  is("stale");
  assert.deepEqual([card.state.stale, card.told.at(-1)], [true, "stale 2026-11-21T12:00:00.000Z"]);
  card.hear("told 0 2 0");
  assert.equal(card.told.length, 2, "told once");
  // As the loader does when an answer came.
  Object.assign(card.state, { confirmed_at: new Date(card.now).toISOString(), stale: false });
  card.hear("told 0 0 10");
  is("confirmed");
  card.now += 3_600e3;
  card.hear();
  is("unconfirmed", "it slept, and is asking");
  browser.onLine = false;
  page.dispatchEvent(new Event("offline"));
  is("offline");
  browser.onLine = true;
  page.dispatchEvent(new Event("online"));
  is("unconfirmed");
  card.hear("told 0 1 0");
  is("stale", "it asked in vain");
  page.dispatchEvent(new Event("visibilitychange"));
  is("unconfirmed", "back in view, it asks anew");
});

test("what was kept is as of then, until it is confirmed; an answer that is not taken confirms nothing", () => {
  const card = open([outage()], { stale: true });
  const is = (freshness) => assert.equal(card.last.freshness, FRESHNESS[freshness]);
  is("unconfirmed");
  assert.deepEqual([card.state.stale, card.told], [true, ["show inc_1"]], "which is no news");
  card.hear("told 0 1 0");
  is("stale");
  card.hear("told 0 0 10");
  is("stale");
  card.state.stale = false;
  card.hear("told 0 0 10");
  is("confirmed");
});

test("a server that does not say when it was confirmed confirms it by answering", () => {
  const card = open([outage()], { confirmed_at: null });
  card.now += 3_600e3;
  card.hear("told 0 0 10");
  assert.equal(card.last.freshness, FRESHNESS.confirmed);
});

test("what is new is said politely; only a new critical one interrupts; nothing is said twice", () => {
  const card = open([outage({ impact: "critical" })]);
  const says = (news, changes) => {
    if (changes) card.state.feed = { notices: [outage({ impact: "critical", ...changes })] };
    card.hear("told 0 0 10");
    assert.equal(card.last.news, news);
  };
  assert.equal(card.last.news, 2);
  says(0);
  says(1, { status: "monitoring" });
  says(1, { kind: "restored", restored: {}, status: "resolved" });
  says(1, {}); // It reopens.
  assert.equal(open([outage()]).last.news, 1);
});

test("a host that calls back from its listeners finds all as it was told", () => {
  const card = open([outage(), outage({ id: "inc_2" })]);
  card.state.feed = { notices: [...card.state.feed.notices, outage({ id: "inc_3" })] };
  card.listener = (name, { id }) => {
    card.state.open = id;
    card.hear("open");
  };
  card.hear("told 0 0 10");
  assert.deepEqual(card.told, ["show inc_1", "show inc_2", "show inc_3"], "each once");
  assert.deepEqual([card.extents(), card.state.open, card.state.shown], [[0, 0, 2], "inc_3", ["inc_1", "inc_2", "inc_3"]]);
});

test("a notice that cannot be drawn is no reason to ask no more; after the end nothing is drawn", () => {
  const card = open([outage()]);
  card.state.feed = { notices: 5 };
  card.hear("told 0 0 10");
  card.state.feed = { notices: [outage({ id: "inc_2" })] };
  card.hear("told 0 0 10");
  assert.equal(card.last.entries[0].notice.id, "inc_2");
  card.alive.abort();
  card.hear("destroy");
  assert.equal(card.last, undefined);
});

test("what is hidden and over then is told as restored; what the page never heard of is shown", () => {
  const minor = outage({ impact: "minor" });
  const card = open([minor]);
  card.views.inc_1 = 0;
  card.hide();
  assert.deepEqual([card.told, card.state.shown], [["show inc_1", "hide inc_1"], []]);
  card.views.inc_1 = 2;
  card.state.feed = { notices: [outage({ kind: "restored", restored: {} }), outage({ id: "inc_2", kind: "restored", restored: {} })] };
  card.hear("told 0 0 10");
  assert.deepEqual(card.told.slice(2), ["restored inc_1", "show inc_2"]);
  card.views.inc_1 = 0;
  card.hide();
  card.views.inc_1 = 1;
  card.hear("told 0 0 10");
  assert.deepEqual(card.told.slice(4), ["hide inc_1", "show inc_1"], "what it learned later is no second all-clear");
  card.state.feed = { notices: [minor] };
  card.hear("told 0 0 10");
  card.state.feed = { notices: [outage({ kind: "restored", restored: {} })] };
  card.hear("told 0 0 10");
  assert.deepEqual(card.told.slice(6), ["restored inc_1"], "once more, when it had come back");
});

test("who hears that a notice was hidden finds it gone", () => {
  const card = open([outage()]);
  card.toggle();
  card.listener = (name) => card.told.push(name, [...card.state.shown], card.state.open);
  card.views.inc_1 = 0;
  card.hide();
  assert.deepEqual(card.told.slice(1), ["hide inc_1", "hide", [], null]);
});

/** Lets promises that were kept be heard. */
const heard = () => new Promise((resolve) => setImmediate(resolve));
const german = (changes) => ({ lang: "de", notices: [outage()], ...changes });

test("a card is not drawn before its words are here", async () => {
  const card = open([], { feed: german() });
  assert.deepEqual([card.asked.map(({ file }) => file), card.drawn, card.told], [["plain-de.js"], [], []]);
  card.hear("told 0 0 10");
  assert.equal(card.drawn.length, 0);
  card.asked[0].resolve({ default: "Mehr" });
  await heard();
  assert.deepEqual([card.last.words, card.last.news, card.told], [["Mehr", "de"], 1, ["show inc_1"]]);
  pass(1_000);
  card.hear("told 0 0 10");
  assert.deepEqual([card.last.words, card.asked.length], [["Mehr", "de"], 1]);
});

test("words that hang or fail keep no notice back; those that come late are drawn then", async () => {
  const hanging = open([], { feed: german() });
  pass(1_000);
  assert.deepEqual([hanging.last.words, hanging.last.news], [[], 1]);
  hanging.asked[0].resolve({ default: "Mehr" });
  await heard();
  assert.deepEqual([hanging.last.words, hanging.last.news], [["Mehr", "de"], 0], "and not said again");

  const failing = open([], { feed: german() });
  failing.asked[0].reject();
  await heard();
  assert.deepEqual([failing.last.words, failing.drawn.length], [[], 1]);
  pass(1_000);
  failing.hear("told 0 0 10");
  assert.deepEqual([failing.last.words, failing.asked.length], [[], 1], "nor asked for again");
});

test("a page that changes its language is drawn in the one or the other", async () => {
  const card = open([outage()]);
  card.state.feed = german();
  card.hear("told 0 0 10");
  assert.equal(card.drawn.length, 1, "as it was, until the words are here");
  card.state.feed = german({ lang: "ar" });
  card.hear("told 0 0 10");
  card.asked[0].resolve({ default: "Mehr" });
  await heard();
  assert.equal(card.drawn.length, 1, "which are of another language by now");
  card.asked[1].resolve({ default: "أكثر" });
  await heard();
  assert.deepEqual(card.last.words, ["أكثر", "ar"]);
  card.state.feed = { lang: "en", notices: [outage()] };
  card.hear("told 0 0 10");
  assert.deepEqual([card.last.words, card.asked.length], [[], 2], "English is built in");
});

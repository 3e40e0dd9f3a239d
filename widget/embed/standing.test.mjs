// What the plain card is told to draw, and what the host hears of it: with the drawing, the rules and the clock in the
// test's hands.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { plain } from "./texts.mjs";
const { default: standing, FRESHNESS } = await import("./standing.js");

const page = new EventTarget();
globalThis.addEventListener = (...given) => page.addEventListener(...given);
globalThis.document = { hidden: false, elementsFromPoint: () => [] };
globalThis.innerHeight = 740;
globalThis.innerWidth = 360;
let isLow = false;
globalThis.matchMedia = () => ({ matches: isLow });
const browser = { onLine: true, language: "en-GB" };
Object.defineProperty(globalThis, "navigator", { value: browser, configurable: true });
// Times go by only when the test says so.
let timers = [];
globalThis.setTimeout = (task, milliseconds) => timers.push({ task, milliseconds });
globalThis.clearTimeout = () => {};
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
  title: "Messages are delayed",
  advice: "Do not resend.",
  attention: 1,
  updates: [],
  contacts: [],
  components: [],
  restored: null,
  ...changes,
});
const OVER = { at: "2026-11-21T11:05:00Z", seconds: 6000, back: [], check: null, still: [], withdrawn: null };
/** The all-clear of a notice. */
const restored = (changes) => outage({ kind: "restored", status: "resolved", attention: 2, restored: OVER, ...changes });
/** A plain card with these notices; `views` says how much of each is shown, a card when nothing is said. */
const open = (notices, { views = {}, back = () => undefined, record, memory = {}, segments = null, ...known } = {}) => {
  const alive = new AbortController();
  const card = { now: START, told: [], views, hidden: [], asked: [], draws: 0, alive, memory, listener: () => {} };
  card.state = { feed: { notices }, confirmed_at: new Date(START).toISOString(), stale: false, shown: [], open: null, ...known };
  const recall = (name) => (memory[name] ??= {});
  const reader = {
    places: () => [{ segments }],
    view: (notice) => card.views[notice.id] ?? 2,
    back,
    hide: (notice) => card.hidden.push(notice.id),
    recall,
    note: (name, key, value, isFirst) => isFirst && key in recall(name) || (recall(name)[key] = value),
  };
  const emit = (name, detail) => {
    card.told.push(`${name} ${detail.id ?? detail.since}`);
    card.listener(name, detail);
  };
  const start = (options, press, given) => {
    given.root = { querySelectorAll: () => [] };
    given.release = () => (card.released = true);
    card.press = (part, index = 0) => press(part, card.view.sections[index]?.notice.id);
    return (view, news) => {
      card.draws++;
      card.view = view;
      card.news = news && { entry: news.entry.notice.id, isUrgent: news.isUrgent };
    };
  };
  const bring = (file) => new Promise((resolve, reject) => card.asked.push({ file, resolve, reject }));
  card.record = { hidden: {}, announced: {}, told: {}, ...record };
  card.hear = standing(start, reader, () => card.now, emit, {}, card.state, alive, bring, card.record);
  card.feed = (...notices) => {
    card.state.feed = { notices };
    card.hear("told 0 0 10");
  };
  /** What is drawn: 2 all of a notice, 1 a folded card, 0 a pill, a line or a row. */
  card.extents = () => card.view.sections.map(({ notice: { id }, extent }) => `${id.slice(4)} ${extent}`).join(", ");
  card.says = (index = 0) => {
    const { label, segments, title, time, after, brief, whole } = card.view.sections[index].says;
    const all = (paragraphs) => paragraphs.map(([, units]) => units.map((unit) => unit.text ?? unit).join(""));
    return { head: [label, segments, title].filter(Boolean).join(" "), time, after, brief: all(brief), whole: all(whole) };
  };
  return card;
};

/** How well the first of what is drawn says that it is known. */
const freshnessOf = (card) => {
  const said = card.says().brief.at(-1) || "";
  return [/^As of [^.]*\.$/, /cannot reach/, /offline/].findIndex((words) => words.test(said)) + 1;
};

beforeEach(() => {
  timers = [];
  browser.onLine = true;
  document.hidden = false;
  isLow = false;
});

test("of several the most severe is the card, and a line names the next", () => {
  const three = ["inc_1", "inc_2", "inc_3"].map((id) => outage({ id }));
  const card = open(three);
  assert.deepEqual([card.extents(), card.view.others], ["1 1, 2 0", 1]);
  const hidden = open(three, { views: { inc_1: 1 } });
  assert.deepEqual([hidden.extents(), hidden.view.others], ["2 1, 1 0", 1]);
  const pills = open(three, { views: { inc_1: 1, inc_2: 1, inc_3: 1 } });
  assert.deepEqual([pills.extents(), pills.view.others], ["1 0", 2]);
});

test("the line opens the list, and a row of it the notice, which closes all others", () => {
  const card = open(["inc_1", "inc_2", "inc_3"].map((id) => outage({ id })));
  card.press("toggle");
  assert.deepEqual([card.extents(), card.state.open], ["1 2, 2 0", "inc_1"]);
  card.press("pill", 1);
  assert.deepEqual([card.extents(), card.view.isListed, card.view.others], ["1 2, 2 0, 3 0", true, 0]);
  card.press("escape");
  assert.deepEqual([card.extents(), card.view.isListed], ["1 2, 2 0", false]);
  card.press("pill", 1);
  card.press("pill", 2);
  assert.deepEqual([card.extents(), card.state.open], ["3 2, 1 0", "inc_3"]);
  card.press("toggle");
  assert.deepEqual([card.extents(), card.state.open], ["1 1, 2 0", null], "the first is folded too");
});

test("a line that stands for one notice opens it", () => {
  const card = open([outage(), outage({ id: "inc_2" })], { views: { inc_2: 1 } });
  card.press("pill", 1);
  assert.deepEqual([card.extents(), card.state.open], ["2 2, 1 0", "inc_2"]);
  card.press("toggle");
  card.press("hide");
  assert.deepEqual([card.hidden, card.state.open], [["inc_1"], null]);
});

test("what the page opens is shown even where it would not be; what is not there opens nothing", () => {
  const card = open([outage(), outage({ id: "inc_2" })], { views: { inc_2: 0 } });
  card.state.open = "inc_2";
  card.hear("open");
  assert.deepEqual([card.extents(), card.state.open], ["2 2, 1 0", "inc_2"]);
  for (const none of ["inc_none", null, undefined, {}]) {
    card.state.open = none;
    card.hear("open");
    assert.deepEqual([card.extents(), card.state.open], ["1 1", null], String(none));
  }
});

test("a wish from before the first feed waits for it", () => {
  const card = open([], { feed: null, open: "inc_1" });
  assert.deepEqual([card.draws, card.state.open], [0, "inc_1"]);
  card.feed(outage());
  assert.deepEqual([card.extents(), card.state.open], ["1 2", "inc_1"]);
});

test("a new all-clear comes open, whatever was open before, and can be folded", () => {
  const card = open([outage()]);
  card.press("toggle");
  card.feed(restored());
  assert.deepEqual([card.extents(), card.state.open, card.told], ["1 2", null, ["show inc_1", "restored inc_1"]]);
  card.press("toggle");
  assert.deepEqual(card.extents(), "1 1");
  card.hear("told 0 0 10");
  assert.deepEqual(card.extents(), "1 1", "it stays so");
});

test("an all-clear that was seen on an earlier page is folded; beside an outage a new one takes the line", () => {
  const cleared = { inc_1: Date.parse(OVER.at) / 1e3 };
  assert.equal(open([restored()], { memory: { seen: { inc_1: 1 }, cleared } }).extents(), "1 1");
  const others = [outage({ id: "inc_2" }), outage({ id: "inc_3" })];
  assert.equal(open([...others, restored()], { memory: { seen: { inc_1: 1 } } }).extents(), "2 1, 1 0");
  assert.equal(open([...others, restored()], { memory: { seen: { inc_1: 1 }, cleared } }).extents(), "2 1, 3 0");
});

test("a page's own part that is back is told once, as restored", () => {
  let since;
  const card = open([outage()], { back: () => since });
  since = "2026-11-21T11:00:00Z";
  card.hear("told 0 0 10");
  card.hear("told 0 0 10");
  assert.deepEqual([card.told, card.view.sections[0].back, card.extents()], [["show inc_1", "restored inc_1"], since, "1 2"]);
});

test("in a low viewport, and after 12 h, a card starts as its pill, until attention rises", () => {
  isLow = true;
  const low = open([outage()]);
  assert.equal(low.extents(), "1 0");
  low.press("pill");
  assert.equal(low.extents(), "1 2");
  isLow = false;
  const memory = () => ({ first: { "inc_1:1": START / 1e3 - 43_201 } });
  const long = open([outage()], { memory: memory() });
  assert.equal(long.extents(), "1 0");
  long.feed(outage({ attention: 2 }));
  assert.equal(long.extents(), "1 1");
  assert.equal(open([outage({ impact: "critical" })], { memory: memory() }).extents(), "1 1");
  assert.equal(open([outage({ hold: true })], { memory: memory() }).extents(), "1 1");
});

test("a drill is never above what is real", () => {
  const drill = outage({ id: "inc_2", impact: "critical", drill: true });
  assert.equal(open([drill, outage()]).extents(), "1 1, 2 0");
  assert.equal(open([drill, outage()], { views: { inc_1: 1 } }).extents(), "1 0");
});

test("an update that came since the notice was seen is news, and stays so for the page load", () => {
  const update = (at, body) => ({ at: `2026-11-21T${at}:00Z`, status: "identified", body });
  const notice = outage({ updates: [update("11:30", "A carrier refuses."), update("11:00", "We look.")] });
  assert.ok(!open([notice]).says().brief.some((text) => text.includes("A carrier")), "not seen before");
  const memory = { updates: { inc_1: Date.parse("2026-11-21T11:00:00Z") / 1e3 } };
  const card = open([notice], { memory });
  assert.match(card.says().brief.at(-1), /^New \d\d:\d\d: A carrier refuses\.$/);
  memory.updates.inc_1 = Date.parse("2026-11-21T11:30:00Z") / 1e3;
  card.hear("told 0 0 10");
  assert.match(card.says().brief.at(-1), /^New /);
  assert.match(open([notice], { memory }).says().brief.at(-1), /^Updated \d\d:\d\d$/);
});

test("how well it is known: confirmed, fifteen minutes without a word, slept, offline", () => {
  const card = open([outage()]);
  const is = (freshness, why) => assert.equal(freshnessOf(card), FRESHNESS[freshness], why);
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
  const is = (freshness) => assert.equal(freshnessOf(card), FRESHNESS[freshness]);
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
  assert.equal(freshnessOf(card), FRESHNESS.confirmed);
});

test("what is new is said politely; only a new critical one interrupts; nothing is said twice", () => {
  const critical = outage({ impact: "critical" });
  const card = open([critical]);
  const says = (isUrgent, ...notices) => {
    if (notices[0]) card.feed(...notices);
    else card.hear("told 0 0 10");
    assert.deepEqual(card.news, isUrgent === undefined ? undefined : { entry: "inc_1", isUrgent });
  };
  assert.deepEqual(card.news, { entry: "inc_1", isUrgent: true });
  says(undefined);
  says(false, { ...critical, status: "monitoring" });
  says(false, restored({ impact: "critical" }));
  says(false, critical); // It reopens.
  assert.equal(open([outage()]).news.isUrgent, false);
});

test("a host that calls back from its listeners finds all as it was told", () => {
  const card = open([outage(), outage({ id: "inc_2" })]);
  card.listener = (name, { id }) => {
    card.state.open = id;
    card.hear("open");
  };
  card.feed(...card.state.feed.notices, outage({ id: "inc_3" }));
  assert.deepEqual(card.told, ["show inc_1", "show inc_2", "show inc_3"], "each once");
  assert.deepEqual([card.extents(), card.state.open, card.state.shown], ["3 2, 1 0", "inc_3", ["inc_1", "inc_2", "inc_3"]]);
});

test("a notice that cannot be drawn is no reason to ask no more; after the end nothing is drawn", () => {
  const card = open([outage()]);
  card.state.feed = { notices: 5 };
  card.hear("told 0 0 10");
  card.feed(outage({ id: "inc_2" }));
  assert.equal(card.extents(), "2 1");
  card.alive.abort();
  card.hear("destroy");
  assert.equal(card.view, undefined);
});

test("what is hidden and over then is told as restored; what the page never heard of is shown", () => {
  const minor = outage({ impact: "minor" });
  const card = open([minor]);
  card.listener = (name, { id }) => name === "hide" && assert.ok(!card.state.shown.includes(id), "it is gone by then");
  const hide = () => {
    card.views.inc_1 = 0;
    card.press("hide");
  };
  hide();
  assert.deepEqual([card.told, card.state.shown], [["show inc_1", "hide inc_1"], []]);
  card.views.inc_1 = 2;
  card.feed(restored({ impact: "minor" }), restored({ id: "inc_2" }));
  assert.deepEqual(card.told.slice(2), ["restored inc_1", "show inc_2"]);
  hide();
  card.views.inc_1 = 1;
  card.hear("told 0 0 10");
  assert.deepEqual(card.told.slice(4), ["hide inc_1", "show inc_1"], "what it learned later is no second all-clear");
  card.feed(minor);
  card.feed(restored({ impact: "minor" }));
  assert.deepEqual(card.told.slice(6), ["restored inc_1"], "once more, when it had come back");
});

/** Lets promises that were kept be heard. */
const heard = () => new Promise((resolve) => setImmediate(resolve));
const german = (changes) => ({ lang: "de", notices: [outage()], ...changes });
const GERMAN = { default: plain("de") };
const more = (card) => card.view?.buttons[0];


test("a card is not drawn before its texts are here", async () => {
  const card = open([], { feed: german() });
  assert.deepEqual([card.asked.map(({ file }) => file), card.draws, card.told], [["plain-de.js"], 0, []]);
  card.hear("told 0 0 10");
  assert.equal(card.draws, 0);
  card.asked[0].resolve(GERMAN);
  await heard();
  assert.deepEqual([more(card), card.view.language, card.news.entry, card.told], ["Mehr", "de", "inc_1", ["show inc_1"]]);
  pass(1_000);
  card.hear("told 0 0 10");
  assert.deepEqual([more(card), card.asked.length], ["Mehr", 1]);
});

test("texts that hang or fail keep no notice back; those that come late are drawn then", async () => {
  const hanging = open([], { feed: german() });
  pass(1_000);
  assert.deepEqual([more(hanging), hanging.view.language, hanging.news.entry], ["More", "en", "inc_1"]);
  hanging.asked[0].resolve(GERMAN);
  await heard();
  assert.deepEqual([more(hanging), hanging.news], ["Mehr", undefined], "and not said again");

  const failing = open([], { feed: german() });
  failing.asked[0].reject();
  await heard();
  assert.deepEqual([more(failing), failing.draws], ["More", 1]);
  pass(1_000);
  failing.hear("told 0 0 10");
  assert.deepEqual([more(failing), failing.asked.length], ["More", 1], "nor asked for again");
});

test("a page that changes its language is drawn in the one or the other", async () => {
  const card = open([outage()]);
  card.state.feed = german();
  card.hear("told 0 0 10");
  assert.equal(card.draws, 1, "as it was, until the texts are here");
  card.state.feed = german({ lang: "ar" });
  card.hear("told 0 0 10");
  card.asked[0].resolve(GERMAN);
  await heard();
  assert.equal(card.draws, 1, "which are of another language by now");
  card.asked[1].resolve({ default: plain("ar") });
  await heard();
  assert.deepEqual([card.view.direction, card.view.language], ["rtl", "ar"]);
  card.state.feed = { lang: "en", notices: [outage()] };
  card.hear("told 0 0 10");
  assert.deepEqual([more(card), card.asked.length], ["More", 2], "English is built in");
});

test("a card that takes over from another says, opens and tells nothing a second time", () => {
  const record = {
    open: { choices: [{ id: "inc_1", kind: "incident", extent: 2 }] },
    announced: { alerts: " inc_1", inc_1: "incident identified 3" },
    told: { inc_1: false },
  };
  const notice = outage({ impact: "critical", attention: 3 });
  const card = open([notice], { record, shown: ["inc_1"], open: "inc_1" });
  assert.deepEqual([card.extents(), card.news, card.told], ["1 2", undefined, []]);
  card.feed({ ...notice, attention: 4 });
  assert.deepEqual(card.news, { entry: "inc_1", isUrgent: false }, "it has interrupted before");
  card.feed(restored({ attention: 5 }));
  assert.deepEqual(card.told, ["restored inc_1"]);
});

test("a card that is released leaves what the next one needs, and draws no more", () => {
  const card = open([outage()]);
  card.press("toggle");
  card.record.release();
  assert.deepEqual([card.released, card.record.open.choices], [true, [{ id: "inc_1", kind: "incident", extent: 2 }]]);
  assert.deepEqual(card.record.announced, { alerts: "", inc_1: "incident identified 1" });
  const { draws } = card;
  card.hear("told 0 0 10");
  page.dispatchEvent(new Event("online"));
  assert.equal(card.draws, draws);
});

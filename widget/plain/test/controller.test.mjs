// Tests of the plain card's controller, with fakes of the drawing, the rules and the clock.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { plain } from "./table.mjs";
const page = new EventTarget();
globalThis.addEventListener = (...given) => page.addEventListener(...given);
const root = { querySelectorAll: () => [] };
globalThis.document = { hidden: false, readyState: "complete", documentElement: root, elementsFromPoint: () => [] };
document.addEventListener = document.removeEventListener = () => {};
globalThis.MutationObserver = class {
  observe() {}
  disconnect() {}
};
globalThis.removeEventListener = (...given) => page.removeEventListener(...given);
globalThis.innerHeight = 740;
globalThis.innerWidth = 360;
let isLow = false;
globalThis.matchMedia = () => ({ matches: isLow });
const browser = { onLine: true, language: "en-GB" };
Object.defineProperty(globalThis, "navigator", { value: browser, configurable: true });
// Timers run only when a test calls `pass`.
let timers = [];
let elapsed = 0;
globalThis.setTimeout = (task, milliseconds) => {
  const timer = { task, milliseconds, at: elapsed + milliseconds };
  timers.push(timer);
  return timer;
};
globalThis.clearTimeout = (timer) => (timers = timers.filter((other) => other !== timer));
Object.defineProperty(globalThis, "performance", { value: { now: () => elapsed } });
/** Runs the timers with this delay. */
const pass = (milliseconds) => {
  const due = timers.filter((timer) => timer.milliseconds === milliseconds);
  timers = timers.filter((timer) => timer.milliseconds !== milliseconds);
  for (const { task } of due) task();
};
/** Advances the monotonic clock, and runs the timers that are due. */
const elapse = (milliseconds) => {
  const end = elapsed + milliseconds;
  for (;;) {
    const [next] = timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
    if (!next) break;
    elapsed = next.at;
    clearTimeout(next);
    next.task();
  }
  elapsed = end;
};
globalThis.window = globalThis.top = globalThis;
globalThis.MutationObserver = class {
  observe() {}
  disconnect() {}
};
const { default: control, FRESHNESS } = await import("../controller.js");
const { englishFeed } = await import("../../loader/english.js");

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
/** A plain card with these notices. `views`: 2 for a card (the default), 1 for a pill, 0 for none, by id. */
const open = (notices, { views = {}, back = () => undefined, record, memory = {}, segments = null, ...known } = {}) => {
  const alive = new AbortController();
  const card = { now: START, emitted: [], views, hidden: [], imports: [], draws: 0, isInView: true, alive, memory, listener: () => {} };
  card.state = { feed: { notices }, confirmed_at: new Date(START).toISOString(), stale: false, shown: [], open: null, ...known };
  const recall = (name) => (memory[name] ??= {});
  const rules = {
    pages: () => [{ segments }],
    view: (notice) => card.views[notice.id] ?? 2,
    back,
    hide: (notice) => card.hidden.push(notice.id),
    recall,
    note: (name, key, value, isFirst) => isFirst && key in recall(name) || (recall(name)[key] = value),
  };
  const emit = (name, detail) => {
    card.emitted.push(`${name} ${detail.id ?? detail.since}`);
    card.listener(name, detail);
  };
  const start = (options, press, given) => {
    const host = { parentNode: root, isConnected: true };
    const box = { left: 0, right: 10, top: 0, bottom: 10 };
    // The titles of what is drawn.
    const sections = () =>
      card.view.sections.map(({ notice: { id }, kind }) => ({
        dataset: { notice: id, kind },
        querySelector: (parts) => (/title/.test(parts) ? { getBoundingClientRect: () => box } : null),
        getRootNode: () => ({ elementFromPoint: () => null }),
        contains: () => card.isInView,
      }));
    given.root = { host, querySelectorAll: sections };
    card.host = host;
    given.release = () => (card.released = true);
    card.press = (part, index = 0) => press(part, card.view.sections[index]?.notice.id);
    return (view) => {
      card.draws++;
      card.view = view;
    };
  };
  const loadModule = (file) => new Promise((resolve, reject) => card.imports.push({ file, resolve, reject }));
  card.spoken = [];
  const region = (role) => ({ set textContent(text) { if (text) card.spoken.push(`${role}: ${text}`); } });
  card.options = {};
  card.refreshes = 0;
  const english = englishFeed(card.options, () => void card.refreshes++);
  card.record = { memory: {}, announced: {}, reported: {}, regions: ["status", "alert"].map(region), english, ...record };
  card.handle = control(start, rules, () => card.now, emit, card.options, card.state, alive, loadModule, card.record);
  card.feed = (...notices) => {
    card.state.feed = { notices };
    card.handle("polled 0 0 10");
  };
  /** The extents in the view: 2 for the expanded card, 1 for the collapsed card, 0 for a pill, a line or a row. */
  card.extents = () => card.view.sections.map(({ notice: { id }, extent }) => `${id.slice(4)} ${extent}`).join(", ");
  card.texts = (index = 0) => {
    const { label, segments, title, time, after, brief, whole } = card.view.sections[index].text;
    const all = (paragraphs) => paragraphs.map(([, units]) => units.map((unit) => unit.text ?? unit).join(""));
    return { head: [label, segments, title].filter(Boolean).join(" "), time, after, brief: all(brief), whole: all(whole) };
  };
  return card;
};

/** The freshness by the note in the first section. */
const freshnessOf = (card) => {
  const note = card.texts().brief.at(-1) || "";
  return [/^As of [^.]*\.$/, /cannot reach/, /offline/].findIndex((pattern) => pattern.test(note)) + 1;
};

beforeEach(() => {
  timers = [];
  browser.onLine = true;
  document.hidden = false;
  isLow = false;
});

test("the most severe notice is the card, the line names the next", () => {
  const three = ["inc_1", "inc_2", "inc_3"].map((id) => outage({ id }));
  const card = open(three);
  assert.deepEqual([card.extents(), card.view.others], ["1 1, 2 0", 1]);
  const hidden = open(three, { views: { inc_1: 1 } });
  assert.deepEqual([hidden.extents(), hidden.view.others], ["2 1, 1 0", 1]);
  const pills = open(three, { views: { inc_1: 1, inc_2: 1, inc_3: 1 } });
  assert.deepEqual([pills.extents(), pills.view.others], ["1 0", 2]);
});

test("the line opens a list, and a row expands its notice", () => {
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
  assert.deepEqual([card.extents(), card.state.open], ["1 1, 2 0", null], "the first is collapsed too");
});

test("a line for one notice expands it", () => {
  const card = open([outage(), outage({ id: "inc_2" })], { views: { inc_2: 1 } });
  card.press("pill", 1);
  assert.deepEqual([card.extents(), card.state.open], ["2 2, 1 0", "inc_2"]);
  card.press("toggle");
  card.press("hide");
  assert.deepEqual([card.hidden, card.state.open], [["inc_1"], null]);
});

test("open shows any notice of the feed, and ignores others", () => {
  const card = open([outage(), outage({ id: "inc_2" })], { views: { inc_2: 0 } });
  card.state.open = "inc_2";
  card.handle("open");
  assert.deepEqual([card.extents(), card.state.open], ["2 2, 1 0", "inc_2"]);
  for (const unknown of ["inc_none", null, undefined, {}]) {
    card.state.open = unknown;
    card.handle("open");
    assert.deepEqual([card.extents(), card.state.open], ["1 1", null], String(unknown));
  }
});

test("open before the first feed waits for it", () => {
  const card = open([], { feed: null, open: "inc_1" });
  assert.deepEqual([card.draws, card.state.open], [0, "inc_1"]);
  card.feed(outage());
  assert.deepEqual([card.extents(), card.state.open], ["1 2", "inc_1"]);
});

test("a new all-clear is expanded, and can be collapsed", () => {
  const card = open([outage()]);
  card.press("toggle");
  card.feed(restored());
  assert.deepEqual([card.extents(), card.state.open, card.emitted], ["1 2", null, ["show inc_1", "restored inc_1"]]);
  card.press("toggle");
  assert.deepEqual(card.extents(), "1 1");
  card.handle("polled 0 0 10");
  assert.deepEqual(card.extents(), "1 1", "it stays collapsed");
});

test("a seen all-clear is collapsed, a new one takes the line", () => {
  const cleared = { inc_1: Date.parse(OVER.at) / 1e3 };
  assert.equal(open([restored()], { memory: { seen: { inc_1: 1 }, cleared } }).extents(), "1 1");
  const others = [outage({ id: "inc_2" }), outage({ id: "inc_3" })];
  assert.equal(open([...others, restored()], { memory: { seen: { inc_1: 1 } } }).extents(), "2 1, 1 0");
  assert.equal(open([...others, restored()], { memory: { seen: { inc_1: 1 }, cleared } }).extents(), "2 1, 3 0");
});

test("recovery of the page's components emits restored once", () => {
  let since;
  const card = open([outage()], { back: () => since });
  since = "2026-11-21T11:00:00Z";
  card.handle("polled 0 0 10");
  card.handle("polled 0 0 10");
  assert.deepEqual([card.emitted, card.view.sections[0].back, card.extents()], [["show inc_1", "restored inc_1"], since, "1 2"]);
});

test("a card starts as a pill in a low viewport or after 12 h", () => {
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

test("a drill is never above a real notice", () => {
  const drill = outage({ id: "inc_2", impact: "critical", drill: true });
  assert.equal(open([drill, outage()]).extents(), "1 1, 2 0");
  assert.equal(open([drill, outage()], { views: { inc_1: 1 } }).extents(), "1 0");
});

test("a new update stays new for the page load", () => {
  const update = (at, body) => ({ at: `2026-11-21T${at}:00Z`, status: "identified", body });
  const notice = outage({ updates: [update("11:30", "A carrier refuses."), update("11:00", "We look.")] });
  assert.ok(!open([notice]).texts().brief.some((text) => text.includes("A carrier")), "the notice was not seen before");
  const memory = { updates: { inc_1: Date.parse("2026-11-21T11:00:00Z") / 1e3 } };
  const card = open([notice], { memory });
  assert.match(card.texts().brief.at(-1), /^New \d\d:\d\d: A carrier refuses\.$/);
  memory.updates.inc_1 = Date.parse("2026-11-21T11:30:00Z") / 1e3;
  card.handle("polled 0 0 10");
  assert.match(card.texts().brief.at(-1), /^New /);
  assert.match(open([notice], { memory }).texts().brief.at(-1), /^Updated \d\d:\d\d$/);
});

test("freshness: confirmed, stale, unconfirmed, offline", () => {
  const card = open([outage()]);
  const is = (freshness, why) => assert.equal(freshnessOf(card), FRESHNESS[freshness], why);
  is("confirmed");
  card.handle("polled 0 1 0");
  for (let passed = 0; passed < 14; passed++) {
    card.now += 60e3;
    card.handle();
  }
  is("confirmed", "one failure does not change it");
  card.now += 60e3;
  card.handle();
  is("stale");
  assert.deepEqual([card.state.stale, card.emitted.at(-1)], [true, "stale 2026-11-21T12:00:00.000Z"]);
  card.handle("polled 0 2 0");
  assert.equal(card.emitted.length, 2, "emitted once");
  // As the loader does after an answer.
  Object.assign(card.state, { confirmed_at: new Date(card.now).toISOString(), stale: false });
  card.handle("polled 0 0 10");
  is("confirmed");
  card.now += 3_600e3;
  card.handle();
  is("unconfirmed", "the computer slept");
  browser.onLine = false;
  page.dispatchEvent(new Event("offline"));
  is("offline");
  browser.onLine = true;
  page.dispatchEvent(new Event("online"));
  is("unconfirmed");
  card.handle("polled 0 1 0");
  is("stale", "the request failed");
  page.dispatchEvent(new Event("visibilitychange"));
  is("unconfirmed", "visible again");
});

test("a stored feed is unconfirmed until a new answer", () => {
  const card = open([outage()], { stale: true });
  const is = (freshness) => assert.equal(freshnessOf(card), FRESHNESS[freshness]);
  is("unconfirmed");
  assert.deepEqual([card.state.stale, card.emitted], [true, ["show inc_1"]], "no stale event");
  card.handle("polled 0 1 0");
  is("stale");
  card.handle("polled 0 0 10");
  is("stale");
  card.state.stale = false;
  card.handle("polled 0 0 10");
  is("confirmed");
});

test("an answer without a confirmation time confirms the feed", () => {
  const card = open([outage()], { confirmed_at: null });
  card.now += 3_600e3;
  card.handle("polled 0 0 10");
  assert.equal(freshnessOf(card), FRESHNESS.confirmed);
});

test("a new critical notice is an alert, and none is repeated", () => {
  const critical = outage({ impact: "critical" });
  const card = open([critical]);
  const expect = (spoken, ...notices) => {
    card.spoken = [];
    if (notices[0]) card.feed(...notices);
    elapse(60_000);
    assert.deepEqual(card.spoken, spoken);
  };
  const problem = "Critical: Messages are delayed. Do not resend.";
  expect(["alert: " + problem]);
  expect([], { ...critical, status: "monitoring" });
  expect(["status: " + problem], { ...critical, attention: 2 });
  expect(["status: Resolved: Messages are delayed."], restored({ impact: "critical", attention: 3 }));
  expect(["status: " + problem], { ...critical, attention: 4 }); // It reopens.
  const major = open([outage()]);
  elapse(150);
  assert.deepEqual(major.spoken, ["status: Major: Messages are delayed. Do not resend."]);
});

test("listeners that call the API see a consistent state", () => {
  const card = open([outage(), outage({ id: "inc_2" })]);
  card.listener = (name, { id }) => {
    card.state.open = id;
    card.handle("open");
  };
  card.feed(...card.state.feed.notices, outage({ id: "inc_3" }));
  assert.deepEqual(card.emitted, ["show inc_1", "show inc_2"], "the third is only counted");
  card.press("pill", 1);
  assert.deepEqual(card.emitted, ["show inc_1", "show inc_2", "show inc_3"], "each once");
  assert.deepEqual([card.extents(), card.state.open, card.state.shown], ["3 2, 1 0", "inc_3", ["inc_1", "inc_2", "inc_3"]]);
});

test("a malformed feed does not stop the card, destroy does", () => {
  const card = open([outage()]);
  card.state.feed = { notices: 5 };
  card.handle("polled 0 0 10");
  assert.deepEqual([card.view, card.state.shown], [undefined, []], "what was shown may be over");
  card.feed(outage({ id: "inc_2" }));
  assert.equal(card.extents(), "2 1");
  card.alive.abort();
  card.handle("destroy");
  assert.equal(card.view, undefined);
});

test("a hidden notice emits restored, an unknown one show", () => {
  const minor = outage({ impact: "minor" });
  const card = open([minor]);
  card.listener = (name, { id }) => name === "hide" && assert.ok(!card.state.shown.includes(id), "it is not listed as shown any more");
  const hide = () => {
    card.views.inc_1 = 0;
    card.press("hide");
  };
  hide();
  assert.deepEqual([card.emitted, card.state.shown], [["show inc_1", "hide inc_1"], []]);
  card.views.inc_1 = 2;
  card.feed(restored({ impact: "minor" }), restored({ id: "inc_2" }));
  assert.deepEqual(card.emitted.slice(2), ["restored inc_1", "show inc_2"]);
  hide();
  card.views.inc_1 = 1;
  card.handle("polled 0 0 10");
  assert.deepEqual(card.emitted.slice(4), ["hide inc_1", "show inc_1"], "no second restored event");
  card.feed(minor);
  card.feed(restored({ impact: "minor" }));
  assert.deepEqual(card.emitted.slice(6), ["restored inc_1"], "again after it was reopened");
});

test("show is emitted when the title comes into view", () => {
  const card = open([outage()]);
  card.feed();
  Object.assign(card, { isInView: false, emitted: [] });
  card.feed(outage({ attention: 2 }));
  pass(1_000);
  assert.deepEqual([card.emitted, card.state.shown], [[], ["inc_1"]], "something covers it");
  card.isInView = true;
  document.hidden = true;
  pass(1_000);
  assert.deepEqual(card.emitted, [], "the tab is hidden");
  document.hidden = false;
  page.dispatchEvent(new Event("visibilitychange"));
  assert.deepEqual(card.emitted, ["show inc_1"]);
  pass(1_000);
  card.handle("polled 0 0 10");
  assert.deepEqual(card.emitted, ["show inc_1"], "once");
});

test("restored is not emitted for a notice that was never in view", () => {
  const card = open([]);
  card.isInView = false;
  card.feed(outage());
  card.feed(restored());
  assert.deepEqual(card.emitted, []);
  card.isInView = true;
  card.handle("polled 0 0 10");
  assert.deepEqual(card.emitted, ["show inc_1"]);
});

test("a card that is not in the document is not listed as shown", () => {
  const card = open([outage()]);
  card.host.isConnected = false;
  card.handle("polled 0 0 10");
  assert.deepEqual(card.state.shown, []);
  card.host.isConnected = true;
  card.handle("polled 0 0 10");
  assert.deepEqual([card.state.shown, card.emitted], [["inc_1"], ["show inc_1"]], "shown once");
});

/** Runs the callbacks of resolved promises. */
const settle = () => new Promise((resolve) => setImmediate(resolve));
const german = (changes) => ({ lang: "de", notices: [outage()], ...changes });
const GERMAN = { default: plain("de") };
const more = (card) => card.view?.buttons[0];

test("the first drawing waits for the texts", async () => {
  const card = open([], { feed: german() });
  assert.deepEqual([card.imports.map(({ file }) => file), card.draws, card.emitted], [["plain-de.js"], 0, []]);
  card.handle("polled 0 0 10");
  assert.equal(card.draws, 0);
  card.imports[0].resolve(GERMAN);
  await settle();
  elapse(150);
  assert.deepEqual([more(card), card.view.language, card.spoken.length, card.emitted], ["Mehr", "de", 1, ["show inc_1"]]);
  pass(1_000);
  card.handle("polled 0 0 10");
  assert.deepEqual([more(card), card.imports.length], ["Mehr", 1]);
});

/** The loader's answer to the request for the feed in English. */
const answerInEnglish = (card) => {
  card.state.feed = { lang: "en", notices: [outage()] };
  card.record.english.answered({ lang: "en" });
  card.handle("polled 0 0 10");
};

test("after 1 s without texts the card is in English for a while", async () => {
  const card = open([], { feed: german() });
  elapse(999);
  assert.deepEqual([card.refreshes, card.draws], [0, 0]);
  elapse(1);
  assert.deepEqual([card.refreshes, String(card.options.lang), card.draws], [1, "en", 0]);
  answerInEnglish(card);
  await settle();
  elapse(150);
  assert.deepEqual([more(card), card.view.language, card.spoken.length], ["More", "en", 1]);
  card.imports[0].resolve(GERMAN);
  await settle();
  assert.deepEqual([card.refreshes, card.options.lang, more(card)], [2, undefined, "More"], "until the feed is German again");
  card.state.feed = german();
  card.handle("polled 0 0 10");
  card.imports.at(-1).resolve(GERMAN);
  await settle();
  elapse(60_000);
  assert.deepEqual([more(card), card.view.language, card.spoken.length], ["Mehr", "de", 1], "and is not announced again");
});

test("when texts fail the feed is requested in English at once", async () => {
  const card = open([], { feed: german() });
  card.imports[0].reject(new Error("404"));
  await settle();
  assert.deepEqual([card.refreshes, card.draws], [1, 0]);
  answerInEnglish(card);
  await settle();
  assert.deepEqual([more(card), card.view.language], ["More", "en"]);
});

test("texts that arrive before the feed in English are used", async () => {
  const card = open([], { feed: german() });
  elapse(1_000);
  card.imports[0].resolve(GERMAN);
  await settle();
  assert.deepEqual([card.refreshes, card.options.lang, more(card)], [2, undefined, "Mehr"]);
});

test("without texts and an English feed, labels are English", async () => {
  const card = open([], { feed: german() });
  card.imports[0].reject(new Error("404"));
  await settle();
  card.handle("polled 0 0 10");
  assert.equal(card.draws, 0);
  elapse(6_000);
  await settle();
  assert.deepEqual([more(card), card.imports.length], ["More", 1]);
});

test("a language without texts has English labels at once", async () => {
  const card = open([], { feed: { lang: "fr", notices: [outage()] } });
  card.imports[0].reject("plain-fr.js");
  await settle();
  assert.deepEqual([more(card), card.refreshes], ["More", 0]);
});

test("a language that the page chooses meanwhile is kept", async () => {
  const card = open([], { feed: german() });
  elapse(1_000);
  card.options.lang = "ar";
  card.imports[0].resolve(GERMAN);
  await settle();
  assert.deepEqual([card.options.lang, card.refreshes], ["ar", 1]);
});

test("after a change of language the card is in one language", async () => {
  const card = open([outage()]);
  card.state.feed = german();
  card.handle("polled 0 0 10");
  assert.equal(card.draws, 1, "unchanged until the texts arrive");
  card.state.feed = german({ lang: "ar" });
  card.handle("polled 0 0 10");
  card.imports[0].resolve(GERMAN);
  await settle();
  assert.equal(card.draws, 1, "these texts are outdated");
  card.imports[1].resolve({ default: plain("ar") });
  await settle();
  assert.deepEqual([card.view.direction, card.view.language], ["rtl", "ar"]);
  card.state.feed = { lang: "en", notices: [outage()] };
  card.handle("polled 0 0 10");
  assert.deepEqual([more(card), card.imports.length], ["More", 2], "English is built in");
});

test("a replacing card repeats no announcement and no event", () => {
  const record = {
    open: { choices: [{ id: "inc_1", kind: "incident", extent: 2 }] },
    announced: { inc_1: { attention: 3, isOver: false, at: elapsed, wasUrgent: true } },
    reported: { inc_1: false },
  };
  const notice = outage({ impact: "critical", attention: 3 });
  const card = open([notice], { record, shown: ["inc_1"], open: "inc_1" });
  assert.deepEqual([card.extents(), card.emitted], ["1 2", []]);
  card.feed({ ...notice, attention: 4 });
  elapse(29_000);
  assert.deepEqual(card.spoken, [], "less than 30 s after the other card's announcement");
  elapse(1_500);
  assert.deepEqual(card.spoken, ["status: Critical: Messages are delayed. Do not resend."], "it was urgent before");
  card.feed(restored({ attention: 5 }));
  assert.deepEqual(card.emitted, ["restored inc_1"]);
});

test("a released card fills the record and stops drawing", () => {
  const card = open([outage()]);
  card.press("toggle");
  card.record.release();
  assert.deepEqual([card.released, card.record.open.choices], [true, [{ id: "inc_1", kind: "incident", extent: 2 }]]);
  const { draws } = card;
  card.handle("polled 0 0 10");
  page.dispatchEvent(new Event("online"));
  assert.equal(card.draws, draws);
});

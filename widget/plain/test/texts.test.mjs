// Tests of the plain card's texts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { plain } from "./table.mjs";

Object.defineProperty(globalThis, "navigator", { value: { language: "en-GB" }, configurable: true });
process.env.TZ = "UTC";
const { describe, isLate, phrases, units } = await import("../texts.js");

const NOW = Date.parse("2026-11-21T12:00:00Z");
const OVER = { at: "2026-11-21T11:05:00Z", seconds: 6000, back: [], check: null, still: [], withdrawn: null };
const notice = (changes) => ({
  id: "inc_1",
  kind: "incident",
  status: "identified",
  impact: "major",
  title: "Messages are delayed",
  advice: "Do not resend.",
  works: [],
  broken: [],
  updates: [{ at: "2026-11-21T11:32:00Z", status: "identified", body: "A carrier refuses." }],
  started_at: "2026-11-21T09:25:00Z",
  overdue_after_s: 300,
  restored: null,
  ...changes,
});
const restored = (changes, more) =>
  notice({ kind: "restored", status: "resolved", restored: { ...OVER, ...changes }, ...more });
/** The texts of a notice: the heading of a pill and of a card, the paragraphs of a collapsed and of an expanded card. */
const textsOf = (notice, { language = "en", namesSegments = false, now = NOW, freshness, ...entry } = {}) => {
  const texts = describe({ notice, ...entry }, namesSegments, freshness, phrases(plain(language), language, now), now);
  const join = (paragraphs) => paragraphs.map(([, units]) => units.map((unit) => unit.text ?? unit).join(""));
  const head = [texts.mark, texts.label, texts.segments, texts.title].filter(Boolean).join(" ");
  return { ...texts, short: head + texts.time, long: head + texts.after, brief: join(texts.brief), whole: join(texts.whole) };
};

test("a resolved notice has its title in short and long form", () => {
  const { short, long, isOver, severity } = textsOf(restored());
  assert.equal(short, "Resolved: Messages are delayed · 11:05");
  assert.equal(long, "Resolved: Messages are delayed · 11:05, after 1 h 40 min");
  assert.deepEqual([isOver, severity], [true, "restored"]);
});

test("a collapsed card lists two of three remaining issues", () => {
  const { short, brief } = textsOf(restored({ still: ["Reports", "Exports", "Search"] }));
  assert.equal(short, "Mostly resolved: Messages are delayed · 11:05");
  assert.deepEqual(brief, ["✗ Reports", "✗ Exports"]);
});

test("a withdrawn notice has a label and the reason", () => {
  const { short, brief } = textsOf(restored({ withdrawn: "It was another product." }));
  assert.equal(short, "Withdrawn: Messages are delayed");
  assert.deepEqual(brief, ["It was another product."]);
});

test("the live regions get plain text, the first line of a text", () => {
  const advice = "**Do not** resend: [see _why_](https://a.example/x).\nWait.\n\nMore.";
  const text = "Do not resend: see why. Wait.";
  assert.equal(textsOf(notice({ advice })).summary, "Major: Messages are delayed. " + text);
  assert.equal(textsOf(notice({ advice: "- `a`\n- b" })).summary, "Major: Messages are delayed. a");
  assert.equal(textsOf(notice({ advice: "\n24. Dezember" })).summary, "Major: Messages are delayed. 24. Dezember");
  assert.equal(textsOf(restored({ check: advice })).summary, "Resolved: Messages are delayed. " + text);
  assert.equal(textsOf(restored({ withdrawn: advice })).summary, "Withdrawn: Messages are delayed. " + text);
  assert.equal(textsOf(restored({}, { advice })).summary, "Resolved: Messages are delayed.", "the advice was for the outage");
});

test("the texts of an expanded all-clear", () => {
  const components = [{ name: "Sending", slug: "sending", status: "operational" }];
  const updates = [{ at: OVER.at, status: "resolved", body: "All of it was sent." }];
  const { whole } = textsOf(restored({ back: ["Sending", "Reports"], check: "Check what you sent." }, { components, updates }));
  assert.deepEqual(whole, [
    "09:25 to 11:05, 1 h 40 min",
    "Working again since 11:05: Sending, Reports",
    "What to check",
    "Check what you sent.",
    "All of it was sent.",
  ]);
  assert.equal(textsOf(restored({}, { components })).whole[1], "Working again since 11:05: Sending");
  assert.ok(!textsOf(restored()).whole.some((line) => line.includes("Working again")), "no component is known");
});

test("a collapsed card has the advice, then the times", () => {
  const { label, brief } = textsOf(notice({ next_update_at: "2026-11-21T12:30:00Z" }));
  assert.equal(label, "Major:");
  assert.deepEqual(brief, ["Do not resend.", "Updated 11:32 · next update by 12:30"]);
});

test("without advice the newest update takes two lines", () => {
  const { brief } = textsOf(notice({ advice: null }));
  assert.equal(brief[0], "A carrier refuses.");
  assert.equal(describe({ notice: notice({ advice: null }) }, false, "", phrases(plain("en"), "en", NOW), NOW).brief[0][2], 2);
});

test("advice has three lines, and fewer beside other notes", () => {
  const lines = (changes, freshness) =>
    describe({ notice: notice(changes) }, false, freshness, phrases(plain("en"), "en", NOW), NOW).brief[0][2];
  assert.deepEqual([lines(), lines({ drill: true }), lines({}, "As of 11:00.")], [3, 2, 1]);
});

test("a new update is in the last line", () => {
  assert.equal(textsOf(notice(), { isNews: true }).brief.at(-1), "New 11:32: A carrier refuses.");
});

test("an overdue promise has a text, and the contacts", () => {
  const late = notice({ next_update_at: "2026-11-21T11:55:00Z" });
  assert.deepEqual([isLate(late, NOW), isLate(late, NOW - 1)], [true, false]);
  const texts = textsOf(late);
  assert.equal(texts.isLate, true);
  assert.match(texts.brief[1], /11:55/);
  assert.equal(texts.brief.length, 2);
});

test("segments are named when the page declares none", () => {
  const audience = { segments: [{ slug: "eu", label: "European customers" }] };
  assert.equal(textsOf(notice({ audience }), { namesSegments: true }).long, "Major: For European customers: Messages are delayed");
  assert.equal(textsOf(notice({ audience })).long, "Major: Messages are delayed");
  assert.equal(textsOf(restored({}, { audience }), { namesSegments: true }).short, "Resolved: Messages are delayed · 11:05");
});

test("durations have up to two units, from 36 h on in days", () => {
  const { duration } = phrases(plain("en"), "en", NOW);
  const all = [[59, "less than a minute"], [60, "1 min"], [3600, "1 h"], [6000, "1 h 40 min"], [35 * 3600 + 59 * 60, "35 h 59 min"], [36 * 3600, "1 day 12 h"], [48 * 3600, "2 days"]];
  for (const [seconds, text] of all) assert.equal(duration(seconds), text);
});

test("a time of another day has the day", () => {
  const { time } = phrases(plain("en"), "en", NOW);
  assert.equal(time("2026-11-21T09:25:00Z"), "09:25");
  assert.match(time("2026-11-20T09:25:00Z"), /20 Nov.*09:25/);
});

test("all languages have all texts", () => {
  for (const language of ["de", "ar"]) {
    for (const one of [notice(), restored({ still: ["x"], check: "y" }), notice({ kind: "maintenance", status: "scheduled", ends_at: "2026-11-22T12:00:00Z" })]) {
      const { short, long, whole } = textsOf(one, { language });
      for (const text of [short, long, ...whole]) assert.ok(!/undefined|%|NaN/.test(text), text);
    }
  }
});

test("a text is cut between words, never in numbers or links", () => {
  assert.deepEqual(units("Do **not** resend."), ["Do ", "not ", "resend."]);
  assert.deepEqual(units("Call +61 2 5550 0100 for help"), ["Call ", "+61 2 5550 0100 ", "for ", "help"]);
  assert.deepEqual(units("Call (0 30) 55 55-01 00 now"), ["Call ", "(0 30) 55 55-01 00 ", "now"]);
  assert.deepEqual(units("See [our help page](https://a.example/x), now"), [
    "See ",
    { text: "our help page", href: "https://a.example/x" },
    ", ",
    "now",
  ]);
  assert.deepEqual(units("[no](javascript:alert(1))"), ["[no](javascript:alert(1))"]);
});

const TEXTS = JSON.parse(readFileSync(new URL("../../../notice/vectors/markdown.json", import.meta.url), "utf8"));
for (const { name, text, plain, links } of TEXTS) {
  test(`plain text and links: ${name}`, () => {
    const all = units(text);
    assert.equal(all.map((unit) => unit.text ?? unit).join(""), plain);
    assert.deepEqual(all.filter(({ href }) => href).map(({ text, href }) => [text, href]), links);
  });
}

const DURATIONS = JSON.parse(readFileSync(new URL("../../../notice/vectors/durations.json", import.meta.url), "utf8"));
test("durations are worded as in the shared vectors", () => {
  const { duration } = phrases(plain("en"), "en", NOW);
  for (const { seconds, took } of DURATIONS) assert.equal(duration(seconds).replace(/\u00a0/g, " "), took, `${seconds} s`);
});

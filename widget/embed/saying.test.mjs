// What the plain card says of a notice, with the texts that the build takes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { plain } from "./texts.mjs";

Object.defineProperty(globalThis, "navigator", { value: { language: "en-GB" }, configurable: true });
process.env.TZ = "UTC";
const { isLate, speech, told, units } = await import("./saying.js");

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
/** What is said, in words: the heading of a pill, of a card, and the paragraphs of a folded card and of a whole one. */
const said = (notice, { language = "en", names = false, now = NOW, freshness, ...entry } = {}) => {
  const says = told({ notice, ...entry }, names, freshness, speech(plain(language), language, now), now);
  const words = (paragraphs) => paragraphs.map(([, units]) => units.map((unit) => unit.text ?? unit).join(""));
  const head = [says.mark, says.label, says.segments, says.title].filter(Boolean).join(" ");
  return { ...says, short: head + says.time, long: head + says.after, brief: words(says.brief), whole: words(says.whole) };
};

test("a resolved notice always carries its title, in a short and in a long form", () => {
  const { short, long, isOver, severity } = said(restored());
  assert.equal(short, "Resolved: Messages are delayed · 11:05");
  assert.equal(long, "Resolved: Messages are delayed · 11:05, after 1 h 40 min");
  assert.deepEqual([isOver, severity], [true, "restored"]);
});

test("what is still not right: mostly resolved, and two of it without a tap", () => {
  const { short, brief } = said(restored({ still: ["Reports", "Exports", "Search"] }));
  assert.equal(short, "Mostly resolved: Messages are delayed · 11:05");
  assert.deepEqual(brief, ["✗ Reports", "✗ Exports"]);
});

test("a withdrawn notice says so, and why", () => {
  const { short, brief } = said(restored({ withdrawn: "It was another product." }));
  assert.equal(short, "Withdrawn: Messages are delayed");
  assert.deepEqual(brief, ["It was another product."]);
});

test("the whole all-clear: times, what works, what to check, the resolving update", () => {
  const components = [{ name: "Sending", slug: "sending", status: "operational" }];
  const updates = [{ at: OVER.at, status: "resolved", body: "All of it was sent." }];
  const { whole } = said(restored({ back: ["Sending", "Reports"], check: "Check what you sent." }, { components, updates }));
  assert.deepEqual(whole, [
    "09:25 to 11:05, 1 h 40 min",
    "Working again since 11:05: Sending, Reports",
    "What to check",
    "Check what you sent.",
    "All of it was sent.",
  ]);
  assert.equal(said(restored({}, { components })).whole[1], "Working again since 11:05: Sending");
  assert.ok(!said(restored()).whole.some((line) => line.includes("Working again")), "nothing is known of what");
});

test("the folded card says what to do, then the times", () => {
  const { label, brief } = said(notice({ next_update_at: "2026-11-21T12:30:00Z" }));
  assert.equal(label, "Major:");
  assert.deepEqual(brief, ["Do not resend.", "Updated 11:32 · next update by 12:30"]);
});

test("without advice the newest update stands in its place, on two lines", () => {
  const { brief, ...says } = said(notice({ advice: null }));
  assert.equal(brief[0], "A carrier refuses.");
  assert.equal(told({ notice: notice({ advice: null }) }, false, "", speech(plain("en"), "en", NOW), NOW).brief[0][2], 2);
  assert.ok(says);
});

test("advice has three lines, and fewer where more must be said", () => {
  const lines = (changes, freshness) =>
    told({ notice: notice(changes) }, false, freshness, speech(plain("en"), "en", NOW), NOW).brief[0][2];
  assert.deepEqual([lines(), lines({ drill: true }), lines({}, "As of 11:00.")], [3, 2, 1]);
});

test("an update that came since stands in the last line", () => {
  assert.equal(said(notice(), { isNews: true }).brief.at(-1), "New 11:32: A carrier refuses.");
});

test("an overdue promise is told, with the contacts beside it", () => {
  const late = notice({ next_update_at: "2026-11-21T11:55:00Z" });
  assert.deepEqual([isLate(late, NOW), isLate(late, NOW - 1)], [true, false]);
  const says = said(late);
  assert.equal(says.isLate, true);
  assert.match(says.brief[1], /11:55/);
  assert.equal(says.brief.length, 2);
});

test("segments are named where the page does not say whose it is", () => {
  const audience = { segments: [{ slug: "eu", label: "European customers" }] };
  assert.equal(said(notice({ audience }), { names: true }).long, "Major: For European customers: Messages are delayed");
  assert.equal(said(notice({ audience })).long, "Major: Messages are delayed");
  assert.equal(said(restored({}, { audience }), { names: true }).short, "Resolved: Messages are delayed · 11:05");
});

test("durations in one unit and in two, from 36 h on in days", () => {
  const { duration } = speech(plain("en"), "en", NOW);
  const all = [[59, "less than a minute"], [60, "1 min"], [3600, "1 h"], [6000, "1 h 40 min"], [35 * 3600 + 59 * 60, "35 h 59 min"], [36 * 3600, "1 day 12 h"], [48 * 3600, "2 days"]];
  for (const [seconds, words] of all) assert.equal(duration(seconds), words);
});

test("a time of another day is said with the day", () => {
  const { time } = speech(plain("en"), "en", NOW);
  assert.equal(time("2026-11-21T09:25:00Z"), "09:25");
  assert.match(time("2026-11-20T09:25:00Z"), /20 Nov.*09:25/);
});

test("every language says all of it", () => {
  for (const language of ["de", "ar"]) {
    for (const one of [notice(), restored({ still: ["x"], check: "y" }), notice({ kind: "maintenance", status: "scheduled", ends_at: "2026-11-22T12:00:00Z" })]) {
      const { short, long, whole } = said(one, { language });
      for (const words of [short, long, ...whole]) assert.ok(!/undefined|%|NaN/.test(words), words);
    }
  }
});

test("a text is cut between words, never inside a number or a link", () => {
  assert.deepEqual(units("Do **not** resend."), ["Do ", "not ", "resend."]);
  assert.deepEqual(units("Call +61 2 5550 0100 for help"), ["Call ", "+61 2 5550 0100 ", "for ", "help"]);
  assert.deepEqual(units("See [our help page](https://a.example/x), now"), [
    "See ",
    { text: "our help page", href: "https://a.example/x" },
    ", ",
    "now",
  ]);
  assert.deepEqual(units("[no](javascript:alert(1))"), ["[no](javascript:alert(1))"]);
});

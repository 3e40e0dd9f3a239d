// Feeds, answers and tables for the tests.

import { readFileSync } from "node:fs";

import { Browser } from "./browser.mjs";

/** A table of `notice/vectors`. */
export const table = (name) =>
  JSON.parse(readFileSync(new URL(`../../../notice/vectors/${name}.json`, import.meta.url), "utf8"));

/** A time in hours since 1970. */
export const hours = (text) => Date.parse(text) / 36e5;

/** An answer with an empty feed; `changes` overrides its fields. */
export const quiet = (changes = {}) => ({
  body: { v: 1, site: "acme", rev: 5, poll_after_s: 30, notices: [], ...changes },
  headers: { "Allclear-Confirmed-At": "2026-11-21T12:00:00Z", Date: "Sat, 21 Nov 2026 12:00:00 GMT" },
});

/** An error answer, with `Retry-After` if `retry` is given, in seconds. */
export const failing = (retry) => ({ status: 503, body: "{}", headers: retry ? { "Retry-After": String(retry) } : {} });

/** A notice for all pages. */
export const major = { id: "inc_1", kind: "incident", in_app: "bar", impact: "major", attention: 1, restored: null, audience: {} };

/** Opens the only page of a new browser. */
export const open = (options) => {
  const browser = new Browser();
  const page = browser.open(options);
  return Object.assign(page, { browser, pass: (milliseconds) => browser.pass(milliseconds) });
};

/** Answers that a test gives later: `give(answer)` answers the oldest pending request. */
export const slow = () => {
  const waiting = [];
  return { answers: [() => new Promise((resolve) => waiting.push(resolve))], give: (answer) => waiting.shift()(answer) };
};

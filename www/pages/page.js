// Refreshes an open status page, and formats times in the reader's time zone. The page is complete without this script.

import { Idiomorph } from "idiomorph";
import { applyAudience } from "./audience.js";
import { localise } from "./times.js";
import { afterAnswer, afterFailure, onReturn } from "./schedule.js";

const TIMEOUT_MS = 8000;

const { stale, offline } = document.body.dataset;
const freshness = document.getElementById("freshness");
const locale = document.documentElement.lang;
let confirmed = new Date();
let etag = "";
let failures = 0;
let nextPoll = 0;
let timer = 0;
let isPolling = false;

const enhance = (root) => {
  if (document.body.classList.contains("bare")) applyAudience(root);
  localise(root, locale);
};

// Morphs the page, so that unchanged elements keep the focus, the scroll position and the state of `<details>`.
const replaceContent = (html) => {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const [main, next] = [document, fresh].map((page) => page.querySelector("main"));
  if (!next) throw new Error("the answer is not this page");
  enhance(fresh);
  document.title = fresh.title;
  document.body.dataset.poll = fresh.body.dataset.poll;
  Idiomorph.morph(main, next, {
    restoreFocus: true,
    callbacks: {
      beforeAttributeUpdated: (name, node) => !(name === "open" && node.localName === "details"),
    },
  });
};

// Shows that the page could not be confirmed, with the time of the last confirmation in place of %. Empty while it is current.
const showFreshness = (sentence) => {
  const line = document.createElement("p");
  if (sentence) {
    const time = document.createElement("time");
    time.dateTime = confirmed.toISOString();
    const [before, after] = sentence.split("%");
    line.append(before, time, after);
    localise(line, locale);
  }
  if (line.textContent !== freshness.textContent) freshness.replaceChildren(...line.childNodes);
};

const poll = async () => {
  isPolling = true;
  let retryAfter = 0;
  try {
    const signal = AbortSignal.timeout?.(TIMEOUT_MS);
    const answer = await fetch(location.href.split("#")[0], { cache: "no-cache", signal });
    retryAfter = Number(answer.headers.get("retry-after")) || 0;
    if (!answer.ok) throw new Error(answer.status);
    const tag = answer.headers.get("etag");
    const html = await answer.text();
    if (!tag || tag !== etag) replaceContent(html);
    etag = tag ?? "";
    confirmed = new Date(answer.headers.get("allclear-confirmed-at") ?? Date.now());
    failures = 0;
    // A page without an entity tag is a cached one that the service could not confirm.
    showFreshness(tag ? "" : stale);
    enhance(document);
    nextPoll = afterAnswer(Date.now(), Number(document.body.dataset.poll), Math.random());
  } catch {
    failures += 1;
    if (failures > 1 || !navigator.onLine) showFreshness(navigator.onLine ? stale : offline);
    nextPoll = afterFailure(Date.now(), failures, retryAfter, Math.random());
  }
  isPolling = false;
  schedule();
};

// Starts the timer for the next poll. A hidden page does not poll.
const schedule = () => {
  clearTimeout(timer);
  if (isPolling || document.hidden) return;
  timer = setTimeout(poll, Math.max(0, nextPoll - Date.now()));
};

const pollSoon = () => {
  nextPoll = Math.min(nextPoll, onReturn(Date.now(), Math.random()));
  schedule();
};

enhance(document);
nextPoll = afterAnswer(Date.now(), Number(document.body.dataset.poll), Math.random());
schedule();
document.addEventListener("visibilitychange", pollSoon);
addEventListener("online", pollSoon);
addEventListener("offline", pollSoon);
addEventListener("pageshow", ({ persisted }) => persisted && pollSoon());
addEventListener("hashchange", () => enhance(document));

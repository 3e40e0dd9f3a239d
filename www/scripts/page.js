// What keeps a status page fresh while it is open, and says times in the reader's own zone. The page is whole without it.

import { Idiomorph } from "idiomorph";
import { choose } from "./audience.js";
import { localise } from "./times.js";
import { afterAnswer, afterFailure, soon } from "./rhythm.js";

const { stale, offline } = document.body.dataset;
const freshness = document.getElementById("freshness");
const locale = document.documentElement.lang;
let confirmed = new Date();
let etag = "";
let failures = 0;
let due = 0;
let timer = 0;
let busy = false;

const dress = (root) => {
  if (document.body.classList.contains("bare")) choose(root);
  localise(root, locale);
};

// The reader's focus, place and opened folds stay: what is the same stays the same element.
const swap = (text) => {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const [main, next] = [document, fresh].map((page) => page.querySelector("main"));
  if (!next) throw new Error("this is not the page");
  dress(fresh);
  document.title = fresh.title;
  document.body.dataset.poll = fresh.body.dataset.poll;
  Idiomorph.morph(main, next, {
    restoreFocus: true,
    callbacks: {
      beforeAttributeUpdated: (name, node) => !(name === "open" && node.localName === "details"),
    },
  });
};

// Silent while it is sure. Told apart: the reader is offline, or we cannot be reached.
const say = (sentence) => {
  const line = document.createElement("p");
  if (sentence) {
    const moment = document.createElement("time");
    moment.dateTime = confirmed.toISOString();
    const [before, after] = sentence.split("%");
    line.append(before, moment, after);
    localise(line, locale);
  }
  if (line.textContent !== freshness.textContent) freshness.replaceChildren(...line.childNodes);
};

const ask = async () => {
  busy = true;
  let retry = 0;
  try {
    const answer = await fetch(location.href.split("#")[0], { cache: "no-cache", signal: AbortSignal.timeout?.(8000) });
    retry = Number(answer.headers.get("retry-after")) || 0;
    if (!answer.ok) throw new Error(answer.status);
    const tag = answer.headers.get("etag");
    const text = await answer.text();
    if (!tag || tag !== etag) swap(text);
    etag = tag ?? "";
    confirmed = new Date(answer.headers.get("allclear-confirmed-at") ?? Date.now());
    failures = 0;
    // A page without a tag is one that the service itself could not confirm.
    say(tag ? "" : stale);
    dress(document);
    due = afterAnswer(Date.now(), Number(document.body.dataset.poll), Math.random());
  } catch {
    failures += 1;
    if (failures > 1 || !navigator.onLine) say(navigator.onLine ? stale : offline);
    due = afterFailure(Date.now(), failures, retry, Math.random());
  }
  busy = false;
  wait();
};

// Hidden, it rests.
const wait = () => {
  clearTimeout(timer);
  if (busy || document.hidden) return;
  timer = setTimeout(ask, Math.max(0, due - Date.now()));
};

const hurry = () => {
  due = Math.min(due, soon(Date.now(), Math.random()));
  wait();
};

dress(document);
due = afterAnswer(Date.now(), Number(document.body.dataset.poll), Math.random());
wait();
document.addEventListener("visibilitychange", hurry);
addEventListener("online", hurry);
addEventListener("offline", hurry);
addEventListener("pageshow", ({ persisted }) => persisted && hurry());
addEventListener("hashchange", () => dress(document));

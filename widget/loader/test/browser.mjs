// A fake browser: pages of one origin with a fake clock, network, storage, locks and channels.

import { readFileSync } from "node:fs";
import vm from "node:vm";

import { handover } from "../handover.js";

const source = readFileSync(new URL("../embed.js", import.meta.url), "utf8").replace(
  "return import(href)",
  "return __import(href)",
);
const RealDate = Date;
/** Time that the loader waits for an answer, in milliseconds. */
const REQUEST_TIMEOUT = 8e3;
const turn = () => new Promise((resolve) => setImmediate(resolve));
/** Waits for eight turns of the event loop, in which pending promises and immediates run. */
const settle = async () => {
  for (let turns = 0; turns < 8; turns++) await turn();
};

/** An element or document. Node has no `initCustomEvent`. */
class Target extends EventTarget {
  createEvent = () => ({
    initCustomEvent(name, bubbles, cancelable, detail) {
      this.event = new CustomEvent(name, { bubbles, cancelable, detail });
    },
  });
  dispatchEvent(event) {
    return super.dispatchEvent(event.event || event);
  }
}

/** One clock, storage, locks and channels, which the pages share. */
export class Browser {
  now = RealDate.parse("2026-11-21T12:00:00Z");
  /** Time by which the computer's clock, which `Date` reads, is ahead of `now`, in milliseconds. */
  ahead = 0;
  storage = {};
  timers = new Map();
  count = 0;
  locks = new Map();
  channels = new Set();

  /** Advances the clock, and runs the timers that are due. */
  async pass(milliseconds) {
    const end = this.now + milliseconds;
    for (;;) {
      await settle();
      const [next] = [...this.timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at);
      if (!next) break;
      this.timers.delete(next[0]);
      this.now = Math.max(this.now, next[1].at);
      next[1].task();
    }
    this.now = end;
    await settle();
  }

  /** `navigator.locks.request`: the browser itself is the `navigator.locks` of its pages. */
  request(name, { signal }, hold) {
    const wait = { hold };
    const promise = new Promise((resolve, reject) => Object.assign(wait, { resolve, reject }));
    const queue = this.locks.get(name) || [];
    this.locks.set(name, [...queue, wait]);
    signal.addEventListener("abort", () => {
      const left = this.locks.get(name);
      if (!wait.held && left.includes(wait)) {
        this.locks.set(name, left.filter((other) => other !== wait));
        wait.reject(signal.reason);
      }
    });
    this.grant(name);
    return promise;
  }
  async grant(name) {
    const [first] = this.locks.get(name);
    if (!first || first.held) return;
    first.held = true;
    await turn();
    await first.hold({ name });
    this.locks.set(name, this.locks.get(name).slice(1));
    first.resolve();
    this.grant(name);
  }

  /**
   * Opens a page with a script tag. Options:
   *
   * * `answers`: the answers to the page's requests, in order, or functions that return one; the last one is repeated
   * * `plain`: whether the page gets the plain card, which does not poll by itself
   * * `before`: global variables of the page before the loader runs
   * * `url`: the script's URL in stack traces
   * * `replacement`: a script of the page that runs before the loader, and replaces functions of the browser
   * * `readyState`: the document's `readyState`
   * * `importing`: a promise that imports wait for
   * * `contained`: makes the script the loader of a site: the object that the server inserts into that loader. If it has `feeds`,
   *   feeds by language tag, its function `open` is made of them
   * * `timings`: the entries of Resource Timing with the script's URL; their times are in milliseconds after this call
   *
   * Returns the page. It records `requests`, `imports`, `warnings`, `handoffs`, `events` and `replacements`, the number of cards
   * that broke and were replaced. A test may set `refused`, the prefix of the URLs whose import fails, or "the plain card" if
   * loading that card fails.
   */
  open({
    attributes = { site: "acme" },
    query = "",
    address = "https://host.example/app",
    answers = [],
    blocked = false,
    locks = this,
    hidden = false,
    random = () => 0.5,
    stored = this.storage,
    slots = [],
    plain = false,
    before = {},
    script = { src: `https://status.example/embed.js${query}`, dataset: attributes },
    url = script.src,
    scripts = [],
    readyState = "complete",
    importing = undefined,
    replacement = "",
    contained = undefined,
    timings = [],
  } = {}) {
    const browser = this;
    const seen = { requests: [], imports: [], warnings: [], handoffs: [], events: [], replacements: 0, ready: 0, random };
    class Clock extends RealDate {
      constructor(...given) {
        super(...(given.length ? given : [Clock.now()]));
      }
      static now() {
        return browser.now + browser.ahead;
      }
    }
    const document = Object.assign(new Target(), {
      currentScript: script,
      documentElement: { lang: "de-AT" },
      hidden,
      readyState,
      scripts,
      createElement: () => new Target(),
      querySelectorAll: () => slots.map((slot) => ({ dataset: { allclearSlot: slot } })),
    });
    const listeners = [];
    document.addEventListener = (...given) => {
      listeners.push(given);
      EventTarget.prototype.addEventListener.apply(document, given);
    };
    const observers = [];
    /** Watches the children of the root element. */
    class Observer {
      constructor(look) {
        this.look = look;
      }
      observe = () => observers.push(this);
      disconnect = () => observers.splice(observers.indexOf(this), 1);
    }
    // Events bubble from the document to the window.
    const window = { addEventListener: (...given) => document.addEventListener(...given), ...before };
    const channels = this.channels;
    class Channel {
      constructor(name) {
        this.name = name;
        channels.add(this);
      }
      postMessage(data) {
        if (!channels.has(this)) throw new Error("closed");
        const copy = JSON.stringify(data);
        for (const other of channels) {
          if (other === this || other.name !== this.name) continue;
          setImmediate(() => channels.has(other) && copy && other.onmessage({ data: JSON.parse(copy) }));
        }
      }
      close() {
        channels.delete(this);
      }
    }
    const opened = browser.now;
    const entries = timings.map(({ startTime, responseStart, ...entry }) => ({
      startTime: opened + startTime,
      responseStart: opened + responseStart,
      ...entry,
    }));
    // The navigation began when `now` was 0, so that the monotonic clock always equals `now`.
    const performance = {
      now: () => browser.now,
      timeOrigin: browser.ahead,
      getEntriesByName: (name, type) => (name === url && type === "resource" ? [...entries] : []),
    };
    const context = vm.createContext(
      Object.assign(window, {
        window,
        document,
        AbortController,
        BroadcastChannel: Channel,
        Date: Clock,
        Math: Object.assign(Object.create(Math), { random: () => seen.random() }),
        URLSearchParams,
        __VERSION__: "test",
        __INTEGRITY__: "",
        __SITE__: !!contained,
        __CONTAINED__: contained?.feeds
          ? {
              ...contained,
              open: () => ({
                feed: (tag) => contained.feeds[tag],
                rules: (url) => {
                  seen.rulesUrl = url;
                  return { default: (...given) => startHandover(...given) };
                },
              }),
            }
          : contained,
        performance,
        console: { warn: (...texts) => seen.warnings.push(texts.join(" ")) },
        location: Object.assign(new URL(address), {}),
        navigator: { language: "en-AU", locks },
        setTimeout: (task, delay = 0, ...given) => {
          // `now` has steps of 0.0002 ms: a smaller delay would be lost.
          const at = browser.now + (delay > 0 ? Math.max(delay, 1e-3) : 0);
          const timer = { page: seen, task: () => task(...given), at, isTimeout: delay === REQUEST_TIMEOUT };
          browser.timers.set(++browser.count, timer);
          return browser.count;
        },
        clearTimeout: (id) => browser.timers.delete(id),
        fetch: async (url, options) => {
          seen.requests.push({ url, options, at: browser.now });
          const next = answers.length > 1 ? answers.shift() : answers[0];
          const answer = typeof next === "function" ? await next() : next;
          await turn();
          if (!answer) throw new TypeError("refused");
          const { status = 200, headers = {}, body } = answer;
          return {
            ok: status < 300,
            status,
            headers: new Headers(headers),
            json: async () => JSON.parse(typeof body === "string" ? body : JSON.stringify(body)),
          };
        },
        __import: async (url) => {
          seen.imports.push(url);
          await importing;
          if (url.startsWith(seen.refused)) throw new TypeError("refused");
          const preview = async (url, _, impact) => {
            return { ok: true, headers: new Headers(), json: async () => seen.preview(impact) };
          };
          return { default: (...given) => startHandover(...given), fetch: preview };
        },
      }),
    );
    Object.assign(globalThis, { Date: Clock, performance });
    // The default export of the fake `rules.js`: the real hand-over, with fake cards.
    const startHandover = (...given) => {
      // The hand-over's timer uses the fake clock.
      const { setTimeout } = globalThis;
      globalThis.setTimeout = window.setTimeout;
      globalThis.document = document;
      globalThis.MutationObserver = Observer;
      const first = async ({ emit, rules, record, storage }, onBroken) => {
        Object.assign(seen, { onBroken, record, rules, emit, storage });
        return (ask, ...polling) => {
          seen.handoffs.push(polling);
          seen.ask = ask;
          return [(name) => seen.events.push(name), !plain];
        };
      };
      const second = async () => {
        await turn();
        if (seen.refused === "the plain card") throw new TypeError("refused");
        seen.replacements++;
        return () => [(name) => seen.events.push("plain: " + name)];
      };
      const next = handover(first, second)(...given);
      globalThis.setTimeout = setTimeout;
      return (answer) => {
        globalThis.document = document;
        globalThis.location = window.location;
        // The hand-over sets its timer within a microtask.
        globalThis.setTimeout = window.setTimeout;
        setImmediate(() => (globalThis.setTimeout = setTimeout));
        return next(answer);
      };
    };
    Object.defineProperty(window, "localStorage", {
      get() {
        if (blocked) throw new Error("blocked");
        return stored;
      },
    });
    document.addEventListener("allclear:ready", () => seen.ready++);
    vm.runInContext(replacement, context);
    vm.runInContext(source, context, { filename: url });
    const happens = (type) => document.dispatchEvent(new Event(type));
    return Object.assign(seen, {
      window,
      document,
      hide() {
        document.hidden = true;
        happens("visibilitychange");
      },
      show() {
        document.hidden = false;
        happens("visibilitychange");
      },
      /** Parses more of the page: `parts` are the properties of `document` that change. */
      parse(parts) {
        Object.assign(document, parts);
        [...observers].forEach((observer) => observer.look([], observer));
        if (parts.readyState) happens("DOMContentLoaded");
      },
      leave: () => happens("pagehide"),
      comesOnline: () => happens("online"),
      /** `document.open` of the page: removes all listeners. */
      openDocument() {
        for (const [type, listener] of listeners.splice(0)) document.removeEventListener(type, listener);
      },
      /** The time until the next timer of any page is due, in milliseconds. Timeouts of requests do not count. */
      next: () =>
        Math.min(...[...browser.timers.values()].filter(({ isTimeout }) => !isTimeout).map(({ at }) => at)) - browser.now,
      /** Stops the page's timers, while the page keeps its lock. */
      hang() {
        for (const [id, { page }] of browser.timers) if (page === seen) browser.timers.delete(id);
      },
    });
  }
}

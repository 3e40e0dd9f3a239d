// A browser made of fakes: pages of one origin, with the clock, the network and each other in the test's hands.

import { readFileSync } from "node:fs";
import vm from "node:vm";

const source = readFileSync(new URL("embed.js", import.meta.url), "utf8").replace(
  "return import(href)",
  "return __import(href)",
);
const turn = () => new Promise((resolve) => setImmediate(resolve));
/** Lets everything come to rest that does not wait for the clock. */
const settle = async () => {
  for (let turns = 0; turns < 8; turns++) await turn();
};

/** A browser: one clock, one storage, locks and channels that its pages share. */
export class Browser {
  now = Date.parse("2026-11-21T12:00:00Z");
  /** How far this computer's clock is ahead of the world's, in milliseconds. */
  ahead = 0;
  storage = {};
  timers = new Map();
  count = 0;
  locks = new Map();
  channels = new Set();

  /** Lets `milliseconds` pass, timer by timer. */
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

  /** `navigator.locks`. */
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
   * A page with a script tag; `answers` are given to its requests in turn, the last one for ever, or made by a function. What happens to it is
   * written down in `requests`, `imports`, `warnings`, `handoffs` and `told`.
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
    kept = this.storage,
    slots = [],
    plain = false,
    before = {},
    script = { src: `https://status.example/embed.js${query}`, dataset: attributes },
    tag = null,
  } = {}) {
    const browser = this;
    const seen = { requests: [], imports: [], warnings: [], handoffs: [], told: [], replaced: 0, ready: 0, random };
    class Clock extends Date {
      static now() {
        return browser.now + browser.ahead;
      }
    }
    const document = Object.assign(new EventTarget(), {
      currentScript: script,
      documentElement: { lang: "de-AT" },
      hidden,
      readyState: "complete",
      querySelector: () => tag,
      querySelectorAll: () => slots.map((slot) => ({ dataset: { allclearSlot: slot } })),
    });
    // What the document is told reaches the window.
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
    const context = vm.createContext(
      Object.assign(window, {
        window,
        document,
        AbortController,
        AbortSignal: { timeout: () => new AbortController().signal },
        BroadcastChannel: Channel,
        CustomEvent,
        Date: Clock,
        Event,
        EventTarget,
        Math: Object.assign(Object.create(Math), { random: () => seen.random() }),
        URL,
        __VERSION__: "test",
        __INTEGRITY__: "",
        performance: { now: () => browser.now },
        console: { warn: (text) => seen.warnings.push(text) },
        location: Object.assign(new URL(address), {}),
        navigator: { language: "en-AU", locks },
        setTimeout: (task, delay = 0, ...given) => {
          const timer = { page: seen, task: () => task(...given), at: browser.now + (delay && Math.max(delay, 1e-3)) };
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
            headers: new Headers(headers),
            json: async () => JSON.parse(typeof body === "string" ? body : JSON.stringify(body)),
          };
        },
        __import: async (url) => {
          seen.imports.push(url);
          if (url.startsWith(seen.refused)) throw new TypeError("refused");
          const preview = async (impact) => new Response(JSON.stringify(seen.preview(impact)));
          return { default: (...given) => rules(...given), preview };
        },
      }),
    );
    // The rules are real, but for the card that they bring.
    const rules = (...given) => {
      // Its timer is of this clock as well.
      const { setTimeout } = globalThis;
      globalThis.setTimeout = window.setTimeout;
      const first = async ({ emit, rules: asked, record, storage }, broke) => {
        Object.assign(seen, { broke, record, asked, emit, storage });
        return (ask, ...standing) => {
          seen.handoffs.push(standing);
          seen.ask = ask;
          return [(name) => seen.told.push(name), !plain];
        };
      };
      const second = async () => {
        await turn();
        if (seen.refused === "the plain card") throw new TypeError("refused");
        seen.replaced++;
        return () => [(name) => seen.told.push("plain: " + name)];
      };
      const next = bringer(first, second)(...given);
      globalThis.setTimeout = setTimeout;
      return (kept) => {
        globalThis.document = document;
        globalThis.location = window.location;
        return next(kept);
      };
    };
    Object.defineProperty(window, "localStorage", {
      get() {
        if (blocked) throw new Error("blocked");
        return kept;
      },
    });
    document.addEventListener("allclear:ready", () => seen.ready++);
    vm.runInContext(source, context);
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
      leave: () => happens("pagehide"),
      comesOnline: () => happens("online"),
      /** When the loader looks again, in milliseconds from now. */
      next: () => Math.min(...[...browser.timers.values()].map(({ at }) => at)) - browser.now,
      /** It does nothing more, and lets go of nothing. */
      hang() {
        for (const [id, { page }] of browser.timers) if (page === seen) browser.timers.delete(id);
      },
    });
  }
}

globalThis.__HASHES__ = {};
const { bringer } = await import("./rules.js");

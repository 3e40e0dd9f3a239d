// Allclear's loader: what every page pays, outage or not. At most 2,048 bytes, minified and compressed.
//
// It asks for the feed, and as long as there is no notice in it that is all it does. When there is one, it imports
// `rules.js`, which knows whom a notice is for and brings the card. While the Yew card polls by itself, this file only
// sends its requests, and keeps its own due time up to date: where the plain card is drawn, also in place of a Yew card
// that broke, this file polls. It never throws into its host's page and leaves nothing there but `Allclear`.
//
// One tab asks for all tabs of the origin that are in view: whoever holds the Web Lock asks at once, and says on the
// channel what came of it. Who hears that counts it as an answer of its own, but waits 8 to 10 s longer than the asker
// for the next: so a tab that asks no more, whyever, is followed by another, and it takes no word about who leads. Tabs
// out of view are silent and deaf.
//
// When to ask whom is the rule of `notice::polling`; `notice/vectors/polling.json` holds both to it.

let wrong = "site";
try {
  const queue = window.Allclear;
  // Included twice: the first one stays.
  if (!queue?.state) {
    // A module has no current script. One that is held to its hash is no module.
    const script = __INTEGRITY__
      ? document.currentScript
      : document.currentScript || document.querySelector("script[src*=embed]");
    const url = new URL(script.src);
    const options = { ...Object.fromEntries(url.searchParams), ...script.dataset };
    const [site] = options.site.match(/^[a-z\d][a-z\d-]{1,38}$/);
    wrong = "api";

    const origins = (options.api || url.origin).match(/https?:[^\s,]+/g).map((api) => new URL(api).origin);
    const address = location.href;
    let preview = /\Wallclear-preview=(\w+)/.exec(address)?.[1];
    const state = { stale: false, confirmed_at: null, shown: [], open: null, feed: null };
    const bus = new EventTarget();
    const mounts = new Map();
    const alive = new AbortController();
    let store = {}; // What a blocked storage cannot keep.
    let offset = 0; // The server's clock less ours, in milliseconds.
    let rev = 0;
    let origin = 0;
    let failures = 0;
    let away = 0; // Answers in a row from another origin than the first.
    let earliest = 0; // When the server lets us ask again,
    let due = 0; // and when we shall.
    let kept = {};
    let missed = 0; // How often an origin had the feed and not what draws it.
    let timer, busy, rules, channel, turn, last;

    try {
      if (options.storage !== "none") store = localStorage;
    } catch {}
    const storage = (name, value) => {
      name = `allclear:${site}:${name}`;
      try {
        if (value) store[name] = value = JSON.stringify(value);
      } catch {
        store = { ...store, [name]: value };
      }
      try {
        return Object(JSON.parse(store[name]));
      } catch {
        return {};
      }
    };
    // The whole tag only where the server tells varieties of a language apart: elsewhere it is nobody's business, and an
    // address more to cache.
    const language = () =>
      /^(?=zh|pt)[\w-]{1,38}|^[a-z]{1,38}/i.exec(options.lang || document.documentElement.lang || navigator.language);
    const clock = () => Date.now() + offset;
    const emit = (name, detail) => bus.dispatchEvent(new CustomEvent(name, { detail, cancelable: true }));
    const load = () => {
      const href = `${origins[(origin + missed) % origins.length]}/embed/${__VERSION__}/rules.js`;
      // The versioned loader takes none but the file that it was built with; that one checks the rest.
      if (__INTEGRITY__) {
        document.documentElement.append(
          Object.assign(document.createElement("link"), {
            rel: "modulepreload",
            integrity: __INTEGRITY__,
            nonce: script.nonce,
            href,
          }),
        );
      }
      return import(href);
    };

    // What came of a request, ours, another tab's, or one that was kept: `{ origin, failures, seconds }`, with the
    // `poll_after_s` of a feed and `{ feed, at, offset }`; or with how many failures in a row and a `Retry-After`.
    const take = (answer) => {
      const { feed } = answer;
      ({ origin, failures, offset = offset } = answer);
      origin %= origins.length;
      // The first moment of each hour of the last week, and of each day of the month before, in which we ran. In hours
      // since 1970, so that the whole part of a moment is its hour's number.
      const now = clock() / 36e5;
      const slot = (at) => (now - at < 168 ? at : at / 24) | 0;
      storage(
        "visits",
        [...Object.values(storage("visits")), now].filter(
          (at, index, all) => now - at < 744 && slot(at) !== slot(all[index - 1]),
        ),
      );
      if (feed?.rev >= rev) {
        Object.assign(state, { feed, confirmed_at: answer.at, stale: false });
        storage(`feed:${language()}`, (kept = answer));
        if (feed.rev > rev) emit("change", feed);
        rev = feed.rev;
      }
      return answer;
    };

    // One request. It always comes to an answer.
    const ask = async (origin) => {
      const answer = { origin, seconds: 0, failures: 0 };
      busy = 1;
      const asked = language() + preview;
      try {
        const response = await (preview
          ? (await load()).preview(preview, language())
          : fetch(`${origins[origin]}/v1/sites/${site}/feed?lang=${language()}`, {
              cache: "no-cache",
              credentials: "omit",
              referrerPolicy: "no-referrer",
              signal: AbortSignal.timeout?.(8e3),
            }));
        const { ok, headers } = response;
        answer.seconds = headers.get("retry-after") | 0;
        const feed = await response.json();
        if (!ok || !feed.notices.map || !(feed.poll_after_s >= 0)) throw 0;
        Object.assign(answer, {
          feed,
          seconds: feed.poll_after_s,
          at: headers.get("allclear-confirmed-at"),
          offset: Date.parse(headers.get("date")) - Date.now() || offset,
        });
      } catch {
        answer.failures = failures + 1;
      }
      // Meanwhile the page may have chosen otherwise: then nothing of this is wanted.
      if (asked !== language() + preview) return ask(origin);
      channel?.postMessage((last = answer));
      answered(take(answer), (busy = 0));
      return answer;
    };

    // Told the name of whatever happens. At first it looks whether there is anything to show, and brings the card; from
    // then on it is the card's own function.
    let control = async () => {
      try {
        if (state.open || kept.feed?.notices[0]) {
          rules ||= load().then((module) =>
            module.default(clock, emit, storage, options, api, mounts, alive, address, take),
          );
          control = (await (await rules)(kept)) || control;
          tick();
        }
      } catch {
        rules = 0;
        missed++; // Another origin may have them.
      }
    };

    // Sets when to ask next, by an answer of ours (`told` is 0) or of another tab (1), which then asks before us.
    const answered = ({ seconds }, told) => {
      control(`told ${origin} ${failures} ${seconds}`, told);

      const random = Math.random();
      const late = told || random;
      let pause = Math.max(1e3, Math.min(seconds * 1e3, 36e5));
      let likely = pause * (1 + late / 5);
      if (failures) {
        away = 0;
        origin = (origin + 1) % origins.length;
        likely = Math.max(pause, Math.min(2500 * 2 ** (failures / origins.length), 3e5)) * (1 + late / 2);
        if (failures % origins.length) {
          pause = 0;
          likely = 1e3 * late;
        }
      } else {
        away = origin && (away + 1) % 10;
        origin = away && origin;
      }
      // We ourselves have not asked, and may when nobody else does.
      if (failures >= told) earliest = performance.now() + pause;
      wake(likely + told * (8e3 + 2e3 * random));
    };

    const tick = () => {
      clearTimeout(timer);
      if (busy || document.hidden || alive.signal.aborted) return;
      // A card that polls by itself is given where polling stands, to begin with.
      if (control.polls?.(tick, ask, origins.length, origin, failures, due)) return;
      const wait = due - performance.now();
      if (wait > 0) timer = setTimeout(tick, wait);
      else ask(origin);
    };
    const wake = (delay) => {
      due = Math.max(earliest, performance.now() + delay);
      tick();
    };
    const soon = () => wake(2e3 * Math.random());

    const leave = () => {
      turn?.abort();
      channel &&= channel.close();
    };
    const join = () => {
      leave();
      if (preview || document.hidden || alive.signal.aborted) return;
      kept = storage(`feed:${language()}`);
      control("");
      const mine = (turn = new AbortController());
      const name = `allclear:${site}:${language()}`;
      // Ours until we leave: to be asked for by every tab that is new.
      const lead = () => {
        if (!mine.signal.aborted) {
          control("lead");
          wake(0);
        }
        return new Promise((end) => (mine.signal.onabort = end));
      };
      try {
        navigator.locks.request(name, mine, lead).catch(lead);
        channel = new BroadcastChannel(name);
        channel.onmessage = ({ data }) => {
          if (data) answered(take(data), 1);
          else if (mine.signal.onabort) channel.postMessage(last);
        };
        channel.postMessage(0);
      } catch {
        lead();
      }
      soon();
    };

    const api = (window.Allclear = {
      state,
      configure(changes) {
        Object.assign(options, changes);
        control("configure");
        if (changes?.lang) {
          join();
          last = 0;
          rev--; // The same in other words is a change.
          api.refresh();
        }
      },
      open(id) {
        state.open = id;
        control("open");
      },
      on(name, listener) {
        const listening = new AbortController();
        bus.addEventListener(name, (event) => listener?.call?.(api, event.detail, event), listening);
        return () => listening.abort();
      },
      mount(element, given) {
        mounts.set(element, given?.components);
        control("mount");
        return () => {
          mounts.delete(element);
          control("mount");
        };
      },
      preview(impact = "major") {
        preview = impact;
        store = {};
        leave();
        api.refresh();
      },
      refresh() {
        due = failures && earliest;
        control("refresh");
        tick();
      },
      destroy() {
        alive.abort();
        rev = 1 / 0; // What is still under way comes to nothing.
        leave();
        control("destroy");
        delete window.Allclear;
      },
      push(call) {
        try {
          api[call[0]](...call.slice(1));
        } catch {}
      },
    });

    // After the page's own work, but never later than a second: in an outage `load` may not come.
    const begin = () => turn || (preview ? api.preview(preview) : join());
    const idle = () => (window.requestIdleCallback || setTimeout)(begin);
    addEventListener("visibilitychange", join, alive);
    addEventListener("pagehide", leave, alive);
    addEventListener("online", soon, alive);
    setTimeout(begin, 1000);
    addEventListener("DOMContentLoaded", idle, alive);
    if (document.readyState[7]) idle(); // Longer than "loading".

    try {
      queue.forEach(api.push);
    } catch {} // It was no queue.
    document.dispatchEvent(new CustomEvent("allclear:ready"));
  }
} catch {
  console.warn(`Allclear: data-${wrong} is missing or malformed`);
}

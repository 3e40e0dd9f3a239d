// The loader, which every page runs. Together with an empty feed it is at most 2,048 bytes, minified and compressed. Texts are
// concatenated, because template literals are 6 bytes more.
//
// It requests the feed. While the feed is empty it does nothing else. When the feed holds a notice, it imports `rules.js`, which
// decides whether this page shows it, and starts a card. A Yew card polls by itself, through this file's `ask`; this
// file then only keeps its own due time up to date. With a plain card, also one that replaced a Yew card, this file polls.
// It never throws to the page, and its only global variable is `Allclear`.
//
// One tab, the leader, requests the feed for all visible tabs of the origin in the same language: the tab that holds the Web Lock.
// It posts each answer on a broadcast channel. The other tabs use it as their own answer, and schedule their next request 8 to 10 s
// after the leader's latest possible one. If the leader stops for any reason, another tab takes over without an election.
// Hidden tabs send no requests and do not listen.
//
// The schedule is that of `notice::browser::polling`; `notice/vectors/polling.json` tests both.
//
// A page may have variables of its own with the names of the browser's classes and functions, or replace them at any time. So
// this file uses few of them: events of an element in place of EventTarget and CustomEvent, `await` in place of `then`, objects
// with a method `then` in place of Promise, `new Date` in place of `Date.parse` and `Date.now`, regular expressions in place of
// URL. Some it reads from `window`, whose properties such variables do not hide. If an answer cannot be handled all the same, it
// ends itself together with the card, because the card would show what may be over.

try {
  const queue = window.Allclear;
  // Does nothing if the script has run already. Does nothing either if the page has replaced `match` by something that does not
  // work: the options could not be read, and a warning about them would be wrong.
  if (!queue?.state && "site".match("site") == "site") {
    /** The parts of a URL: without query and fragment, and the query. */
    const parts = (url) => url.split(/[?#]/);
    // In a module, `currentScript` is null, and only a stack trace has this file's URL; without its query in Safari. Other scripts
    // may have the same file name. A script with an integrity hash is not a module.
    let script = document.currentScript;
    let src = script?.src;
    try {
      __INTEGRITY__ || script || src();
    } catch ({ stack }) {
      [src] = stack.match(/http\S+(?=:\d+:)/);
      // There is none if another module imports this file.
      script = [...document.scripts].find((one) => parts(one.src)[0] === parts(src)[0]);
      src = script?.src || src;
    }
    const options = Object.assign(Object.fromEntries(new URLSearchParams(parts(src)[1])), script?.dataset);
    // The object that the server inserts into the loader of a site: see `edge/src/cache/site_loader/composition.rs`.
    const contained = __CONTAINED__;
    const site = __SITE__ ? contained.site : options.site?.match(/^\w[\w-]+$/)?.[0];
    const origins = (options.api || src)?.match(/https?:..[^\s,/?#]+/g);
    let warn = (name) => console.warn("Allclear: check data-" + name, options[name]);
    if (!site || !origins) throw warn(site ? "api" : "site");

    const address = location.href;
    let preview = address.match(/\Wallclear-preview=(\w+)/)?.[1];
    const state = { feed: null, confirmed_at: null, stale: false, shown: [], open: null };
    const bus = document.createElement("a");
    const mounts = [];
    const alive = new window.AbortController();
    let store = {}; // `localStorage`, or an object when it is blocked.
    let origin = 0;
    let failures = 0;
    let away = 0; // Consecutive answers of another origin than the first.
    let earliest = 0; // The earliest time of the next request that the server allows, by the monotonic clock.
    let due = 0; // The time of the next request.
    let stored = {}; // The stored answer of an earlier visit.
    let missed = 0; // Number of failed loads of `rules.js` or a card.
    // `turn` ends this tab's leadership, or its wait for the lock; `asking` is the promise of the request in progress; `last` is the
    // last answer that this tab has posted; `joined` is the language of the lock and the channel.
    let rules, channel, turn, timer, asking, last, joined;
    let opened; // The rules and the notices that the loader of a site contains.
    let received; // The time at which the browser received it, in milliseconds since 1970; undefined if it may be an older copy.
    let isFirst = __SITE__; // Whether no answer was requested yet, or used without a request.
    let known; // The first answer, if it needs no request.

    if (__SITE__) {
      try {
        opened = contained.open?.();
        // Without an entry, the page has cleared its timings or filled their buffer. An entry of size 0 is from a cache, and a
        // service worker may replay any copy. Each entry is checked: while a cache revalidates an old copy, there is a second one.
        const entries = window.performance.getEntriesByName(src, "resource");
        const isNew = (entry) => entry.transferSize > 0 && !entry.workerStart && entry.startTime > 0;
        if (entries.every(isNew)) received = window.performance.timeOrigin + entries.pop().responseStart;
      } catch {}
    }

    try {
      if (options.storage !== "none" && !preview) store = localStorage;
    } catch {}
    const storage = (name, value) => {
      name = "allclear:" + site + ":" + name;
      try {
        if (value) store[name] = value = JSON.stringify(value);
      } catch {
        store = { ...store, [name]: value };
      }
      try {
        value = JSON.parse(store[name]);
      } catch {}
      return Object(value);
    };
    // The page's language tag, unchanged: the server chooses the language of the feed.
    const language = () => ("" + (options.lang || document.documentElement?.lang || navigator.language || "")).slice(0, 35);
    const load = () => {
      const href = origins[(origin + missed) % origins.length] + "/embed/" + __VERSION__ + "/rules.js";
      if (__SITE__ && opened) return (async () => opened.rules(href))();
      // The pinned loader checks the hash of `rules.js`, which checks the other files.
      if (__INTEGRITY__) {
        document.documentElement.append(
          Object.assign(document.createElement("link"), {
            rel: "modulepreload",
            integrity: __INTEGRITY__,
            nonce: script?.nonce,
            href,
          }),
        );
      }
      return import(href);
    };

    // The language and the preview that the page wants. Answers to requests for others are dropped.
    const wanted = () => language() + preview;

    // Accepts the answer to a request of this tab (`isShared` is 0) or another tab (1), and schedules the next request. An answer
    // is `{ origin, failures, seconds, offset, lang }`; `offset` is the server's clock minus this computer's, in milliseconds,
    // and `lang` is `wanted()` at the request. With a feed there are `{ feed, at, age }`: the time of its confirmation, and the
    // header Age. After a failure, `seconds` is the `Retry-After`, and `failures` counts failures in a row. The hand-over corrects
    // `state` when an answer is old: see `server_clock.js`. An answer that needed no request has `elapsed`, its age in milliseconds.
    const receive = (answer, isShared) => {
      const feed = answer.feed;
      const before = state.feed;
      if (alive.signal.aborted || answer.lang !== wanted()) return;
      ({ origin, failures } = answer);
      origin %= origins.length;
      // Visits: the first time in each hour of the last week, and in each day of the month before. In hours since 1970, so
      // that the integer part is the number of the hour.
      const now = (+new Date() + answer.offset) / 36e5;
      const slot = (at) => (at / (now - at < 168 || 24)) | 0; // `true` divides like 1.
      storage(
        "visits",
        [...Object.values(storage("visits")), now].filter(
          (at, index, all) => now - at < 744 && slot(at) !== slot(all[index - 1]),
        ),
      );
      if (feed?.rev >= (before?.rev || 0)) {
        Object.assign(state, { feed, confirmed_at: answer.at, stale: false });
        storage("feed:" + language(), (stored = answer));
        if (feed.rev !== before?.rev || feed.lang !== before.lang) emit("change", feed);
      }
      control("polled", isShared, answer);

      const random = Math.random();
      const late = isShared || random;
      let pause = Math.max(1e3, Math.min(answer.seconds * 1e3, 36e5));
      let likely = pause * (1 + late / 5);
      if (failures) {
        away = 0;
        origin = (origin + 1) % origins.length;
        if (failures % origins.length) likely = 1e3 * late - (pause = 0);
        else likely = Math.max(pause, Math.min(2500 * 2 ** (failures / origins.length), 3e5)) * (1 + late / 2);
      } else {
        away = origin && (away + 1) % 10;
        origin = away && origin;
      }
      // An answer to another tab's request does not delay the earliest request of this tab; a failure does.
      if (isShared <= failures) earliest = window.performance.now() + (__SITE__ ? pause - (answer.elapsed || 0) : pause);
      wake((__SITE__ ? likely - (answer.elapsed || 0) : likely) + isShared * (8e3 + 2e3 * random));
    };

    // The feed that the loader of a site contains in the page's language, as an answer. Undefined if it contains none, or an
    // earlier page load has stored a newer one. A feed without notices is the same in each language, and comes without a time.
    const given = () => {
      const feed = contained.feed || opened?.feed(joined);
      if (feed && !(feed.rev < stored.feed?.rev)) {
        return {
          feed,
          age: 0,
          failures: 0,
          seconds: contained.isShortened ? 0 : feed.poll_after_s,
          at: new Date(contained.confirmed || received).toJSON(),
          offset: contained.at - received || 0,
          isUnknown: !received,
        };
      }
    };
    // The first answer, if no request is needed: the contained feed, if the browser received it within the feed's poll
    // interval; else the stored answer of an earlier page load, within that answer's poll interval. Ages are measured by this
    // computer's clock, so that a stored answer that a cache had replayed, or a wrong clock, leads to a request.
    const first = () => {
      const own = received && given();
      for (const [answer, since, seconds] of [
        [own, received, own?.feed?.poll_after_s],
        [stored, new Date(stored.at), stored.seconds],
      ]) {
        const age = new Date() - since;
        if (!preview && answer && !answer.isUnknown && age >= 0 && age <= seconds * 1e3) return { ...answer, elapsed: age };
      }
    };

    // Sends one request. Resolves after 8 s at the latest, and never rejects: to undefined if the loader has ended. An answer that
    // arrives later is used like the answer to a request of another tab. The request is not aborted, because a page's wrapper of
    // `fetch` may only have delayed it.
    const send = async (origin) => {
      try {
        const answer = { origin, seconds: 0, failures: failures + 1, offset: 0, lang: wanted() };
        let isLate;
        await {
          async then(end) {
            window.setTimeout(end, 8e3);
            if (joined !== language()) join();
            if (__SITE__) {
              isFirst = 0;
              if (known) {
                Object.assign(answer, known, { lang: answer.lang });
                known = 0;
                // In a separate task, because a page may add its listeners once the script has loaded.
                return window.setTimeout(end);
              }
            }
            try {
              const response = await (await (preview ? load() : window)).fetch(
                origins[origin] + "/v1/sites/" + site + "/feed?lang=" + encodeURIComponent(language()),
                // A preloaded answer is used only by a request of its mode, `same-origin`. An empty referrer sends none.
                { cache: "no-cache", credentials: "same-origin", referrer: "" },
                preview,
              );
              response.status === 404 && warn?.("site", (warn = null)); // Once.
              answer.seconds = response.headers.get("retry-after") | 0;
              const feed = await response.json();
              const age = response.headers.get("age") | 0;
              if (response.ok && feed.notices.map && feed.poll_after_s >= 0) {
                Object.assign(answer, {
                  feed,
                  age,
                  failures: 0,
                  seconds: feed.poll_after_s,
                  at: response.headers.get("allclear-confirmed-at"),
                  offset: new Date(response.headers.get("date") || "") - new Date() + age * 1e3 || 0,
                });
                if (isLate) receive(answer, 1);
              }
            } catch {}
            end();
          },
        };
        isLate = 1;
        if (answer.lang !== wanted()) return send(origin);
        // An answer that was used without a request is not posted: other tabs compare the server's clock, which it lacks.
        if (!__SITE__ || answer.elapsed === undefined) channel?.postMessage((last = answer));
        receive(answer, (asking = 0));
        return answer;
      } catch {
        api.destroy();
      }
    };
    // A card that starts while a request is in progress takes its answer.
    const ask = (origin) => (asking ||= send(origin));

    // Dispatches events to the card. At first it checks whether there is a notice to show, and loads the card; then it is
    // replaced by the dispatcher of `handover.js`.
    let control = async () => {
      try {
        if (state.open || stored.feed?.notices[0]) {
          rules ||= load().then((module) => module.default(emit, storage, options, api, mounts, alive, address, script));
          control = (await (await rules)(stored)) || control;
          tick();
        }
      } catch {
        rules = 0;
        missed++; // Try another origin.
      }
    };

    const wake = (delay) => {
      due = Math.max(earliest, window.performance.now() + delay);
      tick();
    };
    const soon = () => wake(2e3 * Math.random());
    const leave = () => {
      channel &&= channel.close();
      turn?.abort();
    };
    const tick = () => {
      window.clearTimeout(timer);
      // Added again each time, because `document.open` removes all listeners.
      window.addEventListener("visibilitychange", join, alive);
      window.addEventListener("pagehide", leave, alive);
      window.addEventListener("online", soon, alive);
      if (document.hidden || alive.signal.aborted) return;
      // The first call starts the card, which continues from this state of polling if it polls by itself.
      if (control.polls?.(tick, ask, origins.length, origin, failures, due)) return;
      const wait = due - window.performance.now();
      if (wait > 0) timer = window.setTimeout(ask, wait, origin);
      else ask(origin);
    };
    const join = () => {
      leave();
      if (document.hidden || alive.signal.aborted || preview) return tick();
      joined = language();
      stored = storage("feed:" + joined);
      if (__SITE__) known = isFirst && first();
      if (__SITE__ && known) stored = {};
      else {
        // A contained feed that is older than its poll interval, or of unknown age, is used like an answer of an earlier page load.
        const older = __SITE__ && !state.feed && opened && given();
        if (older && !(stored.at >= older.at)) stored = older;
        control("");
      }
      const own = (turn = new alive.constructor());
      const name = "allclear:" + site + ":" + joined;
      // Holds the lock until this tab is hidden or closed. A new leader requests the feed at once.
      const lead = () => {
        own.signal.aborted || wake(0, control("lead"));
        return { then: (end) => (own.signal.onabort = end) };
      };
      const lock = async () => {
        try {
          channel = new BroadcastChannel(name);
          channel.onmessage = ({ data }) => {
            try {
              if (data) receive(data, 1);
              else if (own.signal.onabort) channel.postMessage(last);
            } catch {
              api.destroy();
            }
          };
          channel.postMessage(0);
          await navigator.locks.request(name, own, lead);
        } catch {
          lead();
        }
      };
      lock();
      if (__SITE__ && known) wake(0);
      else soon();
    };

    const emit = (name, detail, target = bus) => {
      const event = document.createEvent("CustomEvent");
      event.initCustomEvent(name, 0, 1, detail);
      return target.dispatchEvent(event);
    };
    const api = (window.Allclear = {
      state,
      configure(changes) {
        Object.assign(options, changes);
        control("configure");
        if (changes?.lang) api.refresh();
      },
      open(id) {
        state.open = id;
        control("open");
      },
      on(name, listener) {
        const listening = new alive.constructor();
        bus.addEventListener(name, (event) => listener?.call?.(api, event.detail, event), listening);
        return () => listening.abort();
      },
      mount(...mounted) {
        mounts.push(mounted);
        control("mount");
        return () => {
          mounted.length = 0;
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
        join();
        control("destroy");
        delete window.Allclear;
      },
      push(call) {
        try {
          const [name, ...given] = call;
          api[name](...given);
        } catch {}
      },
    });

    join();
    emit("allclear:ready", 0, document);
    queue.forEach(api.push); // Throws if the page had another global variable of this name.
  }
} catch {} // Errors never reach the page, which then has no card.

// Allclear's loader: what every page pays, outage or not. At most 2,048 bytes, minified and compressed.
//
// It asks for the feed, and as long as nothing in it is for this browser that is all it does. When something is, it
// imports the widget and hands over, once: from then on the widget decides when to ask, and this file only does the
// asking. Where wasm is forbidden or fails it imports the plain card instead, and goes on asking itself. It never throws
// into its host's page and leaves nothing there but `Allclear`.
//
// The rules at the top are those of the Rust crate `notice`; `notice/vectors` holds both to the same tables. They take
// lists and give lists where objects would read better: names of properties survive minifying, those of variables not.

// Whether a page is among an audience. Undeclared is null; declared and empty is [].
const matches = ({ segments = [], components = [], paths = [], undeclared }, page) => {
  const oneOf = (named, own) =>
    !named[0] || (own ? named.some((name) => own.includes(name.slug || name)) : undeclared !== "hide");
  return (
    oneOf(segments, page.segments) &&
    oneOf(components, page.components) &&
    (!paths[0] ||
      paths.some((pattern) => {
        const regex = pattern.replace(/\*+|\W/g, (part) =>
          part[1] ? ".*" : part === "*" ? "[^/]*" : "\\" + part,
        );
        return page.paths.some((path) => RegExp(`^${regex}$`).test(path));
      }))
  );
};

// How much of a notice is shown: 2 a card, 1 a pill, or nothing. Moments are in hours since 1970, so that the whole part
// of a visit is its hour's number.
const shows = (notice, page, seen, hidden, visits, now) => {
  const { id, in_app, impact, restored } = notice;
  const isHidden = hidden[id] >= notice.attention;
  if (in_app === "off" || (notice.drill && !page.drill) || !matches(notice.audience, page)) {
    return 0;
  }
  const isBar = in_app === "bar";
  if (!restored) return isHidden ? notice.hold || (isBar && /major|critical/.test(impact)) : isBar + 1;

  // Whether this browser is told that it is over. What is no moment is NaN, and nothing is before it.
  const hour = (text) => new Date(text) / 36e5;
  const before = (text, hours = 0) => now < hour(text) + hours;
  const { at, seconds, withdrawn } = restored;
  const visited = (from) => visits.some((visit) => from <= visit && visit < hour(at));
  const isPlanned = impact === "maintenance";
  const isFresh = before(at, 72);
  if (isHidden || !before(restored.expires_at)) return 0;
  if (id in seen) return !isPlanned && (isFresh || withdrawn) ? 2 : 1;
  if (isPlanned || withdrawn) return 0;
  if (isFresh && visited((hour(at) - seconds / 3600) | 0)) return 2;
  return (before(restored.returning_until) && visited(hour(at) - 720)) || before(restored.everyone_until);
};

// The first moment of each hour of the last week, and of each day of the month before, in which we ran.
const visit = (visits, now) => {
  const slot = (at) => (168 > now - at ? at : at / 24) | 0;
  return [...visits, now].filter(
    (at, index, all) => slot(at) !== slot(all[index - 1]) && now - at < 744,
  );
};

// Whom to ask next and when, after an answer (`after`: its poll_after_s) or a failure (its Retry-After, or 0). Gives
// origin, failures in a row, answers in a row from another origin than the first, and when: at the earliest, and likely.
const plan = (origins, origin, failures, away, after, retry, now, random) => {
  let pause = Math.max(1, Math.min(after ?? retry, 3600)) * 1e3;
  let likely = pause * (1 + random / 5);
  if (after >= 0) {
    failures = 0;
    away = origin && (away + 1) % 10;
    origin = away && origin;
  } else {
    away = 0;
    origin = (origin + 1) % origins;
    likely = Math.max(pause, Math.min(2500 * 2 ** (++failures / origins), 3e5)) * (1 + random / 2);
    if (failures % origins) {
      pause = 0;
      likely = 1e3 * random;
    }
  }
  return [origin, failures, away, now + pause, now + likely];
};

try {
  (() => {
    const queue = window.Allclear;
    if (queue?.state) return; // Included twice: the first one stays.

    const script = document.currentScript || document.querySelector('script[src*="embed.js"]');
    const url = new URL(script.src);
    const options = { ...Object.fromEntries(url.searchParams), ...script.dataset };
    const { site = "" } = options;
    if (!/^[a-z\d][a-z\d-]{1,38}$/.test(site)) throw 0;

    const words = (list) => (list?.split ? list.match(/\S+/g) || [] : list);
    const origins = (words(options.api) || [url]).map((api) => new URL(api).origin);
    const drill = /#allclear-drill/.test(location);
    const state = { stale: false, confirmed_at: null, shown: [], open: null, feed: null };
    const bus = new EventTarget();
    const kept = {}; // What a blocked storage cannot keep.
    const alive = new AbortController();
    const { signal } = alive;
    let origin = 0;
    let due = 0;
    let offset = 0; // The server's clock less ours, in milliseconds.
    let tries = 0;
    let away = 0;
    let earliest = 0;
    let failures = 0;
    let rev = 0;
    let timer, busy, start, plain;

    const storage = (name, value) => {
      if (value) kept[name] = value;
      try {
        if (options.storage !== "none") {
          if (value) localStorage[`allclear:${site}:${name}`] = JSON.stringify(value);
          kept[name] = JSON.parse(localStorage[`allclear:${site}:${name}`]);
        }
      } catch {}
      return kept[name] || {};
    };
    const visits = () => Object.values(storage("visits"));
    const clock = () => Date.now() + offset;
    const page = () => ({
      segments: words(options.audience),
      components: words(options.components),
      paths: options.path ? [options.path] : [location.pathname, location.hash],
      drill,
    });
    const emit = (name, detail) => bus.dispatchEvent(new CustomEvent(name, { detail }));

    const view = (notice) =>
      shows(notice, page(), storage("seen"), storage("hidden"), visits(), clock() / 36e5);

    // One request. Gives the feed, or null when we have seen a newer one; a failure gives no `after`.
    const ask = async (index) => {
      const language = options.lang || document.documentElement.lang || navigator.language;
      let retry = 0;
      try {
        const response = await fetch(
          `${origins[index]}/v1/sites/${site}/feed?lang=${/^zh-han[st]|^pt-br|^\w+/i.exec(language)}`,
          { cache: "no-cache", credentials: "omit", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(8e3) },
        );
        const header = (name) => response.headers.get(name);
        retry = header("Retry-After") | 0;
        const feed = await response.json();
        const after = feed.poll_after_s;
        // A notice that our own rules cannot read is no notice, and what holds it no feed.
        if (!response.ok || !feed.notices.map(view) || !(after >= 0)) throw 0;
        offset = Date.parse(header("Date")) - Date.now() || offset;
        if (feed.rev < rev) return { after };
        state.feed = feed;
        state.confirmed_at = header("Allclear-Confirmed-At");
        if (feed.rev > rev) emit("change", feed);
        rev = feed.rev;
        return { feed, after };
      } catch {
        return { retry };
      } finally {
        storage("visits", visit(visits(), clock() / 36e5));
      }
    };

    const load = async (file) => {
      const module = await import(`${origins[origin]}/embed/${__VERSION__}/${file}`);
      await module.default();
      return module.start;
    };
    // Draws what is to be shown, or sees to it that something comes that can.
    const consider = async () => {
      if (plain) {
        plain();
      } else if ((state.open || state.feed?.notices.some(view)) && tries++ < 3) {
        try {
          start = await load("widget.js");
          tick();
        } catch {
          try {
            plain = (await load("plain.js"))(view, clock, emit, storage, options, state, signal);
            consider();
          } catch {}
        }
      }
    };

    const tick = async () => {
      clearTimeout(timer);
      if (busy || signal.aborted) return;
      if (start) {
        busy = true; // For good: the widget polls now.
        control = start(ask, clock, emit, page, storage, options, state, origins.length, origin, failures, due);
      } else if (!document.hidden) {
        const now = Date.now();
        if (due > now) {
          timer = setTimeout(tick, due - now);
        } else {
          busy = true;
          const { feed, after, retry } = await ask(origin);
          busy = false;
          if (feed) consider(); // Before another origin's turn may come.
          [origin, failures, away, earliest, due] =
            plan(origins.length, origin, failures, away, after, retry, Date.now(), Math.random());
          tick();
        }
      }
    };
    const soon = () => {
      due = Math.max(earliest, Math.min(Date.now() + 2000 * Math.random(), due));
      tick();
    };

    // What follows a call from the host. The widget brings its own.
    let control = () => {
      consider();
      tick();
    };
    const api = (window.Allclear = {
      state,
      configure(changes) {
        Object.assign(options, changes);
        control("configure");
      },
      open(id) {
        state.open = id;
        control("open");
      },
      on(name, listener) {
        const heard = ({ detail }) => listener(detail);
        bus.addEventListener(name, heard);
        return () => bus.removeEventListener(name, heard);
      },
      destroy() {
        alive.abort();
        control("destroy");
        delete window.Allclear;
      },
      refresh() {
        due = failures && earliest;
        control("refresh");
      },
      push: ([name, ...given]) => api[name](...given),
    });

    // After the page's own work, but never later than a second: in an outage `load` may not come.
    const idle = () => (window.requestIdleCallback || setTimeout)(tick);
    addEventListener("DOMContentLoaded", idle, { signal });
    addEventListener("visibilitychange", soon, { signal });
    addEventListener("online", soon, { signal });
    setTimeout(tick, 1000);
    if (document.readyState !== "loading") idle();

    queue?.forEach(api.push);
    document.dispatchEvent(new Event("allclear:ready"));
  })();
} catch {
  console.warn("Allclear: check data-site");
}

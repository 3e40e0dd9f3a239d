// Whom a notice is for, how much of it is shown, and what brings the card. The loader imports this once the feed holds a
// notice, and asks it from then on. Pages that nothing is wrong with never load it.
//
// The rules are those of the Rust crate `notice`; `notice/vectors` holds both to the same tables.

/** Hours since 1970, so that the whole part of a visit is its hour's number. What is no moment is NaN. */
const hour = (text) => Date.parse(text) / 36e5;

/** Whether a page is among an audience. Undeclared is null; declared and empty is []. `slots`: the components of its slots. */
export const matches = (audience, page) => {
  const any = (name, test) => !audience[name]?.[0] || audience[name].some(test);
  const among = (name) => (one) =>
    page[name]
      ? page[name].includes(one.slug || one)
      : (audience["undeclared_" + name] ?? audience.undeclared) !== "hide";
  const isComponent = among("components");
  return (
    any("segments", among("segments")) &&
    any("components", (slug) => page.slots?.includes(slug) || isComponent(slug)) &&
    any("paths", (pattern) => {
      const source = pattern.replace(/\*+|\W/g, (part) =>
        part[1] ? ".*" : part === "*" ? "[^/]*" : "\\" + part,
      );
      return page.paths.some((path) => RegExp(`^${source}$`).test(path));
    })
  );
};

/** Since when everything works again that this page declares and an open notice names; undefined while it does not. */
export const backSince = ({ impact, status, restored, components = [], audience }, page) => {
  if (restored || impact === "none" || status === "scheduled") return;
  let since;
  for (const slug of page.components || []) {
    const touched = components.find((component) => component.slug === slug);
    if (touched ? touched.status !== "operational" : audience.components?.includes(slug)) return;
    if (touched && !(touched.since < since)) since = touched.since;
  }
  return since;
};

/** How much of a notice is shown: 2 a card, 1 a pill, or nothing. `now` and visits are in hours since 1970. */
export const shows = (notice, page, { seen, hidden, visits }, now) => {
  const { id, in_app, impact, restored, attention } = notice;
  const isHidden = hidden[id] >= attention;
  // Whoever hid the outage, and not its all-clear, has seen it, however quickly.
  const isSeen = id in seen || hidden[id] + !!restored?.postmortem < attention + !restored;
  const isPlanned = impact === "maintenance";
  if (in_app === "off" || (notice.drill && !page.drill) || !matches(notice.audience, page)) return 0;

  const visited = (from, until) => visits.some((visit) => from <= visit && visit < until);
  const back = backSince(notice, page);
  if (back) {
    const isKnown = hidden[id + ":back"] >= Date.parse(back) / 1e3;
    const wasHit = isSeen || (!isPlanned && visited(hour(notice.started_at) | 0, hour(back)));
    return wasHit && !isKnown && now < hour(back) + (isPlanned ? 2 : 72) ? 2 - isPlanned : 0;
  }

  const isBar = in_app === "bar";
  if (!restored) return isHidden ? +(notice.hold || (isBar && /major|critical/.test(impact))) : isBar + 1;

  const { seconds, withdrawn, postmortem } = restored;
  const end = hour(restored.at);
  const isFresh = now < end + 72;
  if (isHidden || !(now < hour(restored.expires_at))) return 0;
  // Whoever has hidden the all-clear reads what was learned of it, and not all of it once more.
  const whole = postmortem && hidden[id] >= attention - 1 ? 1 : 2;
  if (isSeen) return !isPlanned && (isFresh || withdrawn) ? whole : 1;
  if (isPlanned || withdrawn) return 0;
  if (isFresh && visited((end - seconds / 3600) | 0, end)) return whole;
  const isReturning = now < hour(restored.returning_until) && visited(end - 720, end);
  return +(isReturning || now < hour(restored.everyone_until));
};

// Of each file beside this one.
const HASHES = __HASHES__;
const addressOf = (file) => new URL(file, import.meta.url).href;

// A loader that checks what it loads says so by a link with our own hash; what we load is checked in the same way.
const checked = [...(globalThis.document?.querySelectorAll("link[integrity]") || [])].find(
  ({ href }) => href === import.meta.url,
);
checked?.remove();
const bring = async (file) => {
  if (!HASHES[file]) throw file; // There is none.
  const link = checked?.cloneNode();
  if (link) {
    link.href = addressOf(file);
    link.integrity = HASHES[file];
    document.documentElement.append(link);
  }
  try {
    return await import(addressOf(file));
  } finally {
    link?.remove();
  }
};

/** A server's answer with a made-up feed, for a card that is tried out before there is anything to say. */
export const preview = async (impact, language) =>
  new Response(JSON.stringify((await bring("preview.js")).default(impact, language)));

/** How many notices are remembered; the oldest go first. */
const MOST_REMEMBERED = 100;

/** The rules, asked of this page and this browser. */
export const reader = (clock, storage, options, mounts, drill) => {
  const words = (list) => (list?.split ? list.match(/\S+/g) || [] : list);
  const slots = () =>
    [...mounts.values(), ...[...document.querySelectorAll("[data-allclear-slot]")].map((slot) => slot.dataset.allclearSlot)]
      .map(words)
      .filter((components) => components?.[0]);
  const page = () => ({
    segments: words(options.audience),
    components: words(options.components),
    slots: slots().flat(),
    paths: options.path ? [options.path] : [location.pathname, location.hash],
    drill,
  });
  // A slot is like a page of its own, which uses the components that it names.
  const places = () =>
    slots().reduce((all, components) => [...all, { ...all[0], components, slots: [] }], [page()]);
  const seenIn = (place, notice) => {
    const memory = { seen: storage("seen"), hidden: storage("hidden"), visits: Object.values(storage("visits")) };
    try {
      return shows(notice, place, memory, clock() / 36e5);
    } catch {
      return 0; // What our own rules cannot read is no notice.
    }
  };
  const view = (notice) => Math.max(...places().map((place) => seenIn(place, notice)));
  // Over where it is shown at all, and nowhere else shown as going on.
  const back = (notice) => {
    const since = places().filter((place) => seenIn(place, notice)).map((place) => backSince(notice, place));
    return since.every(Boolean) ? since[0] : undefined;
  };
  /** Remembers a number under a name and a key; where it is the first that counts, one that is there stays. */
  const note = (name, key, value, isFirst) => {
    const { [key]: before, ...others } = storage(name);
    if (before === value || (isFirst && before !== undefined)) return;
    if (Object.keys(others).length >= MOST_REMEMBERED) delete others[Object.keys(others)[0]];
    storage(name, { ...others, [key]: value });
  };
  const hide = (notice) => {
    const since = back(notice);
    if (since) note("hidden", notice.id + ":back", Date.parse(since) / 1e3);
    else note("hidden", notice.id, notice.attention);
  };
  // What this page load shows as new stays so, whichever card draws it.
  const cleared = storage("cleared");
  const recall = (name) => (name === "cleared" ? cleared : storage(name));
  return { page, places, view, back, hide, note, recall };
};

/**
 * A card is brought with what the loader gave (see `bringer`), and gives what starts it, once, with
 * `(ask, origins, origin, failures, due)`: that gives whom to tell of whatever happens, and whether the card polls by
 * itself. `broke` is called when it can do nothing more.
 */
const widget = async ({ clock, emit, storage, options, state, mounts, rules, record }, broke) => {
  const { compile, start, fetchWords, onBroken } = await bring("widget.js");
  onBroken(broke);
  const file = "widget_bg.wasm";
  const wasm = fetch(addressOf(file), { integrity: HASHES[file] });
  // Words come beside it: what is drawn, and read aloud, should not begin in English.
  await Promise.all([wasm.then(compile), fetchWords(state.feed?.lang)]);
  // Without a place to draw it gives nothing, and shows nothing.
  return (ask, ...standing) => [
    start(ask, clock, emit, rules.page, storage, options, state, ...standing, mounts, record),
    true,
  ];
};
const plain = async ({ clock, emit, options, state, alive, rules, record }) => {
  bring(`plain-${state.feed?.lang}.js`).catch(Boolean); // What is drawn in it asks for it again.
  const [{ start }, { default: standing }] = await Promise.all([bring("plain.js"), bring("standing.js")]);
  return () => [standing(start, rules, clock, emit, options, state, alive, bring, record), false];
};

/** How long segments that a page will name later are waited for, in milliseconds. */
const PENDING = 5e3;
/** How long the widget is waited for before the plain card is drawn instead, in milliseconds. */
const PATIENCE = 8e3;
/** What was kept is drawn while it is younger than this, in milliseconds. */
const KEPT = 864e5;

/**
 * Gives what the loader calls once, with its own functions and objects; `widget/src/lib.rs` says what they are, and
 * `address` is the page's, as it was when it was opened. That gives a function which is given what was kept of an earlier
 * visit, and brings the card once there is something to draw; until then it gives nothing. Then it gives whom the loader
 * tells of whatever happens, always the same function; its `polls(tick, ask, origins, origin, failures, due)` starts the
 * card when it is called first, and says whether the card polls by itself: if not, the loader does.
 *
 * `first` brings the card, `second` the one that takes over when the first breaks. One record passes from card to card:
 *
 * * `root`: the shadow root that is drawn in, closed or not; its host element stays where it is
 * * `regions`: the two live regions in it, the polite one and the urgent one
 * * `open`: what the reader or the page chose to see, `{ id, kind, extent }`: 2 all of the notice, 1 a folded card
 * * `hidden`: what was hidden in this page load, as it is remembered: an attention for each id
 * * `announced`: what the live regions said of each notice that is shown, by id, and in `alerts` whose they interrupted for
 * * `focus`: what has the focus, `{ id, part, from }`, and what had it before the card
 * * `told`: what the page heard of each notice in events, by id: whether it was over
 * * `release()`: the card that draws now lets go of all but these
 */
export const bringer = (first, second) => (clock, emit, storage, options, api, mounts, alive, address, take) => {
  const { state } = api;
  const record = { hidden: {}, announced: {}, told: {} };
  // Whatever becomes of the storage, what was hidden stays hidden for as long as the page is open.
  const remember = (name, value) => {
    const remembered = storage(name, value);
    const hidden = name === "hidden" ? Object.assign(record.hidden, value) : {};
    for (const id in hidden) if (!(remembered[id] >= hidden[id])) remembered[id] = hidden[id];
    return remembered;
  };
  const rules = reader(clock, remember, options, mounts, /\Wallclear-drill/.test(address));
  const given = {
    clock,
    emit(name, detail) {
      record.told[detail?.id] ||= name === "restored" || !!detail?.restored;
      return emit(name, detail);
    },
    storage: remember,
    options,
    state,
    mounts,
    alive,
    rules,
    record,
  };
  setTimeout(() => {
    if (options.audience === "pending") api.configure({ audience: null });
  }, PENDING);

  let brought; // Becomes what starts the first card.
  let start, heard, wake;
  let isPolling; // The card does, and not the loader.
  let replacing; // Once the first card broke: what brings another one, or 0 when that failed.
  const replace = () => {
    replacing = second(given)
      .then((starts) => ([heard] = starts()))
      .catch(() => (replacing = 0));
  };
  const broke = () => {
    heard = isPolling = null;
    replace();
    alive.signal.onabort = () => {
      record.release?.();
      record.root?.host.remove();
    };
    wake?.();
  };
  const tell = (name, told) => {
    // Of what a card asked for it learns by itself.
    if (isPolling && told === 0) return;
    if (replacing === 0) replace();
    try {
      heard?.(name);
    } catch {}
  };
  tell.polls = (tick, ...standing) => {
    wake = tick;
    try {
      if (start && replacing == null) [heard, isPolling] = start(...standing);
    } catch {
      broke();
    }
    start = null;
    return isPolling;
  };

  return async (kept) => {
    try {
      const isOpen = kept.feed.notices.some((notice) => notice?.restored === null);
      // As long as there is no feed the clock is this computer's own.
      if (!state.feed && isOpen && clock() + kept.offset - Date.parse(kept.at) < KEPT) {
        take(kept);
        state.stale = true;
      }
    } catch {} // Somebody else wrote there.
    if (!(state.open || state.feed?.notices.some(rules.view))) return;
    brought ||= first(given, broke).then((starts) => (start = starts));
    await brought;
    return tell;
  };
};

// A host that hangs says neither yes nor no.
const tooLate = () => new Promise((_, give) => setTimeout(give, PATIENCE));
export default bringer(
  (given, broke) => Promise.race([widget(given, broke), tooLate()]).catch(() => plain(given)),
  plain,
);

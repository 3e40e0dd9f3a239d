// What stands on the screen where the plain card draws it: which notices, how much of each, what the reader opened, how
// well it is known; and what the host hears of that. What the widget does by itself, for a card that cannot; it comes
// with that card only, which keeps within two kilobytes without it.

/** Without confirmation for so long, in milliseconds, what is known is no longer told as true: as `notice::freshness`. */
const STALE_AFTER = 9e5;
/** How often what is on the screen is looked at again, for the sake of its times, in milliseconds. */
const LOOK = 15e3;
/** How long a card is held back for the words of its language, in milliseconds: as `src/page/words.js`. */
const PATIENCE = 1e3;

/** How well what is shown is known. */
export const FRESHNESS = { confirmed: 0, unconfirmed: 1, stale: 2, offline: 3 };

/**
 * Gives what is to be told of whatever happens, by name, and draws what comes of it. `start` is the plain card's.
 *
 * * `reader`: the rules, asked of this page and this browser
 * * `bring(file)`: imports a file that lies beside this one
 * * the rest as the loader has it
 */
export default (start, { view, back, see, hide }, clock, emit, options, state, { signal }, bring) => {
  let isKept = state.stale; // Of an earlier visit, and nothing has confirmed it on this one.
  let isUnheard = true; // Nothing has been heard since the page came, came back into view or woke.
  let isStale = state.stale;
  let looked = clock();
  const told = {}; // What the host was told of, by id: whether it was over.
  let choice; // What the reader, or the host, opened or folded: `{ id, form, extent }`.
  let language = "en"; // Of the words. English ones are built in.
  let words; // In any other language, once they are here.
  let isHeld; // Nothing is drawn until they are.
  let said = "";
  const alerted = new Set(); // What has interrupted once; it does so no more when it reopens.
  let timer;

  const judge = () => {
    const isOld = clock() - Date.parse(state.confirmed_at) >= STALE_AFTER;
    if (!navigator.onLine) return FRESHNESS.offline;
    if (!isOld && !isKept) return FRESHNESS.confirmed;
    return isUnheard ? FRESHNESS.unconfirmed : FRESHNESS.stale;
  };

  /** What stands there now, most pressing first. */
  const look = () => {
    const wanted = choice?.extent === 2 ? choice.id : null;
    if (state.open !== wanted) choice = state.open && { id: state.open, extent: 2 };
    const entries = [];
    let chosen;
    for (const notice of state.feed.notices) {
      const seen = view(notice);
      const isChosen = !!choice && notice?.id === choice.id;
      if (!seen && !isChosen) continue;
      const { id, kind, restored } = notice;
      const since = back(notice);
      const form = since ? "back" : kind;
      const entry = { notice, back: since, over: !!(restored || since), form, seen, extent: 0 };
      entries.push(entry);
      // A choice is made of what it was then: an outage that was opened is not its all-clear.
      if (isChosen && (choice.form ||= form) === form) chosen = entry;
      if (!restored && !document.hidden) see(notice);
    }
    if (!chosen) choice = null;
    const card = chosen || entries.find(({ seen }) => seen > 1);
    if (card) card.extent = choice?.extent || (card.over ? 2 : 1);
    state.open = choice?.extent === 2 ? choice.id : null;
    return entries;
  };

  /** Tells the host what has changed, once all of it is so: whoever listens may call us again. */
  const tell = (entries, freshness) => {
    const [before, wasStale] = [state.shown, isStale];
    isStale = state.stale = freshness > 0;
    state.shown = entries.map(({ notice }) => notice.id);
    const news = [];
    for (const { notice, over } of entries) {
      // Also of what was hidden meanwhile: the page was told that it was there.
      if (over && told[notice.id] === false) news.push(["restored", notice]);
      else if (!before.includes(notice.id)) news.push(["show", notice]);
      told[notice.id] = over;
    }
    for (const [name, notice] of news) emit(name, notice);
    if (isStale && !wasStale) emit("stale", { since: state.confirmed_at });
  };

  /** What is to be announced of the first: nothing, something (1), or something new that interrupts (2). */
  const news = ([first]) => {
    if (!first) return 0;
    const { id, kind, impact, status } = first.notice;
    const before = said;
    said = id + first.form + status;
    if (said === before) return 0;
    if (kind !== "incident" || impact !== "critical" || first.over || alerted.has(id)) return 1;
    alerted.add(id);
    return 2;
  };

  /** Asks for the words of a language. What is drawn, and read aloud, should not begin in another. */
  const learn = (wanted) => {
    language = wanted;
    words = null;
    isHeld = wanted !== "en";
    if (!isHeld) return;
    const heard = (module) => {
      if (language !== wanted) return; // It is another one by now.
      words ||= module?.default;
      isHeld = false;
      hear();
    };
    setTimeout(heard, PATIENCE);
    // English, where there are none.
    bring(`plain-${wanted}.js`).then(heard, () => heard());
  };

  const draw = () => {
    clearTimeout(timer);
    if (signal.aborted) return put();
    timer = setTimeout(hear, LOOK);
    // Far too long after the last look: the computer slept.
    isUnheard ||= clock() - looked > 4 * LOOK;
    looked = clock();
    if (!state.feed) return;
    const [tag] = String(state.feed.lang || "en").split("-");
    if (tag !== language) learn(tag);
    if (isHeld) return;
    const entries = look();
    const freshness = judge();
    put(entries, freshness, news(entries), state, clock(), ...(words ? [words, language] : []));
    tell(entries, freshness);
  };
  const hear = (name) => {
    if (/^told/.test(name)) {
      isUnheard = false;
      isKept &&= state.stale; // The loader knows: not every answer confirms what was kept.
    }
    // What it cannot draw is no reason to ask no more.
    try {
      draw();
    } catch {}
  };

  const choose = (chosen) => {
    choice = chosen;
    state.open = chosen?.extent === 2 ? chosen.id : null;
    hear();
  };
  const put = start(
    options,
    emit,
    ({ notice, form, seen, extent }) => {
      if (extent < 2) choose({ id: notice.id, form, extent: 2 });
      // What comes as a pill goes back to being one.
      else choose(seen > 1 ? { id: notice.id, form, extent: 1 } : null);
    },
    ({ notice }) => {
      hide(notice);
      choose(null);
      emit("hide", notice);
    },
  );
  for (const event of ["online", "offline", "visibilitychange"]) {
    addEventListener(event, () => hear((isUnheard ||= event === "visibilitychange")), { signal });
  }
  hear();
  return hear;
};

// The plain card's controller: decides which notices are shown and how, what is announced, and which events the page gets. The
// Rust widget has the same rules. Built as `standing.js`, together with `presentation.js` and `texts.js`.

import { announcer } from "../src/dom/announcer.js";
import { barHeight } from "../src/dom/bar.js";
import { areIntact, guarded, onReplaced } from "../src/dom/globals.js";
import { afterPress, isolate, release as stopIsolating } from "../src/dom/isolation.js";
import { keep } from "../src/dom/keeper.js";
import { makeReports } from "../src/dom/reports.js";
import { watchTitles } from "../src/dom/seen.js";
import { arrange, firstKey, isNews, marks, milliseconds, seconds, sorted, start as startOf } from "./presentation.js";
import { describe, phrases } from "./texts.js";

/** The English texts, separated by line breaks. The build inserts them. */
const ENGLISH = __ENGLISH__;
/** Age of the last confirmation after which the feed is stale, in milliseconds: as `notice::browser::freshness`. */
const STALE_AFTER = 9e5;
/** The interval of redraws, in milliseconds. Texts depend on the current time. */
const REDRAW_INTERVAL = 15e3;
/** Time that a card waits for the texts of its language, in milliseconds: as in `src/dom/texts.js`. */
const TEXTS_TIMEOUT = 1e3;
/**
 * Media query for viewports below 480 px, where a card starts as a pill. It matches the layout viewport, so an on-screen keyboard
 * does not change it.
 */
const LOW = "(max-height: 479.98px)";

/** The reliability of the shown feed. */
export const FRESHNESS = { confirmed: 0, unconfirmed: 1, stale: 2, offline: 3 };

/**
 * Starts the card, and returns its event handler.
 *
 * * `start`: draws the card, see `draw.js`
 * * `rules`: the rules for this page and this browser, see `loader/page_rules.js`
 * * `clock`, `emit`, `options`, `state`: the loader's, see `widget/src/lib.rs`
 * * `signal`: aborted by `destroy`
 * * `loadModule`: imports a file of the build, see `loader/modules.js`
 * * `record`: what cards share, see `loader/handover.js`
 */
export default (start, rules, clock, emit, options, state, { signal }, loadModule, record) => {
  const { pages, view, back, hide, recall, note } = rules;
  let isStored = state.stale; // The feed was stored on an earlier visit and has not been confirmed on this one.
  let isWaiting = true; // No answer since the page was opened, became visible or the computer woke up.
  let refreshedAt = clock();
  // `choices`: notices that the reader or the page expanded or collapsed, newest first: `{ id, kind, extent }`. `isListed`: the
  // list of the other notices is open.
  let { choices = [], isListed } = record.open || {};
  let drawn; // The entries that are drawn, and their arrangement.
  let language = "en"; // The language of the feed.
  let texts; // Its texts, when they have arrived. English is built in.
  let isHeld; // Whether the texts are being fetched. Nothing is drawn meanwhile.
  let timer, isReleased;

  /** Seconds since 1970. */
  const now = () => Math.floor(clock() / 1e3);

  const judgeFreshness = () => {
    const isOld = clock() - milliseconds(state.confirmed_at) >= STALE_AFTER;
    if (!navigator.onLine) return FRESHNESS.offline;
    if (!isOld && !isStored) return FRESHNESS.confirmed;
    return isWaiting ? FRESHNESS.unconfirmed : FRESHNESS.stale;
  };

  // The stored values of each notice when this page load first drew it. Read again only when its attention rises or it is
  // over, so that a card does not change because it has just been seen.
  const firstDrawings = {};
  const firstDrawing = (notice, overAt) => {
    const { id, attention } = notice;
    const before = firstDrawings[id];
    if (before?.attention === attention && before.overAt === overAt) return before;
    const known = {
      isWitness: id in recall("seen"),
      firstSeenAt: recall("first")[firstKey(notice)],
      allClearSeenAt: recall("cleared")[id],
    };
    // A postmortem raises attention, but the all-clear is not new again.
    const isSame = before && overAt !== undefined && before.overAt === overAt;
    const starts = isSame ? before.start : startOf(notice, overAt, known, matchMedia(LOW).matches, now());
    return (firstDrawings[id] = { attention, overAt, start: starts, update: before ? before.update : recall("updates")[id] });
  };

  const isOwn = ({ components = [] }) =>
    components.some(({ slug }) => pages().some((declared) => declared.components?.includes(slug)));
  const isChosen = ({ notice: { id }, kind }, extent) =>
    choices.some((choice) => choice.id === id && choice.extent === extent && (choice.kind || kind) === kind);
  const forget = (id) => (choices = choices.filter((choice) => choice.id !== id));
  const choose = ({ notice: { id }, kind }, extent) => {
    forget(id);
    choices.unshift({ id, kind, extent });
  };
  const isWhole = (entry) => entry.extent > 1;
  const openId = () => choices.find(({ extent }) => extent > 1)?.id ?? null;
  /** Expands a notice, and collapses the others. */
  const open = (entry) => {
    isListed = false;
    drawn?.entries.filter((other) => isWhole(other) && other !== entry).forEach((other) => choose(other, 1));
    choose(entry, 2);
  };

  /**
   * Computes the entries to show, most important first. `extent` is 2 for the expanded card, 1 for the collapsed card, 0 for a
   * pill, a line or a row. An expanded notice is shown even if the rules hide it, because the page may have opened it: with
   * view 1, as a pill.
   */
  const select = () => {
    if (state.open !== openId()) {
      // The page asked to open another notice, or to collapse all.
      choices = choices.filter(({ extent }) => extent < 2);
      if (state.open) open({ notice: { id: state.open } });
    }
    const entries = [];
    for (const notice of sorted(state.feed.notices, back, isOwn, clock())) {
      const { id, restored } = notice;
      const since = back(notice);
      const kind = since ? "restored" : notice.kind;
      const overAt = restored ? seconds(restored.at) : since ? seconds(since) : undefined;
      const entry = { notice, back: since, over: !!(restored || since), overAt, kind, extent: 0, isDrill: !!notice.drill };
      entry.view = view(notice) || +isChosen(entry, 2);
      if (!entry.view) continue;
      const first = firstDrawing(notice, overAt);
      Object.assign(entry, { start: first.start, isNews: isNews(notice, first.update) });
      entries.push(entry);
    }
    // A choice ends when the notice changes its kind: an expanded outage does not expand its all-clear.
    choices = choices.filter((choice) =>
      entries.some(({ notice: { id }, kind }) => id === choice.id && kind === (choice.kind ||= kind)),
    );
    const index = entries.findIndex((entry) => isChosen(entry, 2));
    const arranged = arrange(entries, true, { index, extent: index < 0 ? 0 : 2 });
    if (arranged) {
      const main = entries[arranged.main];
      main.extent = arranged.extent && isChosen(main, 1) ? 1 : arranged.extent;
      isListed &&= main.extent > 0 && arranged.others.length > 0;
    }
    state.open = openId();
    record.open = { choices, isListed };
    drawn = { entries, arranged };
    return entries;
  };

  const isHeadless = options.position === "none";
  const reports = makeReports(emit, state, record, isHeadless, state.stale);
  /** Reports the shown notices to the page. Called last, when the state is consistent, because listeners may call the API. */
  const report = (entries, freshness) => {
    const ids = (entries) => entries.map(({ notice }) => notice.id);
    const isListed = () => isHeadless || record.root.host.isConnected;
    reports.update(ids(entries), ids(entries.filter(({ over }) => over)), freshness > 0, isListed);
  };

  const lookForNews = announcer(
    (record.announced ||= {}),
    (id, isUrgent) => {
      const entry = drawn.entries.find(({ notice }) => notice.id === id);
      if (entry) record.regions[+isUrgent].textContent = entry.text.summary;
    },
    () => hush(),
  );
  const hush = () => {
    record.regions[0].textContent = record.regions[1].textContent = "";
  };

  /**
   * Fetches the texts of a language. The card waits for them, so that it is not read aloud in English first, and requests the
   * feed in English when they do not arrive.
   */
  const fetchTexts = async (tag) => {
    language = tag;
    texts = null;
    isHeld = tag !== "en";
    if (!isHeld) return;
    const file = `plain-${tag}.js`;
    const draw = () => {
      if (language !== tag) return; // The page has changed the language.
      isHeld = false;
      handle();
    };
    const giveUp = async () => {
      if (language !== tag || !isHeld) return;
      await record.english.request();
      draw();
    };
    setTimeout(giveUp, TEXTS_TIMEOUT);
    try {
      const module = await loadModule(file);
      if (language === tag) texts = module.default;
      record.english.end();
      draw();
    } catch (error) {
      // In a language for which the build has no texts, the labels are English.
      if (error === file) draw();
      else giveUp();
    }
  };

  /** The view for `draw.js`: the card or pill, and the line below it or, in an open list, a row for each of the others. */
  const viewOf = (entries, freshness) => {
    const tag = texts ? language : "en";
    const spoken = phrases(texts || ENGLISH, tag, clock());
    const { text, time } = spoken;
    const { arranged } = drawn;
    const asOf = freshness && text([TEXT.as_of, TEXT.stale, TEXT.offline][freshness - 1], time(state.confirmed_at));
    for (const entry of entries) entry.text = describe(entry, !pages()[0].segments, asOf, spoken, clock());
    const others = (arranged?.others || []).map((index) => entries[index]);
    const main = entries[arranged?.main];
    const extent = main?.extent;
    return {
      language: tag,
      direction: text(TEXT.direction),
      buttons: [TEXT.more, TEXT.less, TEXT.hide, TEXT.minimise, TEXT.follow, TEXT.calendar].map((key) => text(key)),
      sections: main ? [main, ...(extent ? (isListed ? others : others.slice(0, 1)) : [])] : [],
      others: isListed ? 0 : extent ? others.length - 1 : others.length,
      isListed,
      // A pill is placed above the page's tab bar.
      bottom: options.position === "top" ? "auto" : extent ? "" : barHeight(record.root?.host) + "px",
    };
  };

  const draw = () => {
    clearTimeout(timer);
    if (isReleased) return;
    if (signal.aborted) {
      stop();
      state.shown = [];
      return put();
    }
    timer = setTimeout(handle, REDRAW_INTERVAL);
    if (!areIntact()) return clear();
    // A gap of several intervals means that the computer has slept.
    isWaiting ||= clock() - refreshedAt > 4 * REDRAW_INTERVAL;
    refreshedAt = clock();
    if (!state.feed) return;
    const [tag] = String(state.feed.lang || "en").split("-");
    if (tag !== language) fetchTexts(tag);
    if (isHeld) return;
    const entries = select();
    const freshness = judgeFreshness();
    put(viewOf(entries, freshness));
    lookForNews(
      entries.map(({ notice: { id, attention, impact }, over, kind }) => [id, attention, over, kind === "incident" && impact === "critical"]),
    );
    report(entries, freshness);
    seen.look([record.root]);
  };
  /** Redraws. `name`: the loader's event, if there is one; only `polled…` changes the state. */
  const handle = guarded((name) => {
    if (/^polled/.test(name)) {
      // An answer that is older than the stored feed, or that a cache has replayed, does not confirm it.
      isWaiting &&= state.stale && /^polled \d+ 0/.test(name);
      isStored &&= state.stale;
    }
    afterPress(redraw);
  });
  const redraw = () => {
    // A feed that cannot be drawn must not stop the polling. The previous feed's card is removed, because it may be outdated.
    try {
      draw();
    } catch {
      clear();
    }
  };
  /** Removes what is drawn, because it may be outdated. */
  const clear = () => {
    put();
    state.shown = [];
    hush();
    try {
      lookForNews([]);
    } catch {} // The page has replaced built-in objects.
  };
  onReplaced(clear);

  /** Handles a press of the reader: `toggle`, `pill`, `hide`, `less`, `escape`, or `contact` with its index. */
  const press = (part, id, contact) => {
    const { entries, arranged } = drawn;
    const entry = entries.find(({ notice }) => notice.id === id);
    const main = entries[arranged?.main];
    if (part === "contact") return emit("contact", entry?.notice.contacts[contact]);
    if (part === "hide" && entry) {
      hide(entry.notice);
      forget(id);
    } else if (part === "less" || (part === "escape" && isListed)) {
      isListed = false;
    } else if (part === "escape") {
      if (main.extent > 1) choose(main, 1);
    } else if (main.extent && entry !== main && !isListed && arranged.others.length > 1) {
      isListed = true;
    } else if (entry) {
      if (isWhole(entry)) choose(entry, 1);
      else open(entry);
    }
    state.open = openId();
    handle();
    if (part === "hide" && entry) emit("hide", entry.notice);
  };

  /** Remembers that a notice has been seen: "seen inc_… 1", with 1 if the text of its newest update was seen too. */
  const markSeen = (name) => {
    const [, id, update] = name.split(" ");
    const entry = drawn?.entries.find(({ notice }) => notice.id === id);
    if (!entry) return;
    const { notice, overAt } = entry;
    for (const mark of marks(notice, overAt, update === "1", now())) note(...mark);
    firstDrawings[id].update ??= marks(notice, undefined, true, 0).find(([name]) => name === "updates")?.[2];
  };
  const put = start(options, press, record, isolate);
  const keeper = keep(record.root.host, !isHeadless, record);
  keeper.start();
  const seen = watchTitles(markSeen, reports.show, keeper.raise);
  const stop = () => {
    keeper.halt();
    seen.stop();
    stopIsolating();
    lookForNews();
  };
  const { release } = record;
  record.release = () => {
    isReleased = true;
    clearTimeout(timer);
    stop();
    release();
  };
  const listener = ({ type }) => {
    isWaiting ||= type === "visibilitychange";
    handle();
  };
  keeper.listen(window, ["online", "offline", "visibilitychange", "resize"], listener, false);
  handle();
  return handle;
};

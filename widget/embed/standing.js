// What stands on the screen where the plain card draws it: which notices, how much of each, what the reader opened, how
// well it is known, what has been seen; and what the host hears of that. What the widget does by itself, for a card that
// cannot. It comes with that card only.

import { Seen } from "../src/page/seen.js";
import { bar } from "./bar.js";
import { arrange, firstKey, isNews, marks, seconds, sorted, start as startOf } from "./presentation.js";
import { speech, told as tells } from "./saying.js";

/** The English texts, which are built in, separated by line breaks. */
const ENGLISH = __ENGLISH__;
/** Without confirmation for so long, in milliseconds, what is known is no longer told as true: as `notice::freshness`. */
const STALE_AFTER = 9e5;
/** How often what is on the screen is looked at again, for the sake of its times, in milliseconds. */
const LOOK = 15e3;
/** How long a card is held back for the texts of its language, in milliseconds: as `src/page/words.js`. */
const PATIENCE = 1e3;
/** Where the layout viewport, which a keyboard on the screen does not change, is lower than this, a card is a pill. */
const LOW = "(max-height: 479.98px)";

/** How well what is shown is known. */
export const FRESHNESS = { confirmed: 0, unconfirmed: 1, stale: 2, offline: 3 };

/**
 * Gives what is to be told of whatever happens, by name, and draws what comes of it. `start` is the plain card's;
 * `record` is what a card that drew before leaves, and what this one leaves: see `bringer` in `rules.js`.
 *
 * * `reader`: the rules, asked of this page and this browser
 * * `bring(file)`: imports a file that lies beside this one
 * * the rest as the loader has it
 */
export default (start, reader, clock, emit, options, state, { signal }, bring, record) => {
  const { places, view, back, hide, recall, note } = reader;
  let isKept = state.stale; // Of an earlier visit, and nothing has confirmed it on this one.
  let isUnheard = true; // Nothing has been heard since the page came, came back into view or woke.
  let isStale = state.stale;
  let looked = clock();
  const { told } = record; // What the host was told of, by id: whether it was over.
  let { choices = [], isListed } = record.open || {};
  let drawn; // The entries that are drawn, and how they are arranged.
  let language = "en"; // Of the texts. English ones are built in.
  let texts; // In any other language, once they are here.
  let isHeld; // Nothing is drawn until they are.
  let timer, isReleased;

  /** Seconds since 1970. */
  const now = () => Math.floor(clock() / 1e3);

  const judge = () => {
    const isOld = clock() - Date.parse(state.confirmed_at) >= STALE_AFTER;
    if (!navigator.onLine) return FRESHNESS.offline;
    if (!isOld && !isKept) return FRESHNESS.confirmed;
    return isUnheard ? FRESHNESS.unconfirmed : FRESHNESS.stale;
  };

  // As it was when this page load first drew a notice, until attention rises or it is over: nothing changes under the
  // reader's eyes because it has just been seen.
  const loads = {};
  const begin = (notice, overAt) => {
    const { id, attention } = notice;
    const before = loads[id];
    if (before?.attention === attention && before.overAt === overAt) return before;
    const known = {
      isWitness: id in recall("seen"),
      firstSeenAt: recall("first")[firstKey(notice)],
      allClearSeenAt: recall("cleared")[id],
    };
    // What was learned of an all-clear raises attention; the all-clear is no news again.
    const isSame = before && overAt !== undefined && before.overAt === overAt;
    const starts = isSame ? before.start : startOf(notice, overAt, known, matchMedia(LOW).matches, now());
    return (loads[id] = { attention, overAt, start: starts, update: before ? before.update : recall("updates")[id] });
  };

  const isOwn = ({ components = [] }) =>
    components.some(({ slug }) => places().some((place) => place.components?.includes(slug)));
  const isChosen = ({ notice: { id }, kind }, extent) =>
    choices.some((choice) => choice.id === id && choice.extent === extent && (choice.kind || kind) === kind);
  const forget = (id) => (choices = choices.filter((choice) => choice.id !== id));
  const choose = ({ notice: { id }, kind }, extent) => {
    forget(id);
    choices.unshift({ id, kind, extent });
  };
  const isWhole = (entry) => entry.extent > 1;
  const openId = () => choices.find(({ extent }) => extent > 1)?.id ?? null;
  /** Opens a notice, which closes the others. */
  const open = (entry) => {
    isListed = false;
    drawn?.entries.filter((other) => isWhole(other) && other !== entry).forEach((other) => choose(other, 1));
    choose(entry, 2);
  };

  /** What stands there now, most pressing first, each with its extent: 2, 1 or, of a pill, a line or a row, 0. */
  const look = () => {
    if (state.open !== openId()) {
      // The page wants another one open, or none.
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
      const load = begin(notice, overAt);
      Object.assign(entry, { start: load.start, isNews: isNews(notice, load.update) });
      entries.push(entry);
    }
    // A choice is made of what it was then: an outage that was opened is not its all-clear.
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

  /** What of a notice is announced, by which news is told from repetition; as `src/announcer.rs` has it. */
  const mark = ({ kind, notice: { status, attention } }) => `${kind} ${status} ${attention}`;

  /** What is to be announced, as `{ entry, isUrgent }`: the most pressing piece of news, if there is any. */
  const news = (entries) => {
    const { alerts = "", ...said } = record.announced;
    const entry = entries.find((entry) => said[entry.notice.id] !== mark(entry));
    const { id, impact } = entry?.notice || {};
    // What has interrupted once does so no more when it reopens.
    const isUrgent = impact === "critical" && entry.kind === "incident" && !alerts.split(" ").includes(id);
    record.announced = { alerts: isUrgent ? `${alerts} ${id}` : alerts };
    for (const entry of entries) record.announced[entry.notice.id] = mark(entry);
    return entry && { entry, isUrgent };
  };

  /** Asks for the texts of a language. What is drawn, and read aloud, should not begin in another. */
  const learn = (wanted) => {
    language = wanted;
    texts = null;
    isHeld = wanted !== "en";
    if (!isHeld) return;
    const heard = (module) => {
      if (language !== wanted) return; // It is another one by now.
      texts ||= module?.default;
      isHeld = false;
      hear();
    };
    setTimeout(heard, PATIENCE);
    // English, where there are none.
    bring(`plain-${wanted}.js`).then(heard, () => heard());
  };

  /** What is drawn: the card or pill, and the line beneath it or, where that was opened, a row for each of the others. */
  const say = (entries, freshness) => {
    const voice = speech(texts || ENGLISH, texts ? language : "en", clock());
    const { text, time } = voice;
    const { arranged } = drawn;
    const asOf = freshness && text([TEXT.as_of, TEXT.stale, TEXT.offline][freshness - 1], time(state.confirmed_at));
    const sayOf = (entry) => (entry.says = tells(entry, !places()[0].segments, asOf, voice, clock()));
    entries.forEach(sayOf);
    const others = (arranged?.others || []).map((index) => entries[index]);
    const main = entries[arranged?.main];
    const extent = main?.extent;
    return {
      language: texts ? language : "en",
      direction: text(TEXT.direction),
      buttons: [TEXT.more, TEXT.less, TEXT.hide, TEXT.minimise, TEXT.follow, TEXT.calendar].map((key) => text(key)),
      sections: main ? [main, ...(extent ? (isListed ? others : others.slice(0, 1)) : [])] : [],
      others: isListed ? 0 : extent ? others.length - 1 : others.length,
      isListed,
      // A pill stands above the page's tab bar.
      bottom: options.position === "top" ? "auto" : extent ? "" : bar() + "px",
    };
  };

  const draw = () => {
    clearTimeout(timer);
    if (isReleased) return;
    if (signal.aborted) {
      seen.stop();
      return put();
    }
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
    put(say(entries, freshness), news(entries));
    seen.look([record.root]);
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

  /** A reader pressed a part of an entry: `toggle`, `pill`, `hide`, `less`, `escape`, or a contact by its number. */
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
    hear();
    if (part === "hide" && entry) emit("hide", entry.notice);
  };

  /** A notice has been seen, with its newest update's text (1) or without (0): "seen inc_… 1". */
  const see = (name) => {
    const [, id, update] = name.split(" ");
    const entry = drawn?.entries.find(({ notice }) => notice.id === id);
    if (!entry) return;
    const { notice, overAt } = entry;
    for (const mark of marks(notice, overAt, update === "1", now())) note(...mark);
    loads[id].update ??= marks(notice, undefined, true, 0).find(([name]) => name === "updates")?.[2];
  };
  const seen = new Seen(see);

  const put = start(options, press, record);
  const { release } = record;
  record.release = () => {
    isReleased = true;
    clearTimeout(timer);
    seen.stop();
    release();
  };
  for (const event of ["online", "offline", "visibilitychange", "resize"]) {
    addEventListener(event, () => hear((isUnheard ||= event === "visibilitychange")), { signal });
  }
  hear();
  return hear;
};

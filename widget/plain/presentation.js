// Decides how notices are ordered and arranged, and which values are stored about them: the rules of the Rust modules
// `notice::browser::presentation` and `precedence`, tested by the same tables (`notice/vectors`). Built as a part of `standing.js`.

/** Time after which a notice that has been seen starts as a pill, in seconds: 12 h. */
const PILL_AFTER = 43_200;
/** Time before the start of a maintenance at which it moves up in the order, in milliseconds: 15 min. */
const RISES_BEFORE = 9e5;

/** A time in milliseconds since 1970; NaN for an invalid time, or for none. Without `Date.parse`, which some pages replace. */
export const milliseconds = (text) => +new Date(text ?? NaN);

/** A time in seconds since 1970; NaN for an invalid time, or for none. */
export const seconds = (text) => Math.floor(milliseconds(text) / 1e3);

/** The rank of a notice; 0 is the most important. `isOver`: it is over for this page. `now` is in milliseconds since 1970. */
const rank = ({ kind, impact, status, started_at }, isOver, now) => {
  if (isOver || kind === "restored") return 5;
  if (kind === "incident") return { critical: 0, major: 1 }[impact] ?? 3;
  if (kind !== "maintenance") return 7;
  if (/in_progress|verifying/.test(status)) return 2;
  return milliseconds(started_at) <= now + RISES_BEFORE ? 4 : 6;
};

/**
 * Notices in the order in which a page shows them: drills last, then by rank, then those about the page's own components
 * first, then as in the feed.
 */
export const sorted = (notices, isOver, isOwn, now) => {
  const position = (notice) => (!!notice.drill * 8 + rank(notice, isOver(notice), now)) * 2 + !isOwn(notice);
  return notices
    .map((notice) => ({ notice, at: position(notice) }))
    .sort((one, other) => one.at - other.at)
    .map(({ notice }) => notice);
};

/**
 * The initial form of a notice in a page load. `overAt` is the time of its all-clear; `known` has the browser's stored values:
 * `{ isWitness, firstSeenAt, allClearSeenAt }`. All times are in seconds since 1970.
 *
 * * `isLong`: it was first seen more than `PILL_AFTER` ago, so that it starts as a pill
 * * `isLow`: the layout viewport is too low for a floating card
 * * `isNew`: it is an all-clear that has not been seen, so that its card is expanded
 * * `takesLine`: it is such an all-clear, of a notice that was seen, so that the line below the card names it first
 */
export const start = ({ impact, status, hold }, overAt, known, isLow, now) => {
  const isNew = overAt !== undefined && !(known.allClearSeenAt >= overAt);
  return {
    // Never for scheduled maintenance, which becomes a card 15 min before its start, without a rise in attention.
    isLong:
      overAt === undefined && impact !== "critical" && status !== "scheduled" && !hold && now > known.firstSeenAt + PILL_AFTER,
    isLow,
    isNew,
    takesLine: isNew && !!known.isWitness,
  };
};

/**
 * Arranges entries `{ view, start, isDrill }`, most important first, where `view` is 2 for a card and 1 for a pill. Returns
 * the index of the card or pill, its extent (2 the expanded card, 1 the collapsed card, 0 the pill), and the indices of the
 * others; undefined without entries. `chosen` is the reader's choice: `{ index, extent }`.
 */
export const arrange = (entries, isFloating, chosen) => {
  // A drill is the card or the pill only if all entries are drills, or if the reader opens it.
  const isReal = entries.some(({ isDrill }) => !isDrill);
  const candidates = entries.filter(({ isDrill }) => !(isReal && isDrill));
  const isCard = ({ view, start }) => view > 1 && !start.isLong && !(isFloating && start.isLow);
  const card = candidates.find(isCard);
  let main = entries.indexOf(card || candidates[0]);
  let extent = card ? (card.start.isNew ? 2 : 1) : 0;
  if (chosen?.extent > 1) main = chosen.index;
  if (chosen?.index === main && (card || chosen.extent > 1)) extent = chosen.extent;
  if (main < 0) return;
  const others = [...entries.keys()].filter((index) => index !== main);
  const named = others.find((index) => entries[index].start.takesLine);
  return { main, extent, others: [...new Set([named ?? others[0], ...others])].filter((index) => index !== undefined) };
};

/** Whether the newest update is new to the reader. `known`: the time of the newest known update, in seconds since 1970. */
export const isNews = ({ advice, updates }, known) => !!advice && seconds(updates?.[0]?.at) > known;

/** The stored key in `first` for a notice at its attention. */
export const firstKey = ({ id, attention }) => `${id}:${attention}`;

/**
 * The values to store when a notice has been seen: `[name, key, value, isFirst]`. With `isFirst`, a stored value stays.
 * `hasUpdate`: the text of the newest update was seen too.
 */
export const marks = (notice, overAt, hasUpdate, now) => {
  const { id, attention, restored, updates } = notice;
  const all = restored ? [] : [["seen", id, attention]];
  if (overAt !== undefined) return [...all, ["cleared", id, overAt]];
  all.push(["first", firstKey(notice), now, true]);
  if (updates?.[0]) all.push(["updates", id, seconds(updates[0].at), !hasUpdate]);
  return all;
};

// How the notices that the plain card shows are arranged, and what is remembered of having shown them: the rules of the
// Rust module `notice::presentation`, and of `precedence`, held to the same tables (`notice/vectors`). `standing.js` asks
// them, and is built as one file with them.

/** How long a notice is known until it starts as its pill, in seconds: 12 h. */
const LONG = 43_200;
/** Maintenance that begins within this time, in milliseconds, is pressing: 15 min. */
const SOON = 9e5;

/** A time as seconds since 1970. What is no time is NaN. */
export const seconds = (text) => Math.floor(Date.parse(text) / 1e3);

/** The rank of a notice, lowest first. `isOver`: for the page, if not elsewhere. `now` is in milliseconds since 1970. */
const rank = ({ kind, impact, status, started_at }, isOver, now) => {
  if (isOver || kind === "restored") return 5;
  if (kind === "incident") return { critical: 0, major: 1 }[impact] ?? 3;
  if (kind !== "maintenance") return 7;
  if (/in_progress|verifying/.test(status)) return 2;
  return Date.parse(started_at) <= now + SOON ? 4 : 6;
};

/**
 * Notices in the order in which a page shows them: what is real before drills, then by rank, then what is of the page's
 * own components, then as in the feed.
 */
export const sorted = (notices, isOver, isOwn, now) => {
  const place = (notice) => (!!notice.drill * 8 + rank(notice, isOver(notice), now)) * 2 + !isOwn(notice);
  return notices
    .map((notice) => ({ notice, at: place(notice) }))
    .sort((one, other) => one.at - other.at)
    .map(({ notice }) => notice);
};

/**
 * How a notice starts in a page load. `overAt` is the time of its all-clear; `known` is what was remembered of it:
 * `{ isWitness, firstSeenAt, allClearSeenAt }`. All times are in seconds since 1970.
 *
 * * `isLong`: it has been known for long, so that it is a pill
 * * `isLow`: the layout viewport was too low for a card that floats
 * * `isNew`: it is an all-clear that has not been seen: its card is expanded
 * * `takesLine`: it is such an all-clear of a notice that was seen
 */
export const start = ({ impact, status, hold }, overAt, known, isLow, now) => {
  const isNew = overAt !== undefined && !(known.allClearSeenAt >= overAt);
  return {
    // Maintenance that begins becomes a card again 15 min before, without more attention.
    isLong:
      overAt === undefined && impact !== "critical" && status !== "scheduled" && !hold && now > known.firstSeenAt + LONG,
    isLow,
    isNew,
    takesLine: isNew && !!known.isWitness,
  };
};

/**
 * Arranges entries `{ view, start, isDrill }`, most pressing first, where `view` is 2 for a card and 1 for a pill. Gives the
 * index of the card or pill, its extent (2 all of it, 1 a folded card, 0 the pill), and the indices of all others; nothing
 * where there is nothing. `chosen` is what the reader opened or folded: `{ index, extent }`.
 */
export const arrange = (entries, isFloating, chosen) => {
  // A drill is the card or the pill only where nothing real is shown, or where the reader opens it.
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

/** Whether the newest update is news. `known`: the newest one that is not, in seconds since 1970. */
export const isNews = ({ advice, updates }, known) => !!advice && seconds(updates?.[0]?.at) > known;

/** The key of `first` for a notice at its present attention. */
export const firstKey = ({ id, attention }) => `${id}:${attention}`;

/**
 * What to remember once a notice has been seen, as `[name, key, value, isFirst]`, where what is first stays as it is.
 * `hasUpdate`: the newest update's text was shown with it.
 */
export const marks = (notice, overAt, hasUpdate, now) => {
  const { id, attention, restored, updates } = notice;
  const all = restored ? [] : [["seen", id, attention]];
  if (overAt !== undefined) return [...all, ["cleared", id, overAt]];
  all.push(["first", firstKey(notice), now, true]);
  if (updates?.[0]) all.push(["updates", id, seconds(updates[0].at), !hasUpdate]);
  return all;
};

// Decides whether a page shows a notice, as a card or as a pill. Mirrors the Rust module `notice::browser`; both are tested with
// the tables in `notice/vectors`.

/**
 * A time in hours since 1970, so that the integer part of a visit is the number of its hour. NaN for an invalid time. Without
 * `Date.parse`, which some pages replace.
 */
const hour = (text) => new Date(text) / 36e5;

/**
 * Whether an audience includes a page. `page` is `{ segments, components, slots, paths }`: a list that the page does not
 * declare is null, and `slots` holds the components of its slots.
 *
 * An audience without entries includes every page. A list that the page does not declare falls back to `undeclared`. In a path's
 * pattern `*` stands for one segment or a part of it, and `**` for any path.
 */
export const matches = (audience, page) => {
  const includesPage = (name, test) => !audience[name]?.[0] || audience[name].some(test);
  const isDeclared = (name) => (entry) =>
    page[name]
      ? page[name].includes(entry.slug || entry)
      : (audience["undeclared_" + name] ?? audience.undeclared) !== "hide";
  const isComponent = isDeclared("components");
  return (
    includesPage("segments", isDeclared("segments")) &&
    includesPage("components", (slug) => page.slots?.includes(slug) || isComponent(slug)) &&
    includesPage("paths", (pattern) => {
      const source = pattern.replace(/\*+|\W/g, (part) =>
        part[1] ? ".*" : part === "*" ? "[^/]*" : "\\" + part,
      );
      return page.paths.some((path) => RegExp(`^${source}$`).test(path));
    })
  );
};

/**
 * Returns the time at which an open notice was over for this page: the latest recovery time among the page's components that the notice
 * affects. Undefined while one of them is still affected or named only in the audience, if the notice affects none of them, and
 * for a notice that is scheduled or without impact.
 */
export const backSince = ({ impact, status, restored, components = [], audience }, page) => {
  if (restored || impact === "none" || status === "scheduled") return;
  let since;
  for (const slug of page.components || []) {
    const affected = components.find((component) => component.slug === slug);
    if (affected ? affected.status !== "operational" : audience.components?.includes(slug)) return;
    if (affected && !(affected.since < since)) since = affected.since;
  }
  return since;
};

/**
 * The form in which a page shows a notice: 2 is a card, 1 a pill, 0 nothing.
 *
 * * `seen` maps a notice's id to its attention when it was last seen
 * * `hidden` maps a notice's id to its attention when it was hidden, and `{id}:back` to the time of the hidden partial all-clear,
 *   in seconds since 1970
 * * `visits`, `now`: in hours since 1970
 */
export const shows = (notice, page, { seen, hidden, visits }, now) => {
  const { id, in_app, impact, restored, attention } = notice;
  const isHidden = hidden[id] >= attention;
  // A reader who hid the outage has seen it, even if it was in view for less than a second. Hiding the all-clear does not count:
  // the all-clear and the postmortem each raise the attention by 1, and a lower value was stored before them.
  const isSeen = id in seen || hidden[id] + !!restored?.postmortem < attention + !restored;
  const isMaintenance = impact === "maintenance";
  if (in_app === "off" || (notice.drill && !page.drill) || !matches(notice.audience, page)) return 0;

  const visited = (from, until) => visits.some((visit) => from <= visit && visit < until);
  const back = backSince(notice, page);
  if (back) {
    const isBackHidden = hidden[id + ":back"] >= new Date(back) / 1e3;
    const wasAffected = isSeen || (!isMaintenance && visited(hour(notice.started_at) | 0, hour(back)));
    return wasAffected && !isBackHidden && now < hour(back) + (isMaintenance ? 2 : 72) ? 2 - isMaintenance : 0;
  }

  const isBar = in_app === "bar";
  if (!restored) return isHidden ? +(notice.hold || (isBar && /major|critical/.test(impact))) : isBar + 1;

  const { seconds, withdrawn, postmortem } = restored;
  const end = hour(restored.at);
  const isFresh = now < end + 72;
  if (isHidden || !(now < hour(restored.expires_at))) return 0;
  // A postmortem returns a hidden all-clear as a pill.
  const most = postmortem && hidden[id] >= attention - 1 ? 1 : 2;
  if (isSeen) return !isMaintenance && (isFresh || withdrawn) ? most : 1;
  if (isMaintenance || withdrawn) return 0;
  if (isFresh && visited((end - seconds / 3600) | 0, end)) return most;
  const isReturning = now < hour(restored.returning_until) && visited(end - 720, end);
  return +(isReturning || now < hour(restored.everyone_until));
};

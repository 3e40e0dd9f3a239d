// Reports to the page which notices are shown: `Allclear.state.shown`, and the events `show` and `restored`; and whether the feed is
// confirmed: `Allclear.state.stale`, and the event `stale`.

/**
 * `isHeadless`: the page draws the notices itself. `wasStale`: the page knows already that the feed is stale. `record` is described
 * in `loader/handover.js`. Returns functions:
 *
 * * `update(shown, over, isStale, isListed)` sets the notices that are shown, and those of them that are over, by id;
 *   `isListed(id)` returns whether a notice is in the document
 * * `show(id)`, for a notice in view
 * * `find(id)`: the notice of the current feed
 */
export const makeReports = (emit, state, record, isHeadless, wasStale) => {
  const reported = (record.reported ||= {});
  // The notices that were reported to the page since they appeared, perhaps by the previous card.
  let known = state.shown.filter((id) => id in reported);
  let shown = [];
  let over = [];
  const find = (id) => state.feed.notices.find((notice) => notice?.id === id);
  const report = (name, id) => {
    known.push(id);
    reported[id] = over.includes(id);
    emit(name, find(id));
  };
  const show = (id) => {
    if (shown.includes(id) && !known.includes(id)) report("show", id);
  };
  const update = (ids, overIds, isStale, isListed) => {
    [shown, over] = [ids, overIds];
    known = known.filter((id) => ids.includes(id));
    state.shown = ids.filter(isListed);
    state.stale = isStale;
    const becomesStale = isStale && !wasStale;
    wasStale = isStale;
    // Also for a notice that the reader has hidden, because the page received its `show`.
    const restored = overIds.filter((id) => reported[id] === false);
    for (const id of ids) if (id in reported) reported[id] = overIds.includes(id);
    // Last, when the state is consistent, because listeners may call the API.
    for (const id of restored) report("restored", id);
    if (isHeadless) ids.forEach(show);
    if (becomesStale) emit("stale", { since: state.confirmed_at });
  };
  return { update, show, find };
};

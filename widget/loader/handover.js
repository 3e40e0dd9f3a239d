// Starts the card when there is something to show, and replaces a card that breaks by another one.

import { englishFeed } from "./english.js";
import { pageRules } from "./page_rules.js";
import { isReplay, serverClock } from "./server_clock.js";

/** Time that a notice waits for the segments of a page that are still `pending`, in milliseconds. */
const PENDING = 5e3;
/** Time after which a card no longer waits until the page is parsed, in milliseconds, because a script of the page may hang. */
const PARSING = 1e3;
/** Maximum age of a stored feed that is drawn before the first answer, in milliseconds: 1 day. */
const MAX_AGE = 864e5;
/** Age of a stored feed above which the card waits for the first answer, in milliseconds: 15 min. */
const OLD = 9e5;
/** Maximum time of that wait, in milliseconds. */
const PATIENCE = 2e3;

/**
 * Returns the function that the loader calls once, with the loader's functions and objects, which `widget/src/lib.rs` describes.
 * In addition, `mounted` are the arguments of each call of `mount`, `address` is the page's URL when it was opened, and `script`
 * the page's script tag.
 *
 * That function returns an asynchronous function, which loads the card once there is something to draw. The loader calls it at each
 * event, with the last answer or the stored one of an earlier visit, until it resolves to a dispatcher. The dispatcher
 * takes the name of each event, and for "polled" also 1 for the answer to another tab's request, else 0, and the answer. Its
 * method `polls(tick, ask, origins, origin, failures, due)` starts the card on the first call, and
 * returns whether the card polls by itself; if not, the loader polls.
 *
 * `first` loads a card, `second` the card that replaces one that broke. Both are called with the functions and objects
 * above, and resolve to a function that starts the card, which is called once with `(ask, origins, origin, failures, due)` and
 * returns the card's event handler, and whether the card polls by itself. `first` also gets a function to call when the
 * card breaks.
 *
 * The cards share one record, so that each continues where the last one stopped:
 *
 * * `root`: the shadow root that cards are drawn in, closed or open; its host element stays in place
 * * `regions`: its two live regions, the polite one and the urgent one
 * * `open`: `{ choices, isListed }`: for each notice that the reader or the page expanded or collapsed `{ id, kind, extent }`,
 *   newest first, where the extent is 2 for the expanded card and 1 for the collapsed one; and whether the list of the other
 *   notices is open
 * * `memory`: what was read and stored in this page load, by name and key
 * * `announced`: the last announcement of each notice, by id: `{ attention, isOver, at, wasUrgent }`, where `at` is
 *   milliseconds of the monotonic clock
 * * `focus`: `{ id, part, from }`: the element that has the focus, and the element that had it before the card
 * * `reported`: the notices that were reported to the page in events, by id: whether the notice was over
 * * `places`: a `Set` of the page's elements with `data-allclear-slot`, kept by the card
 * * `script`: the loader's script element, before which an inline card is inserted
 * * `english`: requests the feed in English: see `english.js`
 * * `ask`: the loader's function that sends a request
 * * `release()`: the current card removes everything that is not in the record
 */
export const handover = (first, second) => (emit, storage, options, api, mounted, alive, address, script) => {
  const { state } = api;
  const english = englishFeed(options, api.refresh);
  const record = { memory: {}, reported: {}, script, english };
  const clock = serverClock();
  // The elements given to `mount`, with their components.
  const mounts = [];
  const readMounts = () => {
    for (let index = mounted.length; index--; ) if (!mounted[index].length) mounted.splice(index, 1);
    mounts.splice(0, mounts.length, ...mounted.map(([element, settings]) => [element, settings?.components]));
  };
  readMounts();
  // Values that were read or stored apply until the page is left, also when the page clears or blocks the storage.
  const remember = (name, value) => {
    const stored = storage(name, value);
    const known = (record.memory[name] = value ? {} : record.memory[name] || {});
    for (const key of Object.keys(stored)) {
      // The keys of visits are positions, not ids: a list that was cleared begins again.
      const id = name === "visits" ? stored[key] : key;
      if (!(known[id] >= stored[key])) known[id] = stored[key];
    }
    return { ...known };
  };
  const rules = pageRules(clock.now, remember, options, mounts, /\Wallclear-drill/.test(address), record);
  const inputs = {
    clock: clock.now,
    emit,
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

  let judged; // The answer that was judged last.
  let confirmedAt; // The confirmation of the last answer that was not old.
  /** Corrects the state when an answer is old. The loader has already taken over the answer's feed and time of confirmation. */
  const judge = (answer) => {
    if (!answer.feed || answer === judged || answer.feed !== state.feed) return;
    judged = answer;
    english.answered(answer);
    if (clock.isOld(answer)) {
      // An answer without a time is at least as old as the feed's last change, whose time is `rev`.
      state.confirmed_at = confirmedAt ||= answer.at || new Date(answer.feed.rev).toJSON();
      state.stale = true;
    } else {
      confirmedAt = answer.at;
    }
  };

  let start, handler, wake;
  let loading; // The promise of `load`.
  const load = async () => {
    start = await first(inputs, onBroken);
  };
  let isPolling; // Whether the card polls by itself.
  let replacing; // Whether the second card is there or being loaded, once the first broke; false when it cannot be started.
  const replace = async () => {
    replacing = true;
    try {
      [handler] = (await second(inputs))();
    } catch {
      replacing = false;
      // The notice of the first card may be outdated.
      const { root } = record;
      record.regions = null;
      root?.replaceChildren();
      root?.host.remove();
    }
  };
  const onBroken = () => {
    handler = isPolling = null;
    replace();
    alive.signal.onabort = () => {
      record.release?.();
      record.root?.host.remove();
    };
    wake?.();
  };
  const dispatch = (name, isShared, answer) => {
    try {
      if (answer) {
        judge(answer);
        name = `polled ${answer.origin} ${answer.failures} ${answer.seconds}`;
      }
      if (name === "mount") readMounts();
      // A card that polls by itself gets its own answers from `ask`.
      if (isPolling && isShared === 0) return;
      if (replacing === false) replace();
      handler?.(name);
    } catch {}
  };
  dispatch.polls = (tick, ask, ...polling) => {
    wake = tick;
    record.ask = ask;
    try {
      if (start && replacing == null) [handler, isPolling] = start(ask, ...polling);
    } catch {
      onBroken();
    }
    start = null;
    return isPolling;
  };

  // A floating card can start before the page is parsed, and finds slots that are parsed later. An inline card could miss its place.
  const parsed = new Promise((resolve) => {
    if (document.readyState !== "loading") return resolve();
    document.addEventListener("DOMContentLoaded", resolve);
    setTimeout(resolve, PARSING);
  });
  const body = new Promise((resolve) => {
    const look = (_, observer) => document.body && resolve(observer.disconnect());
    const observer = new MutationObserver(look);
    // A page may have replaced the whole document.
    observer.observe(document.documentElement || document, { childList: true });
    look(0, observer);
  });
  const placed = options.position === "inline" ? parsed : Promise.race([body, parsed]);
  const isShown = () => state.open || state.feed?.notices.some(rules.view);

  return async (answer) => {
    try {
      const { feed, at, offset, seconds, isUnknown } = answer;
      const isOpen = feed.notices.some((notice) => notice?.restored === null);
      const age = +new Date() + offset - new Date(at);
      // A feed that is old, or of unknown age, is drawn after the first answer, or after a short wait.
      if (!state.feed && isOpen && (isUnknown || age > OLD)) await { then: (resolve) => setTimeout(resolve, PATIENCE) };
      if (state.feed) judge(answer);
      else if (isOpen && age < MAX_AGE) {
        clock.set(offset);
        judged = answer;
        confirmedAt = at;
        // Within its poll interval, a stored feed is as current as on a page that stays open, unless a cache had replayed it.
        const isCurrent = !isUnknown && age >= 0 && age <= seconds * 1e3 && !isReplay(answer);
        Object.assign(state, { feed, confirmed_at: at, stale: !isCurrent });
        emit("change", feed);
      }
    } catch {} // The stored answer is malformed, because another script wrote to its key.
    readMounts();
    await placed;
    // Slots that are parsed later may show a notice that the page itself does not show.
    if (!isShown()) await parsed;
    if (!isShown()) return;
    loading ||= load();
    await loading;
    return dispatch;
  };
};

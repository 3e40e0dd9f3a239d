// Applies the rules to this page and this browser: to the page's declarations, and to the notices that were seen and hidden before.

import { backSince, shows } from "./showing.js";

/** Maximum number of notices that the browser remembers; the oldest is dropped first. */
const MOST_REMEMBERED = 100;

/**
 * The rules for this page and this browser. Once a card has started, `record.places` holds the page's slots.
 *
 * * `page()`: what the page declares: `{ segments, components, slots, paths, drill }`
 * * `pages()`: the same, and for each slot the declarations of a page that has its components
 * * `view(notice)`: how the page shows a notice, as `shows` in `showing.js`
 * * `back(notice)`: the time at which an open notice was over for this page; undefined while it is not over
 * * `hide(notice)`: remembers that the reader hid a notice
 * * `note(name, key, value, isFirst)`, `recall(name)`: write and read what the browser remembers
 */
export const pageRules = (clock, storage, options, mounts, drill, record) => {
  const split = (list) => (list?.split ? list.match(/\S+/g) || [] : list);
  const slots = () =>
    [...mounts.map(([, components]) => components), ...[...(record.places || document.querySelectorAll("[data-allclear-slot]"))].map((slot) => slot.dataset.allclearSlot)]
      .map(split)
      .filter((components) => components?.[0]);
  const page = () => ({
    segments: split(options.audience),
    components: split(options.components),
    slots: slots().flat(),
    paths: options.path ? [options.path] : [location.pathname, location.hash],
    drill,
  });
  // A slot counts as a page of its own that declares the slot's components.
  const pages = () =>
    slots().reduce((all, components) => [...all, { ...all[0], components, slots: [] }], [page()]);
  const viewIn = (declared, notice) => {
    const memory = { seen: storage("seen"), hidden: storage("hidden"), visits: Object.values(storage("visits")) };
    try {
      return shows(notice, declared, memory, clock() / 36e5);
    } catch {
      return 0; // A malformed notice is not shown.
    }
  };
  const view = (notice) => Math.max(...pages().map((declared) => viewIn(declared, notice)));
  // A notice is over only if it is over for the page and each slot that shows it.
  const back = (notice) => {
    const since = pages().filter((declared) => viewIn(declared, notice)).map((declared) => backSince(notice, declared));
    return since.every(Boolean) ? since[0] : undefined;
  };
  /** Stores a number under a name and a key. With `isFirst`, a number that is already there stays. */
  const note = (name, key, value, isFirst) => {
    const { [key]: before, ...others } = storage(name);
    if (before === value || (isFirst && before !== undefined)) return;
    if (Object.keys(others).length >= MOST_REMEMBERED) delete others[Object.keys(others)[0]];
    storage(name, { ...others, [key]: value });
  };
  const hide = (notice) => {
    const since = back(notice);
    if (since) note("hidden", notice.id + ":back", new Date(since) / 1e3);
    else note("hidden", notice.id, notice.attention);
  };
  // Read once: an all-clear that is new in this page load stays new, also when another card draws it.
  const cleared = storage("cleared");
  const recall = (name) => (name === "cleared" ? cleared : storage(name));
  return { page, pages, view, back, hide, note, recall };
};

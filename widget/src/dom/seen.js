// Decides which notices are in view: the tab is visible, and nothing of the page covers the centre of the title. A notice has
// been seen when it was in view for 1 s. The same applies to the text of the newest update.

import { elapsed, later } from "./clock.js";
import { guarded } from "./globals.js";

/** Time in view after which a notice has been seen, in milliseconds: as `notice::browser::presentation::SEEN_AFTER_MS`. */
const SEEN_AFTER = 1e3;
/** The interval of checks while a text is in view that was not yet seen, in milliseconds. */
const OFTEN = 250;
/** The interval of checks while only texts that are not in view are left, in milliseconds. */
const SELDOM = 1e3;
/** The share of an element that must be in view in a frame: at least half, so that the centre is. */
const CENTRE = 0.5;

/**
 * Whether an element is opaque, and the centre of its first lines belongs to its notice. Works in a closed shadow root too. If
 * something covers a floating card, `raise` brings the card to the top. Under a modal dialog `raise` decides, because hit tests skip
 * inert elements.
 */
const isInView = (notice, element, raise) => {
  if (element.checkVisibility?.({ opacityProperty: true }) === false) return false;
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const shadow = notice.getRootNode();
  const hit = shadow.elementFromPoint((left + right) / 2, top + Math.min((bottom - top) / 2, 24));
  return notice.contains(hit) || (!!hit && bottom > top && !shadow.contains(hit) && raise?.(shadow));
};

/**
 * Calls `onView` with the id of each notice in view, and dispatches "seen inc_… 0" for a notice, and "seen inc_… 1" when the text
 * of its newest update was in view. `raise(shadow)` returns whether a shadow root is above everything in the page.
 *
 * Returns `look(roots)`, which watches the notices drawn in these roots until all have been seen; `now()`, which checks them at
 * once and sets the timer for the next check; and `stop()`.
 */
export const watchTitles = (dispatch, onView, raise) => {
  // In a frame, hit tests do not see the page around it.
  const observer =
    window.top !== window &&
    new IntersectionObserver(
      guarded((entries) => entries.forEach(({ target, intersectionRatio }) => (target.share = intersectionRatio))),
      { threshold: CENTRE },
    );
  const isInWindow = (element) => !observer || observer.observe(element) || element.share >= CENTRE;
  let roots = [];
  let since = {};
  let reported = {};
  let timer;
  const stop = () => clearTimeout(timer);
  const now = () => {
    stop();
    const before = since;
    since = {};
    if (document.hidden) return;
    const time = elapsed();
    let isWaiting = false;
    let isHidden = false;
    const views = [];
    const events = [];
    for (const root of roots) {
      for (const notice of root.querySelectorAll("[data-notice]")) {
        const { notice: id, kind } = notice.dataset;
        ["[part=title],[part=pill]", "[part=update]"].forEach((part, index) => {
          const element = notice.querySelector(part);
          if (!element) return;
          const key = [id, kind, index && element.textContent].join();
          if (!isInWindow(element) || !isInView(notice, element, index ? null : raise)) {
            isHidden ||= !reported[key];
            return;
          }
          if (!index) views.push(id);
          since[key] = before[key] ?? time;
          if (reported[key]) return;
          if (time - since[key] < SEEN_AFTER) isWaiting = true;
          else {
            reported[key] = true;
            events.push(`seen ${id} ${index}`);
          }
        });
      }
    }
    if (isWaiting || isHidden) timer = later(isWaiting ? OFTEN : SELDOM, now);
    events.forEach((event) => dispatch(event));
    views.forEach((id) => onView(id));
  };
  const look = (drawn) => {
    roots = drawn;
    reported = {};
    now();
  };
  return { look, now, stop };
};

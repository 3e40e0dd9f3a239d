// Keeps the host element of the page's own container in a page that changes: inserts it where it belongs, above everything else if
// it floats, and removes the copies of our elements that a page makes when it writes its HTML again.

import { elapsed, later } from "./clock.js";
import { guarded } from "./globals.js";
import { listenAgain } from "./isolation.js";

/**
 * Maximum number of insertions per second at each place, and of moves to the top. Without a limit, we and the page could alternate
 * forever.
 */
const MOST = 10;
/** Pause before a refused insertion is tried again, in milliseconds. */
const PAUSE = 100;
export const SLOT = "data-allclear-slot";
/** Elements whose children are not drawn. */
const REPLACED = /^(video|iframe|canvas|img|object|embed)$/;
/**
 * Events after which something may be above the card, or after which the page has new content or styles. A dialog may open in
 * a shadow root, where only the focus event reveals it.
 */
const EVENTS = ["readystatechange", "fullscreenchange", "focusin"];

/**
 * Starts to keep `host`. `isFloating`: `host` belongs to the end of the body. `record` is described in `loader/handover.js`. The
 * fields of `owner` are optional: `selector` selects further elements to watch; `note(element)` is called when an element is added
 * or changed, and returns whether `settle` is needed; `settle()` inserts the owner's elements by `put`; `onPut()` is called after
 * `host` was inserted.
 *
 * Returns functions. `settle()` inserts everything, `put` one element. `raise()` brings the card to the top. `listen` adds a
 * listener. `halt()` stops everything, and leaves the host element where it is.
 */
export const keep = (host, isFloating, record, owner = {}) => {
  const selector = ["allclear-banner", "allclear-slot", `[${SLOT}]`].concat(owner.selector || []).join();
  const ending = new AbortController();
  // The page's elements with the attribute `SLOT`, kept up to date, so that the whole document is searched only once.
  const places = (record.places = new Set());
  const times = {};
  let copies = [];
  // A framework that takes over the server's HTML expects it to be unchanged, except for elements after its own. Until the
  // page is parsed, the host element is therefore moved to the end again and again.
  let isParsing = document.readyState === "loading";
  // Parents that do not draw their children: a body with a shadow root and no slot, a player in fullscreen, a text field.
  const undrawn = new Set();
  const listeners = []; // Functions that add listeners. Adding one again has no effect.
  let root = document.documentElement;
  // `granted` has, for each place, whether this call of `settle` may insert there. `modal` is the dialog or the event for which the
  // card was raised last, `retry` the timer of the next attempt.
  let granted, modal, retry;
  let isWaiting; // The card was not moved to the top, because it was moved there too often.

  /** Counts a change at a place. If there were too many within a second, it is refused, and `settle` called again later. */
  const allows = (place) => {
    const now = elapsed();
    const recent = (times[place] = (times[place] || []).filter((time) => now - time < 1e3));
    if (recent.length < MOST) return recent.push(now);
    retry ||= later(PAUSE, () => {
      retry = 0;
      settle();
    });
    return 0;
  };

  /**
   * Shows a floating card in the browser's top layer, above whatever the page has there. Returns whether the card is there: not in
   * a browser without popovers, and not if the page sets `--allclear-z`, because it wants some of its elements above the card. If
   * something else of the page moves itself to the top as often, the card waits.
   */
  const raise = () => {
    if (!isFloating || !host.isConnected) return false;
    isWaiting = !allows("top");
    if (isWaiting) return false;
    host.popover = getComputedStyle(host).getPropertyValue("--allclear-z") ? null : "manual";
    try {
      host.hidePopover();
      host.showPopover();
      return true;
    } catch {
      return false;
    }
  };

  /** Inserts an element, unless this was done too often at this place: then later. */
  const put = (element, place, parent, before = null, isThere = element.parentNode === parent) => {
    if (isThere || !parent || !(granted[place] ??= allows(place))) return;
    const focused = element === host && record.root?.activeElement;
    element.isKept = true;
    parent.insertBefore(element, before);
    if (element !== host) return;
    raise();
    focused?.focus({ preventScroll: true });
    owner.onPut?.();
  };

  /** The parent of a floating card: the fullscreen element if any (browsers make everything outside it inert), otherwise the body. */
  const home = () => {
    const { body, documentElement } = document;
    let element = document.fullscreenElement;
    while (element?.shadowRoot?.fullscreenElement) element = element.shadowRoot.fullscreenElement;
    const isHome = element && !undrawn.has(element) && !element.contains(body) && !REPLACED.test(element.localName);
    if (isHome) return element;
    return body && !undrawn.has(body) ? body : documentElement;
  };

  /** Whether the card has no box where it is, although its parent has one. Measured only when that may have changed. */
  const isUndrawn = (parent) =>
    host.parentNode === parent &&
    (granted.own || document.fullscreenElement || parent.shadowRoot) &&
    !host.getClientRects()[0] &&
    !!parent.getClientRects()[0];

  const settle = () => {
    granted = {};
    if (root !== document.documentElement) {
      // `document.open` removes all listeners together with the root element.
      root = document.documentElement;
      listeners.forEach((add) => add());
      listenAgain();
    }
    if (copies[0] && allows("copies")) {
      copies.forEach((copy) => copy.remove());
      copies = [];
    }
    for (const place of places) if (!place.isConnected || !place.hasAttribute(SLOT)) places.delete(place);
    if (isFloating) {
      const parent = home();
      put(host, "own", parent, null, host.parentNode === parent && !(isParsing && host.nextSibling));
      if (parent !== document.documentElement && isUndrawn(parent)) {
        undrawn.add(parent);
        put(host, "own", home());
      }
      if (isWaiting) raise();
    }
    owner.settle?.();
  };

  const read = (records) => {
    let isChanged = isParsing;
    const note = (element) => {
      const isCopy = /^allclear-/.test(element.localName) && !element.isKept && copies.push(element);
      const isPlace = (element.hasAttribute(SLOT) || places.has(element)) && places.add(element);
      isChanged = owner.note?.(element) || isCopy || isPlace || isChanged;
    };
    for (const { attributeName, target, addedNodes, removedNodes } of records) {
      isChanged ||= removedNodes[0];
      // A dialog is drawn above the card, which was on top before.
      if (attributeName === "open" && target.matches(":modal")) raise();
      else if (attributeName) note(target);
      for (const node of addedNodes) {
        if (node.nodeType === 1) [node, ...node.querySelectorAll(selector)].forEach(note);
      }
    }
    if (isChanged) settle();
  };
  const watcher = new MutationObserver(guarded(read));

  const listen = (target, events, listener, capture = true) => {
    const options = { capture, passive: true, signal: ending.signal };
    const safe = guarded(listener);
    const add = () => events.forEach((event) => target.addEventListener(event, safe, options));
    listeners.push(add);
    add();
  };
  listen(document, EVENTS, (event) => {
    const isFocus = event.type === "focusin";
    if (!isFocus) {
      for (const place in times) delete times[place]; // Counts from 0 again, because deferred scripts run next.
      settle();
      isParsing = document.readyState === "loading";
    }
    const other = isFocus ? event.composedPath().find((element) => element.matches?.(":modal")) : event;
    if (other && other !== modal) raise();
    modal = other;
  });
  /** Watches the document, or a shadow root of the page. */
  const watch = (root) => watcher.observe(root, { childList: true, subtree: true, attributeFilter: ["open", SLOT] });
  watch(document);

  const start = () => read([{ addedNodes: [document.documentElement || document], removedNodes: [document] }]);
  const halt = () => {
    watcher.disconnect();
    clearTimeout(retry);
    ending.abort();
  };
  return { start, settle, put, raise, listen, watch, halt, places };
};

// Keeps what the reader does in a container of ours from the page's own listeners: focus traps, scroll locks, shortcuts, dialogs
// and menus that close on a press outside of them.
//
// Pages listen in the capture phase at the document. Only capturing listeners of the window run before those, so ours are
// there. An event of a container stops there, which cancels none of its default actions: the browser still activates buttons,
// follows links, selects text, moves the focus and scrolls. What the card does itself is called from here.

import { guarded } from "./globals.js";

const EVENTS =
  "pointerdown pointerup pointercancel mousedown mouseup click dblclick auxclick contextmenu touchstart touchmove touchend wheel focus focusin blur focusout keydown keypress keyup".split(
    " ",
  );
const HIDING = ["aria-hidden", "inert"];
/** The longest time that a press delays redraws, in milliseconds. */
const LONGEST_PRESS = 5e3;

let containers = new WeakMap(); // By host element.
let all = []; // Weak references to the host elements, because a page may make new slots again and again.
let pressed; // The element of a container that the latest press began on; undefined for a press on the page.
let waiting; // The tasks that wait for the end of a press in a container; undefined without a press.
let ending; // The timer that ends the press.
let isPressing; // Set while a press on a container is dispatched. The focus moves after the press.

/**
 * Runs a task, after the press in a container that is in progress: browsers dispatch no click if the pressed element has been
 * replaced.
 */
export const afterPress = (task) => waiting?.push(task) ?? task();

/** Ends the press, and runs what waits for its end. */
const endPress = guarded(() => {
  const tasks = waiting;
  waiting = undefined;
  tasks?.forEach((task) => task());
});

/**
 * The target of an event inside the shadow root; null if it is not known. The window's listeners do not see into a closed root.
 */
const innermost = (event, { shadow }) => {
  const [target] = event.composedPath();
  if (target !== shadow.host) return target;
  if (!event.isTrusted) return null;
  const { clientX, clientY, detail } = event;
  // Keys and assistive technology press without a position, and the browser moves the focus first.
  if (!clientX && !clientY) return shadow.activeElement;
  let inner = shadow.elementFromPoint(clientX, clientY);
  // A click belongs to the element that contains both the beginning and the end of the press.
  while (event.type === "click" && detail && inner && !inner.contains(pressed)) inner = inner.parentNode;
  return inner;
};

/** Moves the focus to the next container, in the page's order, or from the last one back to the page. Returns whether it moved. */
const moveFocus = (own, isBackward) => {
  // Containers in a shadow root of the page come last.
  const others = all.map((reference) => reference.deref()).filter((host) => host?.isConnected);
  const hosts = [...new Set([...document.querySelectorAll("allclear-banner,allclear-slot"), ...others])];
  for (const host of isBackward ? [] : hosts.slice(hosts.indexOf(own?.shadow.host) + 1)) {
    const shadow = containers.get(host)?.shadow;
    shadow?.querySelector("button")?.focus();
    if (shadow?.activeElement) return true;
  }
  own?.from?.focus();
  own?.shadow.activeElement?.blur();
  return own;
};

/** Whether an element is in a shadow root of `outer`, or in one within it. */
const isWithin = (element, outer) => {
  while (element && element !== outer) element = element.getRootNode().host;
  return element;
};

const listener = guarded((event) => {
  const { type, key, detail, relatedTarget } = event;
  const own = containers.get(event.composedPath().find((node) => containers.has(node)));
  // `pointerdown` and `mousedown`.
  if (/rdown|edown/.test(type)) {
    pressed = own && (innermost(event, own) || own.shadow);
    isPressing = own && setTimeout(() => (isPressing = 0));
  }
  const begins = own && (type === "keydown" ? key === " " : /rdown|edown/.test(type));
  // The click follows in the same task.
  if (begins || (waiting && /up|cancel/.test(type))) {
    waiting ||= [];
    clearTimeout(ending);
    ending = setTimeout(endPress, begins && LONGEST_PRESS);
  }
  const inner = type === "click" && own ? innermost(event, own) : own;
  // A script has made the click: the listener of the shadow root sees the target, and handles the click.
  if (own && !inner) return;
  const isKey = type === "keydown";
  const isMoved =
    isKey && key === "F6" && !(event.ctrlKey || event.altKey || event.metaKey) && moveFocus(own, event.shiftKey);
  const isOurs =
    isMoved ||
    (/rup|eup|cancel/.test(type)
      ? pressed // A drag that began in the page also ends there.
      : own ||
        // A press that began in a container, and ended outside. In a closed shadow root of the page it may have ended inside.
        (detail && pressed && !isWithin(pressed, event.target)) ||
        (/blur|out/.test(type) && (isPressing || containers.has(relatedTarget))));
  if (!isOurs) return;
  event.stopImmediatePropagation();
  if (isMoved) return event.preventDefault();
  if (!own) return;
  if (type === "focusin" && relatedTarget) own.from = containers.get(relatedTarget)?.from || relatedTarget;
  if (type === "focusout") own.left?.();
  if (type === "click") {
    const part = inner.closest("button,[part=contact]");
    // The waiting tasks run after the press has been handled.
    const tasks = waiting || [];
    waiting = undefined;
    if (own.shadow.contains(part) && own.press(part) === false) event.preventDefault();
    waiting = tasks;
    endPress();
  }
  // Escape closes what is open in the card, never a dialog or popover of the page.
  if (isKey && key === "Escape") {
    event.preventDefault();
    if (own.shadow.querySelector("[aria-expanded=true],[part=less]")) own.press();
  }
});

// A dialog of the page hides everything beside it from assistive technology, but the card can be used. Once a frame, because the
// page may hide it again each time.
const observer = new MutationObserver((records) =>
  requestAnimationFrame(
    guarded(() => records.forEach(({ target }) => HIDING.forEach((name) => target.removeAttribute(name)))),
  ),
);

const forEachEvent = (target, method) =>
  EVENTS.forEach((type) => target[method](type, listener, { capture: true, passive: /wheel|touch/.test(type) }));
// Listeners of the window run in the order in which they were added.
forEachEvent(window, "addEventListener");

/**
 * Isolates a container. `press(element)` is called when the reader presses a button or a contact; if it returns false, the
 * contact's link is not followed. Without an element the reader pressed Escape, and something is open. Returns the container:
 * `from` is the element that had the focus before it, and `left()` is called when it loses the focus.
 */
export const isolate = (shadow, press) => {
  const own = { shadow, press };
  containers.set(shadow.host, own);
  all = all.filter((reference) => reference.deref());
  all.push(new WeakRef(shadow.host));
  observer.observe(shadow.host, { attributeFilter: HIDING });
  forEachEvent(window, "addEventListener");
  // For what the window's listener cannot attribute: clicks of scripts, and a container in a closed shadow root of the page.
  forEachEvent(shadow, "addEventListener");
  return own;
};

/** Adds the listeners again that `document.open` has removed. */
export const listenAgain = () => {
  forEachEvent(window, "addEventListener");
  for (const reference of all) {
    const own = containers.get(reference.deref());
    if (own) forEachEvent(own.shadow, "addEventListener");
  }
};

/** Ends the isolation of all containers. */
export const release = () => {
  containers = new WeakMap();
  all = [];
  observer.disconnect();
  forEachEvent(window, "removeEventListener");
};

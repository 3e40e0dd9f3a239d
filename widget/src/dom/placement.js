// Places a floating card where it does not get in the way: not over the focused field, above the on-screen keyboard, and not
// over a button of the page that cannot be scrolled away. Reserves space in the page where the page asks for it.

import { barHeight, CONTROLS, isStuck } from "./bar.js";
import { guarded } from "./globals.js";

/**
 * Places the card in `own`. Dispatches "placed" when a card must become a pill, or may become a card again. `listen` adds a
 * listener until the card is removed. Returns functions:
 *
 * * `now()` measures the page and sets the position; `look()` does so before the next frame
 * * `covers()`: whether a card would cover the focused field
 * * `allow()`, called when a reader opens the card: it is drawn even if it covers the focused field
 * * `stop()`
 */
export const place = (own, dispatch, options, listen) => {
  const { host } = own;
  const isTop = options.position === "top";
  let covers = false;
  let frame, card, pill, isAside;

  let room = ""; // The space that is reserved.
  const written = {}; // For each property, the page's own value by each value that was written in its place.
  /**
   * Reserves space for the card at the page's edge. The page may replace its root element or the element's attributes. A scroll
   * lock may write back a value of ours that it has saved, and that is outdated.
   */
  const reserve = () => {
    if (!("reserve" in options)) return;
    const root = document.documentElement;
    const edge = isTop ? "top" : "bottom";
    for (const name of ["scroll-padding-" + edge, "padding-" + edge, "--allclear-height"]) {
      const before = (written[name] ||= {});
      const value = root.style.getPropertyValue(name);
      const theirs = before[value] ?? value;
      // A value that appears beside ours may come from a scroll lock, which removes it again.
      if (room && !(room in before && theirs)) before[room] = theirs;
      if (value !== (room || theirs)) root.style.setProperty(name, room || theirs);
    }
    styles.observe(root, { attributeFilter: ["style"] });
  };
  const styles = new MutationObserver(guarded(reserve));

  /** The focused element, in open shadow roots too; null when it is the page itself. */
  const focused = () => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element === document.body || element === document.documentElement ? null : element;
  };

  /** Whether a rectangle covers a button of the page that cannot be scrolled out from under it. */
  const hides = ({ left, right, top, bottom }) => {
    const middle = (top + bottom) / 2;
    const isAtEnd = window.scrollY + window.innerHeight > document.documentElement.scrollHeight - 2;
    return [left + 1, (left + right) / 2, right - 1].some((x) =>
      document.elementsFromPoint(x, middle).some((element) => {
        const button = element !== host && element.closest(CONTROLS);
        return !!button && (isAtEnd || isStuck(button));
      }),
    );
  };

  /** Sets the position, and returns whether the card covers the focused field; undefined while the card has the focus. */
  const settle = () => {
    const set = (name, value) => own.style.setProperty(name, value);
    const view = window.visualViewport;
    // Pinch zoom changes the visual viewport too, without a keyboard.
    const isWhole = view && view.scale < 1.01;
    set("--ac-above", isWhole ? `${view.offsetTop}px` : "0px");
    set("--ac-below", isWhole ? `${Math.max(0, window.innerHeight - view.height - view.offsetTop)}px` : "0px");

    const isCard = own.querySelector("[part=card]");
    set("--ac-bar", `${isCard || isTop ? 0 : barHeight(host)}px`);
    const shown = (isCard || own.querySelector("[part=pill]"))?.getBoundingClientRect();
    room = shown ? Math.ceil((isTop ? shown.bottom : window.innerHeight - shown.top) + 8) + "px" : "";
    reserve();
    if (!shown) return false;
    if (isCard) card = shown;
    // The position of the pill when it is not moved aside.
    if (!isCard && !isAside) pill = shown;

    const field = focused()?.getBoundingClientRect();
    const isOurs = document.activeElement === host;
    const isInWay = !isCard && pill && (overlaps(pill, field) || hides(pill));
    if (isCard || !isOurs) {
      isAside = isInWay;
      // To the opposite edge, at the same distance. A transform causes no layout shift.
      const way = isInWay ? window.innerHeight - pill.top - pill.bottom : 0;
      set("--ac-aside", way ? `translateY(${way}px)` : "none");
    }
    // The card does not move or change while it has the focus.
    if (!isOurs) return !!card && overlaps(card, field);
  };

  const now = () => {
    frame = 0;
    const before = covers;
    covers = settle() ?? covers;
    if (covers !== before) dispatch("placed");
  };
  const look = () => {
    frame ||= requestAnimationFrame(guarded(now));
  };
  listen(window, ["focusin", "focusout", "scroll", "resize"], look);
  if (window.visualViewport) listen(window.visualViewport, ["resize", "scroll"], look);
  const stop = () => {
    cancelAnimationFrame(frame);
    room = "";
    reserve();
    styles.disconnect();
  };
  const allow = () => {
    covers = false;
  };
  return { now, look, covers: () => covers, allow, stop };
};

/** Whether a card covers a field: any of a small field, most of one that is higher than half the screen. */
const overlaps = (card, field) => {
  if (!field) return false;
  const inside = (low, high, from, to) => Math.max(0, Math.min(high, to) - Math.max(low, from));
  const wide = inside(field.left, field.right, card.left, card.right);
  const high = inside(field.top, field.bottom, card.top, card.bottom);
  const seen = inside(field.top, field.bottom, 0, window.innerHeight);
  return wide > 0 && high > (field.height > window.innerHeight / 2 ? seen / 2 : 0);
};

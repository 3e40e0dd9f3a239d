// Keeps what floats out of the reader's way: never over what has the focus, above the on-screen keyboard, beside a
// button of the page's that it would hide for good; and, where the page asks for it, room of its own.

const ROOT = document.documentElement;
const EVENTS = ["focusin", "focusout", "scroll", "resize"];
/** How far above the lower edge a bar's buttons are looked for, and how high a bar is at most, in px. */
const EDGE = 24;
const HIGHEST_BAR = 120;
const ACTS = "a[href],button,input,select,textarea,[role=button],[contenteditable]";

export class Placement {
  /** `heard` is told "placed" when a card must become a pill or may be one again. */
  constructor(own, heard, options) {
    this.own = own;
    this.host = own.getRootNode().host;
    this.isReserving = "reserve" in options;
    this.isTop = options.position === "top";
    /** A card would cover what has the focus. */
    this.covers = false;
    this.reserved = {};
    this.now = () => {
      this.frame = 0;
      if (this.settle()) heard("placed");
    };
    this.look = () => {
      this.frame ||= requestAnimationFrame(this.now);
    };
    for (const event of EVENTS) addEventListener(event, this.look, { capture: true, passive: true });
    window.visualViewport?.addEventListener("resize", this.look);
    window.visualViewport?.addEventListener("scroll", this.look);
  }

  /** Looks at the page as it is; says whether `covers` has changed. */
  settle() {
    const { own } = this;
    const view = window.visualViewport;
    // Zoomed in by two fingers, a page is looked at through a hole that moves: that is no keyboard.
    const isWhole = view && view.scale < 1.01;
    own.style.setProperty("--above", isWhole ? `${view.offsetTop}px` : "0px");
    own.style.setProperty("--below", isWhole ? `${Math.max(0, innerHeight - view.height - view.offsetTop)}px` : "0px");

    const card = own.querySelector("[part=card]");
    own.style.setProperty("--bar", `${card || this.isTop ? 0 : this.bar()}px`);
    const shown = (card || own.querySelector("[part=pill]"))?.getBoundingClientRect();
    this.reserve(shown);
    if (!shown) return this.change(false);
    if (card) this.card = shown;
    // The pill where it stands by itself.
    if (!card && !this.isAside) this.pill = shown;

    const field = this.focused()?.getBoundingClientRect();
    const isOurs = document.activeElement === this.host;
    const isInWay = !card && this.pill && (overlaps(this.pill, field) || this.hides(this.pill));
    if (card || !isOurs) {
      this.isAside = isInWay;
      // To the other edge, as far from it as it was from its own. A transform shifts no layout.
      const way = isInWay ? innerHeight - this.pill.top - this.pill.bottom : 0;
      own.style.setProperty("--aside", way ? `translateY(${way}px)` : "none");
    }
    // Under the reader's hand nothing moves, nor becomes anything else.
    return isOurs ? false : this.change(!!this.card && overlaps(this.card, field));
  }

  /** A reader wants the card, wherever it stands. */
  wanted() {
    this.covers = false;
  }

  change(covers) {
    const changed = this.covers !== covers;
    this.covers = covers;
    return changed;
  }

  /** What has the focus, in open shadows as well; nothing when it is the page itself. */
  focused() {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element === document.body || element === ROOT ? null : element;
  }

  /** Whether there is a button beneath that cannot be scrolled out from under it. */
  hides({ left, right, top, bottom }) {
    const middle = (top + bottom) / 2;
    const isAtEnd = scrollY + innerHeight > ROOT.scrollHeight - 2;
    return [left + 1, (left + right) / 2, right - 1].some((x) =>
      document.elementsFromPoint(x, middle).some((element) => {
        const button = element !== this.host && element.closest(ACTS);
        return !!button && (isAtEnd || isStuck(button));
      }),
    );
  }

  /** The height of a bar of the page's at the lower edge, with buttons that cannot be scrolled away: tabs, mostly. */
  bar() {
    let top = innerHeight;
    for (const across of [0.1, 0.5, 0.9]) {
      for (const button of document.elementsFromPoint(innerWidth * across, innerHeight - EDGE)) {
        let at = button !== this.host && button.closest(ACTS);
        if (!at || !isStuck(at)) continue;
        for (; at && at !== document.body; at = at.parentElement) {
          const box = at.getBoundingClientRect();
          if (box.height <= HIGHEST_BAR && box.bottom >= innerHeight - EDGE) top = Math.min(top, box.top);
        }
      }
    }
    return innerHeight - top;
  }

  /** Room for what floats, at the page's own edge. */
  reserve(shown) {
    if (!this.isReserving) return;
    const height = shown ? Math.ceil((this.isTop ? shown.bottom : innerHeight - shown.top) + 8) + "px" : "";
    const edge = this.isTop ? "top" : "bottom";
    for (const name of ["scroll-padding-" + edge, "padding-" + edge, "--allclear-height"]) {
      this.reserved[name] ??= ROOT.style.getPropertyValue(name);
      ROOT.style.setProperty(name, height || this.reserved[name]);
    }
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.reserve();
    for (const event of EVENTS) removeEventListener(event, this.look, { capture: true });
    window.visualViewport?.removeEventListener("resize", this.look);
    window.visualViewport?.removeEventListener("scroll", this.look);
  }
}

/** Whether a button stays where it is when the page is scrolled. */
const isStuck = (button) => {
  for (let at = button; at && at !== document; at = at.parentNode) {
    if (/fixed|sticky/.test(at.nodeType === 1 && getComputedStyle(at).position)) return true;
  }
  return ROOT.scrollHeight <= innerHeight + 2;
};

/** Whether one lies over the other: over any of what is small, over most of what is large. */
const overlaps = (card, field) => {
  if (!field) return false;
  const inside = (low, high, from, to) => Math.max(0, Math.min(high, to) - Math.max(low, from));
  const wide = inside(field.left, field.right, card.left, card.right);
  const high = inside(field.top, field.bottom, card.top, card.bottom);
  const seen = inside(field.top, field.bottom, 0, innerHeight);
  return wide > 0 && high > (field.height > innerHeight / 2 ? seen / 2 : 0);
};

// Where cards are drawn: one place of the page's own, and one in each slot and each element that the host hands over.

import { place } from "./place.js";

/** How often a place that the page throws out is put back: two parties must not fight for ever. */
const PATIENCE = 50;
const SLOT = "data-allclear-slot";
/** After any of these a slot may be visible that was not, or the other way round. */
const EVENTS = ["click", "keyup", "transitionend"];

/** Whether a place is connected and has boxes that are visible. */
const isRendered = (root) => {
  const { host } = root.getRootNode();
  if (!host.checkVisibility) return host.isConnected && host.getClientRects().length > 0;
  return host.checkVisibility({ visibilityProperty: true });
};

export class Places {
  /**
   * `heard` is told "places" when there are others; `mounts` is the host's own map of elements to component slugs; the
   * page's own place is drawn where `record` says that one was drawn before.
   */
  constructor(heard, style, emit, options, state, mounts, record) {
    const contact = (id, index) =>
      emit("contact", state.feed.notices.find((notice) => notice.id === id)?.contacts[index]) !== false;
    const { position, shadow } = options;
    this.isInline = position === "inline";
    this.sizes = new ResizeObserver(() => this.look());
    this.make = (tag, key, isFloating, record) => {
      const root = place(tag, style, shadow, isFloating, key, heard, contact, record);
      this.sizes.observe(root.getRootNode().host);
      return root;
    };
    Object.assign(this, { heard, options, mounts, slots: new Map(), patience: PATIENCE, made: 0 });
    this.own = this.make("allclear-banner", "own", !this.isInline, record);
    // What becomes visible by a style alone has the same size as before; it is the reader who makes it so.
    this.looks = () => this.slots.size && requestAnimationFrame(() => this.look());
    for (const event of EVENTS) addEventListener(event, this.looks, { capture: true, passive: true });
    this.watcher = new MutationObserver(() => this.settle());
    this.watcher.observe(document, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: [SLOT],
    });
    this.settle();
  }

  /** Puts every place where it belongs, makes those that are missing, and takes away those that are not wanted. */
  settle() {
    if (this.isInline) {
      const target = this.target();
      const script = document.querySelector('script[src*="embed.js"]');
      if (target) this.put(this.own, target);
      else if (document.body?.contains(script)) this.put(this.own, script.parentNode, script);
      else if (document.body) this.put(this.own, document.body, document.body.firstChild);
    } else if (this.options.position !== "none") {
      this.put(this.own, document.documentElement);
    }

    const wanted = new Map(this.mounts);
    for (const slot of document.querySelectorAll(`[${SLOT}]`)) {
      wanted.set(slot, slot.getAttribute(SLOT).match(/\S+/g) || []);
    }
    let changed = false;
    for (const [element, { root }] of this.slots) {
      if (!wanted.has(element)) {
        changed = this.slots.delete(element);
        this.sizes.unobserve(root.getRootNode().host);
        root.getRootNode().host.remove();
      }
    }
    for (const [element, components] of wanted) {
      // A page may hand over what is not there, or nothing to draw in: that place is left out, the others are not.
      if (element?.nodeType !== Node.ELEMENT_NODE && element?.nodeType !== Node.DOCUMENT_FRAGMENT_NODE) continue;
      const words = [components].flat().join(" ");
      const slot = this.slots.get(element) || { root: this.make("allclear-slot", "slot" + this.made++) };
      changed ||= slot.words !== words;
      slot.words = words;
      this.slots.set(element, slot);
      this.put(slot.root, element);
    }
    if (changed) this.heard("places");
    this.look();
  }

  /** Looks at how wide each place is, and whether it is rendered; says "resized" when that has changed. */
  look() {
    this.heardPlaces();
    const state = this.roots().map((root) => isRendered(root) && root.clientWidth).join();
    if (this.state !== state && (this.state = state)) this.heard("resized");
  }

  /** The element that `data-target` names; what is no selector names none. */
  target() {
    try {
      return document.querySelector(this.options.target);
    } catch {
      return null;
    }
  }

  put(root, parent, before = null) {
    const { host } = root.getRootNode();
    if (host.parentNode !== parent && this.patience-- > 0) parent.insertBefore(host, before);
  }

  /**
   * The places beside the page's own: where to draw, what to call it, the components it is for, and whether it is
   * rendered.
   */
  list() {
    return [...this.slots.values()].map(({ root, words }) => [root, root.key, words, isRendered(root)]);
  }

  /** Every place to draw in. */
  roots() {
    return [this.own, ...[...this.slots.values()].map(({ root }) => root)];
  }

  /** Where something may be said: the page's own place, and those in a modal dialogue. All of them have live regions. */
  heardPlaces() {
    const modal = [...this.slots].filter(([element]) => element.closest?.(":modal"));
    const roots = [this.own, ...modal.map(([, { root }]) => root)];
    roots.forEach((root) => root.makeRegions());
    return roots;
  }

  /** Says something to those who do not see: on the page, and in a modal dialogue, which silences the page. */
  announce(isUrgent, text, language) {
    const heard = this.heardPlaces();
    for (const root of this.roots()) {
      const region = root.regions?.[+isUrgent];
      if (!region) continue;
      region.lang = language;
      // What was said in a dialogue that is closed by now is not met again.
      region.textContent = heard.includes(root) ? text : "";
    }
  }

  /** Takes all away but the page's own place, where another card draws. */
  release() {
    this.watcher.disconnect();
    this.sizes.disconnect();
    for (const event of EVENTS) removeEventListener(event, this.looks, { capture: true });
    for (const { root } of this.slots.values()) root.getRootNode().host.remove();
    this.slots.clear();
    this.own.remove();
  }

  /** Takes everything away; once more does nothing. */
  stop() {
    const { host } = this.own.getRootNode();
    this.release();
    host?.remove();
  }
}

// Where cards are drawn: one place of the page's own, and one in each slot and each element that the host hands over.

import { place } from "./place.js";

/** How often a place that the page throws out is put back: two parties must not fight for ever. */
const PATIENCE = 50;
const SLOT = "data-allclear-slot";

export class Places {
  /** `heard` is told "places" when there are others; `mounts` is the host's own map of elements to component slugs. */
  constructor(heard, style, emit, options, state, mounts) {
    const contact = (id, index) =>
      emit("contact", state.feed.notices.find((notice) => notice.id === id)?.contacts[index]) !== false;
    const { position, shadow } = options;
    this.isInline = position === "inline";
    this.make = (tag, isFloating) => place(tag, style, shadow, isFloating, heard, contact);
    Object.assign(this, { heard, options, mounts, slots: new Map(), patience: PATIENCE, made: 0 });
    this.own = this.make("allclear-banner", !this.isInline);
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
        root.getRootNode().host.remove();
      }
    }
    for (const [element, components] of wanted) {
      // A page may hand over what is not there, or nothing to draw in: that place is left out, the others are not.
      if (element?.nodeType !== Node.ELEMENT_NODE && element?.nodeType !== Node.DOCUMENT_FRAGMENT_NODE) continue;
      const words = [components].flat().join(" ");
      const slot = this.slots.get(element) || { root: this.make("allclear-slot"), key: "slot " + this.made++ };
      changed ||= slot.words !== words;
      slot.words = words;
      this.slots.set(element, slot);
      this.put(slot.root, element);
    }
    if (changed) this.heard("places");
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
   * The places beside the page's own: where to draw, what to call it, the components it is for, and whether it stands in
   * a modal dialogue, which silences all outside it.
   */
  list() {
    return [...this.slots].map(([element, { root, key, words }]) => [root, key, words, !!element.closest?.(":modal")]);
  }

  /** Every place to draw in. */
  roots() {
    return [this.own, ...[...this.slots.values()].map(({ root }) => root)];
  }

  stop() {
    this.watcher.disconnect();
    for (const root of this.roots()) root.getRootNode().host.remove();
    this.slots.clear();
  }
}

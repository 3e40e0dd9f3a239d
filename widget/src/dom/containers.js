// The containers that cards are drawn in: the page's own one, and one in each slot and each element given to `mount`.

import { container } from "./container.js";
import { guarded } from "./globals.js";
import { keep, SLOT } from "./keeper.js";

/** Events that may change whether a slot is visible. */
const EVENTS = ["click", "keyup", "transitionend"];

/** Whether a container is connected and visible. */
const isRendered = (root) => {
  const { host } = root;
  if (!host.checkVisibility) return host.isConnected && host.getClientRects().length > 0;
  return host.checkVisibility({ visibilityProperty: true });
};

export class Containers {
  /**
   * Dispatches "containers" when a container was added or removed, and "resized" when the width or visibility of one has changed.
   * `mounts` has pairs of an element given to `mount` and its component slugs. `record`, for the page's own container, is described
   * in `loader/handover.js`, `contact` in `container.js` and `onPut` in `keeper.js`.
   */
  constructor(dispatch, style, contact, options, mounts, record, onPut) {
    const { position, shadow, target } = options;
    const isInline = position === "inline";
    const look = guarded(() => this.look());
    this.sizes = new ResizeObserver(look);
    this.make = (tag, key, isFloating, record) => {
      const root = container(tag, style, shadow, isFloating, key, dispatch, contact, record);
      this.sizes.observe((root.host = root.getRootNode().host));
      return root;
    };
    Object.assign(this, { dispatch, mounts, slots: new Map(), count: 0 });
    this.own = this.make("allclear-banner", "own", !isInline, record);
    const { host } = this.own;

    // An inline card is placed in the first element that `data-target` selects, otherwise before our script.
    const script = record.script || null;
    const targets = new Set();
    const isTarget = (element) => element.matches(target);
    let selector;
    try {
      if (isInline && target && !isTarget(host)) selector = target;
    } catch {} // An invalid selector selects nothing.
    const settle = () => {
      if (isInline) {
        for (const element of targets) if (!element.isConnected || !isTarget(element)) targets.delete(element);
        const [first] = targets;
        const { body } = document;
        if (first) this.put(host, "own", first);
        else if (body?.contains(script)) this.put(host, "own", script.parentNode, script);
        else if (body) this.put(host, "own", body, body.firstChild);
      }
      this.fill();
    };
    const note = (element) => selector && isTarget(element) && targets.add(element);
    this.isFloating = !isInline && position !== "none";
    Object.assign(this, keep(host, this.isFloating, record, { selector, note, settle, onPut }));
    // A slot that becomes visible by a style keeps its size, so no observer reports it.
    this.looks = () => {
      if (this.slots.size) this.frame ||= requestAnimationFrame(look);
    };
    this.listen(window, EVENTS, this.looks);
    this.start();
    this.look();
  }

  /**
   * Makes the missing containers, and removes those without a slot. When a page draws a view again, a container moves on to the
   * slot with the same components, so that the card in it stays as it is.
   */
  fill() {
    const slots = new Map(this.mounts);
    for (const element of this.places) slots.set(element, element.getAttribute(SLOT)?.match(/\S+/g) || []);
    const free = [];
    for (const [element, root] of this.slots) {
      if (!slots.has(element)) {
        free.push(root);
        this.slots.delete(element);
      }
    }
    let changed = false;
    for (const [element, components] of slots) {
      // Skips a value that a page has passed to `mount`, and that is neither an element nor a shadow root.
      if (!/^(1|11)$/.test(element?.nodeType)) continue;
      const slugs = [components].flat().join(" ");
      const index = free.findIndex((root) => root.slugs === slugs);
      const root =
        this.slots.get(element) || (index < 0 ? this.make("allclear-slot", "slot" + this.count++) : free.splice(index, 1)[0]);
      changed ||= root.slugs !== slugs;
      root.slugs = slugs;
      this.slots.set(element, root);
      this.put(root.host, "slot " + slugs, element);
      const home = element.getRootNode();
      if (home.host) this.watch(home);
    }
    for (const { host } of free) {
      changed = true;
      this.sizes.unobserve(host);
      host.remove();
    }
    if (changed) this.dispatch("containers");
    this.looks();
  }

  /** Checks the width of each container, and whether it is rendered. */
  look() {
    this.frame = 0;
    this.audible();
    const state = this.roots().map((root) => isRendered(root) && root.clientWidth).join();
    if (this.state !== state && (this.state = state)) this.dispatch("resized");
  }

  /** The slots: the root to draw in, its key, the component slugs, and whether it is rendered. */
  list() {
    return [...this.slots.values()].map((root) => [root, root.key, root.slugs, isRendered(root)]);
  }

  /** The root elements of all containers. */
  roots() {
    return [this.own, ...this.slots.values()];
  }

  /**
   * The containers that can announce: the page's own one, and those in a modal dialog, because a modal dialog makes the rest of the
   * page inert. Adds the live regions that they lack.
   */
  audible() {
    const modal = [...this.slots].filter(([element]) => element.closest?.(":modal"));
    const roots = [this.own, ...modal.map(([, root]) => root)];
    roots.forEach((root) => root.addRegions());
    return roots;
  }

  /** Sets the text of a live region in each container that can announce. */
  announce(isUrgent, text, language) {
    const audible = this.audible();
    for (const root of this.roots()) {
      const region = root.regions?.[+isUrgent];
      if (!region) continue;
      region.lang = language;
      // A dialog that has been closed must not keep the announcement that was made in it.
      region.textContent = audible.includes(root) ? text : "";
    }
  }

  /** Removes everything except the host element of the page's own container, in which another card draws. */
  release() {
    this.halt();
    this.sizes.disconnect();
    cancelAnimationFrame(this.frame);
    for (const { host } of this.slots.values()) host.remove();
    this.slots.clear();
    this.own.remove();
  }

  /** Removes everything. Idempotent. */
  stop() {
    this.release();
    this.own.host.remove();
  }
}

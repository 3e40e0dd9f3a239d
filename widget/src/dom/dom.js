// The card's use of the browser: events, timers, containers, focus and announcements. In JavaScript, because the same code
// is three times as large in wasm. Called from `src/dom.rs`.

import { announcer } from "./announcer.js";
import { later } from "./clock.js";
import { Containers } from "./containers.js";
import { measureTexts } from "./fit.js";
import { areIntact, guarded, onReplaced } from "./globals.js";
import { breakDown } from "./guard.js";
import { afterPress, release } from "./isolation.js";
import { place } from "./placement.js";
import { makeReports } from "./reports.js";
import { watchTitles } from "./seen.js";
import { fetchTexts } from "./texts.js";

const EVENTS = ["online", "offline", "visibilitychange"];

/** Whether the page is hidden, and whether the browser is online. */
export const hidden = () => document.hidden;
export const online = () => navigator.onLine;

/** Whether the layout viewport, which an on-screen keyboard does not change, is lower than 480 px. */
export const low = () => matchMedia("(max-height: 479.98px)").matches;

/**
 * Calls `handler` with the name of each event: of the page, a timer, an answer, the reader, the loader. `src/dom.rs` lists
 * them. `record` is described in `loader/handover.js`; its `release` leaves the page's own container to another card.
 */
export class Dom {
  constructor(handler, style, emit, options, state, mounts, record) {
    // Events that arrive after the end are dropped.
    const dispatch = (name) => {
      if (!areIntact()) return breakDown();
      if (name === "mount" && this.handler) this.containers.settle();
      if (/^(pill|open)/.test(name)) this.placement?.allow();
      if (name === "refresh") this.isOutdated = true;
      if (this.handler) {
        for (const root of this.containers.roots()) root.noteFocus();
        if (name === "visibilitychange") this.seen.now();
      }
      this.handler?.(name);
    };
    onReplaced(breakDown);
    this.dispatch = guarded((name) => afterPress(() => dispatch(name)));
    this.timers = {};
    this.record = record;
    this.isHeadless = options.position === "none";
    this.reports = makeReports((this.emit = emit), (this.state = state), record, this.isHeadless);
    const contact = (id, index) => emit("contact", this.reports.find(id)?.contacts[index]) !== false;
    const onPut = () => this.placement?.look();
    this.containers = new Containers(this.dispatch, style, contact, options, mounts, record, onPut);
    this.own = this.containers.own;
    const raise = ({ host }) => host === this.own.host && this.containers.raise();
    this.seen = watchTitles(this.dispatch, this.reports.show, raise);
    // Looks for news to announce.
    this.news = announcer(
      (record.announced ||= {}),
      (id, isUrgent) => this.dispatch(`announce ${id} ${+isUrgent}`),
      () => [0, 1].forEach((isUrgent) => this.containers.announce(isUrgent, "", "")),
    );
    record.release = () => {
      record.focus = this.own.focus();
      this.detach();
      this.containers.release();
    };
    const { isFloating, listen } = this.containers;
    if (isFloating) this.placement = place(this.own, this.dispatch, options, listen);
    this.own.isolated.left = this.placement?.look;
    this.handler = handler;
    // "visibilitychange" bubbles from the document to the window.
    listen(window, EVENTS, ({ type }) => this.dispatch(type), false);
  }
  /** The slots: see `Containers.list`. */
  slots() {
    return this.containers.list();
  }
  /** Whether a card in the page's own container would cover the focused field. */
  covers() {
    return !!this.placement?.covers();
  }
  /**
   * Reports to the page which notices are shown, which of them are over, and whether the feed is stale: see `makeReports`.
   * `hidden` is the notice that the reader has just hidden.
   */
  report(shown, over, hidden, isStale) {
    const roots = this.containers.roots().filter((root) => root.isConnected);
    // The page's own container has the notices of all slots: if it is in the document, all notices are.
    const isAll = this.isHeadless || this.own.isConnected;
    const isListed = (id) => isAll || roots.some((root) => root.querySelector(`[data-notice="${id}"]`));
    this.reports.update(shown, over, isStale, isListed);
    if (hidden) this.emit("hide", this.reports.find(hidden));
  }
  /** Announces a text to screen readers, without the word joiners that keep words on one line. */
  announce(isUrgent, text, language) {
    this.containers.announce(isUrgent, text.replace(/\u2060/g, ""), language);
  }
  /** Called when everything has been drawn. */
  drawn() {
    // The card is placed before it gets the focus back, because it does not move while it has the focus.
    const roots = this.containers.roots();
    this.placement?.now();
    for (const root of roots) root.keepFocus();
    // After the focus is back, because each event notes the focus again.
    measureTexts(roots, this.dispatch);
    this.seen.look(roots);
  }
  /** Sets a timer that dispatches `name`, in place of one of the same name. */
  later(name, milliseconds) {
    this.cancel(name);
    this.timers[name] = later(milliseconds, () => this.dispatch(name));
  }
  cancel(name) {
    clearTimeout(this.timers[name]);
  }
  /**
   * Sets `answer` and dispatches "answered" when a request has resolved and the texts of its language have arrived. Without
   * them, requests the feed in English in its place.
   */
  async await(request) {
    try {
      let answer = await request;
      const { english, ask } = this.record;
      this.isOutdated = false;
      if (!(await fetchTexts(answer.feed?.lang, english))) {
        answer = (await english.request(() => ask(answer.origin))) || answer;
      }
      const { isOutdated } = this;
      this.answer = answer;
      this.dispatch("answered");
      // If the page has called `refresh` while the texts were fetched, perhaps in another language, its request was not sent.
      if (isOutdated) this.dispatch("refresh");
    } catch {} // The loader has ended.
  }
  /** Stops all events. */
  detach() {
    this.handler = null;
    Object.keys(this.timers).forEach((name) => this.cancel(name));
    release();
    this.news();
    this.seen.stop();
    this.placement?.stop();
  }
  /** Removes the card. Idempotent, because Yew may drop this object after the next card has started. */
  stop() {
    if (this.isStopped) return;
    this.isStopped = true;
    this.detach();
    this.containers.stop();
    this.state.shown = [];
  }
}

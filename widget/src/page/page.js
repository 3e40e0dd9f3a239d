// All that the card knows of the page: what happens to it, where there is room, and what is said there. `src/page.rs`
// calls this; JavaScript, because it is a third of the bytes here.

import { fit } from "./fit.js";
import { Placement } from "./placement.js";
import { Places } from "./places.js";
import { Seen } from "./seen.js";
import { fetchWords } from "./words.js";

const EVENTS = ["online", "offline", "visibilitychange"];

/** Whether the page is hidden, whether the browser is online, and milliseconds by a clock that nobody sets. */
export const hidden = () => document.hidden;
export const online = () => navigator.onLine;
export const elapsed = () => performance.now();

/** Whether the layout viewport, which a keyboard on the screen does not change, is lower than 480 px. */
export const low = () => matchMedia("(max-height: 479.98px)").matches;

/** A property of whatever this is; undefined when it has none. */
export const property = (of, name) => of?.[name];

/**
 * Calls `heard` with the name of whatever happens: to the page, to a timer that was set, to a question that was
 * answered, to a card that is touched, to the host that wants something. `stop` is the end of it; `record.release`
 * leaves the place to another card. What `record` holds says `embed/rules.js`.
 */
export class Page {
  constructor(heard, style, emit, options, state, mounts, record) {
    // What is said after the end falls on deaf ears.
    this.mouth = (name) => {
      if (name === "mount" && this.heard) this.places.settle();
      if (/^(pill|open)/.test(name)) this.placement?.wanted();
      if (name === "refresh") this.isBehind = true;
      if (this.heard) {
        for (const root of this.places.roots()) root.noteFocus();
        if (name === "visibilitychange") this.seen.now();
      }
      this.heard?.(name);
    };
    this.timers = {};
    this.places = new Places(this.mouth, style, emit, options, state, mounts, record);
    this.own = this.places.own;
    this.seen = new Seen(this.mouth);
    record.release = () => {
      record.focus = this.own.focus();
      this.rest();
      this.places.release();
    };
    if (!/inline|none/.test(options.position)) this.placement = new Placement(this.own, this.mouth, options);
    this.heard = heard;
    this.events = ({ type }) => this.mouth(type);
    // What the document is told of its visibility reaches the window.
    for (const event of EVENTS) addEventListener(event, this.events);
  }
  /** The places beside the page's own. */
  others() {
    return this.places.list();
  }
  /** A card of the page's own would cover what has the focus. */
  covers() {
    return !!this.placement?.covers;
  }
  /** Says something to those who do not see the card; what ties words together is nothing to hear. */
  announce(isUrgent, text, language) {
    this.places.announce(isUrgent, text.replace(/\u2060/g, ""), language);
  }
  /** Everything has been drawn. */
  drawn() {
    // What was just drawn finds its place first: under the focus it would stay where it is.
    const roots = this.places.roots();
    this.placement?.now();
    for (const root of roots) root.keepFocus();
    // Whatever is said notes the focus anew: after it has been given back.
    fit(roots, this.mouth);
    this.seen.look(roots);
  }
  /** Hears `name` in so many milliseconds, and not when it was set to before. */
  later(name, milliseconds) {
    this.never(name);
    this.timers[name] = setTimeout(this.mouth, milliseconds, name);
  }
  never(name) {
    clearTimeout(this.timers[name]);
  }
  /** Hears "answered" when `question` is; then `answer` is there, and the words of its language, if they come. */
  await(question) {
    question.then(async (answer) => {
      this.isBehind = false;
      await fetchWords(answer.feed?.lang);
      const { isBehind } = this;
      this.answer = answer;
      this.mouth("answered");
      // For what the page wanted while words were awaited, another language perhaps, nobody was asked.
      if (isBehind) this.mouth("refresh");
    });
  }
  /** Hears no more of anything. */
  rest() {
    this.heard = null;
    Object.keys(this.timers).forEach((name) => this.never(name));
    for (const event of EVENTS) removeEventListener(event, this.events);
    this.seen.stop();
    this.placement?.stop();
  }
  stop() {
    this.rest();
    this.places.stop();
  }
}

// The element that the card lives in, made where making elements takes the fewest bytes. `src/mount.rs` calls this.

/**
 * Puts `<allclear-banner>` on the page, a child of `<html>`, outside whatever the host does with its `<body>`. The
 * shadow is closed, so that a host's own framework does not meet our events, unless a test asks for "open". The sheet
 * is a constructed one: a page's policy against inline styles does not concern it. What a page's
 * `* { all: unset !important }` must not undo is said on the element as well, through the CSSOM.
 * Gives the place to draw in.
 */
export function mount(mode, style) {
  const host = document.createElement("allclear-banner");
  const shadow = host.attachShadow({ mode: mode === "open" ? mode : "closed" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  shadow.adoptedStyleSheets = [sheet];
  for (const [name, value] of [["all", "initial"], ["display", "block"], ["position", "fixed"], ["pointer-events", "none"]]) {
    host.style.setProperty(name, value, "important");
  }
  const root = shadow.appendChild(document.createElement("div"));
  document.documentElement.append(host);
  return root;
}

/** Takes it away. */
export function unmount(root) {
  root.getRootNode().host.remove();
}

/** A time in words: the day, the time, or the time with the zone's name. */
export function say(milliseconds, locale, detail) {
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (detail > 1) time.timeZoneName = "short";
  const day = { weekday: "short", day: "numeric", month: "short" };
  return new Date(milliseconds).toLocaleString(locale, detail ? time : day);
}

/** The language to say times in: the browser's own variety of `tag`, which knows the reader's names for zones. */
export function variety(tag) {
  const { language } = navigator;
  return language.split("-")[0] === tag ? language : tag;
}

/** An appointment as an address: iCalendar (RFC 5545), whose moments have neither hyphens nor colons. */
export function appointment(id, title, start, end) {
  const [from, to] = [start, end].map((at) => new Date(at).toISOString().replace(/\.\d+|\W/g, ""));
  const text = title.replace(/[\\;,]/g, "\\$&");
  return "data:text/calendar," + encodeURIComponent(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:Allclear
BEGIN:VEVENT
UID:${id}
DTSTAMP:${from}
DTSTART:${from}
DTEND:${to}
SUMMARY:${text}
END:VEVENT
END:VCALENDAR
`.replace(/\n/g, "\r\n"));
}

/** Whether the page is hidden, and whether the browser is online. */
export const hidden = () => document.hidden;
export const online = () => navigator.onLine;

/**
 * Calls `heard` with the name of whatever happens: to the page, to a timer that was set, to a question that was
 * answered, to the host that wants something. `stop` is the end of it.
 */
export class Listener {
  constructor(heard) {
    this.heard = heard;
    this.timers = {};
    // What is said after the end falls on deaf ears.
    this.mouth = (name) => this.heard && this.heard(name);
    this.events = ({ type }) => this.mouth(type);
    // What the document is told of its visibility reaches the window.
    for (const event of EVENTS) addEventListener(event, this.events);
  }
  /** Hears `name` in so many milliseconds, and not when it was set to before. */
  later(name, milliseconds) {
    this.never(name);
    this.timers[name] = setTimeout(this.mouth, milliseconds, name);
  }
  never(name) {
    clearTimeout(this.timers[name]);
  }
  /** Hears "answered" when `question` is; then `answer` is there. */
  await(question) {
    question.then((answer) => {
      this.answer = answer;
      this.mouth("answered");
    });
  }
  stop() {
    this.heard = null;
    Object.keys(this.timers).forEach((name) => this.never(name));
    for (const event of EVENTS) removeEventListener(event, this.events);
  }
}
const EVENTS = ["online", "offline", "visibilitychange"];

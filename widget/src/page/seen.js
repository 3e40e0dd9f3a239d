// Which notices have been seen: the title was in view for a second, in a visible tab, with nothing of the page's over its
// centre. The same of the newest update's text.

/** As `notice::presentation::SEEN_AFTER_MS`. */
const SEEN_AFTER = 1e3;
/** How often a title in view is looked at, and how often one that is not, in milliseconds. */
const OFTEN = 250;
const SELDOM = 1e3;

/** Whether the middle of an element's first lines belongs to its notice, also in a closed shadow root. */
const isInView = (notice, element) => {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const hit = notice.getRootNode().elementFromPoint((left + right) / 2, top + Math.min((bottom - top) / 2, 24));
  return notice.contains(hit);
};

export class Seen {
  /** `heard` is told "seen inc_… 0" of a notice, and "seen inc_… 1" when the newest update's text was in view with it. */
  constructor(heard) {
    Object.assign(this, { heard, roots: [], since: new Map(), told: new Set() });
  }

  /** Looks at what has been drawn in these roots, and goes on looking until all of it has been seen. */
  look(roots) {
    this.roots = roots;
    this.told = new Set();
    this.now();
  }

  now() {
    clearTimeout(this.timer);
    if (document.hidden) return this.since.clear();
    const time = performance.now();
    const before = this.since;
    this.since = new Map();
    let isWaiting = false;
    let isHidden = false;
    const news = [];
    for (const root of this.roots) {
      for (const notice of root.querySelectorAll("[data-notice]")) {
        const { notice: id, kind } = notice.dataset;
        ["[part=title],[part=pill]", "[part=update]"].forEach((part, index) => {
          const element = notice.querySelector(part);
          if (!element) return;
          const key = [id, kind, index && element.textContent].join();
          if (!isInView(notice, element)) {
            isHidden ||= !this.told.has(key);
            return;
          }
          const since = before.get(key) ?? time;
          this.since.set(key, since);
          if (this.told.has(key)) return;
          if (time - since < SEEN_AFTER) isWaiting = true;
          else {
            this.told.add(key);
            news.push(`seen ${id} ${index}`);
          }
        });
      }
    }
    if (isWaiting || isHidden) this.timer = setTimeout(() => this.now(), isWaiting ? OFTEN : SELDOM);
    news.forEach(this.heard);
  }

  stop() {
    clearTimeout(this.timer);
  }
}

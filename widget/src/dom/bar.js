// Finds the page's own bar at the lower edge of the screen, mostly a tab bar. The pill is drawn above it.

/** The distance from the lower edge at which a bar is looked for, in pixels. */
const EDGE = 24;
/** The height above which an element does not count as a bar, in pixels. */
const HIGHEST = 120;
/** Selects the elements that a reader can press or type in. */
export const CONTROLS = "a[href],button,input,select,textarea,[role=button],[contenteditable]";

/** Whether an element keeps its place on the screen when the page is scrolled. */
export const isStuck = (element) => {
  for (; element && element !== document; element = element.parentNode) {
    if (/fixed|sticky/.test(element.nodeType === 1 && getComputedStyle(element).position)) return true;
  }
  return document.documentElement.scrollHeight <= window.innerHeight + 2;
};

/**
 * How far the page's bar reaches up from the lower edge of the screen, in pixels; 0 without a bar. `own` is the card's host element.
 */
export const barHeight = (own) => {
  let top = window.innerHeight;
  for (const across of [0.1, 0.5, 0.9]) {
    for (const found of document.elementsFromPoint(window.innerWidth * across, window.innerHeight - EDGE)) {
      let element = found !== own && found.closest(CONTROLS);
      if (!element || !isStuck(element)) continue;
      for (; element && element !== document.body; element = element.parentElement) {
        const box = element.getBoundingClientRect();
        if (box.height <= HIGHEST && box.bottom >= window.innerHeight - EDGE) top = Math.min(top, box.top);
      }
    }
  }
  return window.innerHeight - top;
};

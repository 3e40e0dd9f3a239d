// Finds the page's own bar at the lower edge of the screen (tabs, mostly), which the pill is drawn above.

/** The distance from the lower edge at which a bar is looked for, and the height above which it is not a bar, in pixels. */
const EDGE = 24;
const HIGHEST = 120;
export const CONTROLS = "a[href],button,input,select,textarea,[role=button],[contenteditable]";

/** Whether an element keeps its place on the screen when the page is scrolled. */
export const isStuck = (element) => {
  for (; element && element !== document; element = element.parentNode) {
    if (/fixed|sticky/.test(element.nodeType === 1 && getComputedStyle(element).position)) return true;
  }
  return document.documentElement.scrollHeight <= window.innerHeight + 2;
};

/** The height of that bar in pixels; 0 without one. `own` is the card's host element. */
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

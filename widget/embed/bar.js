// The page's own bar at the lower edge of the screen, which a pill stands above. As `bar` in `../src/page/placement.js`.

/** A place near the lower edge, in pixels from it, that lies on such a bar. */
const EDGE = 24;
/** What is higher is no bar, in pixels. */
const HIGHEST = 120;
const CONTROLS = "a,button,input,select,textarea,[role=button]";

/** Whether an element stays where it is while the page scrolls. */
const stays = (element) => {
  for (; element; element = element.parentElement) {
    if (/fixed|sticky/.test(getComputedStyle(element).position)) return true;
  }
  return document.documentElement.scrollHeight <= innerHeight + 2;
};

/** The height in pixels of the controls that the page keeps at the lower edge of the screen; 0 where there are none. */
export const bar = () => {
  let top = innerHeight;
  for (const share of [0.1, 0.5, 0.9]) {
    for (const found of document.elementsFromPoint(innerWidth * share, innerHeight - EDGE)) {
      let element = found.closest(CONTROLS);
      if (!element || !stays(element)) continue;
      for (; element && element !== document.body; element = element.parentElement) {
        const box = element.getBoundingClientRect();
        if (box.height <= HIGHEST && box.bottom >= innerHeight - EDGE) top = Math.min(top, box.top);
      }
    }
  }
  return innerHeight - top;
};

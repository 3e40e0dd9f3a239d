// Measures how much of a text fits into its lines.

/** Difference from the visible height up to which a text counts as fitting, in pixels: heights are rounded. */
const HEIGHT_TOLERANCE = 1;
/** Distance from the lower edge above which a line must begin, in pixels. */
const EDGE_TOLERANCE = 2;
/** Width kept free for the ellipsis, in em. */
const ELLIPSIS_EM = 1.4;

/**
 * Dispatches "cut advice 3 inc_… own 37" for each text that is too long for its lines: the part, the number of lines, the
 * notice, the key of the container, and the number of UTF-16 code units that fit with an ellipsis after them. A text that is cut
 * already is not measured again.
 */
export const measureTexts = (roots, dispatch) => {
  for (const root of roots) {
    for (const element of root.querySelectorAll(".fit:not(.cut)")) {
      if (element.scrollHeight <= element.clientHeight + HEIGHT_TOLERANCE) continue;
      const { notice } = element.closest("[data-notice]").dataset;
      const part = element.closest("[part]").getAttribute("part");
      dispatch(["cut", part, element.className.match(/\d/)[0], notice, root.key, fittingLength(element)].join(" "));
    }
  }
};

/**
 * The parts after which a text may be cut: words, and single characters of Chinese, Japanese and Korean. Korean has spaces, but
 * browsers break its lines between any two syllables. As in `notice/src/text/excerpt.rs`.
 */
const BREAKABLE_PARTS = /[⺀-퟿]|[^\s⺀-퟿]+/g;

/** The number of UTF-16 code units that fit, up to the end of a part. */
const fittingLength = (element) => {
  const { top, width } = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const limit = top + element.clientHeight - EDGE_TOLERANCE;
  const lastLine = limit - parseFloat(style.lineHeight);
  const available = width - ELLIPSIS_EM * parseFloat(style.fontSize);
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let line; // The text node and offset at which the last line begins.
  let before = 0;
  let most = 0;
  while (texts.nextNode()) {
    const { currentNode } = texts;
    for (const { 0: part, index } of currentNode.data.matchAll(BREAKABLE_PARTS)) {
      const end = index + part.length;
      range.setStart(currentNode, end - 1);
      range.setEnd(currentNode, end);
      const { top } = range.getBoundingClientRect();
      if (top >= limit) return most;
      if (top >= lastLine) {
        line ||= [currentNode, index];
        range.setStart(...line);
        if (range.getBoundingClientRect().width > available) return most;
      }
      most = before + end;
    }
    before += currentNode.data.length;
  }
  return most;
};

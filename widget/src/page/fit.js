// How much of a text fits into the lines that it has.

/**
 * Tells `heard` of each text that is too long for its lines: "cut advice 3 inc_… own 37", where 3 is the number of lines
 * and 37 how many UTF-16 units fit with an ellipsis behind them. A text that has been cut is not measured again.
 */
export const fit = (roots, heard) => {
  for (const root of roots) {
    for (const element of root.querySelectorAll(".fit:not(.cut)")) {
      if (element.scrollHeight <= element.clientHeight + 1) continue;
      const { notice } = element.closest("[data-notice]").dataset;
      const part = element.closest("[part]").getAttribute("part");
      heard(["cut", part, element.className.match(/\d/)[0], notice, root.key, fitting(element)].join(" "));
    }
  }
};

/** Words, and signs of scripts that leave no spaces: Chinese, Japanese and Korean. As in `notice/src/excerpt.rs`. */
const UNITS = /[⺀-퟿]|[^\s⺀-퟿]+/g;

/** How many UTF-16 units fit, up to the end of a word. */
const fitting = (element) => {
  const { top, width } = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const limit = top + element.clientHeight - 2;
  const lastLine = limit - parseFloat(style.lineHeight);
  const room = width - 1.4 * parseFloat(style.fontSize);
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let line; // Where the last line begins.
  let before = 0;
  let most = 0;
  while (texts.nextNode()) {
    const { currentNode } = texts;
    for (const { 0: word, index } of currentNode.data.matchAll(UNITS)) {
      const end = index + word.length;
      range.setStart(currentNode, end - 1);
      range.setEnd(currentNode, end);
      const { top } = range.getBoundingClientRect();
      if (top >= limit) return most;
      if (top >= lastLine) {
        line ||= [currentNode, index];
        range.setStart(...line);
        if (range.getBoundingClientRect().width > room) return most;
      }
      most = before + end;
    }
    before += currentNode.data.length;
  }
  return most;
};

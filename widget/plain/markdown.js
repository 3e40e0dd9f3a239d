// Parses operators' texts as plain text with links, in linear time: like `notice::text::markdown`, without the other spans. Built as
// a part of `standing.js`. `notice/vectors/markdown.json` is the specification.

const isSpace = (character) => /\s/.test(character);
const isLetter = (character) => /[\dA-Za-z\u00c0-\u1fff\u3040-\ud7ff]/.test(character);
const isPunctuation = (character) => /[!-/:-@[-`{-~]/.test(character);
/** Whether a bare address may contain a character other than a bracket. */
const isInAddress = (character) =>
  /[!#-'*-;=?-Z^_a-z~\u00c0-\u060b\u060d-\u061a\u061c-\u061e\u0620-\u06d3\u06d5-\u0963\u0966-\u0dff\u1e00-\u1fff]/.test(character);
/** Whether a character cannot be in a URL. */
const isOdd = (character) => /[\s\x00-\x1f\x7f-\x9f]/.test(character);
const hasScheme = (address) => /^(https?:|mailto:|tel:)/i.test(address);
const isSafe = (address) => /^(https?:|mailto:|tel:)[^\s\x00-\x1f\x7f-\x9f]+$/i.test(address);

/**
 * The blocks of a text: its paragraphs and list items, with their markers, and an empty string for each empty line. No span extends
 * beyond its block.
 */
export const blocks = (text) => {
  const lines = text.split("\n").map((line) => line.trim());
  const numbers = lines.map((line) => Number(/^(\d+)\. /.exec(line)?.[1]));
  // For each line, the next 1 or 2 among the numbers of the lines below: an item 1 that no item 2 follows is text.
  const next = [];
  for (let index = lines.length; index--; ) {
    const below = numbers[index + 1];
    next[index] = below === 1 || below === 2 ? below : next[index + 1];
  }
  const all = [];
  let last = 0;
  let isParagraph = false;
  lines.forEach((line, index) => {
    const number = numbers[index];
    const isNumbered = number === 1 ? next[index] === 2 : number === last + 1;
    if (isNumbered) last = number;
    const isText = line && !isNumbered && !/^[-*+] /.test(line);
    all.push(isText && isParagraph ? `${all.pop()}\n${line}` : line);
    isParagraph = isText;
  });
  return all;
};

/** The spans of a block: strings, and links as `{ text, href }`. */
export const spans = (text) => {
  const all = [];
  /** The marks whose emphasis has not ended, innermost last, with their places in `all`. */
  const open = [];
  let at = 0;

  const isOpen = (mark) => open.some((one) => one.mark === mark);

  const find = (from, ends) => {
    while (from < text.length && !ends.includes(text[from])) from++;
    return from;
  };

  // The brackets that addresses left open, in links and bare ones. Their ends are looked for once.
  const unclosed = [new Set(), new Set()];
  const addressEnd = (from, isBare) => {
    const [opening, closing] = isBare ? ["([", ")]"] : "()";
    const punctuation = isOpen("_") ? "!'*,.:;?_" : "!'*,.:;?";
    const brackets = [];
    let end = from;
    for (; from < text.length; from++) {
      const character = text[from];
      if (opening.includes(character) && !unclosed[+isBare].has(from)) brackets.push(from);
      else if (closing.includes(character) && brackets.length) brackets.pop();
      else if ((opening + closing).includes(character)) break;
      else if (isBare && punctuation.includes(character)) continue;
      else if (isBare ? !isInAddress(character) : isOdd(character)) break;
      if (!brackets.length) end = from + 1;
    }
    brackets.forEach((at) => unclosed[+isBare].add(at));
    return end;
  };

  /** The address, the text and the end of the link at `at`, if there is one. */
  const link = () => {
    const from = at + 1;
    if (text[at] === "[") {
      const end = find(from, "[]");
      const isLink = text.startsWith("](", end) && hasScheme(text.slice(end + 2, end + 9));
      const to = isLink && addressEnd(end + 2, false);
      return to && text[to] === ")" && [text.slice(end + 2, to), text.slice(from, end), to + 1];
    }
    if (text[at] === "<") {
      const end = find(from, "<>\n");
      const bar = find(from, "<>\n|");
      return text[end] === ">" && [text.slice(from, bar), text.slice(bar < end ? bar + 1 : from, end), end + 1];
    }
    const scheme = /^https?:\/\//i.exec(text.slice(at, at + 8))?.[0].length;
    const end = scheme && addressEnd(at + scheme, true);
    return end > at + scheme && [text.slice(at, end), text.slice(at, end), end];
  };

  /** The code or link at `at`, and its end, if there is one. */
  const atom = () => {
    if (text[at] === "`") {
      const end = find(at + 1, "`");
      const code = text.slice(at + 1, end);
      return end < text.length && code && code.trim() === code && [code, end + 1];
    }
    const [href, label, end] = link() || [];
    return label?.trim() && isSafe(href) && [{ text: text[at] === "[" ? plain(label) : label, href }, end];
  };

  /** The mark of emphasis at `at`; empty if there is none. */
  const markHere = () => {
    if (text[at] !== "*") return text[at] === "_" ? "_" : "";
    const isBold = text[at + 1] === "*" && !(text[at + 2] === "*" && open.at(-1)?.mark === "*");
    return isBold ? "**" : "*";
  };

  while (at < text.length) {
    const [span, end] = atom() || [];
    const mark = markHere();
    const [before, after] = [text[at - 1] ?? " ", text[at + mark.length] ?? " "];
    const isInWord = (character) => mark === "_" && isLetter(character);
    const opens = !isSpace(after) && !isInWord(before);
    const closes = !isSpace(before) && !isInWord(after);
    if (end) {
      all.push(span);
      at = end;
    } else if (isOpen(mark) && (opens || closes)) {
      // An unclosed mark inside this emphasis is text.
      const innermost = open.pop();
      if (innermost.mark === mark && closes && all.length > innermost.place + 1) {
        all[innermost.place] = "";
        at += mark.length;
      }
    } else {
      if (mark && opens) open.push({ mark, place: all.length });
      if (text[at] === "\\" && isPunctuation(text[at + 1] ?? "")) at++;
      all.push(mark || text[at]);
      at += mark.length || 1;
    }
  }
  return all;
};

const plain = (text) =>
  spans(text)
    .map((span) => span.text ?? span)
    .join("");

/** The first paragraph or list item as plain text on one line, for the live regions. */
export const firstLine = (text) => {
  const first = blocks(text).find(Boolean) || "";
  return plain(first.replace(/^[-*+] +/, "")).replace(/\n/g, " ");
};

/** The spans of a text, with its line breaks. */
export const parse = (text) => blocks(text).flatMap((block, index) => [index ? "\n" : "", ...spans(block)]);

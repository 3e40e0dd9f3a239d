// Tests of the parser of operators' texts. The vectors are in `texts.test.mjs`.

import assert from "node:assert/strict";
import { test } from "node:test";

import { blocks, spans } from "../markdown.js";

/** The number of characters of a text that are read while its spans are parsed. */
const charactersRead = (text) => {
  let count = 0;
  const slice = (from, to) => {
    const part = text.slice(from, to);
    count += part.length;
    return part;
  };
  const read = (_, name) => {
    if (name === "slice") return slice;
    if (/^\d+$/.test(name)) count++;
    const value = text[name];
    return typeof value === "function" ? value.bind(text) : value;
  };
  spans(new Proxy({}, { get: read }));
  return count;
};

test("four times the text takes four times the reads", () => {
  const parts = ["[", "(", "_", "*", "**", "`", "<", "\\", "\n", "[](", "[a](", "[a](https:(", "_a ", "*a _b **c ", "ä"];
  parts.push("<https://", "<https://a|", "https://", "https://(", "https://a([", "_https://a_", "https://a,", "https://a()(");
  parts.push("[a](https://a(", "[a](b(", "[a](https://a b(");
  for (const part of parts) {
    for (const end of ["", "](https://a)", ")>", "_**`", "))", ")))"]) {
      const ending = (times) => (end.startsWith("))") ? end.repeat(times) : end);
      const [short, long] = [250, 1_000].map((times) => charactersRead(part.repeat(times) + ending(times)));
      assert.ok(long <= 4.1 * short, `${part} ${end}: ${short}, ${long}`);
    }
  }
});

test("spans end with their block", () => {
  assert.deepEqual(blocks("1. a\nb\nc\n\n- d\n2. e\n24. f\n* g"), ["1. a", "b\nc", "", "- d", "2. e", "24. f", "* g"]);
});

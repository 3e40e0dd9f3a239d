// Reads the texts as the build does, for tests in Node.

import { readFileSync } from "node:fs";

const FORMS = ["one", "two", "few", "many", "other"];

/** All texts of a language, by key. Plural forms are separated by `|`. */
export const table = (language) => {
  const file = readFileSync(new URL(`../../../texts/${language}.toml`, import.meta.url), "utf8");
  const texts = {};
  const string = (text) => JSON.parse(text.replace(/\\U0000/g, "\\u"));
  for (const [, key, value] of file.matchAll(/^(\w+) = ("(?:[^"\\]|\\.)*"|\{.*\})$/gm)) {
    if (value[0] === '"') texts[key] = string(value);
    else {
      const forms = Object.fromEntries([...value.matchAll(/(\w+) = ("(?:[^"\\]|\\.)*")/g)].map(([, form, text]) => [form, string(text)]));
      texts[key] = FORMS.map((form) => forms[form] ?? forms.other).join("|");
    }
  }
  return texts;
};

/** The keys of the plain card's texts. The index of a key is the number of its text. */
export const KEYS = (() => {
  const file = readFileSync(new URL("../../../texts/en.toml", import.meta.url), "utf8");
  return [.../^plain = \[([^\]]*)\]/m.exec(file)[1].matchAll(/"(\w+)"/g)].map(([, key]) => key);
})();

/** The plain card's texts in a language, as the build inserts them into `controller.js`. */
export const plain = (language) => KEYS.map((key) => table(language)[key]).join("\n");

globalThis.TEXT = Object.fromEntries(KEYS.map((key, number) => [key, number]));
globalThis.__ENGLISH__ = plain("en");

// Finds the language of a page among the languages of a site, except where the server's lookup (`notice::project::language`) needs
// its tables.

/**
 * The position of the language that the server would choose for a tag; -1 if only the server can choose. `languages` are all
 * languages of the site. Tested with `notice/vectors/languages.json`.
 */
export const lookUp = (tag, languages) => {
  let range = tag.toLowerCase();
  for (;;) {
    const found = languages.findIndex((language) => language.toLowerCase() === range);
    // Removes the last subtag, and before it a subtag of one letter, such as the `x` that introduces private subtags (RFC 4647).
    const shorter = range.replace(/(-[^-])?-[^-]*$/, "");
    // For Chinese, the server first looks for a language in the same script.
    if (found >= 0 || shorter === range || /^(zh|yue)$/.test(shorter)) return found;
    range = shorter;
  }
};

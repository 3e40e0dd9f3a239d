// Finds the language of a page in the languages of a site, where the server's lookup (`notice::project::language`) would not need
// its tables.

/**
 * The position of the language that the server would choose for a tag; -1 if only the server can choose. `languages` are all
 * languages of the site. Tested with `notice/vectors/languages.json`.
 */
export const lookUp = (tag, languages) => {
  let range = tag.toLowerCase();
  for (;;) {
    const found = languages.findIndex((language) => language.toLowerCase() === range);
    // Removes the last subtag, and a single letter before it, which introduces it.
    const shorter = range.replace(/(-[^-])?-[^-]*$/, "");
    // For Chinese, the server first looks for a language in the same script.
    if (found >= 0 || shorter === range || /^(zh|yue)$/.test(shorter)) return found;
    range = shorter;
  }
};

// Finds the language of a page among the languages of a site, without the tables of the server's lookup
// (`notice::project::language`). Where the result depends on these tables, the server has to choose.

/**
 * The position in `languages`, all languages of the site, of the one that the server would choose for a tag; -1 if only the
 * server can choose. Tested with `notice/vectors/languages.json`.
 */
export const lookUp = (tag, languages) => {
  let range = tag.toLowerCase();
  for (;;) {
    const found = languages.findIndex((language) => language.toLowerCase() === range);
    // Removes the last subtag, and before it a subtag of one letter, such as the `x` that introduces private subtags (RFC 4647).
    const shorter = range.replace(/(-[^-])?-[^-]*$/, "");
    // Before the plain `zh` or `yue`, the server tries the languages in the tag's script, which it knows from its tables. It also
    // knows extended language subtags and legacy tags.
    if (found >= 0 || shorter === range || /^(zh|yue|sgn)$/.test(shorter) || /^(\w+-[a-z]{3}|i-\w+)$/.test(range)) return found;
    range = shorter;
  }
};

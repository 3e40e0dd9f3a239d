// Finds the language of a page in the languages of a site, as far as the server's lookup (`notice::project::language`) needs none of
// its tables.

/**
 * The position of the language that the server would choose for a tag; -1 if only the server can tell. `languages` are all of the
 * site. Tested with `notice/vectors/languages.json`.
 */
export const lookUp = (tag, languages) => {
  let range = tag.toLowerCase();
  for (;;) {
    const found = languages.findIndex((language) => language.toLowerCase() === range);
    // Before the last subtag, the single letter that introduces it.
    const shorter = range.replace(/(-[^-])?-[^-]*$/, "");
    // The server looks for the scripts of Chinese first, and knows extended language subtags and tags that are older than those.
    if (found >= 0 || shorter === range || /^(zh|yue|sgn)$/.test(shorter) || /^(\w+-[a-z]{3}|i-\w+)$/.test(range)) return found;
    range = shorter;
  }
};

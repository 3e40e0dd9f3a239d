// The part that the loader of a site contains while there are notices: the rules, the notices, and the plain card, so that nothing
// else is requested before a card is drawn. `edge/src/cache/site_loader/composition.rs` inserts it into the loader.

import { lookUp } from "./languages.js";
import { contained, setOwnUrl } from "./modules.js";
import rules, { fetch } from "./rules.js";

/**
 * Called once, by the loader. `languages` are the site's, its own first; `feeds` are the feeds in the first of these languages, null
 * for a missing one. `plain` returns the module `plain/contained.js`; `texts` are those of the plain card, by language.
 *
 * Returns `feed(tag)`, the feed for a page's language tag, undefined if it has to be requested; and `rules(url)`, the module
 * `rules.js`, where `url` is its URL.
 */
export default (feeds, languages, plain, texts) => {
  let cards;
  for (const file of ["plain.js", "standing.js"]) contained[file] = () => (cards ||= plain());
  for (const language in texts) contained[`plain-${language}.js`] = () => ({ default: texts[language] });
  return {
    feed: (tag) => feeds[lookUp(tag, languages)],
    rules(url) {
      setOwnUrl(url);
      return { default: rules, fetch };
    },
  };
};

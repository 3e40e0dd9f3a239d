// Requests the feed in English while the card's texts in the page's language are missing: a card never has texts in two
// languages.

/**
 * Time that a card waits for the feed in English, in milliseconds. With the second that it has waited for the texts, less than
 * `WIDGET_TIMEOUT` in `rules.js`.
 */
const TIMEOUT = 6e3;

/** `options` are those of the script tag, `refresh` requests the feed. */
export const englishFeed = (options, refresh) => {
  const english = new String("en"); // An object, unlike a page's own "en".
  let own; // The page's own language.
  let waiting, settle;
  return {
    /**
     * Requests the feed in English. Resolves when the feed or the missing texts have arrived, or after `TIMEOUT`, because a site
     * without English has no such feed. With `send`, for a card that polls by itself, returns what `send` returns: the promise of an
     * answer in English, or in the page's language once its texts have arrived; nothing if the feed was already requested.
     */
    request(send) {
      const isFirst = options.lang !== english;
      if (isFirst) {
        own = options.lang;
        options.lang = english;
      }
      if (send) return isFirst && send();
      if (isFirst) {
        waiting = new Promise((resolve) => {
          settle = resolve;
          setTimeout(resolve, TIMEOUT);
          refresh();
        });
      }
      return waiting;
    },
    /** Handles an answer whose feed the loader has accepted. */
    answered({ lang }) {
      if (/^en/.test(lang)) settle?.();
    },
    /** Returns to the page's language, whose texts have arrived. */
    end() {
      if (options.lang !== english) return;
      options.lang = own;
      settle?.();
      refresh();
    },
  };
};

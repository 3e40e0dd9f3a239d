// Requests the feed in English while the card's texts in the page's language are missing: a card never has texts in two
// languages.

/**
 * Time that a card waits for the feed in English, in milliseconds. Together with `TEXTS_TIMEOUT`, the 1 s that the card has
 * waited for its texts, less than `WIDGET_TIMEOUT` in `rules.js`.
 */
const TIMEOUT = 6e3;

/** `options` are those of the script tag, `refresh` requests the feed. */
export const englishFeed = (options, refresh) => {
  const english = new String("en"); // An object, so that `===` distinguishes it from an "en" that the page has set.
  let own; // The page's own language.
  let waiting, settle;
  return {
    /**
     * Requests the feed in English, unless it was already requested. Resolves when the answer or the missing texts have arrived,
     * or after `TIMEOUT`, because the request may fail. A site without English answers in another language.
     *
     * With `send`, for a card that polls by itself, `send` sends the request, and its promise of an answer is returned; false if
     * the feed was already requested. If the missing texts arrive before the answer, the answer is in the page's language.
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

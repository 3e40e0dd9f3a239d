// Fetches the card's texts in languages other than English.

/** The integrity hash of each language's file, which lies beside the built script. Without a build there is English only. */
const LANGUAGES = typeof __LANGUAGES__ === "undefined" ? {} : __LANGUAGES__;

/**
 * Time that a card waits for its texts, in milliseconds. They are 1 KB and are fetched at the same time as 60 KB of wasm, so
 * that it hardly ever waits. After this the feed is requested in English.
 */
const TEXTS_TIMEOUT = 1e3;

const fetched = {};
const pending = {};
let onLate; // Called when texts arrive.

/**
 * Fetches the texts of a language, once. Resolves when they have arrived, when the fetch failed, or after `TEXTS_TIMEOUT`, to
 * whether the feed can be drawn: without its texts it cannot. `english` is described in `loader/english.js`.
 */
export async function fetchTexts(language, english) {
  const [tag] = String(language).split("-");
  if (!LANGUAGES[tag]) return true;
  pending[tag] ||= new Promise(async (resolve) => {
    setTimeout(resolve, TEXTS_TIMEOUT);
    try {
      // As text with an integrity hash, so that nothing in it can run.
      const file = import.meta.url.replace(/[^/]*$/, tag + ".txt");
      const response = await fetch(file, { integrity: LANGUAGES[tag], credentials: "omit" });
      fetched[tag] = await response.text();
      english?.end();
      onLate?.("texts");
    } catch {}
    resolve();
  });
  await pending[tag];
  return !!fetched[tag];
}

/** The texts of a language if they have arrived. If not, fetches them, and dispatches "texts" when they arrive. */
export function fetchedTexts(tag, dispatch) {
  onLate = dispatch;
  fetchTexts(tag);
  return fetched[tag];
}

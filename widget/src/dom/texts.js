// Fetches the card's texts in languages other than English.

/** The integrity hash of each language's file, which is beside the built script. Without a build there is English only. */
const LANGUAGES = typeof __LANGUAGES__ === "undefined" ? {} : __LANGUAGES__;

/**
 * Time that a card waits for its texts, in milliseconds. They are 1 KB and are fetched at the same time as 60 KB of wasm, so
 * that a card hardly ever waits. After this time the feed is requested in English.
 */
const TEXTS_TIMEOUT = 1e3;

const fetched = {};
const pending = {};
let onTexts; // The dispatcher of the card that asked last; called when any texts arrive.

/**
 * Fetches the texts of a language, once, and waits until they have arrived, the fetch has failed or `TEXTS_TIMEOUT` has passed.
 * Resolves to whether the card can be drawn: true if the texts have arrived; true at once if the build has none in that language,
 * because then the labels are English. `english` is described in `loader/english.js`.
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
      onTexts?.("texts");
    } catch {}
    resolve();
  });
  await pending[tag];
  return !!fetched[tag];
}

/** The texts of a language if they have arrived. If not, fetches them, and dispatches "texts" when they arrive. */
export function fetchedTexts(tag, dispatch) {
  onTexts = dispatch;
  fetchTexts(tag);
  return fetched[tag];
}

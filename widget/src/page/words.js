// Words for times, in the reader's language and zone; and the card's own words in languages other than English.

/** A time in words: the day, the time, or the time with the zone's name. */
export function say(milliseconds, locale, detail) {
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (detail > 1) time.timeZoneName = "short";
  const day = { weekday: "short", day: "numeric", month: "short" };
  return new Date(milliseconds).toLocaleString(locale, detail ? time : day);
}

/** The language to say times in: the browser's own variety of `tag`, which knows the reader's names for zones. */
export function variety(tag) {
  const { language } = navigator;
  return language.split("-")[0] === tag ? language : tag;
}

/** A number in words: of `forms`, as `src/texts.rs` has them, the one that the language has for it. */
export function count(forms, number, locale) {
  const all = forms.split("|");
  const form = all[["one", "two", "few", "many", "other"].indexOf(new Intl.PluralRules(locale).select(number))];
  return (form || all.at(-1)).replace("%", number.toLocaleString(locale));
}

// By language, the hash of the file that lies beside this script; the build says. Without a build there is English.
const LANGUAGES = typeof __LANGUAGES__ === "undefined" ? {} : __LANGUAGES__;
/**
 * How long a card is held back for its words, in milliseconds. They are a kilobyte and come beside sixty of wasm, so that
 * there is hardly ever anything to wait for. Longer, and a reader in an outage is better served with English labels.
 */
const PATIENCE = 1e3;
const known = {};
const coming = {};
let late; // Who hears of words that nobody waited for any more.

/** Fetches the card's words in a language, once. Fulfilled when they are here, or it is no use to wait for them. */
export async function fetchWords(language) {
  const [tag] = String(language).split("-");
  if (!LANGUAGES[tag]) return;
  coming[tag] ||= Promise.race([
    // As a text, held to its hash: nothing of it can run.
    fetch(import.meta.url.replace(/[^/]*$/, tag + ".txt"), { integrity: LANGUAGES[tag], credentials: "omit" })
      .then((response) => response.text())
      .then((text) => {
        known[tag] = text;
        late?.("words");
      }, Boolean), // English, then.
    new Promise((resolve) => setTimeout(resolve, PATIENCE)),
  ]);
  await coming[tag];
}

/** The card's words in a language, if they are here. If they are to be had, `heard` is told "words" when they are. */
export function words(tag, heard) {
  late = heard;
  fetchWords(tag);
  return known[tag];
}

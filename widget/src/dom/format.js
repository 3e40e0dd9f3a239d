// Formats times and numbers in the reader's language and time zone.

/** A time in a locale: the day (`detail` 0), the time of day (1), or the time of day with the name of the zone (2). */
export function formatTime(milliseconds, locale, detail) {
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (detail > 1) time.timeZoneName = "short";
  const day = { weekday: "short", day: "numeric", month: "short" };
  return new Date(milliseconds).toLocaleString(locale, detail ? time : day);
}

/** The locale for a language: the browser's own if it is a variety of `tag`, because it has the reader's names of time zones. */
export function localeOf(tag) {
  const { language } = navigator;
  return language.split("-")[0] === tag ? language : tag;
}

/** A number in the plural form that the locale has for it. `forms` are separated by `|`, as in `texts/src/parse.rs`. */
export function formatCount(forms, number, locale) {
  const all = forms.split("|");
  const form = all[["one", "two", "few", "many", "other"].indexOf(new Intl.PluralRules(locale).select(number))];
  return (form || all.at(-1)).replace("%", number.toLocaleString(locale));
}

// Times in the reader's time zone, as short as possible: no date for today, no year for this year, and no date for the end of a
// period that ends on the day it starts. The time as rendered by the server becomes the title.

const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();

const DAY = { day: "numeric", month: "short" };
const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

const isSameDay = (one, other) => one.toDateString() === other.toDateString();

/** Formats a time. `from` is the start of the period that ends at this time, if it ends one. */
export const formatTime = (at, now, locale, from = now) => {
  const isThisYear = at.getFullYear() === now.getFullYear();
  const date = isSameDay(at, from) ? {} : isThisYear ? DAY : { ...DAY, year: "numeric" };
  return at.toLocaleString(locale, { ...date, ...TIME });
};

/** Formats all times below `root`, and names the time zone. */
export const localise = (root, locale) => {
  // The reader's variant of English. British if the browser is not set to English, because American dates mislead others.
  const tag = locale === "en" ? navigator.language.replace(/^(?!en).*/, "en-GB") : locale;
  const now = new Date();
  for (const time of root.querySelectorAll('time[datetime]:not([datetime=""])')) {
    const { from } = time.dataset;
    const text = formatTime(new Date(time.dateTime), now, tag, from && new Date(from));
    if (time.textContent === text) continue;
    time.title ||= time.textContent;
    time.textContent = text;
  }
  const zone = root.querySelector("#zone");
  if (zone) zone.textContent = zone.dataset.own.replace("%", timeZone);
};

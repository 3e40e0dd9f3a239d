// Times in the reader's own zone, as short as they can be: today's without the date, this year's without the year, and the
// end of a span without the day on which it began. What the server wrote stays as each time's title.

const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();

const DAY = { day: "numeric", month: "short" };
const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

const isSameDay = (one, other) => one.toDateString() === other.toDateString();

/** A moment as it is said at another; of a span that began at `from` it is the end. */
export const say = (at, now, locale, from = now) => {
  const isThisYear = at.getFullYear() === now.getFullYear();
  const date = isSameDay(at, from) ? {} : isThisYear ? DAY : { ...DAY, year: "numeric" };
  return at.toLocaleString(locale, { ...date, ...TIME });
};

/** Writes every time below `root` for this reader, and the line that names the zone. */
export const localise = (root, locale) => {
  // The reader's own English; American for nobody who did not ask for it.
  const tag = locale === "en" ? navigator.language.replace(/^(?!en).*/, "en-GB") : locale;
  const now = new Date();
  for (const time of root.querySelectorAll('time[datetime]:not([datetime=""])')) {
    const { from } = time.dataset;
    const said = say(new Date(time.dateTime), now, tag, from && new Date(from));
    if (time.textContent === said) continue;
    time.title ||= time.textContent;
    time.textContent = said;
  }
  const zone = root.querySelector("#zone");
  if (zone) zone.textContent = zone.dataset.own.replace("%", timeZone);
};

// Times in the reader's own zone, as short as they can be: today's without the date, this year's without the year. What
// the server wrote stays as each time's title.

const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();

const DAY = { day: "numeric", month: "short" };
const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** A moment as it is said at another. */
export const say = (at, now, locale) => {
  const isSame = (part) => at[part]() === now[part]();
  const isThisYear = isSame("getFullYear");
  const isToday = isThisYear && isSame("getMonth") && isSame("getDate");
  const date = isToday ? {} : isThisYear ? DAY : { ...DAY, year: "numeric" };
  return at.toLocaleString(locale, { ...date, ...TIME });
};

/** Writes every time below `root` for this reader, and the line that names the zone. */
export const localise = (root, locale) => {
  // The reader's own English; American for nobody who did not ask for it.
  const tag = locale === "en" ? navigator.language.replace(/^(?!en).*/, "en-GB") : locale;
  const now = new Date();
  for (const time of root.querySelectorAll("time[datetime]")) {
    const said = say(new Date(time.dateTime), now, tag);
    if (time.textContent === said) continue;
    time.title ||= time.textContent;
    time.textContent = said;
  }
  const zone = root.querySelector("#zone");
  if (zone) zone.textContent = zone.dataset.own.replace("%", timeZone);
};

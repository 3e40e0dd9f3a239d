// On the card's page: which notices are for this reader. The app says who that is behind the address's #, which browsers
// send to nobody: #audience=eu beta&components=sending&path=/share/1

import { backSince, matches } from "../../widget/embed/rules.js";

const declared = () => {
  const said = new URLSearchParams(location.hash.slice(1));
  const words = (name) => (said.has(name) ? (said.get(name).match(/\S+/g) ?? []) : undefined);
  return { segments: words("audience"), components: words("components"), paths: words("path") ?? [] };
};

// What this reader has seen here, so that the all-clear comes to those who saw the trouble.
const seen = (site, id) => {
  const key = `allclear:${site}:card`;
  try {
    const ids = JSON.parse(localStorage[key] ?? "[]");
    if (id && !ids.includes(id)) localStorage[key] = JSON.stringify([...ids, id].slice(-100));
    return ids;
  } catch {
    return [];
  }
};

/** How long it is said that a part works again, in milliseconds: 72 h, as long as any all-clear. */
const TOLD_MS = 72 * 36e5;

/** What of a notice this reader is shown: "all" of it, that their "part" of it works again, or nothing. */
export const shownOf = (notice, page, { isPast, isSeen, now }) => {
  if ((isPast && !isSeen) || !matches(notice.audience, page)) return "";
  const since = backSince(notice, page);
  if (!since) return "all";
  return isSeen && now < Date.parse(since) + TOLD_MS ? "part" : "";
};

/** Shows the notices below `root` that are for this reader, and the quiet line when there are none. */
export const choose = (root) => {
  const page = declared();
  const site = root.querySelector("#quiet")?.dataset.site;
  let any = false;
  for (const article of root.querySelectorAll("article[data-notice]")) {
    const notice = JSON.parse(article.dataset.notice);
    const isPast = article.dataset.past !== undefined;
    const shown = shownOf(notice, page, { isPast, isSeen: seen(site).includes(article.id), now: Date.now() });
    article.hidden = shown !== "all";
    for (const segments of article.querySelectorAll(".whom")) segments.hidden = Boolean(page.segments);
    const part = root.querySelector(`[data-part-of="${article.id}"]`);
    if (part) {
      part.hidden = shown !== "part";
      part.querySelector("h2 time").dateTime = backSince(notice, page) ?? "";
    }
    any ||= Boolean(shown);
    if (shown === "all" && !notice.restored) seen(site, article.id);
  }
  const quiet = root.querySelector("#quiet");
  if (quiet) quiet.hidden = any;
  const contact = root.querySelector("#contact");
  if (contact) contact.hidden = !any;
};

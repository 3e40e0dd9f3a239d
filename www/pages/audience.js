// The card as a page shows only the notices for its reader. The app declares the audience in the URL fragment, which browsers do
// not send to servers: #audience=eu beta&components=sending&path=/share/1

import { backSince, matches } from "../../widget/loader/showing.js";

const declaredAudience = () => {
  const declared = new URLSearchParams(location.hash.slice(1));
  const words = (name) => (declared.has(name) ? (declared.get(name).match(/\S+/g) ?? []) : undefined);
  return { segments: words("audience"), components: words("components"), paths: words("path") ?? [] };
};

// Returns the ids of the notices that this reader has seen, and stores `added` with them. The ids decide who sees an all-clear.
const seenNotices = (site, added) => {
  const key = `allclear:${site}:card`;
  try {
    const ids = JSON.parse(localStorage[key] ?? "[]");
    if (added && !ids.includes(added)) localStorage[key] = JSON.stringify([...ids, added].slice(-100));
    return ids;
  } catch {
    return [];
  }
};

/** Time for which the page shows that a component works again, in milliseconds: 72 h, as for an all-clear. */
const RESTORED_MS = 72 * 36e5;

/**
 * Returns the visibility of a notice for this reader: "all" for the notice, "part" for its partial all-clear, "" for nothing.
 * `audience` has the declarations of the app.
 */
export const visibility = (notice, audience, { isPast, isSeen, now }) => {
  if ((isPast && !isSeen) || !matches(notice.audience, audience)) return "";
  const since = backSince(notice, audience);
  if (!since) return "all";
  return isSeen && now < Date.parse(since) + RESTORED_MS ? "part" : "";
};

/** Shows the notices below `root` that are for this reader; without any, the line that all is well. */
export const applyAudience = (root) => {
  const audience = declaredAudience();
  const site = root.querySelector("#quiet")?.dataset.site;
  let isAnyVisible = false;
  for (const article of root.querySelectorAll("article[data-notice]")) {
    const notice = JSON.parse(article.dataset.notice);
    const isPast = article.dataset.past !== undefined;
    const isSeen = seenNotices(site).includes(article.id);
    const visible = visibility(notice, audience, { isPast, isSeen, now: Date.now() });
    article.hidden = visible !== "all";
    for (const segments of article.querySelectorAll(".whom")) segments.hidden = Boolean(audience.segments);
    const restored = root.querySelector(`[data-part-of="${article.id}"]`);
    if (restored) {
      restored.hidden = visible !== "part";
      restored.querySelector("h2 time").dateTime = backSince(notice, audience) ?? "";
    }
    isAnyVisible ||= Boolean(visible);
    if (visible === "all" && !notice.restored) seenNotices(site, article.id);
  }
  const quiet = root.querySelector("#quiet");
  if (quiet) quiet.hidden = isAnyVisible;
  const contact = root.querySelector("#contact");
  if (contact) contact.hidden = !isAnyVisible;
};

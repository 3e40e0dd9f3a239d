// On the card's page: which notices are for this reader. The app says who that is behind the address's #, which browsers
// send to nobody: #audience=eu beta&components=sending&path=/share/1

import { matches } from "../../widget/embed/rules.js";

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

/** Shows the notices below `root` that are for this reader, and the quiet line when there are none. */
export const choose = (root) => {
  const page = declared();
  const site = root.querySelector("#quiet")?.dataset.site;
  let any = false;
  for (const article of root.querySelectorAll("article[data-audience]")) {
    const { audience, over, past } = article.dataset;
    const isTold = past === undefined || seen(site).includes(article.id);
    article.hidden = !isTold || !matches(JSON.parse(audience), page);
    if (article.hidden) continue;
    any = true;
    if (over === undefined) seen(site, article.id);
  }
  const quiet = root.querySelector("#quiet");
  if (quiet) quiet.hidden = any;
  const contact = root.querySelector("#contact");
  if (contact) contact.hidden = !any;
};

// Shows the console's draft as a page of a product would: with the real loader and widget. This frame has an opaque origin
// (the console sandboxes it), so it shares no storage, lock or channel with any page.
{
  const { theme, lang } = Object.fromEntries(new URLSearchParams(location.search));
  document.documentElement.lang = lang;
  document.documentElement.dataset.theme = theme;

  const network = window.fetch;
  let rev = Date.now();
  let feeds = null;
  // The server's clock less this device's, which may be wrong by hours.
  let offset = 0;
  let seen = false;

  // Until the card has been seen as it stands, it does not turn into what it becomes.
  const current = () => (feeds.before && !seen ? feeds.before : feeds.after);

  window.fetch = async (address, options) => {
    if (!new URL(address).pathname.endsWith("/feed")) return network(address, options);
    const now = new Date(Date.now() + offset);
    const body = JSON.stringify({ ...JSON.parse(current()), rev: rev++ });
    return new Response(body, { headers: { date: now.toUTCString(), "allclear-confirmed-at": now.toISOString() } });
  };

  const start = () => {
    const { site, notices } = JSON.parse(feeds.after);
    const script = document.createElement("script");
    const all = (list) => [...new Set(list)].join(" ");
    const audiences = notices.map(({ audience }) => audience);
    script.src = "/embed.js";
    Object.assign(script.dataset, {
      site, theme, lang,
      storage: "none",
      audience: all(audiences.flatMap(({ segments }) => segments.map(({ slug }) => slug))),
      components: all(audiences.flatMap(({ components }) => components)),
    });
    script.onload = () => {
      Allclear.on("show", () => {
        seen = true;
        if (feeds.before) setTimeout(() => Allclear.refresh(), 300);
      });
    };
    document.head.append(script);
  };

  addEventListener("message", ({ source, data }) => {
    if (source !== parent || !data.after) return;
    const first = !feeds;
    feeds = data;
    offset = data.now - Date.now();
    if (first) start();
    else if (window.Allclear) {
      const { notices } = JSON.parse(feeds.after);
      const audiences = notices.map(({ audience }) => audience);
      Allclear.configure({
        audience: audiences.flatMap(({ segments }) => segments.map(({ slug }) => slug)),
        components: audiences.flatMap(({ components }) => components),
      });
      Allclear.refresh();
    }
  });
  parent.postMessage("ready", "*");
}

// Shows the console's draft as a page of a product would: with the real loader and widget. This frame has an opaque origin
// (the console sandboxes it), so it shares no storage, lock or channel with any page.
{
  const { theme, lang } = Object.fromEntries(new URLSearchParams(location.search));
  document.documentElement.lang = lang;
  document.documentElement.dataset.theme = theme;

  /** How long the card is shown as it stands, in milliseconds. */
  const READ_MS = 1400;

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

  // Markdown's marks take no room.
  const plain = (text) => text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[*_`]/g, "");

  // The lines that the whole advice takes in the card at this frame's width; 0 while there is no card or no advice.
  const lines = () => {
    const root = document.querySelector("allclear-banner")?.shadowRoot;
    const advice = JSON.parse(feeds.after).notices[0]?.advice;
    const model = root?.querySelector("[part~=advice], [part~=update], [part~=title]");
    if (!advice || !model) return 0;
    const { fontFamily, fontSize, fontWeight, letterSpacing, lineHeight, paddingInlineStart, paddingInlineEnd } = getComputedStyle(model);
    const probe = document.createElement("p");
    const width = model.clientWidth - parseFloat(paddingInlineStart) - parseFloat(paddingInlineEnd);
    Object.assign(probe.style, {
      position: "absolute", visibility: "hidden", margin: 0, width: `${width}px`, overflowWrap: "anywhere",
      fontFamily, fontSize, fontWeight, letterSpacing, lineHeight,
    });
    probe.textContent = plain(advice);
    document.body.append(probe);
    const found = Math.round(probe.clientHeight / parseFloat(lineHeight));
    probe.remove();
    return found;
  };

  // Tells the console, once the card has been drawn.
  let timer = 0;
  const measure = () => {
    clearTimeout(timer);
    timer = setTimeout(() => parent.postMessage(feeds ? lines() : 0, "*"), 200);
  };
  addEventListener("resize", measure);

  const start = () => {
    const { site, notices } = JSON.parse(feeds.after);
    const script = document.createElement("script");
    const all = (list) => [...new Set(list)].join(" ");
    const audiences = notices.map(({ audience }) => audience);
    script.src = "/embed.js";
    Object.assign(script.dataset, {
      site, theme, lang,
      storage: "none",
      // Open, so that the advice can be measured.
      shadow: "open",
      audience: all(audiences.flatMap(({ segments }) => segments.map(({ slug }) => slug))),
      components: all(audiences.flatMap(({ components }) => components)),
    });
    script.onload = () => {
      Allclear.on("change", measure);
      Allclear.on("show", () => {
        seen = true;
        measure();
        // A card that has been read, for a second in a visible tab, is what turns into an all-clear.
        if (feeds.before) setTimeout(() => Allclear.refresh(), READ_MS);
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

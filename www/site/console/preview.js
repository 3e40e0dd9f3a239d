// Shows the console's draft with the real loader and widget. The console sandboxes this frame, so it has an opaque origin and shares
// no storage, lock or channel with other pages.
{
  const { theme, lang } = Object.fromEntries(new URLSearchParams(location.search));
  document.documentElement.lang = lang;
  document.documentElement.dataset.theme = theme;

  /** Time for which the card before the change is shown, in milliseconds. */
  const BEFORE_MS = 1400;

  const fetchFromNetwork = window.fetch;
  let rev = Date.now();
  let feeds = null;
  // The server's clock minus this device's, in milliseconds.
  let offset = 0;
  let isShown = false;

  // Returns the feed before the change until its card has been shown, then the feed after the change.
  const currentFeed = () => (feeds.before && !isShown ? feeds.before : feeds.after);

  window.fetch = async (address, options) => {
    if (!new URL(address).pathname.endsWith("/feed")) return fetchFromNetwork(address, options);
    const now = new Date(Date.now() + offset);
    const body = JSON.stringify({ ...JSON.parse(currentFeed()), rev: rev++ });
    return new Response(body, { headers: { date: now.toUTCString(), "allclear-confirmed-at": now.toISOString() } });
  };

  // Removes Markdown.
  const plainText = (text) => text.replace(/\[([^\]]*)\]\([^)]*\)|<[^\s|>]+\|([^>]+)>/g, "$1$2").replace(/[*_`]/g, "");

  // Returns the number of lines of the whole advice in the card at this frame's width; 0 without a card or advice.
  const countAdviceLines = () => {
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
    probe.textContent = plainText(advice);
    document.body.append(probe);
    const count = Math.round(probe.clientHeight / parseFloat(lineHeight));
    probe.remove();
    return count;
  };

  // Sends the number of lines to the console once the card has been drawn.
  let timer = 0;
  const measure = () => {
    clearTimeout(timer);
    timer = setTimeout(() => parent.postMessage(feeds ? countAdviceLines() : 0, "*"), 200);
  };
  addEventListener("resize", measure);

  const start = () => {
    const { site, notices } = JSON.parse(feeds.after);
    const script = document.createElement("script");
    const unique = (list) => [...new Set(list)].join(" ");
    const audiences = notices.map(({ audience }) => audience);
    script.src = "/embed.js";
    Object.assign(script.dataset, {
      site, theme, lang,
      storage: "none",
      // Open, so that the advice can be measured.
      shadow: "open",
      audience: unique(audiences.flatMap(({ segments }) => segments.map(({ slug }) => slug))),
      components: unique(audiences.flatMap(({ components }) => components)),
    });
    script.onload = () => {
      Allclear.on("change", measure);
      Allclear.on("show", () => {
        isShown = true;
        measure();
        // The widget shows an all-clear only if the card was visible for a second.
        if (feeds.before) setTimeout(() => Allclear.refresh(), BEFORE_MS);
      });
    };
    document.head.append(script);
  };

  addEventListener("message", ({ source, data }) => {
    if (source !== parent || !data.after) return;
    const isFirst = !feeds;
    feeds = data;
    offset = data.now - Date.now();
    if (isFirst) start();
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

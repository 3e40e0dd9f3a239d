// The plain card: what pages see where wasm is forbidden or fails. It says the same as the widget in fewer words, under
// the same names (parts, `data-notice`, `data-kind`), hides and is remembered in the same way. At most 2,048 bytes,
// minified and compressed: it only draws. What is drawn, and when, is decided in `standing.js`.

// Texts come from the folder `texts`. The build replaces `__ENGLISH__` by the English ones, separated by `|`, and each
// `TEXT.key` by the number of that text; `plain` in `texts/en.toml` lists them. Other languages: `plain-{language}.js`.
const ENGLISH = __ENGLISH__;

const STYLE = `*{box-sizing:border-box;margin:4px;overflow-wrap:anywhere}
article{position:absolute;bottom:0;width:100%;padding:8px;margin:0;font:15px/22px system-ui,sans-serif;color:CanvasText}
section{max-width:640px;max-height:70vh;overflow:auto;margin:8px auto;padding:8px;border-radius:12px;border:1px solid #8886;
border-inline-start:6px solid;background:Canvas;box-shadow:0 2px 16px #0006;pointer-events:auto}
button,a{font:inherit;color:inherit;background:none;border:1px solid #888;border-radius:8px;min-height:44px;padding:10px 14px;
display:inline-block}[part=pill],h2,a:last-child{border:0;text-align:start}[part=pill],h2{font:inherit;font-weight:600}
[part=pill]{margin:0;width:100%}[part=advice]{background:#8882;border-radius:8px;padding:8px}
[role]{position:absolute;clip-path:inset(50%)}`;

// What the host page's `* { all: unset !important }` must not undo. It covers the page, and lets everything through: an
// element that grew with the card would count as a shift of the page's layout.
const HOST = "all:initial;position:fixed;pointer-events:none;z-index:var(--allclear-z,2147483000);inset:0;";

/**
 * Puts the card on the page, and gives what draws it, `draw(entries, freshness, news, state, now, words, language)`, in
 * English without the last two; without any it is taken away. `toggle` and `hide` are told which entry the reader pressed.
 * What they are given says `standing.js`; where another card drew before, `record` has its place (see `rules.js`).
 */
export const start = (options, emit, toggle, hide, record) => {
  const make = (tag, part, ...content) => {
    const element = document.createElement(tag);
    if (part) element.setAttribute("part", part);
    element.append(...content);
    return element;
  };
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  const shadow = (record.root ||= make("allclear-banner").attachShadow({ mode: options.shadow === "open" ? "open" : "closed" }));
  const { host } = shadow;
  record.release?.();
  shadow.adoptedStyleSheets = [sheet];
  host.style.cssText = HOST.replace(/;/g, "!important;");
  // Announced apart from the card, and never inserted full: such a region is not read.
  if (!record.regions) {
    record.regions = ["status", "alert"].map((role) => {
      const region = make("div");
      region.setAttribute("role", role);
      return region;
    });
    shadow.append(...record.regions);
  }
  options.position === "none" || host.isConnected || document.documentElement.append(host);
  const { regions } = record;
  const frame = make("div");
  shadow.append(frame);
  // What is pressed here is no business of the app that we are a guest of.
  frame.onclick = (event) => event.stopPropagation();
  // The notice and the part that the focus was on in another card, and where it was before it came in here.
  let { id: left, part, from } = record.focus || {};
  frame.addEventListener("focusin", ({ relatedTarget }) => {
    if (relatedTarget && !frame.contains(relatedTarget)) from = relatedTarget;
  });
  const focused = () => document.hasFocus() && shadow.activeElement;
  record.release = () => {
    const active = focused();
    record.focus = active
      ? { id: active.closest("[data-notice]").dataset.notice, part: active.getAttribute("part"), from }
      : { from };
    frame.remove();
  };
  const idOf = (part, id) => (part === "hide") + id; // The same for a pill as for what it opens to.
  let drawn;

  return (entries, freshness, news, state, now, words = ENGLISH, language = "en") => {
    if (!entries) return host.remove();
    const say = (index, text) =>
      words.split("|")[index].replace("%", new Date(text).toLocaleString(language, { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" }));

    const fresh = make("article");
    fresh.style.colorScheme = options.theme?.replace("auto", "") || "light dark";
    if (options.position === "top") fresh.style.bottom = "auto";
    fresh.lang = language;
    fresh.dir = say(TEXT.direction);
    for (const entry of entries) {
      const { notice, back, over, extent } = entry;
      const { id, kind, impact, restored, next_update_at } = notice;
      const severity =
        kind === "incident"
          ? { critical: TEXT.critical, major: TEXT.major }[impact] ?? TEXT.minor
          : kind === "maintenance" ? TEXT.maintenance : TEXT.announcement;
      const { title, advice, works, broken } = restored
        ? {
            title: restored.withdrawn || say(TEXT.working_pill, restored.at) + " · " + notice.title,
            advice: restored.check,
            works: restored.back,
            broken: restored.still,
          }
        : back
          ? { title: say(TEXT.back_since, back) + " · " + notice.title }
          : { ...notice, title: say(notice.drill ? TEXT.drill : notice.preview ? TEXT.preview : severity) + ": " + notice.title };
      if (news?.entry === entry) setTimeout(() => (regions[+news.isUrgent].textContent = title), 150);

      const whole = extent > 1;
      const button = (part, text, act = toggle) => {
        const element = make("button", part, text);
        element.id = idOf(part, id);
        if (act === toggle) element.setAttribute("aria-expanded", whole);
        element.onclick = () => act(entry);
        return element;
      };
      const lines = (part, texts = [], sign = "") =>
        texts.map((text) => text && make("p", part, sign + text.replace(/[*`]/g, ""))).filter(Boolean);
      const link = (part, text, href) => {
        const element = make("a", part, text);
        if (/^(https?|mailto|tel):/.test(href)) element.href = href;
        element.target = "_blank";
        return element;
      };
      const section = extent
        ? make(
            "section",
            "card",
            make("h2", "title", title),
            ...lines("advice", [whole && advice]),
            ...lines("works", whole ? works : [], "✓ "),
            ...lines("broken", whole ? broken : [], "✗ "),
            ...lines("update", notice.updates.map(({ body }) => body).slice(0, restored ? 0 : whole ? 5 : 1)),
            ...lines("next-update", [
              !back && next_update_at && say(now - new Date(next_update_at) > notice.overdue_after_s * 1e3 ? TEXT.overdue : TEXT.next_update, next_update_at),
            ]),
            ...lines("freshness", [freshness && say([0, TEXT.as_of, TEXT.stale, TEXT.offline][freshness], state.confirmed_at)]),
            ...(whole
              ? notice.contacts.map((contact) => {
                  const { kind, label, value } = contact;
                  const element = link("contact", label + " " + value, ({ phone: "tel:", email: "mailto:" }[kind] || "") + value.replace(/ /g, ""));
                  element.onclick = () => emit("contact", contact); // False: the host does it.
                  return element;
                })
              : []),
            button("toggle", say(whole ? TEXT.less : TEXT.more)),
            button("hide", say(TEXT.hide), hide),
            link("", say(TEXT.follow), notice.url),
          )
        : make("section", "", button("pill", title));
      Object.assign(section.dataset, { notice: id, kind });
      section.style.borderInlineStartColor = over ? "#12884a" : severity < TEXT.maintenance ? "#d1431f" : "#2f6fe0";
      // No value is given: false would take the key from the page.
      section.onkeydown = ({ key }) => {
        if (key === "Escape" && whole) toggle(entry);
      };
      fresh.append(section);
    }
    // Only what reads differently is put there, so that no button goes away under a finger, nor a translation.
    if (fresh.outerHTML !== drawn) {
      drawn = fresh.outerHTML;
      const active = focused();
      frame.replaceChildren(fresh);
      if (active || part) {
        const next = shadow.getElementById(active ? active.id : idOf(part, left)) || shadow.querySelector("button");
        // What is ours comes into view; the page stays where its reader has scrolled to.
        (next || from)?.focus({ preventScroll: !next });
      }
      part = "";
    }
  };
};

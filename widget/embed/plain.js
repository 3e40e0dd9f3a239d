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
 * What they are given says `standing.js`.
 */
export const start = (options, emit, toggle, hide) => {
  const make = (tag, part, ...content) => {
    const element = document.createElement(tag);
    if (part) element.setAttribute("part", part);
    element.append(...content);
    return element;
  };
  const host = make("allclear-banner");
  const shadow = host.attachShadow({ mode: options.shadow === "open" ? "open" : "closed" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];
  host.style.cssText = HOST.replace(/;/g, "!important;");
  let root = make("article");
  // Announced apart from the card, and never inserted full: such a region is not read.
  const regions = ["", "status", "alert"].map((role) => {
    const region = make("div");
    region.setAttribute("role", role);
    return region;
  });
  shadow.append(root, ...regions);
  // What is pressed here is no business of the app that we are a guest of.
  shadow.addEventListener("click", (event) => event.stopPropagation());
  let from; // Where the focus was before it came in here.
  shadow.addEventListener("focusin", ({ relatedTarget }) => {
    if (relatedTarget && !shadow.contains(relatedTarget)) from = relatedTarget;
  });
  options.position === "none" || document.documentElement.append(host);

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
      if (news && entry === entries[0]) setTimeout(() => (regions[news].textContent = title), 150);

      const whole = extent > 1;
      const button = (part, text, act = toggle) => {
        const element = make("button", part, text);
        const opens = act === toggle;
        element.id = opens + id; // The same for a pill as for what it opens to.
        if (opens) element.setAttribute("aria-expanded", whole);
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
    // Only what reads differently is put there, so that no button goes away under a finger.
    if (fresh.outerHTML !== root.outerHTML) {
      const focused = document.hasFocus() && shadow.activeElement;
      root.replaceWith(fresh);
      root = fresh;
      if (focused) {
        const next = shadow.getElementById(focused.id) || shadow.querySelector("button");
        // What is ours comes into view; the page stays where its reader has scrolled to.
        (next || from)?.focus({ preventScroll: !next });
      }
    }
  };
};

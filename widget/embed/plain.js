// The plain card: what pages see where wasm is forbidden or fails. It says the same as the widget in fewer words, under
// the same names (parts, `data-notice`, `data-kind`), hides and is remembered in the same way. At most 2,048 bytes,
// minified and compressed. The loader goes on polling, and draws after each answer.

// Lines of `widget/texts` as they stand there; a test compares. Other languages lie beside
// this file, in `plain-*.js`.
let words =
  "Critical problem|Major problem|Minor problem|Maintenance|Announcement|Next update by %|We promised an update by %. It is late; the problem may not be over.|As of %. We cannot reach our status service; this may have changed.|You are offline. As of %.|Working again since %|Back since %|More|Hide|Follow it on our status page|Drill|Preview";
let language = "en";

const STYLE = `*{box-sizing:border-box;margin:4px;overflow-wrap:anywhere}
main{position:absolute;bottom:0;width:100%;padding:8px;margin:0;font:15px/22px system-ui,sans-serif;color:CanvasText}
section{max-width:640px;max-height:70vh;overflow:auto;margin:8px auto;padding:8px;border-radius:8px;border-inline-start:6px solid;
background:Canvas;box-shadow:0 2px 16px #0006;pointer-events:auto}
button,a{font:inherit;color:inherit;background:none;border:1px solid;border-radius:8px;min-height:44px;padding:10px 14px;
display:inline-block}[part=pill],h2{border:0;font:inherit;font-weight:600;text-align:start}
[role]{position:absolute;clip-path:inset(50%)}`;

// What the host page's `* { all: unset !important }` must not undo. It covers the page, and lets everything through: an
// element that grew with the card would count as a shift of the page's layout.
const HOST = "all:initial;position:fixed;pointer-events:none;z-index:var(--allclear-z,2147483000);inset:0;";

/**
 * Puts the card on the page and gives what draws it: to be called whenever something may have changed.
 *
 * * `view(notice)`: 2 for a card, 1 for a pill, else nothing
 * * `backSince(notice)`: since when this page's part of it is over, while it goes on elsewhere
 * * `see(notice)`, `hide(notice)`: remember that it was seen, or hidden
 * * `bring(file)`: imports a file that lies beside this one
 * * the rest as `widget/src/lib.rs` has it; `signal` is aborted when the host wants us away
 */
export const start = (view, backSince, see, hide, clock, emit, options, state, signal, bring) => {
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
  let root = make("main");
  // Announced apart from the card, and never inserted full: such a region is not read.
  const regions = ["status", "alert"].map((role) => {
    const region = make("div");
    region.setAttribute("role", role);
    return region;
  });
  shadow.append(root, ...regions);
  options.position === "none" || document.documentElement.append(host);

  const chosen = {}; // What the reader opened (2) or folded (1), by notice and kind.
  let asked = language;
  let said, timer;

  const draw = () => {
    clearTimeout(timer);
    if (signal.aborted) return host.remove();
    timer = setTimeout(draw, 15e3); // Times go by.
    const { feed, shown } = state;
    if (!feed) return;
    if (feed.lang !== asked) {
      asked = feed.lang;
      bring(`plain-${asked}.js`).then((module) => {
        words = module.default;
        language = asked;
        draw();
      }, Boolean); // English, then.
    }
    const say = (index, text) =>
      words.split("|")[index].replace("%", new Date(text).toLocaleString(language, { weekday: "short", hour: "2-digit", minute: "2-digit", timeZoneName: "short" }));
    const since = (text) => clock() - new Date(text);
    const offline = !navigator.onLine;
    // The loader says when what we have was kept from another day, and when it is confirmed.
    state.stale ||= offline || since(state.confirmed_at) > 9e5;
    state.shown = [];

    const fresh = make("main");
    fresh.style.colorScheme = options.theme?.replace("auto", "") || "light dark";
    if (options.position === "top") fresh.style.bottom = "auto";
    fresh.lang = language;
    fresh.dir = language === "ar" ? "rtl" : "ltr";
    for (const notice of feed.notices) {
      const { id, kind, impact, restored, next_update_at, url } = notice;
      const seen = view(notice);
      if (!seen) continue;
      const back = backSince(notice);
      const over = restored || back;
      if (!restored && !document.hidden) see(notice);
      const first = !state.shown[0];
      state.shown.push(id);
      if (!shown.includes(id)) emit("show", notice);

      const severity =
        kind === "incident" ? { critical: 0, major: 1 }[impact] ?? 2 : kind === "maintenance" ? 3 : 4;
      const { title, advice, works, broken } = restored
        ? {
            title: restored.withdrawn || say(9, restored.at) + " · " + notice.title,
            advice: restored.check,
            works: restored.back,
            broken: restored.still,
          }
        : back
          ? { title: say(10, back) + " · " + notice.title }
          : { ...notice, title: say(notice.drill ? 14 : notice.preview ? 15 : severity) + ": " + notice.title };
      const form = id + kind + !back;
      const news = form + notice.status;
      if (first && said !== news) {
        // Only what is new interrupts.
        const region = regions[severity || back || said?.startsWith(form) ? 0 : 1];
        said = news;
        setTimeout(() => (region.textContent = title), 150);
      }

      const extent = chosen[form] || (first && seen > 1 ? (over ? 2 : 1) : 0);
      const whole = extent > 1;
      const button = (part, text, act) => {
        const element = make("button", part, text);
        element.id = part + id;
        element.setAttribute("aria-expanded", whole);
        element.onclick = () => {
          act();
          draw();
        };
        return element;
      };
      const turn = (to) => () => (chosen[form] = to);
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
              !back && next_update_at && say(since(next_update_at) > notice.overdue_after_s * 1e3 ? 6 : 5, next_update_at),
            ]),
            ...lines("freshness", [state.stale && say(offline ? 8 : 7, state.confirmed_at)]),
            ...(whole
              ? notice.contacts.map((contact) => {
                  const { kind, label, value } = contact;
                  const element = link("contact", label + " " + value, ({ phone: "tel:", email: "mailto:" }[kind] || "") + value);
                  element.onclick = () => emit("contact", contact);
                  return element;
                })
              : []),
            link("", say(13), url),
            button("toggle", say(11), turn(3 - extent)),
            button("hide", say(12), () => {
              hide(notice);
              turn()();
            }),
          )
        : make("section", "", button("pill", title, turn(2)));
      Object.assign(section.dataset, { notice: id, kind });
      section.style.borderColor = over ? "#12884a" : severity < 3 ? "#d1431f" : "#2f6fe0";
      fresh.append(section);
    }
    fresh.onkeydown = ({ key }) => {
      if (key === "Escape") {
        for (const name in chosen) chosen[name] = 1;
        draw();
      }
    };
    // Only what reads differently is put there, so that no button goes away under a finger.
    if (fresh.outerHTML !== root.outerHTML) {
      const focused = shadow.activeElement?.id;
      root.replaceWith(fresh);
      root = fresh;
      if (focused) shadow.getElementById(focused)?.focus();
    }
  };
  return draw;
};

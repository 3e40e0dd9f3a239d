// The plain card: what pages see where wasm is forbidden, fails or breaks. It has the same places and names as the Yew card
// (parts, `data-notice`, `data-kind`) and says the same in fewer words. At most 2,560 bytes, minified and compressed: it
// only draws. What is drawn, and when, is decided in `standing.js`; what is said, in `saying.js`.

// Colours as in `style/card.css`: ink and paper are the browser's own, so that they follow the colour scheme.
const STYLE = `*{box-sizing:border-box;margin:0;overflow-wrap:anywhere}p,h2{unicode-bidi:plaintext}[dir=rtl]{text-align:right}
article{position:absolute;bottom:0;width:100%;max-height:100%;padding:12px;font:15px/22px system-ui,sans-serif;color:CanvasText;
font-variant-numeric:tabular-nums;overflow-y:auto}
.critical{--a:light-dark(#8f1024,#ffa3ad)}.major{--a:light-dark(#7a3300,#ffb27a)}.minor{--a:light-dark(#5e4700,#f2cc6b)}
.maintenance{--a:light-dark(#173f87,#9dc1ff)}.announcement{--a:light-dark(#43328f,#c3b5ff)}.restored{--a:light-dark(#0b5129,#86dba8)}
section{position:relative;max-width:min(100%,640px);margin:8px auto 0;border-radius:12px;outline:1px solid #8884;
background:Canvas;box-shadow:0 2px 16px #0005;pointer-events:auto;overflow:hidden}
section:before{content:"";position:absolute;inset-block:0;inset-inline-start:0;border-inline-start:4px solid var(--a)}
[part=card]{padding:14px;padding-inline-start:46px;max-height:70vh;overflow-y:auto}[part=card]>*+*{margin-top:4px}
svg{position:absolute;inset-inline-start:16px;top:16px;width:20px;height:20px;fill:none;stroke:var(--a);stroke-width:1.75;stroke-linecap:round}
h2{font-size:17px;line-height:24px}.restored h2{font-weight:400}b{color:var(--a);white-space:nowrap}
section:not(.whole)>h2{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden}
.meta{font-size:13px;line-height:18px;opacity:.8}.heading,.late{font-weight:600}
.whole p{white-space:pre-line}.whole .advice{background:#8882;border-radius:8px;padding:8px 12px}
span{display:flex;flex-wrap:wrap;gap:8px;padding-top:4px}.row{flex-wrap:nowrap}span>*{flex:auto}
button,span>*{font:inherit;color:inherit;background:none;border:1px solid #888;border-radius:8px;min-height:44px;padding:10px 14px;
text-align:center}
section>button{display:flex;gap:8px;width:100%;padding:10px 16px;padding-inline-start:46px;border:0;text-align:start}
button svg{top:12px}.row *,p{overflow:hidden;text-overflow:ellipsis}.row,section>button{white-space:nowrap}
.pill{width:fit-content;border-radius:22px}.pill:before{content:none}
[role]{position:absolute;clip-path:inset(50%)}
@media print{article{display:none}}`;

// What the host page's `* { all: unset !important }` must not undo. It covers the page, and lets everything through: an
// element that grew with the card would count as a shift of the page's layout.
const HOST = "all:initial;position:fixed;pointer-events:none;z-index:var(--allclear-z,2147483000);inset:0;";

/**
 * Puts the card on the page, and gives what draws it, `draw(view, news)`; without a view it is taken away. `press(part, id,
 * contact)` is told what the reader pressed: false keeps a contact's link from being followed. What is given says
 * `standing.js`; where another card drew before, `record` has its place (see `rules.js`).
 */
export const start = (options, press, record) => {
  const make = (tag, attributes, ...content) => {
    const element = document.createElementNS("http://www.w3.org/" + (/svg|path/.test(tag) ? "2000/svg" : "1999/xhtml"), tag);
    for (const name in attributes) if (attributes[name] != null) element.setAttribute(name, attributes[name]);
    element.append(...content.filter(Boolean));
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
    record.regions = ["status", "alert"].map((role) => make("div", { role }));
    shadow.append(...record.regions);
  }
  options.position === "none" || host.isConnected || document.documentElement.append(host);
  const { regions } = record;
  const frame = make("div");
  shadow.append(frame);
  const idOf = (element) => element.closest("[data-notice]")?.dataset.notice;
  const partOf = (element) => element.part.value;
  frame.onclick = (event) => {
    // What is pressed here is no business of the app that we are a guest of.
    event.stopPropagation();
    const pressed = event.target.closest("button,[part=contact]");
    if (pressed && press(partOf(pressed), idOf(pressed), pressed.dataset.contact) === false) event.preventDefault();
  };
  frame.onkeydown = (event) => {
    if (event.key !== "Escape" || !frame.querySelector("[aria-expanded=true]")) return;
    // What is open folds; a dialogue around it stays.
    event.preventDefault();
    event.stopPropagation();
    press("escape");
  };
  // The notice and the part that the focus was on in another card, and where it was before it came in here.
  let { id: left, part, from } = record.focus || {};
  frame.addEventListener("focusin", ({ relatedTarget }) => {
    if (relatedTarget && !frame.contains(relatedTarget)) from = relatedTarget;
  });
  const note = () => {
    const active = document.hasFocus() && shadow.activeElement;
    if (active) [left, part] = [idOf(active), partOf(active) || "-"];
    return active;
  };
  record.release = () => {
    part = "";
    note();
    record.focus = { id: left, part, from };
    frame.remove();
  };
  let drawn;

  const link = (attributes, text, href) =>
    make("a", { ...attributes, target: "_blank", href: /^(https?|mailto|tel):/.test(href) ? href : null }, text);
  const fill = (element, units) => {
    element.replaceChildren(...units.map((unit) => (unit.href ? link({}, unit.text, unit.href) : unit)));
    element.normalize(); // A translator is given whole sentences.
    return element;
  };
  const paragraph = ([name, units, lines]) =>
    fill(Object.assign(make("p", { part: name.split(" ")[0], class: name, "data-lines": lines }), { units }), units);
  /** Cuts a text at a word, so that it fits into its lines. */
  const fit = (element) => {
    const { lines } = element.dataset;
    const limit = lines * parseFloat(getComputedStyle(element).lineHeight) + 1;
    for (let kept = element.units.length; kept > 1 && element.scrollHeight > limit; ) {
      fill(element, [...element.units.slice(0, --kept), "…"]);
    }
  };

  return (view, news) => {
    if (!view) return host.remove();
    const [more, less, hide, minimise, follow, calendar] = view.buttons;
    const fresh = make("article", { lang: view.language, dir: view.direction });
    fresh.style.colorScheme = options.theme?.replace("auto", "") || "light dark";
    fresh.style.bottom = view.bottom;
    view.sections.forEach(({ notice, kind, extent, says }, index) => {
      const { id, url, hold, contacts, status } = notice;
      const button = (part, expanded, ...content) => make("button", { part, "aria-expanded": expanded }, ...content);
      const icon = make("svg", { viewBox: "0 0 20 20", "aria-hidden": true }, make("path", { d: says.icon }));
      const head = [
        says.mark && says.mark + " ",
        make("b", { part: says.isOver ? "restored" : null }, says.label),
        " ",
        says.segments && says.segments + " ",
        make("bdi", { lang: says.lang }, says.title),
      ];
      const whole = extent > 1;
      const calls = contacts.map(({ kind, label, value }, contact) =>
        link({ part: "contact", "data-contact": contact }, label, ({ phone: "tel:", email: "mailto:" }[kind] || "") + value.replace(/ /g, "")),
      );
      const section = extent
        ? make(
            "section",
            { part: "card", class: whole ? "whole " + says.severity : says.severity },
            icon,
            make("h2", { part: "title" }, ...head, !whole && says.after),
            ...(whole ? says.whole : says.brief).map(paragraph),
            (whole || says.isLate) && make("span", { class: whole || "row" }, ...(whole ? calls : calls.slice(0, 3))),
            whole && make("span", {}, link({}, follow, url), status === "scheduled" && link({}, calendar, url + ".ics")),
            make("span", {}, button("toggle", whole, whole ? less : more), button("hide", null, hold ? minimise : hide)),
          )
        : make(
            "section",
            { class: (index || view.isListed ? "" : "pill ") + says.severity },
            button("pill", false, icon, make("p", {}, ...head), says.time, index === view.sections.length - 1 && view.others && `+${view.others}`),
          );
      Object.assign(section.dataset, { notice: id, kind });
      if (news?.entry.notice.id === id) setTimeout(() => (regions[+news.isUrgent].textContent = says.said), 150);
      fresh.append(section);
    });
    if (view.isListed) fresh.append(make("section", {}, make("button", { part: "less", "aria-expanded": true }, less)));
    // Only what reads differently, or has another width, is put there, so that no button goes away under a finger, nor a
    // translation.
    const now = fresh.outerHTML + innerWidth;
    if (now !== drawn) {
      drawn = now;
      const active = note();
      frame.replaceChildren(fresh);
      fresh.querySelectorAll("[data-lines]").forEach(fit);
      if (active || part) {
        const own = `[data-notice="${left}"] `;
        const next =
          fresh.querySelector(own + `[part="${part}"]`) || fresh.querySelector(own + "button") || fresh.querySelector("button");
        // What is ours comes into view; the page stays where its reader has scrolled to.
        (next || from)?.focus({ preventScroll: !next });
      }
      part = "";
    }
  };
};

// Draws the plain card, which replaces the Yew card where wasm is forbidden, fails or breaks. Its elements have the same `part`,
// `data-notice` and `data-kind`, and shorter texts. At most 2,744 bytes, minified and compressed. `controller.js` decides what
// is drawn, `texts.js` composes the texts. Built as `plain.js`.

// Colours as in `style/card.css`. Text and background have the browser's system colours, which follow the colour scheme. Browsers
// without `light-dark()` ignore every declaration with `var(--ac-a)`: the text, the icon and the background keep the system
// colours there.
const STYLE = `:host::backdrop{display:none!important}*{box-sizing:border-box;margin:0;overflow-wrap:anywhere}p,h2,a,i{unicode-bidi:plaintext}[dir=rtl]{text-align:right}
article{position:absolute;bottom:0;width:100%;max-height:100%;padding:12px;font:15px/22px system-ui,sans-serif;color:CanvasText;
font-variant-numeric:tabular-nums;overflow-y:auto}
.critical{--ac-a:light-dark(#8f1024,#ffa3ad)}.major{--ac-a:light-dark(#7a3300,#ffb27a)}.minor{--ac-a:light-dark(#5e4700,#f2cc6b)}
.maintenance{--ac-a:light-dark(#173f87,#9dc1ff)}.announcement{--ac-a:light-dark(#43328f,#c3b5ff)}.restored{--ac-a:light-dark(#0b5129,#86dba8)}
section{position:relative;max-width:min(100%,640px);margin:8px auto 0;border-radius:12px;outline:1px solid #8884;
background:linear-gradient(var(--ac-a) 0 0) 0/4px 100% no-repeat;background-color:Canvas;stroke:CanvasText;box-shadow:0 2px 16px #0005;pointer-events:auto;overflow:hidden}
[dir=rtl] section{background-position:100%}
[part=card]{padding:10px 14px;padding-inline-start:46px;max-height:70vh;overflow-y:auto}[part=card]>*+*{margin-top:4px}
svg{position:absolute;inset-inline-start:16px;top:12px;width:20px;height:20px;fill:none;stroke:var(--ac-a);stroke-width:1.75;stroke-linecap:round}
h2{font-size:17px;line-height:24px}b{color:var(--ac-a);white-space:nowrap}
section:not(.whole)>h2{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2}
section.restored>h2{font-weight:400;-webkit-line-clamp:3}
i{display:inline-block;max-width:50%;font-style:normal;white-space:nowrap;vertical-align:bottom}
.meta{font-size:13px;line-height:18px;opacity:.8}.heading,.late{font-weight:600}
.whole p{white-space:pre-line}.whole .advice{background:#8882;border-radius:8px;padding:8px 12px}
span{display:flex;flex-wrap:wrap;gap:8px;padding-top:2px}.row{flex-wrap:nowrap}span>*{flex:auto}
button,span>*{font:inherit;color:inherit;background:none;border:1px solid #888;border-radius:8px;min-height:44px;padding:10px 14px;
text-align:center}
section>button{display:flex;gap:8px;width:100%;padding:10px 16px;padding-inline-start:46px;border:0;text-align:start}
button p{display:flex;flex-wrap:wrap;gap:0 4px;height:22px}p bdi,p i{flex:1 1 2em;max-width:max-content}h2,span>*,p,i,p bdi{overflow:hidden;text-overflow:ellipsis}.row,section>button{white-space:nowrap}
.pill{width:fit-content;border-radius:22px;background-size:0}
[role]{position:absolute;clip-path:inset(50%)}
@media print{article{display:none}}`;

// The style of the host element, which the page's `* { all: unset !important }` must not undo. The element covers the page
// without receiving events: if it grew with the card, that would count as a layout shift.
const HOST = "all:initial;position:fixed;pointer-events:none;z-index:var(--allclear-z,2147483000);inset:0;";

/**
 * Makes the card's element, which `controller.js` inserts into the page, and returns `draw(view)`; without a view, `draw` removes
 * the card. `viewOf` in `controller.js` makes the view. `press(part, id, contact)` is called when the reader presses a part; if it
 * returns false, a contact's link is not followed. `record` is described in `loader/handover.js`, `isolate` in
 * `src/dom/isolation.js`.
 */
export const start = (options, press, record, isolate) => {
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
  // The live regions are outside the elements that are replaced: screen readers ignore the text that a region is inserted with.
  if (!record.regions) {
    record.regions = ["status", "alert"].map((role) => make("div", { role }));
    shadow.append(...record.regions);
  }
  const frame = make("div");
  shadow.append(frame);
  const idOf = (element) => element.closest("[data-notice]")?.dataset.notice;
  const partOf = (element) => element.part.value;
  const isolated = isolate(shadow, (pressed) =>
    pressed ? press(partOf(pressed), idOf(pressed), pressed.dataset.contact) : press("escape"),
  );
  // The notice and the part that have the focus.
  let { id: focused, part } = record.focus || {};
  isolated.from = record.focus?.from;
  const noteFocus = () => {
    const active = document.hasFocus() && shadow.activeElement;
    if (active) [focused, part] = [idOf(active), partOf(active) || "-"];
    return active;
  };
  record.release = () => {
    part = "";
    noteFocus();
    record.focus = { id: focused, part, from: isolated.from };
    frame.remove();
  };
  let drawn;

  const link = (attributes, text, href) =>
    make("a", { ...attributes, target: "_blank", href: /^(https?|mailto|tel):/i.test(href) ? href : null }, text);
  const fill = (element, units) => {
    element.replaceChildren(...units.map((unit) => (unit.href ? link({}, unit.text, unit.href) : unit)));
    element.normalize(); // One text node, so that translators get whole sentences.
    return element;
  };
  const paragraph = ([name, units, lines]) =>
    fill(Object.assign(make("p", { part: name.split(" ")[0], class: name, "data-lines": lines }), { units }), units);
  /** Cuts a text after a word, so that it fits into its lines. */
  const fit = (element) => {
    const { lines } = element.dataset;
    const limit = lines * parseFloat(getComputedStyle(element).lineHeight) + 1;
    if (element.units.length < 2 || !(element.scrollHeight > limit)) return;
    // Finds the number of units that fit by bisection, because each measurement causes a layout.
    let [kept, tooMany] = [1, element.units.length];
    while (kept < tooMany) {
      const middle = (kept + tooMany) >> 1;
      fill(element, [...element.units.slice(0, middle), "…"]);
      if (element.scrollHeight > limit) tooMany = middle;
      else kept = middle + 1;
    }
    fill(element, [...element.units.slice(0, kept - 1 || 1), "…"]);
  };

  return (view) => {
    if (!view) {
      // The frame is emptied too, so that the last card does not come back when the host is inserted again.
      frame.replaceChildren();
      drawn = "";
      return host.remove();
    }
    const [more, less, hide, minimise, follow, calendar] = view.buttons;
    const fresh = make("article", { lang: view.language, dir: view.direction });
    fresh.style.colorScheme = options.theme?.replace("auto", "") || "light dark";
    fresh.style.bottom = view.bottom;
    view.sections.forEach(({ notice, kind, extent, text }, index) => {
      const { id, url, hold, contacts, status } = notice;
      const button = (part, expanded, ...content) => make("button", { part, "aria-expanded": expanded }, ...content);
      const icon = make("svg", { viewBox: "0 0 20 20", "aria-hidden": true }, make("path", { d: text.icon }));
      const head = [
        text.mark && text.mark + " ",
        make("b", { part: text.isOver ? "restored" : null }, text.label),
        " ",
        text.segments && make("i", {}, text.segments),
        text.segments && " ",
        make("bdi", { lang: text.lang }, text.title),
      ];
      const whole = extent > 1;
      const calls = contacts.map(({ kind, label, value }, contact) =>
        link({ part: "contact", "data-contact": contact }, label, ({ phone: "tel:", email: "mailto:" }[kind] || "") + value.replace(/ /g, "")),
      );
      const section = extent
        ? make(
            "section",
            { part: "card", class: whole ? "whole " + text.severity : text.severity },
            icon,
            make("h2", { part: "title" }, ...head, !whole && text.after),
            ...(whole ? text.whole : text.brief).map(paragraph),
            (whole || text.isLate) && make("span", { class: whole || "row" }, ...(whole ? calls : calls.slice(0, 3))),
            whole && make("span", {}, link({}, follow, url), status === "scheduled" && link({}, calendar, url + ".ics")),
            make("span", {}, button("toggle", whole, whole ? less : more), button("hide", null, hold ? minimise : hide)),
          )
        : make(
            "section",
            { class: (index || view.isListed ? "" : "pill ") + text.severity },
            button(
              "pill",
              false,
              icon,
              make("p", {}, ...head, text.time && make("time", {}, text.time)),
              index === view.sections.length - 1 && view.others && `+${view.others}`,
            ),
          );
      Object.assign(section.dataset, { notice: id, kind });
      fresh.append(section);
    });
    if (view.isListed) fresh.append(make("section", {}, make("button", { part: "less", "aria-expanded": true }, less)));
    // The elements are replaced only if the card or the width has changed. Otherwise a button could be replaced while it is
    // pressed, and translations would be lost.
    const now = fresh.outerHTML + window.innerWidth;
    if (now !== drawn) {
      drawn = now;
      const active = noteFocus();
      frame.replaceChildren(fresh);
      fresh.querySelectorAll("[data-lines]").forEach(fit);
      if (active || part) {
        const own = `[data-notice="${focused}"] `;
        const next =
          fresh.querySelector(own + `[part="${part}"]`) || fresh.querySelector(own + "button") || fresh.querySelector("button");
        // An element of the card is scrolled into view; the page is not scrolled.
        (next || isolated.from)?.focus({ preventScroll: !next });
      }
      part = "";
    }
  };
};

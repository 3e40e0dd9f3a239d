// Draws the plain card. It is what a page shows first, and replaces the Yew card where wasm is forbidden, fails or breaks. A
// collapsed card, a pill and a line have the elements of the Yew card (`src/view/`) and its style, so that they have the same boxes;
// an expanded card is simpler. `controller.js` decides what is drawn, `texts.js` what the texts are.

import { container } from "../src/dom/container.js";
import { fittingLength, isCut } from "../src/dom/fit.js";
import { contactText } from "./texts.js";

/** The style of an expanded card, which differs from that of the Yew card. */
const STYLE = `.body p{white-space:pre-line}.body .advice{padding:8px 12px;border-radius:8px;background:var(--ac-tint)}.heading,.late{font-weight:600}
.less{flex:none;max-width:640px;justify-content:center;color:var(--ac-soft)}.in-corner .less{max-width:400px}
h2:not(.clamp),.body :is(p,.button){overflow:hidden;text-overflow:ellipsis}`;

/** Separates the words that stay on one line, in pairs. */
const TIE = "\u2060";

/**
 * Makes the card's element, which `controller.js` inserts into the page, and returns `draw(view)`; without a view, `draw` removes the
 * card. The view is that of `controller.js`. `press(part, id, contact)` is called when the reader presses a part; if it returns
 * false, a contact's link is not followed. `record` is the one of `loader/handover.js`. `draw.own` is the element to draw in.
 */
export const start = (options, press, record) => {
  const make = (tag, attributes, ...content) => {
    const element = document.createElementNS("http://www.w3.org/" + (/svg|path/.test(tag) ? "2000/svg" : "1999/xhtml"), tag);
    for (const name in attributes) if (attributes[name] != null) element.setAttribute(name, attributes[name]);
    element.append(...content.filter(Boolean));
    return element;
  };
  const dispatch = (name) => press(...name.split(" "));
  const contact = (id, index) => press("contact", id, index);
  const own = container("allclear-banner", record.style + STYLE, options.shadow, true, "own", dispatch, contact, record);
  const { host } = own.getRootNode();
  own.host = host;
  own.appear();
  record.release = () => {
    record.focus = own.focus();
    own.remove();
  };
  let drawn;

  const link = (attributes, text, href) =>
    make("a", { ...attributes, target: "_blank", href: /^(https?|mailto|tel):/i.test(href) ? href : null }, text);
  const fill = (element, units) => {
    element.replaceChildren(...units.map((unit) => (unit.href ? link({}, unit.text, unit.href) : unit)));
    element.normalize(); // One text node, so that translators get whole sentences.
    return element;
  };
  /** An element for a paragraph of `texts.js`. */
  const paragraph = ({ tag = "p", part, lang, label, units, content = [], ...attributes }) => {
    const element = make(tag, { part, class: attributes.class, lang, "aria-label": label });
    if (units) return fill(Object.assign(element, { units }), units);
    element.append(...content.filter(Boolean).map((child) => (child.tag ? paragraph(child) : child)));
    return element;
  };
  /** Cuts a text after a word, so that it fits into its lines: as `notice/src/text/excerpt.rs`. */
  const fit = (element) => {
    const { units } = element;
    const most = isCut(element) ? fittingLength(element) : Infinity;
    const kept = [];
    let length = 0;
    for (const unit of units) {
      const text = unit.text ?? unit;
      if (kept[0] && length + text.trimEnd().length > most) break;
      kept.push(unit);
      length += text.length;
    }
    if (kept.length === units.length) return;
    if (!kept.at(-1).href) kept.push(kept.pop().trimEnd());
    fill(element, [...kept, "\u00a0…"]);
  };
  const button = (part, name, expanded, ...content) =>
    make("button", { type: "button", part, class: name, "aria-expanded": expanded }, ...content);
  const tied = (text) => text.split(TIE).map((part, index) => (index % 2 ? make("span", { class: "tied" }, part) : part));
  const contactsOf = (contacts, hasValues) =>
    contacts.map((contact) => {
      const { kind, value } = contact;
      const element = link({ part: "contact", class: "button" }, "", ({ phone: "tel:", email: "mailto:" }[kind] || "") + value.replace(/ /g, ""));
      element.textContent = contactText(contact, !!element.href, hasValues);
      return element;
    });
  /** The elements of a heading, and the mark that is before it. */
  const headingOf = (text) => [
    make("b", { part: text.isOver ? "restored" : null }, text.label),
    " ",
    text.segments && make("span", { class: "for" }, text.segments),
    text.segments && " ",
    make("bdi", { lang: text.lang }, text.title),
  ];
  const markOf = ({ mark }) => mark && make("span", { class: "mark" }, mark);

  const card = ({ notice, extent, text }, [more, less, hide, minimise, follow, calendar]) => {
    const { url, hold, contacts, status } = notice;
    const isWhole = extent > 1;
    const row = (name, ...content) => content[0] && make("div", { class: "buttons" + name }, ...content);
    const title = make("h2", { part: "title", class: isWhole ? null : "clamp" }, markOf(text), ...headingOf(text));
    if (!isWhole && text.after) title.append(make("span", { class: "after" }, ...tied(text.after)));
    const brief = isWhole ? [] : [...text.brief.map(paragraph), text.isLate && row(" row", ...contactsOf(contacts, contacts.length === 1))];
    const links = [link({ class: "button" }, follow, url), status === "scheduled" && link({ class: "button" }, calendar, url + ".ics")];
    return make(
      "div",
      { part: "card", class: "card" },
      make("div", { class: "head" }, iconOf(text), make("div", { class: "words" }, title, ...brief)),
      row("", button("toggle", null, isWhole, isWhole ? less : more), button("hide", "quiet", null, hold ? minimise : hide)),
      isWhole && make("div", { class: "body" }, ...text.whole.map(paragraph), row("", ...contactsOf(contacts, true)), row("", ...links)),
      ...text.notes.map(paragraph),
    );
  };
  const iconOf = ({ icon }) => make("svg", { class: "icon", viewBox: "0 0 20 20", "aria-hidden": true }, make("path", { d: icon }));
  /** A pill, a line or a row. */
  const small = ({ text }, name, others) =>
    button(
      "pill",
      name,
      false,
      iconOf(text),
      markOf(text),
      make("span", { class: "text" }, ...headingOf(text), text.time && make("span", { class: "time" }, text.time)),
      others && make("span", { class: "count" }, others),
    );

  const draw = (view) => {
    if (!view) {
      // Emptied as well, because the page's last card must not come back when the host is inserted again.
      own.replaceChildren();
      drawn = "";
      return host.remove();
    }
    const { position = "", theme = "" } = options;
    const attributes = { class: `root in-${position} theme-${theme}`, lang: view.language, dir: view.direction };
    const fresh = make("div", { ...attributes, role: "complementary", "aria-label": view.name });
    view.sections.forEach((section, index) => {
      const { notice, kind, extent, text } = section;
      const name = index || view.isListed ? "other" : "pill";
      const content = extent ? card(section, view.buttons) : small(section, name, index === view.sections.length - 1 && view.count);
      const article = make(extent ? "article" : "div", { class: "notice " + text.severity, "data-notice": notice.id, "data-kind": kind }, content);
      fresh.append(article);
    });
    if (view.isListed) fresh.append(button("less", "other less", true, view.buttons[1]));
    // The elements are replaced only if the card or the width has changed. Otherwise a button could be replaced while it is
    // pressed, and translations would be lost.
    const now = fresh.outerHTML + window.innerWidth;
    if (now === drawn) return;
    if (drawn) own.noteFocus();
    drawn = now;
    own.replaceChildren(fresh);
    fresh.querySelectorAll(".fit").forEach(fit);
  };
  draw.own = own;
  return draw;
};

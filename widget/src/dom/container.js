// A container to draw in: an element of ours with a shadow root.

import { isolate } from "./isolation.js";

const sheetOf = (style) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  return sheet;
};

/** For a container that floats above the page. Important rules of a shadow root win over the page's. */
const FLOATING = `:host{position:fixed!important;inset:0!important;pointer-events:none!important;
z-index:var(--allclear-z,2147483000)!important}:host::backdrop{display:none!important}`;

/** A slot is as visible as its surroundings: `all: initial` would show it in a dialog with `visibility: hidden`. */
const INLINE = ":host{visibility:inherit!important}";

/** The live regions of a container. */
const makeRegions = () =>
  ["status", "alert"].map((role) => {
    const region = document.createElement("div");
    region.setAttribute("role", role);
    return region;
  });

/**
 * Makes an element named `tag` with a shadow root, and returns the root element to draw in.
 *
 * The shadow is closed, so that the host page's framework does not see our events; tests ask for "open". The style sheet is
 * a constructed one, which a content policy against inline styles does not forbid. Declarations that the page's
 * `* { all: unset !important }` must not undo are set on the element as well, through the CSSOM.
 *
 * `dispatch` is called with each press of the reader in the container named `key`: "toggle inc_… own", "pill inc_… own",
 * "hide inc_… own", "less - own", "escape - own". `contact(notice, index)` returns whether a contact's link may be followed.
 * `record` is passed for the page's own container (`loader/handover.js`): it has the shadow root and the live regions of the
 * previous card.
 */
export function container(tag, style, mode, isFloating, key, dispatch, contact, record = {}) {
  const shadow =
    record.root || document.createElement(tag).attachShadow({ mode: mode === "open" ? mode : "closed" });
  const { host } = shadow;
  record.release?.();
  shadow.adoptedStyleSheets = [style, isFloating ? FLOATING : INLINE].map(sheetOf);
  const important = { all: "initial", display: "block" };
  Object.assign(important, isFloating ? { position: "fixed", "pointer-events": "none" } : { visibility: "inherit" });
  for (const name in important) host.style.setProperty(name, important[name], "important");
  const root = document.createElement("div");
  root.key = key;
  root.regions = record.regions;
  // The regions are added long before they are filled: screen readers ignore the text that a region is inserted with.
  root.addRegions = () => {
    if (!root.regions) shadow.prepend(...(root.regions = makeRegions()));
  };
  shadow.append(root);
  if (key === "own") root.addRegions();
  Object.assign(record, { root: shadow, regions: root.regions });

  const isolated = (root.isolated = isolate(shadow, (pressed) => {
    const notice = pressed?.closest("[data-notice]");
    const id = notice?.dataset.notice || "-";
    const part = pressed ? pressed.getAttribute("part") : "escape";
    if (part === "contact") return contact(id, [...notice.querySelectorAll("[part=contact]")].indexOf(pressed));
    dispatch([part, id, key].join(" "));
  }));
  isolated.from = record.focus?.from;
  let { id: notice, part } = record.focus || {};
  let focused = !!part;
  /** Notes which part of which notice has the focus, before the card is drawn. */
  root.noteFocus = () => {
    focused = document.hasFocus() && shadow.activeElement;
    notice = focused && focused.closest("[data-notice]")?.dataset.notice;
    part = focused && focused.getAttribute("part");
  };
  /** The focus for the record. */
  root.focus = () => {
    root.noteFocus();
    return { id: notice, part, from: isolated.from };
  };
  /**
   * Restores the focus after drawing, when the element that had it is gone: to the same part of the notice, else a button
   * of the notice, else another button of the card, else the element that had it before the card. A focus that the page
   * has set meanwhile stays.
   */
  root.keepFocus = () => {
    if (!focused || shadow.activeElement || document.activeElement !== document.body) return;
    const own = `[data-notice="${notice}"] `;
    const next =
      root.querySelector(own + `[part="${part}"]`) ||
      root.querySelector(own + "button") ||
      root.querySelector("button") ||
      isolated.from;
    next?.focus({ preventScroll: true });
  };
  return root;
}

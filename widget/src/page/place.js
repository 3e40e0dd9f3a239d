// A place to draw in: an element of ours with a shadow of its own.

const sheetOf = (style) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  return sheet;
};

/** For what floats above the page. Its own shadow's rules win over whatever the page says, so they stand there. */
const FLOATING = `:host{position:fixed!important;inset:0!important;pointer-events:none!important;
z-index:var(--allclear-z,2147483000)!important}`;

/** A slot is as visible as its surroundings: `all: initial` would show it in a dialog that is hidden by `visibility`. */
const INLINE = ":host{visibility:inherit!important}";

/** The live regions of a place. */
const regions = () =>
  ["status", "alert"].map((role) => {
    const region = document.createElement("div");
    region.setAttribute("role", role);
    return region;
  });

/**
 * Makes an element named `tag` with a place to draw in, and gives the place. The shadow is closed, so that a host's own
 * framework does not meet our events, unless a test asks for "open". The sheet is a constructed one: a page's policy
 * against inline styles does not concern it. What a page's `* { all: unset !important }` must not undo is said on the
 * element as well, through the CSSOM.
 *
 * `heard` is told what a reader does in the place named `key`: "toggle inc_… own", "pill inc_… own", "hide inc_… own",
 * "less - own", "escape - own"; `contact(notice, index)` says whether a contact's link may be followed. `record` is that of
 * `embed/rules.js`, for the page's own place: where another card has drawn, this one takes over its shadow root and its
 * live regions.
 */
export function place(tag, style, mode, isFloating, key, heard, contact, record = {}) {
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
  // Long before they are filled: a region that is inserted full is not read.
  root.makeRegions = () => {
    if (!root.regions) shadow.prepend(...(root.regions = regions()));
  };
  shadow.append(root);
  if (key === "own") root.makeRegions();
  Object.assign(record, { root: shadow, regions: root.regions });

  root.onclick = (event) => {
    // What is pressed here is no business of the app that we are a guest of.
    event.stopPropagation();
    const pressed = event.target.closest("[part=toggle],[part=pill],[part=hide],[part=contact],[part=less]");
    if (!pressed) return;
    const notice = pressed.closest("[data-notice]");
    const id = notice?.dataset.notice || "-";
    const part = pressed.getAttribute("part");
    if (part !== "contact") {
      heard([part, id, key].join(" "));
    } else if (!contact(id, [...notice.querySelectorAll("[part=contact]")].indexOf(pressed))) {
      event.preventDefault();
    }
  };
  root.onkeydown = (event) => {
    const open = root.querySelector("[part=toggle][aria-expanded=true],[part=less]");
    if (event.key !== "Escape" || !open) return;
    // What is open folds; a dialogue around it stays.
    event.preventDefault();
    event.stopPropagation();
    heard("escape - " + key);
  };
  let cameFrom = record.focus?.from; // Where the focus was before it came to us.
  root.addEventListener("focusin", ({ relatedTarget }) => {
    if (relatedTarget && !root.contains(relatedTarget)) cameFrom = relatedTarget;
  });
  // What has the focus under our reader's hand, and of which notice it is: before anything is drawn anew,
  let { id: notice, part } = record.focus || {};
  let focused = !!part;
  root.noteFocus = () => {
    focused = document.hasFocus() && shadow.activeElement;
    notice = focused && focused.closest("[data-notice]")?.dataset.notice;
    part = focused && focused.getAttribute("part");
  };
  // What another card is given that draws here next.
  root.focus = () => {
    root.noteFocus();
    return { id: notice, part, from: cameFrom };
  };
  // and after. What goes away under the focus, by the reader's hand or by the feed, gives it to what takes its place: a
  // button of the same notice, else another of ours, else what had the focus before. The page's own choice stays.
  root.keepFocus = () => {
    if (!focused || shadow.activeElement || document.activeElement !== document.body) return;
    const own = `[data-notice="${notice}"] `;
    const next =
      root.querySelector(own + `[part="${part}"]`) ||
      root.querySelector(own + "button") ||
      root.querySelector("button") ||
      cameFrom;
    next?.focus({ preventScroll: true });
  };
  return root;
}

// A place to draw in: an element of ours with a shadow of its own.

const sheetOf = (style) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  return sheet;
};

/** For what floats above the page. Its own shadow's rules win over whatever the page says, so they stand there. */
const FLOATING = `:host{position:fixed!important;inset:0!important;pointer-events:none!important;
z-index:var(--allclear-z,2147483000)!important}`;

/**
 * Makes an element named `tag` with a place to draw in, and gives the place. The shadow is closed, so that a host's own
 * framework does not meet our events, unless a test asks for "open". The sheet is a constructed one: a page's policy
 * against inline styles does not concern it. What a page's `* { all: unset !important }` must not undo is said on the
 * element as well, through the CSSOM.
 *
 * `heard` is told what a reader does: "toggle inc_…", "pill inc_…", "hide inc_…", "escape"; `contact(notice, index)`
 * says whether a contact's link may be followed.
 */
export function place(tag, style, mode, isFloating, heard, contact) {
  const host = document.createElement(tag);
  const shadow = host.attachShadow({ mode: mode === "open" ? mode : "closed" });
  shadow.adoptedStyleSheets = (isFloating ? [style, FLOATING] : [style]).map(sheetOf);
  const important = { all: "initial", display: "block" };
  if (isFloating) Object.assign(important, { position: "fixed", "pointer-events": "none" });
  for (const name in important) host.style.setProperty(name, important[name], "important");
  const root = shadow.appendChild(document.createElement("div"));

  root.onclick = (event) => {
    // What is pressed here is no business of the app that we are a guest of.
    event.stopPropagation();
    const pressed = event.target.closest("[part=toggle],[part=pill],[part=hide],[part=contact]");
    if (!pressed) return;
    const notice = pressed.closest("[data-notice]");
    const id = notice.dataset.notice;
    const part = pressed.getAttribute("part");
    if (part !== "contact") {
      heard(part + " " + id);
    } else if (!contact(id, [...notice.querySelectorAll("[part=contact]")].indexOf(pressed))) {
      event.preventDefault();
    }
  };
  root.onkeydown = (event) => {
    const open = root.querySelector("[part=toggle][aria-expanded=true]");
    if (event.key !== "Escape" || !open) return;
    // What is open folds; a dialogue around it stays.
    event.preventDefault();
    event.stopPropagation();
    heard("escape");
  };
  let cameFrom; // Where the focus was before it came to us.
  root.addEventListener("focusin", ({ relatedTarget }) => {
    if (relatedTarget && !root.contains(relatedTarget)) cameFrom = relatedTarget;
  });
  // What has the focus under our reader's hand, and of which notice it is: before anything is drawn anew,
  let focused, notice;
  root.noteFocus = () => {
    focused = document.hasFocus() && shadow.activeElement;
    notice = focused && focused.closest("[data-notice]")?.dataset.notice;
  };
  // and after. What goes away under the focus, by the reader's hand or by the feed, gives it to what takes its place: a
  // button of the same notice, else another of ours, else what had the focus before. The page's own choice stays.
  root.keepFocus = () => {
    if (!focused || shadow.activeElement || document.activeElement !== document.body) return;
    const next = root.querySelector(`[data-notice="${notice}"] button`) || root.querySelector("button") || cameFrom;
    next?.focus({ preventScroll: true });
  };
  return root;
}

// focus-trap of npm, for pages of the tests.
export { createFocusTrap } from "focus-trap";

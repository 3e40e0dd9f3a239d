// The npm package focus-trap, bundled for host pages of the tests.
export { createFocusTrap } from "focus-trap";

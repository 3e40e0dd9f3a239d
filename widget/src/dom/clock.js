// The monotonic clock of the cards. A page may have frozen `performance.now`, as tests and screenshots do. The clock therefore also
// advances to the time of each timer that has fired.

import { guarded } from "./globals.js";

let least = 0;

/** Milliseconds of the monotonic clock. Never falls. */
export const elapsed = () => (least = Math.max(least, performance.now()));

/** Runs a task after a delay in milliseconds. Returns the timer. */
export const later = (delay, task) => {
  const at = elapsed() + delay;
  const run = () => {
    least = Math.max(least, at);
    task();
  };
  return setTimeout(guarded(run), delay);
};

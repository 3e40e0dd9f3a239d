// The monotonic clock of the cards. A page may have frozen `performance.now`, as tests and screenshots do; the time of a timer
// that fired has passed all the same.

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

// Decides what is announced to screen readers, and when: a new notice, a rise in attention, an all-clear. Both cards use it.

import { elapsed, later } from "./clock.js";

/** Delay before a region is filled, in milliseconds: screen readers ignore the text that a region is inserted with. */
const DELAY = 150;
/**
 * The time between two announcements, in which a screen reader reads the first, in milliseconds. An urgent announcement does not
 * wait. After this time the regions are cleared, so that the announcement is not read again below the card.
 */
const READING = 5e3;
/** The shortest time between two announcements of a notice, in milliseconds: 30 s, and an allowance for delays of drawing. */
const PAUSE = 30_250;

/**
 * Calls `speak(id, isUrgent)` to fill a region with the current text of a notice, and `hush()` to clear the regions.
 * `announced` is described in `loader/handover.js`.
 *
 * Returns `look(entries)`, which looks for news among the shown notices, most important first:
 * `[id, attention, isOver, isCritical]`. `look()` without entries stops all announcements.
 */
export const announcer = (announced, speak, hush) => {
  let shown = [];
  let quietAt = 0; // The time by which the last announcement has been read.
  let timer, hushing;
  let due; // The time of the timer.

  /** The announcement to be made next, after `earliest`: `[at, entry, isUrgent]`. */
  const next = (earliest) => {
    let first;
    for (const entry of shown) {
      const [id, attention, isOver, isCritical] = entry;
      const known = announced[id];
      if (known && !(attention > known.attention) && !(isOver && !known.isOver)) continue;
      // A notice interrupts the screen reader once, also if it reopens.
      const isUrgent = isCritical && !known?.wasUrgent;
      const at = Math.max(earliest, isUrgent ? 0 : quietAt, known?.at + PAUSE || 0);
      if (!(first?.[0] <= at)) first = [at, entry, isUrgent];
    }
    return first;
  };

  const schedule = (delay) => {
    const [at] = next(elapsed() + delay) || [];
    // A later call of `look` must not postpone an announcement.
    if (!at || due <= at) return;
    clearTimeout(timer);
    due = at;
    timer = later(at - elapsed(), announce);
  };

  /** Makes the next announcement, of what is shown now. */
  const announce = () => {
    const at = elapsed();
    const [soonest, [id, attention, isOver] = [], isUrgent] = next(at) || [];
    due = undefined;
    // The notice may have disappeared, and timers may fire early.
    if (soonest <= at) {
      announced[id] = { attention, isOver, at, wasUrgent: isUrgent || announced[id]?.wasUrgent };
      quietAt = at + READING;
      speak(id, isUrgent);
      clearTimeout(hushing);
      hushing = later(READING, hush);
    }
    schedule(1);
  };

  return (entries) => {
    if (!entries) {
      clearTimeout(timer);
      return clearTimeout(hushing);
    }
    // Of the notices of the first drawing, one open notice is announced for all, and each all-clear.
    let isSpokenFor;
    for (const [id, attention, isOver] of entries) {
      const known = announced[id];
      if (known) known.isOver &&= isOver; // After a relapse the next all-clear is news.
      else if (isSpokenFor && !isOver) announced[id] = { attention };
      else isSpokenFor = !shown.length;
    }
    shown = entries;
    schedule(DELAY);
  };
};

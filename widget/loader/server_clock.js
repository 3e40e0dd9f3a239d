// Computes the server's time, and finds answers that a cache or a service worker has replayed. A replayed answer confirms nothing.

/** Greatest Age of an answer that counts as current, in seconds. Caches in front of the server may keep it for as long. */
const MAX_AGE = 35;
/** Greatest time by which the server's clock may fall behind ours between two answers, in milliseconds. */
const TOLERANCE = 5e3;
/** Greatest difference between the server's clock and this computer's at the first answer, in milliseconds: 5 min. */
const MAX_DIFFERENCE = 3e5;

/**
 * Whether a first answer may be a replay: its Age is too high, its time is not close to this computer's, or a proxy or a service
 * worker has removed its time.
 */
export const isReplay = ({ at, age, offset }) => !at || age > MAX_AGE || Math.abs(offset) > MAX_DIFFERENCE;

/**
 * The server's clock.
 *
 * * `now()`: milliseconds since 1970
 * * `set(offset)`: sets the clock by a stored answer, before the first answer of this page load
 * * `isOld(answer)`: whether an answer is old; sets the clock if the answer is not old, or if the clock has not been set. Called
 *   once for each answer, as it arrives.
 *
 * An answer has `offset`, the server's clock (Date and Age) minus this computer's in milliseconds, and `age` in seconds.
 */
export const serverClock = () => {
  let offset; // Undefined before the first answer.
  // The answer that the next one is compared with. `ahead` is its server's clock minus the monotonic clock.
  let reference = { ahead: -Infinity, at: 0, isOld: false };
  return {
    now: () => +new Date() + (offset || 0),
    set(stored) {
      offset = stored;
    },
    isOld(answer) {
      const at = performance.now();
      const ahead = +new Date() + answer.offset - at;
      const passed = at - reference.at;
      const isOld =
        !answer.at ||
        answer.age > MAX_AGE ||
        (reference.ahead === -Infinity && isReplay(answer)) ||
        ahead <= reference.ahead - TOLERANCE ||
        // This answer comes too soon after an old one to be distinguished from another replay.
        (reference.isOld && passed < TOLERANCE);
      // The next answer is compared with an old one too, because the server's clock may have been set back.
      if (ahead > reference.ahead || (isOld && passed >= TOLERANCE)) reference = { ahead, at, isOld };
      // A first answer that is old is shown "as of" its own time, at which its promises were not late.
      offset = isOld ? (offset ?? answer.offset) : answer.offset;
      return isOld;
    },
  };
};

// Keeps failures of the card's wasm from the host page. A panic is a trap in the built module: it leaves the memory of the
// instance in an inconsistent state, so an instance that trapped or threw must not be called again. The glue calls these
// exports in place of the instance's own (`xtask/src/build/widget.rs`).

/** The result of a call to a broken instance. The glue destructures results into numbers. */
const NOTHING = [];

let depth = 0; // The number of calls into the instance that have not returned.
let isBroken = false;
let callback = () => {};

/** Breaks the instance, because its results would be wrong: see `globals.js`. */
export const breakDown = () => {
  if (!isBroken) queueMicrotask(() => callback());
  isBroken = true;
};

/** Sets the function that is called once, in a microtask, after the instance broke. */
export const onBroken = (task) => {
  callback = task;
};

/** Wraps an instance's exports. They never throw to the page, and do nothing once one of them has trapped or thrown. */
export const guard = (exports) => {
  const guarded = { ...exports };
  for (const name in exports) {
    const run = exports[name];
    if (typeof run !== "function") continue;
    guarded[name] = (...given) => {
      // The broken instance is still on the stack and this call is re-entrant: throw, so that the stack unwinds to the
      // outermost call.
      if (isBroken && depth) throw name;
      if (isBroken) return NOTHING;
      depth++;
      try {
        return run.apply(null, given);
      } catch (error) {
        breakDown();
        if (depth > 1) throw error;
        return NOTHING;
      } finally {
        depth--;
      }
    };
  }
  return guarded;
};

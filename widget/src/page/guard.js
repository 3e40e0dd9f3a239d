// Keeps what goes wrong in the card's wasm from its page. A panic is a trap there: it leaves the instance's memory as it
// was in the middle of something, so that an instance that has trapped, or that an exception went through, must not be
// entered again. `xtask/src/build/widget.rs` has the glue use these exports in place of the instance's own.

/** What a call comes to that does nothing: the glue takes numbers and pairs from results. */
const NOTHING = [];

let depth = 0; // Of calls into the instance that have not come back.
let isBroken = false;
let broke = () => {};

/** Names the function that is called once, soon after the instance broke. */
export const onBroken = (task) => {
  broke = task;
};

/** An instance's exports. None throws into the page, and all do nothing once one has trapped or thrown. */
export const guard = (exports) => {
  const guarded = { ...exports };
  for (const name in exports) {
    const run = exports[name];
    if (typeof run !== "function") continue;
    guarded[name] = (...given) => {
      // Code that was called from a broken instance may ask it for something: then all of it ends.
      if (isBroken && depth) throw name;
      if (isBroken) return NOTHING;
      depth++;
      try {
        return run(...given);
      } catch (error) {
        if (!isBroken) queueMicrotask(() => broke());
        isBroken = true;
        if (depth > 1) throw error;
        return NOTHING;
      } finally {
        depth--;
      }
    };
  }
  return guarded;
};

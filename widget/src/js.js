/** Reads a property; `undefined` when there is none, also of `null` and `undefined`. */
export const property = (of, name) => of?.[name];

/** Reads a property; `undefined` if there is none, or if `of` is `null` or `undefined`. */
export const property = (of, name) => of?.[name];

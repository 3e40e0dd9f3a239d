// When an open page asks again. Moments are in milliseconds; `random` is from 0 to 1.

/** As often as the page itself says, and up to a fifth later, so that many pages do not ask at once. */
export const afterAnswer = (now, seconds, random) =>
  now + Math.max(seconds || 30, 5) * 1000 * (1 + random / 5);

/** After 5 s, 10, 20 … five minutes, never sooner than the server asked for. */
export const afterFailure = (now, failures, retryAfter, random) =>
  now + Math.max(retryAfter * 1000, Math.min(2500 * 2 ** failures, 300_000)) * (1 + random / 2);

/** When the reader is back. */
export const soon = (now, random) => now + 2000 * random;

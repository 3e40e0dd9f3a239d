// The times at which an open page polls. Times are in milliseconds; `random` is from 0 to 1 and spreads the polls of many pages.

/** The next poll after an answer: the page's poll interval, plus up to a fifth of it. Without an interval: 30 s. */
export const afterAnswer = (now, intervalSeconds, random) =>
  now + Math.max(intervalSeconds || 30, 5) * 1000 * (1 + random / 5);

/** The next poll after consecutive failures: exponential backoff from 5 s to 5 minutes, not before the server's Retry-After. */
export const afterFailure = (now, failures, retryAfterSeconds, random) =>
  now + Math.max(retryAfterSeconds * 1000, Math.min(2500 * 2 ** failures, 300_000)) * (1 + random / 2);

/** The next poll when the reader returns to the page. */
export const onReturn = (now, random) => now + 2000 * random;

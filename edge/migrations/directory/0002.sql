-- What root's Idempotency-Keys stand for, where the site that they are of is not there yet, or no longer. `answer` is what
-- a repeat is told, NULL until it is known. `at_ms` is milliseconds since 1970.
CREATE TABLE root_key (
  key TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  answer TEXT,
  at_ms INTEGER NOT NULL
);
CREATE INDEX root_key_at ON root_key (at_ms);

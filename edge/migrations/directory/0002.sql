-- Idempotency keys of the root token, which sites cannot store themselves. `answer` is the answer for replays, NULL until it
-- is known. `at_ms` is milliseconds since 1970.
CREATE TABLE root_key (
  key TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  answer TEXT,
  at_ms INTEGER NOT NULL
);
CREATE INDEX root_key_at ON root_key (at_ms);

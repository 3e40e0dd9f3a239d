CREATE TABLE schema (version INTEGER NOT NULL);
INSERT INTO schema (version) VALUES (1);

-- All events, in order. `event` can be redacted, so that its digest differs from the row's; `row` and `hash` never change.
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY,
  row TEXT NOT NULL,
  hash TEXT NOT NULL,
  event TEXT NOT NULL
);

-- Projections of the journal. Each `document` is the JSON of the type of the same name in `notice`.
CREATE TABLE site (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  rev INTEGER NOT NULL,
  document TEXT NOT NULL
);
CREATE TABLE component (
  id TEXT PRIMARY KEY,
  position INTEGER NOT NULL,
  document TEXT NOT NULL
);
CREATE TABLE template (
  id TEXT PRIMARY KEY,
  document TEXT NOT NULL
);
-- `number` is ascending and orders lists; `in_force` is 1 until the incident has ended and its all-clear has expired.
CREATE TABLE incident (
  id TEXT PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  in_force INTEGER NOT NULL,
  document TEXT NOT NULL
);
CREATE INDEX incident_in_force ON incident (id) WHERE in_force = 1;
CREATE TABLE incident_update (
  incident TEXT NOT NULL,
  number INTEGER NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (incident, number)
);

-- Tokens. `digest` is SHA-256 in hex. A device's session is a token that expires when unused.
CREATE TABLE token (
  id TEXT PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  name TEXT NOT NULL,
  is_session INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  last_used_on TEXT
);

-- Single use. `digest` is the secret's SHA-256 in hex. Times are seconds since 1970.
CREATE TABLE invitation (
  id TEXT PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  name TEXT NOT NULL,
  expires_at INTEGER NOT NULL
);

-- The outbox: messages to send, stored in the transaction of their events.
CREATE TABLE delivery (
  id INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL,
  document TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL
);

-- The last nightly verification. `checked_at` is seconds since 1970.
CREATE TABLE verification (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  checked_at INTEGER NOT NULL,
  document TEXT NOT NULL
);

-- Stored answers for idempotent replay. `at_ms` is milliseconds since 1970.
CREATE TABLE idempotency (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  answer TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_at ON idempotency (at_ms);

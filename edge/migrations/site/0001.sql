CREATE TABLE schema (version INTEGER NOT NULL);
INSERT INTO schema (version) VALUES (1);

-- Every event, in order. Words can be erased from `event`, which its digest then tells; `row` and `hash` never change.
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY,
  row TEXT NOT NULL,
  hash TEXT NOT NULL,
  event TEXT NOT NULL
);

-- Projections: what the journal adds up to. Each `document` is the JSON of the type of the same name in `notice`.
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
-- `number` counts up and orders lists; `in_force` is 1 while it is open or its all-clear has not expired.
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

-- Of a token only its SHA-256, in hex. A device's session is a token that ends when it is not used.
CREATE TABLE token (
  id TEXT PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  name TEXT NOT NULL,
  is_session INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  last_used_on TEXT
);

-- Single use; the secret's SHA-256, in hex. Times are seconds since 1970.
CREATE TABLE invitation (
  id TEXT PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  name TEXT NOT NULL,
  expires_at INTEGER NOT NULL
);

-- The outbox: what is to be sent, written with what it tells of.
CREATE TABLE delivery (
  id INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL,
  document TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL
);

-- The last time the journal was replayed against the projections, in seconds since 1970.
CREATE TABLE verification (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  checked_at INTEGER NOT NULL,
  document TEXT NOT NULL
);

-- Answers to repeat. `at_ms` is milliseconds since 1970.
CREATE TABLE idempotency (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  answer TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_at ON idempotency (at_ms);

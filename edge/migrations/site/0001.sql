CREATE TABLE schema (version INTEGER NOT NULL);
INSERT INTO schema (version) VALUES (1);

-- Every event, in order. `event` is NULL once redacted; `row` and `hash` never change.
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY,
  row TEXT NOT NULL,
  hash TEXT NOT NULL,
  event TEXT
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
CREATE TABLE incident (
  id TEXT PRIMARY KEY,
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

-- Of a token only its SHA-256, in hex.
CREATE TABLE token (
  id TEXT PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at TEXT NOT NULL
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

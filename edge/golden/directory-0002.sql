CREATE TABLE schema (version INTEGER NOT NULL);
CREATE TABLE site (slug TEXT PRIMARY KEY);
CREATE TABLE hostname (
  name TEXT PRIMARY KEY,
  slug TEXT NOT NULL
);
CREATE TABLE root_key (
  key TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  answer TEXT,
  at_ms INTEGER NOT NULL
);
CREATE INDEX root_key_at ON root_key (at_ms);
INSERT INTO schema VALUES (2);
INSERT INTO site VALUES ('acme');
INSERT INTO site VALUES ('beta');
INSERT INTO hostname VALUES ('status.example.com', 'acme');
INSERT INTO root_key VALUES ('k', 'f', NULL, 1795248000000);

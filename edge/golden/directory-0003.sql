CREATE TABLE schema (version INTEGER NOT NULL);
CREATE TABLE site (slug TEXT PRIMARY KEY);
CREATE TABLE root_key (
  key TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  answer TEXT,
  at_ms INTEGER NOT NULL
);
CREATE INDEX root_key_at ON root_key (at_ms);
CREATE TABLE site_hostname (
  name TEXT NOT NULL,
  slug TEXT NOT NULL,
  is_confirmed INTEGER NOT NULL,
  PRIMARY KEY (name, slug)
);
CREATE UNIQUE INDEX site_hostname_confirmed ON site_hostname (name) WHERE is_confirmed = 1;
INSERT INTO schema VALUES (3);
INSERT INTO site VALUES ('acme');
INSERT INTO site VALUES ('beta');
INSERT INTO root_key VALUES ('k', 'f', NULL, 1795248000000);
INSERT INTO site_hostname VALUES ('status.example.com', 'acme', 1);

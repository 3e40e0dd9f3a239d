CREATE TABLE schema (version INTEGER NOT NULL);
INSERT INTO schema (version) VALUES (1);

CREATE TABLE site (slug TEXT PRIMARY KEY);

-- A host name belongs to one site.
CREATE TABLE hostname (
  name TEXT PRIMARY KEY,
  slug TEXT NOT NULL
);

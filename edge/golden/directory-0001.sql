CREATE TABLE schema (version INTEGER NOT NULL);
CREATE TABLE site (slug TEXT PRIMARY KEY);
CREATE TABLE hostname (
  name TEXT PRIMARY KEY,
  slug TEXT NOT NULL
);
INSERT INTO schema VALUES (1);
INSERT INTO site VALUES ('acme');
INSERT INTO site VALUES ('beta');
INSERT INTO hostname VALUES ('status.example.com', 'acme');

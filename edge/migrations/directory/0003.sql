-- A host name serves the site that has confirmed it; until then, several sites may list it. Names from before are in use, and
-- stay confirmed.
CREATE TABLE site_hostname (
  name TEXT NOT NULL,
  slug TEXT NOT NULL,
  is_confirmed INTEGER NOT NULL,
  PRIMARY KEY (name, slug)
);
INSERT INTO site_hostname (name, slug, is_confirmed) SELECT name, slug, 1 FROM hostname;
DROP TABLE hostname;
CREATE UNIQUE INDEX site_hostname_confirmed ON site_hostname (name) WHERE is_confirmed = 1;

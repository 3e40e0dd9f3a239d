-- When an incident ended; NULL while it goes on. For finding the newest ones.
ALTER TABLE incident ADD COLUMN ended_at TEXT GENERATED ALWAYS AS (
  CASE WHEN json_valid(document) THEN json_extract(document, '$.ended_at') END
) VIRTUAL;
CREATE INDEX incident_ended_at ON incident (ended_at);

-- How severe incidents were, over time: a cache of what the journal says, which a read fills (`storage::severity_spans`).
-- `has_spans` is 0 when an incident has changed since. `component` is empty for the site as a whole, `severity` an index into
-- `Severity::ALL`, and times are seconds since 1970; `ends` is NULL while a span goes on.
ALTER TABLE incident ADD COLUMN has_spans INTEGER NOT NULL DEFAULT 0;
CREATE INDEX incident_without_spans ON incident (id) WHERE has_spans = 0;
CREATE TABLE severity_span (
  incident TEXT NOT NULL,
  component TEXT NOT NULL,
  severity INTEGER NOT NULL,
  starts INTEGER NOT NULL,
  ends INTEGER
);
CREATE INDEX severity_span_incident ON severity_span (incident);
CREATE INDEX severity_span_end ON severity_span (component, ends);

-- Columns and indexes by which lists read no more incidents than they show.

-- When an incident began, for the history by month; NULL for an incident that the history does not have. The rule is
-- `pages::history::is_in_history`; a future start is the query's part of it.
ALTER TABLE incident ADD COLUMN history_at TEXT GENERATED ALWAYS AS (
  CASE WHEN json_valid(document) THEN CASE WHEN
    json_extract(document, '$.published_at') IS NOT NULL
    AND json_extract(document, '$.drill') = 0
    AND COALESCE(
      json_extract(document, '$.audience.listed'),
      COALESCE(json_array_length(document, '$.audience.segments'), 0) = 0
    )
    AND (
      json_extract(document, '$.announced') = 1
      OR kind NOT IN ('maintenance', 'announcement')
      OR (kind = 'maintenance' AND status <> 'scheduled')
    )
  THEN json_extract(document, '$.started_at') END END
) VIRTUAL;
CREATE INDEX incident_history ON incident (history_at, number);

-- When an incident ended, for the newest ones on the status page; NULL for one that goes on or is not listed there. The
-- rule is `pages::status::ended_at`.
ALTER TABLE incident ADD COLUMN listed_end TEXT GENERATED ALWAYS AS (
  CASE WHEN json_valid(document) THEN CASE WHEN
    json_extract(document, '$.published_at') IS NOT NULL
    AND json_extract(document, '$.drill') = 0
    AND COALESCE(
      json_extract(document, '$.audience.listed'),
      COALESCE(json_array_length(document, '$.audience.segments'), 0) = 0
    )
    AND (
      json_extract(document, '$.announced') = 1
      OR kind NOT IN ('maintenance', 'announcement')
      OR (kind = 'maintenance' AND status <> 'scheduled')
    )
    AND (status IN ('resolved', 'completed', 'ended') OR json_extract(document, '$.withdrawn') IS NOT NULL)
  THEN json_extract(document, '$.ended_at') END END
) VIRTUAL;
CREATE INDEX incident_listed_end ON incident (listed_end, number);
DROP INDEX incident_ended_at;

-- For the filters of the list of incidents.
CREATE INDEX incident_status ON incident (status, number);
CREATE INDEX incident_kind ON incident (kind, number);
CREATE INDEX incident_kind_status ON incident (kind, status, number);

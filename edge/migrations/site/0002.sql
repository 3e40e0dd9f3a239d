-- The subject of an event: `site`, or the id of a component, a template or an incident; NULL for other events. Events contain
-- the subject as an object, or its id.
ALTER TABLE journal ADD COLUMN about TEXT GENERATED ALWAYS AS (
  CASE WHEN json_valid(event) THEN
    CASE WHEN json_type(event, '$.site') = 'object' THEN 'site' ELSE COALESCE(
      json_extract(event, '$.incident.id'), json_extract(event, '$.component.id'), json_extract(event, '$.template.id'),
      json_extract(event, '$.incident'), json_extract(event, '$.component'), json_extract(event, '$.template')
    ) END
  END
) VIRTUAL;
CREATE INDEX journal_about ON journal (about, seq);

-- The thing that an event is about: `site`, or the id of a component, a template or an incident. NULL: of nothing of these.
-- Events name it as an object with all its fields, or by its id alone.
ALTER TABLE journal ADD COLUMN about TEXT GENERATED ALWAYS AS (
  CASE WHEN json_valid(event) THEN
    CASE WHEN json_type(event, '$.site') = 'object' THEN 'site' ELSE COALESCE(
      json_extract(event, '$.incident.id'), json_extract(event, '$.component.id'), json_extract(event, '$.template.id'),
      json_extract(event, '$.incident'), json_extract(event, '$.component'), json_extract(event, '$.template')
    ) END
  END
) VIRTUAL;
CREATE INDEX journal_about ON journal (about, seq);

-- `number` is the sequence number of the first journal row about the incident, so that lists keep their order when the projections
-- are built anew. Before, it counted the incidents, and an import or redaction renumbered them by id.
UPDATE incident SET number = -number;
UPDATE incident SET number = COALESCE(
  (SELECT min(seq) FROM journal WHERE about = incident.id),
  -- An incident without a row, which `verify` reports.
  (SELECT max(seq) FROM journal) - number,
  -number
);

-- Messages to on-call targets. `target` is the SHA-256 of kind and value of the target, in hex, `document` what is sent and why, and
-- `last_attempt` the last attempt. `state` is `pending`, `delivered`, `dead` or `dropped`. Times are seconds since 1970.
CREATE TABLE on_call_delivery (
  id INTEGER PRIMARY KEY,
  message TEXT NOT NULL,
  target TEXT NOT NULL,
  document TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL,
  last_attempt TEXT NOT NULL DEFAULT 'null'
);
CREATE INDEX on_call_delivery_due ON on_call_delivery (due_at) WHERE state = 'pending';
CREATE INDEX on_call_delivery_message ON on_call_delivery (message);

-- Overdue updates about which on-call targets are paged, one after the other. `seq` is the row of `promise.overdue`, `document` the
-- JSON of `notice::notify::escalation::Escalation`. `is_open` is 1 until it has ended.
CREATE TABLE escalation (
  incident TEXT NOT NULL,
  owed_at INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  document TEXT NOT NULL,
  is_open INTEGER NOT NULL,
  PRIMARY KEY (incident, owed_at)
);
CREATE INDEX escalation_open ON escalation (incident) WHERE is_open = 1;

-- Links in messages to on-call targets. `digest` is the SHA-256 of the secret, in hex; `purpose` is `acknowledge` or `session`.
CREATE TABLE on_call_link (
  digest TEXT PRIMARY KEY,
  delivery INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
);

-- The targets that have answered a test message, and when. `target` as above.
CREATE TABLE on_call_answer (
  target TEXT PRIMARY KEY,
  answered_at INTEGER NOT NULL
);

-- A session with `expires_at` ends then, whatever its use. `announced_at` is when the on-call target was told that it is unused.
-- `session_s` is the time for which an invitation's session lasts.
ALTER TABLE token ADD COLUMN expires_at INTEGER;
ALTER TABLE token ADD COLUMN announced_at INTEGER;
ALTER TABLE invitation ADD COLUMN session_s INTEGER;

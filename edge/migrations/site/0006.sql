-- URLs to which events are sent. `document` is the JSON of `notice::wire::webhook::Webhook`. `former_secret` signs too until
-- `former_until`. `hangs` is 1 since the last attempt got no answer in time. Times are seconds since 1970.
CREATE TABLE webhook (
  id TEXT PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,
  document TEXT NOT NULL,
  secret TEXT NOT NULL,
  former_secret TEXT,
  former_until INTEGER,
  hangs INTEGER NOT NULL DEFAULT 0,
  failing_since INTEGER
);

-- What webhooks are told about one event, stored in the transaction of the event. `id` is the same for all receivers and attempts.
CREATE TABLE message (
  id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  document TEXT NOT NULL
);
CREATE INDEX message_at ON message (at);

-- Rows without a message are reminders that earlier builds stored and did not send; they are never sent. In the others, `state` is
-- `pending`, `delivered` or `dead`, and `document` is the last attempt.
ALTER TABLE delivery ADD COLUMN message TEXT;
ALTER TABLE delivery ADD COLUMN webhook TEXT;
ALTER TABLE delivery ADD COLUMN state TEXT;
CREATE INDEX delivery_pending ON delivery (webhook, id) WHERE state = 'pending';
CREATE INDEX delivery_due ON delivery (due_at) WHERE state = 'pending';
CREATE INDEX delivery_webhook ON delivery (webhook, id);
CREATE INDEX delivery_message ON delivery (message);

-- Subscribers to mail, who have confirmed their address. Not in the journal. `look_up` is the HMAC of the address, `sealed` the address
-- with the secret of the subscriber's links, encrypted (`sealing`), and `digest` the SHA-256 of that secret, in hex. `components` is
-- a JSON array of ids. Times are seconds since 1970.
CREATE TABLE subscriber (
  id INTEGER PRIMARY KEY,
  look_up TEXT NOT NULL UNIQUE,
  digest TEXT NOT NULL UNIQUE,
  sealed TEXT NOT NULL,
  language TEXT NOT NULL,
  updates TEXT NOT NULL,
  maintenance INTEGER NOT NULL,
  components TEXT NOT NULL,
  confirmed_at INTEGER NOT NULL
);

-- Subscriptions to one incident. `until` is NULL while it goes on.
CREATE TABLE incident_subscriber (
  incident TEXT NOT NULL,
  subscriber INTEGER NOT NULL,
  explanation INTEGER NOT NULL,
  until INTEGER,
  PRIMARY KEY (incident, subscriber)
);
CREATE INDEX incident_subscriber_subscriber ON incident_subscriber (subscriber);
CREATE INDEX incident_subscriber_until ON incident_subscriber (until) WHERE until IS NOT NULL;

-- Requests for mail that are not confirmed yet. `digest` is the SHA-256 of the link's secret; `sealed` has address and secret,
-- `document` what was asked for. A request that has expired or was used keeps its digest only, so that its link can say so.
CREATE TABLE subscription_request (
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  look_up TEXT NOT NULL,
  sealed TEXT NOT NULL,
  document TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE INDEX subscription_request_look_up ON subscription_request (look_up);
CREATE INDEX subscription_request_expiry ON subscription_request (state, expires_at);

-- Messages to subscribers, each about one event. `document` has the incident in the languages of the subscribers.
CREATE TABLE mailing (
  id TEXT PRIMARY KEY,
  incident TEXT NOT NULL,
  at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  document TEXT NOT NULL,
  sent INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX mailing_incident ON mailing (incident, at);
CREATE INDEX mailing_at ON mailing (at);

-- Mails to send: of a mailing to a subscriber, or for the confirmation of a request. Deleted when they are sent. Lower ranks go first.
CREATE TABLE mail_delivery (
  id INTEGER PRIMARY KEY,
  message TEXT NOT NULL,
  subscriber INTEGER,
  request INTEGER,
  rank INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX mail_delivery_rank ON mail_delivery (rank, id);
CREATE INDEX mail_delivery_due ON mail_delivery (due_at);
CREATE INDEX mail_delivery_message ON mail_delivery (message);
CREATE INDEX mail_delivery_subscriber ON mail_delivery (subscriber);

-- Addresses to which nothing is sent for some time, because they bounced or complained.
CREATE TABLE suppressed_address (
  look_up TEXT PRIMARY KEY,
  until INTEGER NOT NULL
);

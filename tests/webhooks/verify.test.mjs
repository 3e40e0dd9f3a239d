// Verifies a message that the Worker's code signed (`edge/src/messages/tests/signatures.rs`) with the official library.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Webhook } from "standardwebhooks";

const file = new URL("../../edge/golden/webhooks/signed.json", import.meta.url);
const { secrets, other_secret, headers, body } = JSON.parse(readFileSync(file, "utf8"));

// The clock shows the time of the signature, because the library accepts a message for 5 minutes
// only.
beforeEach(() => {
  mock.timers.enable({ apis: ["Date"], now: Number(headers["webhook-timestamp"]) * 1000 });
});
afterEach(() => mock.timers.reset());

test("a message of a rotation verifies with both secrets", () => {
  assert.equal(secrets.length, 2);
  for (const secret of secrets) {
    const payload = new Webhook(secret).verify(body, headers);
    assert.equal(payload.type, "incident.published");
    assert.equal(payload.data.incident.title, "Messages are delayed");
  }
});

test("another secret, body, id or time is refused", () => {
  const refused = (secret, text, changes) => {
    assert.throws(() => new Webhook(secret).verify(text, { ...headers, ...changes }));
  };
  refused(other_secret, body, {});
  refused(secrets[0], body.replace("delayed", "lost"), {});
  refused(secrets[0], body, { "webhook-id": "msg_other" });
  refused(secrets[0], body, { "webhook-timestamp": String(Number(headers["webhook-timestamp"]) + 1) });
});

"""Verifies a message that the Worker's code signed (edge/src/messages/tests/signatures.rs) with the official library."""

import json
import unittest
from datetime import datetime, timezone
from pathlib import Path
from unittest import mock

from standardwebhooks import Webhook, WebhookVerificationError

FILE = Path(__file__).parents[2] / "edge/golden/webhooks/signed.json"
SIGNED = json.loads(FILE.read_text(encoding="utf-8"))
HEADERS = SIGNED["headers"]
BODY = SIGNED["body"]
SIGNED_AT = datetime.fromtimestamp(int(HEADERS["webhook-timestamp"]), tz=timezone.utc)


class Clock(datetime):
    """A clock that shows the time of the signature, because the library accepts a message for 5 minutes only."""

    @classmethod
    def now(cls, tz=None):
        return SIGNED_AT


@mock.patch("standardwebhooks.webhooks.datetime", Clock)
class Signatures(unittest.TestCase):
    def test_a_message_of_a_rotation_verifies_with_both_secrets(self):
        self.assertEqual(len(SIGNED["secrets"]), 2)
        for secret in SIGNED["secrets"]:
            payload = Webhook(secret).verify(BODY, HEADERS)
            self.assertEqual(payload["type"], "incident.published")
            self.assertEqual(payload["data"]["incident"]["title"], "Messages are delayed")

    def test_another_secret_body_id_or_time_is_refused(self):
        secret = SIGNED["secrets"][0]
        later = str(int(HEADERS["webhook-timestamp"]) + 1)
        for with_secret, body, changes in [
            (SIGNED["other_secret"], BODY, {}),
            (secret, BODY.replace("delayed", "lost"), {}),
            (secret, BODY, {"webhook-id": "msg_other"}),
            (secret, BODY, {"webhook-timestamp": later}),
        ]:
            with self.assertRaises(WebhookVerificationError):
                Webhook(with_secret).verify(body, {**HEADERS, **changes})


if __name__ == "__main__":
    unittest.main()

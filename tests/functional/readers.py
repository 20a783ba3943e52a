"""What the tests of readers' messages share: sending as the script does, and solving the proof of work."""

import base64
import json
from typing import Any

from altcha import solve_challenge_v1
from django.http import HttpResponse
from django.test import Client

JSON = {"HTTP_ACCEPT": "application/json"}
SUGGEST = "/corrections/suggest/"
COMMENT = "/comments/add/"


def proof(client: Client) -> str:
    """A solved challenge, as the script sends it."""
    challenge = client.get("/api/challenge/").json()
    solution = solve_challenge_v1(
        challenge["challenge"], challenge["salt"], challenge["algorithm"], challenge["maxnumber"]
    )
    assert solution is not None
    return base64.b64encode(json.dumps({**challenge, "number": solution.number}).encode()).decode()


def send(client: Client, url: str, fields: dict[str, Any], **headers: Any) -> HttpResponse:
    """Post as the site's script does, with a fresh proof unless `altcha` is given."""
    return client.post(
        url,
        {"altcha": fields["altcha"] if "altcha" in fields else proof(client), **fields},
        **{**JSON, **headers},
    )

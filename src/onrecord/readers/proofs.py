"""Proof of work: a sum that costs a reader's machine a moment and a spammer's a fortune. No third party.

ALTCHA, version 1 (https://altcha.org/docs/v1/): find the number whose hash with the salt is the challenge.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Literal, cast

from altcha import ChallengeOptionsV1, PayloadV1, create_challenge_v1, verify_solution_v1
from django.db import connection
from django.utils.crypto import salted_hmac

from onrecord.errors import OnrecordError
from onrecord.readers.models import SpentProof

ALGORITHM: Literal["SHA-256"] = "SHA-256"
MAX_NUMBER = 50_000
VALID_FOR = timedelta(minutes=20)
MAX_PAYLOAD = 2_000


class ProofRefused(OnrecordError):
    """The proof is not ours, does not add up, came too late or was used before: `fields["reason"]` says."""

    code = "proof-refused"
    message = "The check against spam did not succeed ({reason}). Please send it again."


@dataclass(frozen=True)
class Proof:
    """A proof that adds up. It has yet to be spent."""

    signature: str
    expires_at: datetime


def challenge_create(now: datetime) -> dict[str, str | int]:
    """A challenge as the widget and the site's script read it."""
    made = create_challenge_v1(ChallengeOptionsV1(ALGORITHM, MAX_NUMBER, hmac_key=_key(), expires=now + VALID_FOR))
    return {
        "algorithm": made.algorithm,
        "challenge": made.challenge,
        "maxnumber": made.max_number,
        "salt": made.salt,
        "signature": made.signature,
    }


def proof_read(payload: str, now: datetime) -> Proof:
    """Check a solution (Base64 of JSON, as the widget sends it); raises ProofRefused."""
    try:
        if len(payload) > MAX_PAYLOAD:
            raise ValueError(payload[:20])
        fields = json.loads(base64.b64decode(payload, validate=True))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise ProofRefused(reason="it cannot be read") from error
    texts = ("algorithm", "challenge", "salt", "signature")
    if (
        not isinstance(fields, dict)
        or not all(isinstance(fields.get(name), str) for name in texts)
        or type(fields.get("number")) is not int
        or fields["algorithm"] != ALGORITHM
    ):
        raise ProofRefused(reason="it cannot be read")
    given = PayloadV1.from_dict(cast(Any, fields))
    correct, _ = verify_solution_v1(given, _key(), check_expires=False)
    if not correct:
        raise ProofRefused(reason="it does not add up")
    expires_at = datetime.fromtimestamp(float(given.parse_salt()[1] or 0), UTC)
    if expires_at <= now:
        raise ProofRefused(reason="it is too old")
    return Proof(given.signature, expires_at)


def proof_spend(proof: Proof) -> None:
    """Use the proof up, in the transaction that stores the message; raises ProofRefused if it was used.

    One statement, where Django's own way is a query, a savepoint and an insertion: every message comes by here.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {SpentProof._meta.db_table} (signature, expires_at) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [proof.signature, connection.ops.adapt_datetimefield_value(proof.expires_at)],
        )
        if not cursor.rowcount:
            raise ProofRefused(reason="it was used before")


def proofs_forget(now: datetime) -> int:
    """Forget spent proofs that have expired, so that they could not be used again anyway; gives their number."""
    return SpentProof.objects.filter(expires_at__lt=now).delete()[0]


@cache
def _key() -> str:
    return salted_hmac("onrecord.readers.proofs", "challenge", algorithm="sha256").hexdigest()

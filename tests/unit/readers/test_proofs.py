"""A proof of work is worth one message, for a while."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from altcha import solve_challenge_v1

from onrecord.readers import proofs
from onrecord.readers.proofs import ProofRefused, challenge_create, proof_read

NOW = datetime(2024, 5, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "MAX_NUMBER", 100)


def solved(**changes: Any) -> str:
    challenge = challenge_create(NOW)
    solution = solve_challenge_v1(str(challenge["challenge"]), str(challenge["salt"]), "SHA-256", 100)
    assert solution is not None
    fields = {**challenge, "number": solution.number, **changes}
    return encoded(fields)


def encoded(fields: Any) -> str:
    return base64.b64encode(json.dumps(fields).encode()).decode()


def test_a_solution_holds_until_it_expires() -> None:
    payload = solved()
    proof = proof_read(payload, NOW)
    assert proof.expires_at == NOW + proofs.VALID_FOR
    assert proof_read(payload, NOW + proofs.VALID_FOR - timedelta(seconds=1)).signature == proof.signature
    with pytest.raises(ProofRefused, match="too old"):
        proof_read(payload, NOW + proofs.VALID_FOR)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        pytest.param("", "cannot be read", id="empty"),
        pytest.param("%%%", "cannot be read", id="not Base64"),
        pytest.param(base64.b64encode(b"\xff\xfe").decode(), "cannot be read", id="not text"),
        pytest.param(encoded([]), "cannot be read", id="a list"),
        pytest.param(encoded(7), "cannot be read", id="a number"),
        pytest.param(encoded({}), "cannot be read", id="no fields"),
        pytest.param(
            encoded({"algorithm": "SHA-256", "challenge": 1, "salt": {}, "signature": [], "number": "1"}),
            "cannot be read",
            id="wrong types",
        ),
        pytest.param("A" * 4000, "cannot be read", id="too long"),
    ],
)
def test_unreadable(payload: str, reason: str) -> None:
    with pytest.raises(ProofRefused, match=reason):
        proof_read(payload, NOW)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"number": 101}, id="wrong number"),
        pytest.param({"signature": "0" * 64}, id="forged signature"),
        pytest.param({"salt": "00?expires=99999999999&"}, id="longer life"),
    ],
)
def test_it_must_add_up(changes: dict[str, Any]) -> None:
    with pytest.raises(ProofRefused, match="does not add up"):
        proof_read(solved(**changes), NOW)


def test_a_weaker_algorithm_is_refused() -> None:
    with pytest.raises(ProofRefused, match="cannot be read"):
        proof_read(solved(algorithm="SHA-1"), NOW)

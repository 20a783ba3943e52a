"""Signatures as Standard Webhooks (standardwebhooks.com) defines them: HMAC-SHA256 over id, time and body."""

import binascii
import hashlib
import hmac
from base64 import b64decode, b64encode

PREFIX = "whsec_"


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`."""
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return f"v1,{b64encode(hmac.new(secret_bytes(secret), signed, hashlib.sha256).digest()).decode()}"


def secret_bytes(secret: str) -> bytes:
    """The key in a secret. Raises ValueError where it is not `whsec_` and Base64 of 24 to 64 bytes."""
    if not secret.startswith(PREFIX):
        raise ValueError("a secret starts with whsec_")
    try:
        key = b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("what follows whsec_ is not Base64") from error
    if not 24 <= len(key) <= 64:
        raise ValueError("a secret has 24 to 64 bytes")
    return key

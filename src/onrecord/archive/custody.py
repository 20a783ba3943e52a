"""The hash chain: each event covers the one before it, so that a change anywhere shows."""

import hashlib
import json
from datetime import UTC, datetime

from onrecord.archive.models import CustodyEvent, Recording
from onrecord.core.blobs import Integrity


def event_hash(event: CustodyEvent) -> str:
    """SHA-256 over the event's canonical JSON, with the hash before it."""
    content = json.dumps(
        {
            "recording": str(event.recording_id),
            "sequence": event.sequence,
            "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": event.actor,
            "action": event.action,
            "data": event.data,
            "previous": event.previous_hash,
        },
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(content.encode()).hexdigest()


def record_event(
    recording: Recording, *, actor: str, action: str, data: dict[str, object], at: datetime
) -> CustodyEvent:
    """Append one event. Call inside a transaction that holds the recording's row."""
    last = recording.custody.order_by("-sequence").first()
    event = CustodyEvent(
        recording=recording,
        sequence=last.sequence + 1 if last else 1,
        at=at,
        actor=actor,
        action=action,
        data=data,
        previous_hash=last.hash if last else "",
    )
    event.hash = event_hash(event)
    event.save()
    return event


def verify_chain(recording: Recording) -> tuple[Integrity, str]:
    """Whether the recording's history is whole, and what is wrong with it if not."""
    previous = ""
    expected = 1
    for event in recording.custody.order_by("sequence"):
        if event.sequence != expected:
            return Integrity.FAILED, f"event {expected} is missing"
        if event.previous_hash != previous or event.hash != event_hash(event):
            return Integrity.FAILED, f"event {event.sequence} ({event.action}) was changed"
        previous, expected = event.hash, expected + 1
    if expected == 1:
        return Integrity.FAILED, "no custody event"
    return Integrity.VERIFIED, ""

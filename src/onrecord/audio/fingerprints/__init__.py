"""Recognise a recording by its sound: reposts whole, cut, re-encoded, sped up, talked over."""

from onrecord.audio.fingerprints.codes import Fingerprint, fingerprint
from onrecord.audio.fingerprints.local_store import LocalStore
from onrecord.audio.fingerprints.matching import Match, find
from onrecord.audio.fingerprints.places import Store
from onrecord.audio.fingerprints.postgres_store import PostgresStore

__all__ = ["Fingerprint", "LocalStore", "Match", "PostgresStore", "Store", "find", "fingerprint"]

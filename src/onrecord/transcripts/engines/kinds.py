"""Kinds of work that engines do: each says what an engine is given and what becomes of what it made."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from onrecord.transcripts.engines.interface import Setup
from onrecord.transcripts.engines.models import EngineJob
from onrecord.transcripts.models import TranscriptVersion


@dataclass(frozen=True)
class Kind:
    """`setup`: the engine that is set now, None when none is. `given`: what the engine needs, for as long as it runs
    (entered outside of a transaction, may take its time). `finish`: makes a version of the pieces' contents inside a
    transaction, None when there is nothing in them. `secrets`: what the engine must know and nobody keeps. `take`:
    puts finished pieces to use at once, in the transaction that keeps them.
    """

    setup: Callable[[], Setup | None]
    given: Callable[[EngineJob], AbstractContextManager[Mapping[str, Any]]]
    finish: Callable[[EngineJob, Sequence[Mapping[str, Any]]], TranscriptVersion | None]
    secrets: Callable[[EngineJob], Mapping[str, str]] = lambda job: {}
    take: Callable[[EngineJob, Sequence[Mapping[str, Any]]], None] = lambda job, pieces: None


KINDS: dict[str, Kind] = {}
ENGINES: dict[str, str] = {}


def register_kind(name: str, kind: Kind) -> None:
    """Let engines do this kind of work; `name` is one of EngineJob.Kind."""
    KINDS[name] = kind


def register_engine(name: str, run: str) -> None:
    """Make an engine known; `run` is its generator, `package.module:function`, see `interface`."""
    ENGINES[name] = run

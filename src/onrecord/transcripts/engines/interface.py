"""What an engine is: a generator that is given an Order, in a process of its own, and yields what it has made so far.

No framework in here: the child process imports this and the engine, nothing of the newsroom.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Order:
    """What an engine is to do. `given` depends on the kind of work (a sound file, texts); `done` is where to go on:
    what the last Piece that was kept said (0: from the start). `facts` are those found before an interruption.
    """

    engine: str
    model: str
    parameters: Mapping[str, Any]
    language: str
    to_language: str
    given: Mapping[str, Any]
    done: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Progress:
    """How far the work is: of `total` milliseconds of sound, or segments, `done` are."""

    done: int
    total: int


@dataclass(frozen=True)
class Piece:
    """A part that is finished and kept, whatever happens next; `content` is plain JSON. Resuming goes on at `done`."""

    content: Mapping[str, Any]
    done: int


@dataclass(frozen=True)
class Fact:
    """Something found out that goes with the result, such as the language heard; kept for a resumed run too."""

    name: str
    value: Any


Event = Progress | Piece | Fact


@dataclass(frozen=True)
class Setup:
    """An engine as the newsroom has set it. `sends_to` names the host that text or sound would go to; empty: none."""

    engine: str
    model: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    sends_to: str = ""

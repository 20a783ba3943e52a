"""Small work that comes round by itself: what each part has the worker do every so often."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections

log = logging.getLogger(__name__)

Chore = Callable[[], object]


@dataclass
class _Round:
    chore: Chore
    every_seconds: float
    due: float = 0.0


_rounds: dict[str, _Round] = {}


def register_chore(name: str, chore: Chore, *, every_seconds: float) -> None:
    """Have each worker do this now and again. It may run twice, and at once on two machines."""
    _rounds[name] = _Round(chore, every_seconds)


def chores_run_due(now: float | None = None) -> list[str]:
    """Run what is due at this monotonic time; gives the names. One that fails is logged and comes round again."""
    moment = time.monotonic() if now is None else now
    done = []
    for name, one in _rounds.items():
        if one.due > moment:
            continue
        one.due = moment + one.every_seconds
        try:
            one.chore()
        except Exception:  # the outermost loop of this work: one chore must not stop the others
            log.exception("chore-failed %s", name)
        close_old_connections()
        done.append(name)
    return done

"""The beginning of a process that works beside the one that started it. Imports no models: none can be before Django is
set up there."""

import ctypes
import signal
import sys

import django


def begin() -> None:
    """Bring Django up; on Linux the process ends when the one that started it is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    django.setup()

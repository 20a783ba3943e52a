"""The beginning of a process that works beside the one that started it. Imports no models: none can be before Django is
set up there."""

import ctypes
import signal
import sys

import django


def begin() -> None:
    """Bring Django up in a process that ends with the one that started it."""
    end_with_parent()
    django.setup()


def end_with_parent() -> None:
    """On Linux, have the system ask this process to end (SIGTERM) when the one that started it is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)

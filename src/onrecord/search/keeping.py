"""Keeps the entries as the record is: what may not be found any more goes at once, what is new comes by the worker."""


def watch() -> None:
    """Have the other apps tell."""

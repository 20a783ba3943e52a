"""A record of thousands of hours kept in a folder: updated by recording, mapped and never loaded whole."""

from onrecord.text.index.folder import RecordIndex

__all__ = ["RecordIndex"]

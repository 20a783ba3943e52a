"""Onrecord: a newsroom for stories built on published recordings."""

__version__ = "0.1.0"

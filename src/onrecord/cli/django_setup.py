"""Bringing up the newsroom that the command is run in."""

import os
from importlib import import_module
from typing import Any

import django


def open_newsroom(*modules: str) -> list[Any]:
    """Load the settings of the folder that --dir, ONRECORD_DIR or the working directory names; then these modules.

    Django's models can be imported only after that, and `onrecord add --help` must work in any folder: hence by name.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onrecord.config.settings")
    django.setup()
    return [import_module(f"onrecord.{name}") for name in modules]

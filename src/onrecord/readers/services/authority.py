"""Who may decide about comments."""

from django.core.exceptions import PermissionDenied

from onrecord.core.models import User


def authorise(actor: User) -> None:
    """Raise PermissionDenied for somebody who may not."""
    if not actor.has_perm("readers.change_comment"):
        raise PermissionDenied

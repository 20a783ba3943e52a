"""People who work in the newsroom."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A reporter, editor, moderator or administrator; what each may do comes from their group."""

    def __str__(self) -> str:
        return self.get_full_name() or self.username

"""Making accounts and giving them roles."""

from django.contrib.auth.models import Group

from onrecord.core.models import User
from onrecord.errors import OnrecordError


class LoginTaken(OnrecordError):
    code = "login-taken"
    message = "The login {login} exists already. Choose another one."


class UnknownRole(OnrecordError):
    code = "unknown-role"
    message = "There is no role {role}. Roles: {roles}."


def person_create(*, login: str, password: str, role: str, name: str = "", email: str = "") -> User:
    """Make an account with a role. Raises LoginTaken, UnknownRole."""
    group = Group.objects.filter(name=role).first()
    if group is None:
        raise UnknownRole(role=role, roles=", ".join(Group.objects.order_by("name").values_list("name", flat=True)))
    if User.objects.filter(username=login).exists():
        raise LoginTaken(login=login)
    first, _, last = name.partition(" ")
    user = User.objects.create_user(login, email, password, first_name=first, last_name=last)
    if role == "Administrator":
        user.is_superuser = user.is_staff = True
        user.save(update_fields=["is_superuser", "is_staff"])
    user.groups.add(group)
    return user

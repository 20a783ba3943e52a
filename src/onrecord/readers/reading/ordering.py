"""Rows that wait come first."""

from django.db.models import Case, IntegerField, Q, Value, When


def first(condition: Q) -> Case:
    return Case(When(condition, then=Value(0)), default=Value(1), output_field=IntegerField())

"""Model relations point down: a string in a foreign key escapes the import contract."""

from django.apps import apps

LAYERS = ["core", "archive", "transcripts", "stories", "readers", "publishing", "reading_site"]


def test_no_relation_points_to_an_upper_part() -> None:
    ours = {label: height for height, label in enumerate(LAYERS)}
    seen = 0
    for model in apps.get_models():
        below = ours.get(model._meta.app_label)
        if below is None:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if field.is_relation and not field.auto_created and target is not None:
                height = ours.get(target._meta.app_label)
                if height is not None:
                    seen += 1
                    assert height <= below, f"{model.__name__}.{field.name} points up to {target.__name__}"
    assert seen > 10

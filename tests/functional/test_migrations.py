"""Rows of an older version go with the new columns: data migrations, run on such rows."""

import importlib

import pytest
from django.apps import apps

from onrecord.stories.checked import quotation_key
from onrecord.stories.decisions import QuotationOverride
from onrecord.stories.models import QuotationBinding
from onrecord.stories.services import quotation_override
from tests import factories

pytestmark = pytest.mark.django_db


def test_bindings_and_overrides_get_the_keys_of_their_words_and_the_hash_of_what_is_heard() -> None:
    call = factories.recording(prepared=False)
    factories.transcript(call)
    page = factories.story("“We are not leaving without the animals.”", recordings=[call], publish=True)
    row = quotation_override(
        actor=factories.person(), page=page, quotation="5% of them", verdict="unbound", reason="They told us so."
    )
    QuotationBinding.objects.update(key="", evidence_sha256="")
    QuotationOverride.objects.update(key="of another kind")
    importlib.import_module("onrecord.stories.migrations.0002_decisions").fill(apps, None)
    binding = QuotationBinding.objects.get()
    assert binding.key == quotation_key("We are not leaving without the animals.")
    assert binding.evidence_sha256 == call.copies.get().sha256
    row.refresh_from_db()
    assert row.key == quotation_key("5% of them")

"""Names and terms as the newsroom writes them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

_VARIANTS = _("Other ways to write it, one a line. They are underlined in transcripts; any form of them is found.")


class GlossaryTerm(ClusterableModel):
    """A name or a term in one language, how it is written, and how it is not."""

    term = models.CharField(_("Term"), max_length=200, help_text=_("As the newsroom writes it."))
    language = models.CharField(_("Language"), max_length=12, help_text=_("Such as en, uk, ru."))
    variants = models.TextField(_("Variants"), blank=True, help_text=_VARIANTS)
    note = models.CharField(_("Note"), max_length=500, blank=True, help_text=_("For colleagues; readers never see it."))

    class Meta:
        ordering = ["term", "language"]
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary")
        constraints = [
            models.UniqueConstraint(
                fields=["language", "term"], name="one_term_a_language",
                violation_error_message=_("This term is in the glossary already, in this language."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.term} ({self.language})"


class GlossaryTranslation(models.Model):
    """A term in another language."""

    term = ParentalKey(GlossaryTerm, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(_("Language"), max_length=12)
    words = models.CharField(_("Translation"), max_length=200, help_text=_("As the newsroom writes it."))
    variants = models.TextField(_("Variants"), blank=True, help_text=_VARIANTS)

    class Meta:
        ordering = ["term", "language"]
        constraints = [models.UniqueConstraint(fields=["term", "language"], name="one_translation_a_language")]

    def __str__(self) -> str:
        return f"{self.words} ({self.language})"

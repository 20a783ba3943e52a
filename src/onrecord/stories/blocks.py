"""What a story's body is made of. Stored content names these blocks: they never move."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from onrecord.archive.choosers import RecordingChooserBlock

INLINE_FEATURES = ["bold", "italic", "link"]


class ParagraphBlock(blocks.RichTextBlock):
    """Running text. Quotations are found in the text itself."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"features": [*INLINE_FEATURES, "ol", "ul"], **kwargs})

    class Meta:
        icon = "pilcrow"
        label = _("Paragraph")


class LineBlock(blocks.StructBlock):
    """One turn of an exchange: every word of it is a quotation."""

    speaker = blocks.CharBlock(max_length=120, help_text=_("As described in the transcript, for example “A woman”."))
    text = blocks.TextBlock(rows=2)

    class Meta:
        icon = "user"
        label = _("Line")


class ExchangeBlock(blocks.StructBlock):
    """Several speakers' lines from one recording, as in a play."""

    recording = RecordingChooserBlock()
    lines = blocks.ListBlock(LineBlock(), min_num=1)

    class Meta:
        icon = "group"
        label = _("Exchange")


class RecordingBlock(blocks.StructBlock):
    """The recording itself, with a player."""

    recording = RecordingChooserBlock()
    caption = blocks.CharBlock(required=False, max_length=250)

    class Meta:
        icon = "media"
        label = _("Recording")


class PictureBlock(blocks.StructBlock):
    """A picture with what it shows and who made it."""

    image = ImageChooserBlock()
    caption = blocks.CharBlock(required=False, max_length=250)
    credit = blocks.CharBlock(required=False, max_length=120)

    class Meta:
        icon = "image"
        label = _("Picture")


class NoteBlock(blocks.RichTextBlock):
    """The newsroom speaking to the reader: how something was translated, what could not be checked."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"features": INLINE_FEATURES, **kwargs})

    class Meta:
        icon = "info-circle"
        label = _("Note from the newsroom")


class PullQuoteBlock(blocks.StructBlock):
    """A quotation set large. Without marks: they are added when it is shown."""

    text = blocks.TextBlock(rows=2)
    speaker = blocks.CharBlock(required=False, max_length=120)

    class Meta:
        icon = "openquote"
        label = _("Pull quote")


class BodyBlock(blocks.StreamBlock):
    """The body of a story."""

    paragraph = ParagraphBlock()
    heading = blocks.CharBlock(max_length=150, icon="title", label=_("Subheading"))
    exchange = ExchangeBlock()
    recording = RecordingBlock()
    picture = PictureBlock()
    note = NoteBlock()
    pull_quote = PullQuoteBlock()

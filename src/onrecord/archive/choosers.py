"""Choosing a recording in the desk."""

from wagtail.admin.viewsets.chooser import ChooserViewSet

from onrecord.archive.models import Recording


class RecordingChooserViewSet(ChooserViewSet):
    model = Recording
    icon = "media"
    choose_one_text = "Choose a recording"
    choose_another_text = "Choose another recording"
    per_page = 20


recording_chooser_viewset = RecordingChooserViewSet("recording_chooser")
RecordingChooserBlock = recording_chooser_viewset.get_block_class(
    name="RecordingChooserBlock", module_path="onrecord.archive.choosers"
)

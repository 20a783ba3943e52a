"""Pages around a story: its versions, frames for other sites, authors, its place in a series."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from onrecord.publishing.bake import bake_all
from onrecord.readers.models import CorrectionNote
from onrecord.stories.models import (
    AuthorIndexPage,
    AuthorPage,
    SeriesIndexPage,
    SeriesPage,
    StoryEdition,
    StoryPage,
    StoryRelated,
    StorySimilar,
)
from onrecord.stories.services import (
    EditionIsLive,
    WithholdingReasonMissing,
    edition_explain,
    edition_release,
    edition_withhold,
    stories_compare_all,
    story_compare,
)
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

QUOTE = "“The water came over the bridge at six and nobody told us,” a woman said."


@pytest.fixture
def call() -> factories.Recording:
    recording = factories.recording()
    factories.transcript(recording)
    return recording


def baked(path: str) -> Path:
    return Path(settings.BAKED_DIR) / path.strip("/") / "index.html"


def rewrite(story: StoryPage, *changes: tuple[str, str], **fields: str) -> StoryPage:
    """Publish the story with these words replaced in its first paragraph."""
    page = StoryPage.objects.get(pk=story.pk)
    source = page.body[0].value.source
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    blocks = list(page.body.raw_data)
    blocks[0] = {**blocks[0], "value": source}
    page.body = StoryPage.body.field.to_python(blocks)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return StoryPage.objects.get(pk=story.pk)


def history(client: Client, story: StoryPage) -> str:
    response = client.get(f"{story.url}history/")
    assert response.status_code == 200
    return response.content.decode()


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


# Versions


def test_what_changed_when_and_why(call: factories.Recording, client: Client) -> None:
    story = factories.story(f"Seven houses. {QUOTE}", recordings=[call], publish=True)
    assert "Nothing has been changed since." in history(client, story)
    story = rewrite(story, ("Seven", "Eight"), change_note="We had miscounted the houses.")
    html = history(client, story)
    assert "<del>Seven</del><ins>Eight</ins> houses." in html
    assert "We had miscounted the houses." in html
    assert "1 word struck" in html
    assert html.index("miscounted") < html.index("Published")


def test_a_note_is_told_once(call: factories.Recording, client: Client) -> None:
    story = factories.story(f"Seven houses. {QUOTE}", recordings=[call], publish=True)
    story = rewrite(story, ("Seven", "Eight"), change_note="Miscounted.")
    story = rewrite(story, ("houses", "homes"))
    assert history(client, story).count("Miscounted.") == 1


def test_publishing_the_same_words_again_is_no_version(call: factories.Recording, client: Client) -> None:
    story = factories.story(QUOTE, recordings=[call], publish=True)
    page = StoryPage.objects.get(pk=story.pk)
    page.save_revision().publish()
    assert "Nothing has been changed since." in history(client, story)


def test_drafts_and_unpublished_stories_have_no_public_history(call: factories.Recording, client: Client) -> None:
    story = factories.story(f"Seven houses. {QUOTE}", recordings=[call], publish=True)
    page = StoryPage.objects.get(pk=story.pk)
    page.title = "A headline that nobody may see yet"
    page.save_revision()
    assert "nobody may see" not in history(client, story)
    story.unpublish()
    assert client.get(f"{story.url}history/").status_code == 404
    assert not baked(f"{story.url}history/").exists()


def test_a_word_that_is_masked_later_is_in_no_old_version(client: Client) -> None:
    call = factories.recording()
    factories.transcript(call, "WEBVTT\n\n00:00:00.000 --> 00:00:05.000\n<v A man>Tell Mirkovan we are waiting here\n")
    story = factories.story("It was Mirkovan’s car. “Tell Mirkovan we are waiting here,” he said.", recordings=[call],
                            publish=True)  # fmt: skip
    factories.transcript(
        call, "WEBVTT\n\n00:00:00.000 --> 00:00:05.000\n<v A man>Tell {name|Mirkovan} we are waiting here\n"
    )
    story = rewrite(story, ("It was Mirkovan’s car.", "It was his car."), ("Tell Mirkovan we", "Tell [name] we"))
    CorrectionNote.objects.create(
        story=story, old_words="Mirkovan’s car", new_words="his car", reason="It was not Mirkovan, who", kind="fact",
        created_at=timezone.now(), published_at=timezone.now(),
    )  # fmt: skip
    bake_all()
    html = baked(f"{story.url}history/").read_text()
    assert "irkovan" not in html
    assert "<del>[name] car</del>" in baked("/corrections/").read_text()
    assert "irkovan" not in client.get("/api/v1/corrections").content.decode()
    assert "It was <del>[name]</del><ins>his</ins> car." in html
    for file in Path(settings.BAKED_DIR).rglob("*"):
        if file.suffix in {".html", ".json", ".xml", ".rss", ".atom"}:
            assert "irkovan" not in file.read_text(), file


def test_the_history_is_baked_and_follows_the_story(call: factories.Recording) -> None:
    story = factories.story(f"Seven houses. {QUOTE}", recordings=[call], publish=True)
    bake_all()
    story = rewrite(story, ("Seven", "Eight"))
    assert bake_all().written == 0, "publishing baked it all"
    assert "Eight" in baked(f"{story.url}history/").read_text()


def test_an_editor_withholds_an_old_version_with_a_reason(call: factories.Recording, client: Client) -> None:
    story = factories.story(f"Seven houses. {QUOTE}", recordings=[call], publish=True)
    story = rewrite(story, ("Seven houses", "Seven houses on Mill Lane"))
    story = rewrite(story, (" on Mill Lane", ""))
    assert "Mill Lane" in history(client, story)
    edition = StoryEdition.objects.filter(page=story)[1]
    editor = factories.person()
    with pytest.raises(WithholdingReasonMissing):
        edition_withhold(actor=editor, edition=edition, reason="no")
    with pytest.raises(PermissionDenied):
        edition_withhold(actor=factories.person("Reporter"), edition=edition, reason="It named a private address.")
    with pytest.raises(EditionIsLive):
        edition_withhold(actor=editor, edition=story.editions.latest("pk"), reason="It named a road.")
    edition_withhold(actor=editor, edition=edition, reason="It named a private address.")
    html = history(client, story)
    assert "Mill Lane" not in html
    assert "It named a private address." in html
    assert "Mill Lane" not in baked(f"{story.url}history/").read_text()
    edition_release(actor=editor, edition=edition)
    assert "Mill Lane" in history(client, story)
    edition_explain(actor=editor, edition=edition, note="A place was added.")
    assert "A place was added." in history(client, story)


def test_hostile_words_stay_words(call: factories.Recording, client: Client) -> None:
    story = factories.story(f"Seven houses. {QUOTE}", recordings=[call], publish=True)
    story = rewrite(story, ("Seven", "&lt;script&gt;alert(1)&lt;/script&gt; Seven"), change_note="<b onclick=x>why</b>")
    html = history(client, story)
    assert "<script>alert" not in html
    assert "<b onclick" not in html


# Frames for other sites


def test_a_quotation_has_a_page_for_frames(call: factories.Recording, client: Client) -> None:
    story = factories.story(QUOTE, recordings=[call], publish=True)
    link = re.search(r'id="q-([^"]+)"', client.get(story.url).content.decode())
    assert link
    path = f"/embed/stories/{story.slug}/{link[1]}/"
    response = client.get(path)
    html = response.content.decode()
    assert "nobody told us" in html
    assert f'<audio controls preload="metadata" src="{call.audio_url}#t=0.000,4.000"' in html
    assert f'href="{story.url}#q-{link[1]}"' in html
    assert "<script" not in html
    assert "<form" not in html
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in response.headers
    assert baked(path).read_text() == html
    assert client.get(f"/embed/stories/{story.slug}/nothing/").status_code == 404


def test_the_frame_goes_with_the_words(call: factories.Recording, client: Client) -> None:
    story = factories.story(QUOTE, recordings=[call], publish=True)
    folder = Path(settings.BAKED_DIR) / "embed" / "stories" / story.slug
    assert len(list(folder.glob("*/index.html"))) == 1
    rewrite(story, ("The water came over the bridge at six and nobody told us", "nobody told us"))
    bake_all()
    files = list(folder.glob("*/index.html"))
    assert len(files) == 1
    assert "came over the bridge" not in files[0].read_text()
    story.unpublish()
    bake_all()
    assert not list(folder.glob("*/index.html"))


def test_a_recording_has_a_page_for_frames(call: factories.Recording, client: Client) -> None:
    path = f"/embed/recordings/{call.pk}/"
    assert client.get(path).status_code == 404
    factories.story(QUOTE, recordings=[call], publish=True)
    response = client.get(path)
    assert response.status_code == 200
    assert call.title in response.content.decode()
    assert baked(path).exists()


def test_no_other_page_may_be_framed(call: factories.Recording, client: Client) -> None:
    story = factories.story(QUOTE, recordings=[call], publish=True)
    for path in ("/", story.url, f"{story.url}history/", call.get_absolute_url()):
        assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"]


def test_the_same_words_twice_have_two_addresses(call: factories.Recording, client: Client) -> None:
    story = factories.story(QUOTE, QUOTE, recordings=[call], publish=True)
    keys = re.findall(r'id="q-([^"]+)"', client.get(story.url).content.decode())
    assert len(set(keys)) == 2
    assert keys[1] == f"{keys[0]}-2"


# Authors, series


def test_an_author_has_a_page_with_their_stories(call: factories.Recording, client: Client) -> None:
    factories.newsroom()
    author = AuthorPage(title="Ilma Torvek", role="Reporter")
    AuthorIndexPage.objects.get().add_child(instance=author)
    author.save_revision().publish()
    story = factories.story(QUOTE, recordings=[call], byline="Ilma Torvek and Danil Meresh")
    story.authors.add(author)
    story.save_revision().publish()
    page = client.get(story.url).content.decode()
    assert f'By <a href="{author.url}" rel="author">Ilma Torvek</a> and Danil Meresh' in page
    assert story.title in client.get(author.url).content.decode()
    assert story.title in baked(author.url).read_text()
    assert "1 story" in client.get("/authors/").content.decode()
    story.refresh_from_db()
    story.byline = "A. <b>Nother"
    story.save_revision().publish()
    assert "By A. &lt;b&gt;Nother" in client.get(story.url).content.decode()
    story.byline = ""
    story.save_revision().publish()
    assert 'rel="author">Ilma Torvek</a>' in client.get(story.url).content.decode()


def test_a_story_knows_its_place_in_the_series(call: factories.Recording, client: Client) -> None:
    factories.newsroom()
    series = SeriesPage(title="The flood")
    SeriesIndexPage.objects.get().add_child(instance=series)
    series.save_revision().publish()
    stories = [
        factories.story(QUOTE, recordings=[call], publish=True, title=f"Part number {n}", series=series)
        for n in range(1, 8)
    ]
    page = client.get(stories[2].url).content.decode()
    around = page[page.index('<nav class="around"') : page.index("</nav>", page.index('<nav class="around"'))]
    assert "part 3 of 7" in around
    assert re.findall(r"Part number (\d)", around) == ["2", "4", "7", "6", "5", "1"]
    alone = factories.story(QUOTE, recordings=[call], publish=True, title="Alone")
    assert 'class="around"' not in client.get(alone.url).content.decode()


def test_a_headline_that_quotes_is_played_on_the_page_of_the_series(call: factories.Recording, client: Client) -> None:
    factories.newsroom()
    series = SeriesPage(title="The flood")
    SeriesIndexPage.objects.get().add_child(instance=series)
    series.save_revision().publish()
    factories.story(QUOTE, recordings=[call], publish=True, series=series,
                    title="“We are not leaving without the animals”, says a caller")  # fmt: skip
    html = client.get(series.url).content.decode()
    assert f'href="{call.audio_url}#t=8.000,12.000"' in html


# Languages


def test_quotations_in_another_language_say_so(client: Client) -> None:
    call = factories.recording(language="uk")
    factories.transcript(call, factories.CALL_UK_VTT)
    factories.transcript(call, language="en")
    words = "She said: «Без худоби ми не поїдемо». In English: “We are not leaving without the animals.”"
    story = factories.story(words, recordings=[call], publish=True)
    spans = re.findall(r'<span class="quotation"[^>]*>', client.get(story.url).content.decode())
    assert ['lang="uk"' in span for span in spans] == [True, False]


def test_a_story_in_arabic_runs_from_right_to_left(client: Client) -> None:
    story = factories.story("الطريق مغلق.", publish=True, title="الطريق إلى الجسر مغلق", language="ar")
    html = client.get(story.url).content.decode()
    assert '<article class="story" lang="ar" dir="rtl"' in html


# Other stories of interest


def related(client: Client, story: StoryPage) -> list[str]:
    html = client.get(story.url).content.decode()
    part = html[html.index('class="related"') :] if 'class="related"' in html else ""
    return re.findall(r'card-title"><a href="[^"]+">([^<]+)</a>', part.split("</section>")[0])


def about(title: str, text: str, **fields: Any) -> StoryPage:
    return factories.story(text, title=title, publish=True, **fields)


def test_stories_about_the_same_are_named(client: Client) -> None:
    bridge = about("Bridge shut", "The bridge over the river was closed when the water rose; buses waited there.")
    about("Budget cut", "The council voted on the budget of next year and cut the money for all libraries.")
    buses = about("Buses wait", "Buses could not cross the bridges: the rising water of the river had closed them.")
    assert related(client, bridge)[0] == "Buses wait"
    assert related(client, buses)[0] == "Bridge shut"
    assert "Buses wait" in baked(bridge.url).read_text(), "the older page is baked again"
    assert bake_all().written == 0


def test_a_shared_recording_and_a_choice_by_hand_go_first(call: factories.Recording, client: Client) -> None:
    one = about("Nobody told us", QUOTE, recordings=[call])
    about("A well runs dry", "The village well has no water since spring.")
    about("Animals", "“We are not leaving without the animals.”", recordings=[call])
    assert related(client, one)[0] == "Animals"
    chosen = about("A festival of kites", "Children flew kites on the hill.")
    page = StoryPage.objects.get(pk=one.pk)
    page.related = [StoryRelated(story=chosen)]
    page.save_revision().publish()
    assert related(client, one)[:2] == ["A festival of kites", "Animals"]
    chosen.unpublish()
    assert related(client, one)[0] == "Animals"
    assert "kites" not in baked(one.url).read_text()


def test_comparing_again_changes_nothing(client: Client) -> None:
    for n in range(4):
        about(f"Bridge shut {n}", f"The bridge over the river was closed, day {n}, when the water rose.")
    before = list(StorySimilar.objects.values_list("story", "other", "score"))
    assert before
    assert stories_compare_all() == 0
    for story in StoryPage.objects.all():
        assert story_compare(story.pk) == []
    assert sorted(before) == sorted(StorySimilar.objects.values_list("story", "other", "score"))


# What pages cost


@pytest.mark.parametrize(
    ("page", "most"), [("story", 38), ("recording", 14), ("series", 18), ("history", 24), ("home", 28), ("author", 16)]
)
def test_pages_take_few_queries(
    call: factories.Recording, client: Client, django_assert_max_num_queries: Any, page: str, most: int
) -> None:
    """However much is on them."""
    factories.newsroom()
    series = SeriesPage(title="The flood")
    SeriesIndexPage.objects.get().add_child(instance=series)
    author = AuthorPage(title="Ilma Torvek")
    AuthorIndexPage.objects.get().add_child(instance=author)
    for one in (series, author):
        one.save_revision().publish()
    for number in range(3):
        story = factories.story(
            *[QUOTE] * 4,
            recordings=[call],
            title=f"“We are not leaving without the animals”, part {number}",
            series=series,
        )
        story.authors.add(author)
        story.save_revision().publish()
    story = rewrite(story, ("nobody told us,” a", "nobody told us,” the"))
    addresses = {"story": story.url, "recording": call.get_absolute_url(), "series": series.url, "author": author.url,
                 "history": f"{story.url}history/", "home": "/"}  # fmt: skip
    client.get(addresses[page])
    with django_assert_max_num_queries(most):
        assert client.get(addresses[page]).status_code == 200


# The desk


def test_the_desk_lists_versions_and_withholds_one(call: factories.Recording, client: Client) -> None:
    story = factories.story(f"Seven houses. {QUOTE}", recordings=[call], publish=True)
    story = rewrite(story, ("Seven", "Eight"))
    old = story.editions.first()
    client.force_login(factories.person())
    page = client.get(f"/desk/versions/{story.pk}/").content.decode()
    assert "what readers have now" in page
    assert "Withhold its words" in page
    assert f"/desk/versions/{story.pk}/" in client.get(f"/desk/pages/{story.pk}/edit/").content.decode()
    answer = client.post(f"/desk/versions/withhold/{old.pk}/", {"reason": "no"}, follow=True)
    assert "give a reason of at least" in answer.content.decode()
    client.post(f"/desk/versions/withhold/{old.pk}/", {"reason": "It named a private address."})
    assert "Seven" not in history(client, story)
    client.post(f"/desk/versions/release/{old.pk}/")
    client.post(f"/desk/versions/explain/{old.pk}/", {"note": "The first count."})
    assert "The first count." in history(client, story)
    client.force_login(factories.person("Reporter"))
    assert client.post(f"/desk/versions/withhold/{old.pk}/", {"reason": "It named a private address."}).status_code in (
        302,
        403,
    )
    assert "Seven" in history(client, story)

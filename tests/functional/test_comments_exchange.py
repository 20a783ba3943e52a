"""Comments from WordPress and Disqus, and ours to others: everything invented."""

import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from typer.testing import CliRunner

from onrecord.cli.main import app
from onrecord.errors import OnrecordError
from onrecord.readers.exchange.formats import comments_read, plain
from onrecord.readers.exchange.giving import comments_export
from onrecord.readers.exchange.records import CommentsUnreadable
from onrecord.readers.exchange.taking import comments_import
from onrecord.readers.models import Comment, CommentImport
from onrecord.stories.models import StoryPage
from tests import factories

pytestmark = pytest.mark.django_db

WXR = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Old</title><link>https://old.example</link><wp:base_site_url>https://old.example</wp:base_site_url>
<item><title>Flood</title><link>https://old.example/2019/05/the-flood/</link>
<content:encoded><![CDATA[<p>Long ago.</p>]]></content:encoded><wp:post_name>the-flood</wp:post_name>
{comments}
</item>
<item><title>Gone</title><link>https://old.example/2019/05/gone/</link><wp:post_name>gone</wp:post_name>
<wp:comment><wp:comment_id>90</wp:comment_id><wp:comment_author>Nobody</wp:comment_author>
<wp:comment_date_gmt>2019-05-05 10:00:00</wp:comment_date_gmt><wp:comment_content>Lost</wp:comment_content>
<wp:comment_approved>1</wp:comment_approved><wp:comment_type></wp:comment_type>
<wp:comment_parent>0</wp:comment_parent></wp:comment>
</item>
</channel></rss>
"""
DISQUS = """<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<category dsq:id="1"><forum>oldpaper</forum><title>General</title></category>
<thread dsq:id="10"><id>a</id><forum>oldpaper</forum><link>http://old.example/the-flood.html?x=1</link></thread>
<thread dsq:id="11"><id>b</id><forum>oldpaper</forum><link>http://old.example/gone</link></thread>
{posts}
</disqus>
"""


@pytest.fixture
def story() -> StoryPage:
    return factories.story("The river rose.", title="The flood", publish=True)


def wp(pk: int, parent: int = 0, approved: str = "1", kind: str = "", text: str = "Yes.", name: str = "Ann") -> str:
    return (
        f"<wp:comment><wp:comment_id>{pk}</wp:comment_id><wp:comment_author><![CDATA[{name}]]></wp:comment_author>"
        f"<wp:comment_author_email>ann@example.org</wp:comment_author_email>"
        f"<wp:comment_author_IP>192.0.2.1</wp:comment_author_IP>"
        f"<wp:comment_date>2019-05-04 14:{pk % 60:02}:00</wp:comment_date>"
        f"<wp:comment_date_gmt>2019-05-04 12:{pk % 60:02}:00</wp:comment_date_gmt>"
        f"<wp:comment_content><![CDATA[{text}]]></wp:comment_content><wp:comment_approved>{approved}</wp:comment_approved>"
        f"<wp:comment_type>{kind}</wp:comment_type><wp:comment_parent>{parent}</wp:comment_parent></wp:comment>\n"
    )


def post(pk: int, parent: int = 0, thread: int = 10, deleted: str = "false", spam: str = "false") -> str:
    above = f'<parent dsq:id="{parent}" />' if parent else ""
    return (
        f'<post dsq:id="{pk}"><id>x</id><message><![CDATA[<p>Post {pk} &amp; more</p>]]></message>'
        f"<createdAt>2020-01-02T03:{pk % 60:02}:00Z</createdAt><isDeleted>{deleted}</isDeleted><isSpam>{spam}</isSpam>"
        f"<author><name>Ben</name><isAnonymous>false</isAnonymous></author>"
        f'<thread dsq:id="{thread}" />{above}</post>\n'
    )


def written(folder: Path, text: str, name: str = "export.xml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def tree() -> dict[str, str]:
    """Whose answer each imported comment is."""
    rows = Comment.objects.select_related("parent")
    return {row.source_id: row.parent.source_id if row.parent else "" for row in rows}


def test_wordpress(story: StoryPage, tmp_path: Path) -> None:
    comments = (
        wp(5, parent=4) + wp(4, parent=3) + wp(3, text="<p>One<br>two</p><p>A &amp; B <script>x()</script></p>")
        + wp(6, approved="0") + wp(7, approved="spam") + wp(8, kind="pingback") + wp(9, text="  ")
        + wp(10, parent=7, name="")
    )  # fmt: skip
    done = comments_import(written(tmp_path, WXR.format(comments=comments)))
    assert (done.taken, done.known, done.source) == (5, 0, "wordpress:old.example")
    assert done.left_out == {"spam": 1, "pingback": 1, "empty": 1}
    assert done.unmatched == [["https://old.example/2019/05/gone/", 1]]
    assert tree() == {"3": "", "4": "3", "5": "3", "6": "", "10": ""}
    first = Comment.objects.get(source_id="3")
    assert first.text == "One\ntwo\n\nA & B"
    assert first.created_at == datetime(2019, 5, 4, 12, 3, tzinfo=UTC)
    assert (first.status, first.sender, first.proved, first.story_id) == ("approved", "", False, story.pk)
    assert Comment.objects.get(source_id="6").status == "held"
    assert Comment.objects.get(source_id="10").name == "Anonymous"
    assert mail.outbox == []
    for row in Comment.objects.values():
        assert "ann@example.org" not in str(row)
        assert "192.0.2.1" not in str(row)


def test_disqus(story: StoryPage, tmp_path: Path) -> None:
    posts = (
        post(1) + post(2, parent=1) + post(3, parent=2) + post(4, deleted="true") + post(5, parent=4)
        + post(6, parent=5) + post(7, spam="true") + post(8, thread=11)
    )  # fmt: skip
    done = comments_import(written(tmp_path, DISQUS.format(posts=posts)))
    assert (done.taken, done.left_out) == (5, {"trash": 1, "spam": 1})
    assert done.unmatched == [["http://old.example/gone", 1]]
    assert done.source == "disqus:oldpaper"
    assert tree() == {"1": "", "2": "1", "3": "1", "5": "", "6": "5"}
    assert Comment.objects.get(source_id="1").text == "Post 1 & more"


def test_a_second_run_brings_what_is_new_alone(story: StoryPage, tmp_path: Path) -> None:
    comments_import(written(tmp_path, WXR.format(comments=wp(3) + wp(4, parent=3))))
    Comment.objects.filter(source_id="3").update(status="rejected")
    done = comments_import(written(tmp_path, WXR.format(comments=wp(3) + wp(3) + wp(4, parent=3) + wp(5, parent=4))))
    assert (done.taken, done.known) == (1, 2)
    assert tree() == {"3": "", "4": "3", "5": "3"}
    assert Comment.objects.get(source_id="3").status == "rejected"
    assert CommentImport.objects.count() == 2


def test_a_map_says_what_an_address_became(story: StoryPage, tmp_path: Path) -> None:
    export = written(tmp_path, WXR.format(comments=wp(3)))
    done = comments_import(export, {"http://www.old.example/2019/05/gone": story.url or ""})
    assert (done.taken, done.unmatched) == (2, [])


def test_parents_in_a_ring_end(story: StoryPage, tmp_path: Path) -> None:
    done = comments_import(written(tmp_path, WXR.format(comments=wp(3, parent=4) + wp(4, parent=3) + wp(5, parent=5))))
    assert done.taken == 3


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param('<!DOCTYPE x [<!ENTITY a "b">]><rss>&a;</rss>', "document type", id="an entity"),
        pytest.param(
            '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><rss>&b;</rss>', "document type",
            id="entities in entities",
        ),
        pytest.param('<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd"><rss/>', "document type", id="something to fetch"),
        pytest.param("<rss><channel>", "no export", id="cut off"),
        pytest.param("Comments: none", "no export", id="no XML"),
        pytest.param("", "no export", id="empty"),
        pytest.param("<a>" * 100, "nested", id="deep"),
        pytest.param(WXR.format(comments=wp(3, text="x" * 1_100_000)), "larger", id="a comment of a megabyte"),
        pytest.param(WXR.format(comments=wp(3).replace("2019-05-04 12", "yesterday")), "no date", id="no date"),
    ],
)  # fmt: skip
def test_bad_files(story: StoryPage, tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(CommentsUnreadable, match=why):
        comments_import(written(tmp_path, text))
    assert not Comment.objects.exists()


def test_an_absent_file(tmp_path: Path) -> None:
    with pytest.raises(CommentsUnreadable, match="No such file"):
        comments_import(tmp_path / "absent.xml")


def test_a_long_export_is_not_held_in_memory(story: StoryPage, tmp_path: Path) -> None:
    export = written(tmp_path, WXR.format(comments="".join(wp(n, text="word " * 4000) for n in range(1, 400))))
    assert export.stat().st_size > 7_000_000
    tracemalloc.start()
    assert sum(1 for _ in comments_read(export)) == 400
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3_000_000


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a<br/>b", "a\nb"),
        ("<p>a</p>\n<p>b</p>", "a\n\nb"),
        ("<a href='javascript:x()'>a</a><script>b</script>", "a"),
        ("1 &lt; 2 &amp;&amp; <b>3</b>", "1 < 2 && 3"),
        ("&lt;script&gt;", "<script>"),
    ],
)
def test_plain(markup: str, text: str) -> None:
    assert plain(markup) == text


def test_what_is_given_out_comes_back_the_same(story: StoryPage, tmp_path: Path) -> None:
    sent = datetime(2024, 5, 4, 12, 30, tzinfo=UTC)
    first = Comment.objects.create(
        story=story, name="Ann & Co <b>", text="One\ntwo\n\n<three> https://a.example/?a=1&b=2", created_at=sent,
        status="approved", sender="f" * 64,
    )  # fmt: skip
    Comment.objects.create(story=story, parent=first, name="Ben", text="No.", created_at=sent, status="held")
    Comment.objects.create(story=story, name="Cem", text="Withdrawn", created_at=sent, status="withdrawn")
    Comment.objects.create(story=story, name="Dan", text="Rejected", created_at=sent, status="rejected")
    assert comments_export(tmp_path / "all.json", "json") == 3
    rows = json.loads((tmp_path / "all.json").read_text())
    assert [row["name"] for row in rows] == ["Ann & Co <b>", "Ben", "Dan"]
    assert "ffff" not in (tmp_path / "all.json").read_text()
    assert comments_export(tmp_path / "all.xml", "wxr") == 2
    fields = ("name", "text", "created_at", "status")
    before = list(Comment.objects.filter(status__in=["approved", "held"]).values_list(*fields))
    Comment.objects.all().delete()
    assert comments_import(tmp_path / "all.xml").taken == 2
    assert list(Comment.objects.values_list(*fields)) == before
    assert Comment.objects.get(name="Ben").parent == Comment.objects.get(name="Ann & Co <b>")


def command(*arguments: Any) -> Any:
    return CliRunner().invoke(app, ["comments", *map(str, arguments)])


def test_the_command(story: StoryPage, tmp_path: Path) -> None:
    export = written(tmp_path, WXR.format(comments=wp(3)))
    first = command("import", export)
    assert first.exit_code == 1, first.output
    assert "1 comments taken in from wordpress:old.example" in first.output
    assert "https://old.example/2019/05/gone/" in first.output
    addresses = written(tmp_path, "https://old.example/2019/05/gone/,the-flood\n", "map.csv")
    second = command("import", export, "--map", addresses, "--json")
    assert second.exit_code == 0, second.output
    assert json.loads(second.output)["taken"] == 1
    assert json.loads(command("export", tmp_path / "out.json", "--json").output) == {"written": 2}
    for bad in (
        ("import", export, "--map", tmp_path),
        ("import", export, "--map", written(tmp_path, "a,b,c\n", "b.csv")),
    ):
        assert isinstance(command(*bad).exception, OnrecordError)
    assert isinstance(command("export", tmp_path).exception, OnrecordError)

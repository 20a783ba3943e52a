"""What the formats that machines read demand, as far as feed validators check it; each gives what is wrong."""

import json
import re
import xml.etree.ElementTree as ET
from datetime import datetime
from email.utils import parsedate_to_datetime

import jsonschema

ATOM = "{http://www.w3.org/2005/Atom}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
ADDRESS = re.compile(r"https?://[^\s]+")

JSON_FEED_SCHEMA = {
    "type": "object",
    "required": ["version", "title", "items"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string", "minLength": 1},
        "home_page_url": {"type": "string", "pattern": "^https?://"},
        "feed_url": {"type": "string", "pattern": "^https?://"},
        "description": {"type": "string"},
        "language": {"type": "string", "pattern": "^[a-z]{2,3}"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "content_text"],
                "additionalProperties": False,
                "properties": {
                    "id": {"type": "string", "minLength": 1},
                    "url": {"type": "string", "pattern": "^https?://"},
                    "title": {"type": "string"},
                    "summary": {"type": "string"},
                    "content_text": {"type": "string", "minLength": 1},
                    "date_published": {"type": "string", "format": "date-time"},
                    "date_modified": {"type": "string", "format": "date-time"},
                    "authors": {"type": "array", "items": {"type": "object", "required": ["name"]}},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "language": {"type": "string"},
                },
            },
        },
    },
}
ANNOTATIONS_SCHEMA = {
    "type": "object",
    "required": ["@context", "id", "type", "items"],
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/anno.jsonld"},
        "type": {"const": "AnnotationPage"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "type", "target", "body", "motivation"],
                "properties": {
                    "id": {"type": "string", "pattern": "^https?://"},
                    "type": {"const": "Annotation"},
                    "target": {"type": "object", "required": ["source", "selector"]},
                    "body": {
                        "type": "object",
                        "required": ["source", "selector"],
                        "properties": {
                            "selector": {
                                "properties": {"value": {"pattern": r"^t=\d+(\.\d+)?,\d+(\.\d+)?$"}},
                                "required": ["type", "conformsTo", "value"],
                            }
                        },
                    },
                },
            },
        },
    },
}
OEMBED_SCHEMA = {
    "type": "object",
    "required": ["type", "version"],
    "properties": {"type": {"enum": ["photo", "video", "link", "rich"]}, "version": {"const": "1.0"}},
    "if": {"properties": {"type": {"const": "rich"}}},
    "then": {"required": ["html", "width", "height"]},
}


def rss_faults(text: str) -> list[str]:
    """RSS 2.0 with the Atom link that validators ask for."""
    root = ET.fromstring(text)
    channel = root.find("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or channel is None:
        return ["not RSS 2.0"]
    faults = [f"channel without {name}" for name in ("title", "link", "description") if channel.find(name) is None]
    own = channel.find(f"{ATOM}link")
    if own is None or own.get("rel") != "self" or not ADDRESS.fullmatch(own.get("href", "")):
        faults.append("no atom:link to itself")
    guids = []
    for item in channel.findall("item"):
        if item.findtext("title") is None and item.findtext("description") is None:
            faults.append("item without title and description")
        guid = item.find("guid")
        if guid is None or not guid.text:
            faults.append("item without guid")
            continue
        guids.append(guid.text)
        if guid.get("isPermaLink", "true") == "true" and not ADDRESS.fullmatch(guid.text):
            faults.append(f"guid {guid.text} is no address")
        if not ADDRESS.fullmatch(item.findtext("link") or ""):
            faults.append("item's link is no full address")
        if (date := item.findtext("pubDate")) and parsedate_to_datetime(date).tzinfo is None:
            faults.append(f"date without a zone: {date}")
    if len(guids) != len(set(guids)):
        faults.append("two items have one guid")
    return faults


def atom_faults(text: str) -> list[str]:
    """RFC 4287: id, title and updated everywhere, authors, one link to itself."""
    root = ET.fromstring(text)
    if root.tag != f"{ATOM}feed":
        return ["not Atom"]
    faults = []
    if not any(link.get("rel") == "self" for link in root.findall(f"{ATOM}link")):
        faults.append("no link to itself")
    entries = root.findall(f"{ATOM}entry")
    for element in (root, *entries):
        for name in ("id", "title", "updated"):
            if not (element.findtext(f"{ATOM}{name}") or "").strip():
                faults.append(f"{element.tag} without {name}")
        if (stamp := element.findtext(f"{ATOM}updated")) and datetime.fromisoformat(stamp).tzinfo is None:
            faults.append(f"date without a zone: {stamp}")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    return [*faults, *(["two entries have one id"] if len(ids) != len(set(ids)) else [])]


def json_feed_faults(text: str) -> list[str]:
    """JSON Feed 1.1."""
    feed = json.loads(text)
    faults = [error.message for error in jsonschema.Draft202012Validator(JSON_FEED_SCHEMA).iter_errors(feed)]
    ids = [item["id"] for item in feed["items"]]
    return [*faults, *(["two items have one id"] if len(ids) != len(set(ids)) else [])]


def podcast_faults(text: str) -> list[str]:
    """RSS, what podcast directories demand, and transcripts with address and type."""
    faults = rss_faults(text)
    channel = ET.fromstring(text).find("channel")
    assert channel is not None
    for name in (f"{ITUNES}author", f"{ITUNES}explicit", f"{ITUNES}category", f"{PODCAST}guid", "language"):
        if channel.find(name) is None:
            faults.append(f"channel without {name}")
    for item in channel.findall("item"):
        enclosure = item.find("enclosure")
        if (
            enclosure is None
            or not {"url", "length", "type"} <= set(enclosure.keys())
            or not enclosure.get("length", "").isdigit()
        ):
            faults.append("item without a whole enclosure")
        faults += [
            "transcript without url or type"
            for transcript in item.findall(f"{PODCAST}transcript")
            if not {"url", "type"} <= set(transcript.keys())
        ]
    return faults


def sitemap_faults(text: str) -> list[str]:
    """Sitemaps 0.9: at most 50,000 full addresses, each once, dates as W3C writes them."""
    root = ET.fromstring(text)
    rows = root.findall(f"{SITEMAP}url") + root.findall(f"{SITEMAP}sitemap")
    addresses = [row.findtext(f"{SITEMAP}loc") or "" for row in rows]
    faults = [f"{address} is no full address" for address in addresses if not ADDRESS.fullmatch(address)]
    faults += ["an address twice"] if len(addresses) != len(set(addresses)) else []
    faults += ["more than 50,000"] if len(rows) > 50_000 else []
    for row in rows:
        if stamp := row.findtext(f"{SITEMAP}lastmod"):
            datetime.fromisoformat(stamp)
    for entry in root.iter(f"{NEWS}news"):
        for name in ("publication", "publication_date", "title"):
            if entry.find(f"{NEWS}{name}") is None:
                faults.append(f"news without {name}")
    return faults

"""The glossary as a table for other programs: CSV out and in again."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.transcripts.glossary import lines_of
from onrecord.transcripts.models import GlossaryTerm, GlossaryTranslation

COLUMNS = ("language", "term", "variants", "note", "to_language", "translation", "translation_variants")
_JOINT = " | "
_MOST = 20_000
_FORMULA = ("=", "+", "-", "@")


class GlossaryFileUnreadable(OnrecordError):
    code = "glossary-file-unreadable"
    message = (
        "{filename}, line {line}: {reason}. Nothing was imported. The columns are language, term, variants, note, "
        "to_language, translation, translation_variants; variants are separated by |."
    )


@dataclass(frozen=True)
class Imported:
    """How many terms were new and how many were known and are now as in the file."""

    added: int
    changed: int


def glossary_export() -> str:
    """The glossary as CSV, a line for each translation; a term without one has a line too."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for term in GlossaryTerm.objects.prefetch_related("translations"):
        own = [term.language, term.term, _JOINT.join(lines_of(term.variants)), term.note]
        for translation in term.translations.all() or [None]:
            into = ["", "", ""]
            if translation is not None:
                into = [translation.language, translation.words, _JOINT.join(lines_of(translation.variants))]
            writer.writerow([_harmless(cell) for cell in (*own, *into)])
    return out.getvalue()


def glossary_import(*, actor: User | None, data: bytes, filename: str) -> Imported:
    """Take terms in from CSV: a known term becomes as in the file, others stay. All of it, or nothing.

    Raises GlossaryFileUnreadable, PermissionDenied.
    """
    if actor is not None and not actor.has_perm("transcripts.add_glossaryterm"):
        raise PermissionDenied
    added = changed = 0
    seen: dict[tuple[str, str], GlossaryTerm] = {}
    with transaction.atomic():
        for line, row in _rows(data, filename):
            key = row["language"].lower(), row["term"]
            if key not in seen:
                term, is_new = GlossaryTerm.objects.get_or_create(language=key[0], term=key[1])
                seen[key] = term
                term.variants, term.note = _lines(row["variants"]), row["note"]
                term.save()
                term.translations.all().delete()
                log(term, "wagtail.create" if is_new else "wagtail.edit", user=actor)
                added, changed = added + is_new, changed + (not is_new)
            if row["translation"]:
                into = row["to_language"].lower()
                if into == key[0] or not into:
                    reason = "to_language is missing or the language of the term itself"
                    raise GlossaryFileUnreadable(filename=filename, line=line, reason=reason)
                GlossaryTranslation.objects.update_or_create(
                    term=seen[key], language=into,
                    defaults={"words": row["translation"], "variants": _lines(row["translation_variants"])},
                )  # fmt: skip
    return Imported(added, changed)


def _rows(data: bytes, filename: str) -> Iterator[tuple[int, dict[str, str]]]:
    text = _text(data, filename)
    head = text.splitlines()[0] if text.strip() else ""
    delimiter = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    reader.fieldnames = names
    if not {"language", "term"} <= set(names):
        raise GlossaryFileUnreadable(filename=filename, line=1, reason="there is no column “language” or “term”")
    try:
        for found in reader:
            line = reader.line_num
            row = {name: _plain(found.get(name) or "") for name in COLUMNS}
            if not any(row.values()):
                continue
            _refuse(row, filename, line)
            yield line, row
    except csv.Error as error:
        raise GlossaryFileUnreadable(filename=filename, line=reader.line_num, reason=str(error)) from error


def _text(data: bytes, filename: str) -> str:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        reason = "this is not UTF-8; save it as “CSV UTF-8” in the program that it comes from"
        raise GlossaryFileUnreadable(filename=filename, line=line, reason=reason) from error


def _refuse(row: dict[str, str], filename: str, line: int) -> None:
    reason = ""
    if not row["language"] or not row["term"]:
        reason = "language or term is empty"
    elif max(len(row["language"]), len(row["to_language"])) > 12:
        reason = "a language is a tag such as en or uk"
    elif max(len(row["term"]), len(row["translation"])) > 200 or len(row["note"]) > 500:
        reason = "a term has at most 200 characters, a note 500"
    elif line > _MOST:
        reason = f"it has more than {_MOST} lines"
    if reason:
        raise GlossaryFileUnreadable(filename=filename, line=line, reason=reason)


def _lines(cell: str) -> str:
    return "\n".join(_variants(cell.split("|")))


def _variants(parts: Iterable[str]) -> list[str]:
    return [part.strip() for part in parts if part.strip()]


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _plain(cell: str) -> str:
    cell = " ".join(cell.split())
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell

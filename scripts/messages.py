"""Catalogs of the interface: gather the strings of the source, compile what is translated, say what is not.

    python scripts/messages.py update     every string of the source into locale/*/django.po; translations are kept
    python scripts/messages.py compile    locale/*/django.mo from the .po files
    python scripts/messages.py missing    strings without a translation, by language; exit status 1 when there are any

gettext's programs are not needed: Babel reads and writes the catalogs.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from onrecord.errors import TOLD

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "onrecord"
LOCALE = SOURCE / "locale"
LANGUAGES = ("uk", "ru")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "N_": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
PLURALS = {
    "uk": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
}

_LITERAL = r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\""""
_CALL = re.compile(rf"\b(?:_|n?p?gettext)\((?:{_LITERAL}|[^'\"()])*\)")
"""What Django makes of a template's tags; the rest of what it gives is filling, and no Python."""

NO_CLOCK = datetime(2026, 1, 1, tzinfo=UTC)
"""Babel writes dates into what it compiles: the same catalog must give the same bytes."""

Found = tuple[str | None, str | tuple[str, ...]]


def strings() -> Catalog:
    """Every string of the source that is marked for translation; messages of errors are marked by being that."""
    template = Catalog(charset="utf-8")
    for path in sorted(
        [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.txt"), *SOURCE.rglob("*.xml")]
    ):
        if {"migrations", "static", "demo", "locale", "cli"} & set(path.relative_to(SOURCE).parts):
            continue
        text = path.read_text(encoding="utf-8")
        for context, ids in _in_file(path, text):
            template.add(ids, context=context, locations=[(path.relative_to(ROOT / "src").as_posix(), None)])
    return template


def catalog_path(language: str, suffix: str = ".po") -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"django{suffix}"


def catalog(language: str) -> Catalog:
    """The translations as they are in the .po file; empty while there is none."""
    path = catalog_path(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, template: Catalog) -> Catalog:
    """The source's strings with the translations that there are; what the source has no more is left out."""
    known = catalog(language)
    new = Catalog(locale=language, charset="utf-8", fuzzy=False)
    for message in template:
        if message.id:
            old = known.get(_key(message), message.context)
            new.add(message.id, old.string if old and not old.fuzzy else None, message.locations,
                    {flag for flag in message.flags if flag == "python-format"}, context=message.context)  # fmt: skip
    return new


def compiled(language: str) -> bytes:
    """What the .mo file holds."""
    target = io.BytesIO()
    write_mo(target, _with_head(catalog(language), language))
    return target.getvalue()


def missing(language: str, template: Catalog | None = None) -> list[str]:
    """Strings of the source that have no translation, or not in every plural form."""
    known = catalog(language)
    found = []
    for message in template or strings():
        if not message.id:
            continue
        translated = known.get(_key(message), message.context)
        texts = translated.string if translated and not translated.fuzzy else ""
        texts = texts if isinstance(texts, tuple) else (texts,)
        if not all(texts) or (isinstance(message.id, tuple) and len(texts) != 3):
            found.append(_key(message))
    return found


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else message.id


def _in_file(path: Path, text: str) -> Iterator[Found]:
    if path.suffix == ".py":
        yield from _extracted(text)
        yield from ((None, message) for message in _error_messages(text))
        yield from ((None, reason) for reason in _reasons(text))
    else:
        yield from _extracted("\n".join(match[0] for match in _CALL.finditer(templatize(text, origin=str(path)))))


def _extracted(text: str) -> Iterator[Found]:
    for _, function, ids, _ in extract_python(io.BytesIO(text.encode()), KEYWORDS, [], {"encoding": "utf-8"}):
        given = ids if isinstance(ids, tuple) else (ids,)
        context = None
        if "pgettext" in (function or ""):
            context, *rest = given
            given = tuple(rest)
        given = tuple(one for one in given if one)
        if given:
            plural = (function or "").startswith(("ngettext", "npgettext"))
            yield context, given[:2] if plural and len(given) > 1 else given[0]


def _error_messages(source: str) -> Iterator[str]:
    """What the classes of errors say: `message`, and `whole` where there is one."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ClassDef):
            continue
        names = {ast.unparse(base) for base in node.bases}
        if not (node.name.endswith("Error") or any("Error" in name or name[:1].isupper() for name in names)):
            continue
        body = {
            target.id: statement.value
            for statement in node.body
            for target in _targets(statement)
            if isinstance(target, ast.Name)
        }
        for name in ("message", "whole") if "code" in body else ():
            if isinstance(text := body.get(name), ast.Constant) and isinstance(text.value, str):
                yield text.value


def _reasons(source: str) -> Iterator[str]:
    """What is given to errors as their `reason`, `remedy` or `what`, where it is there in one piece."""
    for node in ast.walk(ast.parse(source)):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call):
            given = [keyword.value for keyword in node.keywords if keyword.arg in TOLD]
        elif isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id in TOLD for t in node.targets):
            given = [node.value]
        for value in given:
            pieces = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
            for piece in pieces:
                if isinstance(piece, ast.Constant) and isinstance(piece.value, str) and " " in piece.value:
                    yield piece.value


def _targets(statement: ast.stmt) -> list[ast.expr]:
    if isinstance(statement, ast.Assign):
        return statement.targets
    return [statement.target] if isinstance(statement, ast.AnnAssign) else []


def _with_head(messages: Catalog, language: str) -> Catalog:
    messages.mime_headers = [
        ("Project-Id-Version", "Onrecord"),
        ("Language", language),
        ("Plural-Forms", PLURALS[language]),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
    ]
    messages.creation_date = messages.revision_date = NO_CLOCK
    return messages


def po_text(messages: Catalog, language: str) -> bytes:
    """The .po file: no clock in it, files without line numbers, so that it changes only with the strings."""
    target = io.BytesIO()
    write_po(target, messages, width=100, omit_header=True, sort_output=True)
    head = f'msgid ""\nmsgstr ""\n"Project-Id-Version: Onrecord\\n"\n"Language: {language}\\n"\n'
    head += f'"Plural-Forms: {PLURALS[language]}\\n"\n"MIME-Version: 1.0\\n"\n'
    head += '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
    return head.encode() + target.getvalue()


def main(action: str) -> int:
    template = strings()
    status = 0
    for language in LANGUAGES:
        path = catalog_path(language)
        if action == "update":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(po_text(updated(language, template), language))
        elif action == "compile":
            catalog_path(language, ".mo").write_bytes(compiled(language))
        elif action == "missing":
            lacking = missing(language, template)
            status = status or int(bool(lacking))
            print(f"{language}: {len(lacking)} of {len(template)} strings are not translated")
            for text in lacking:
                print("   ", text.replace("\n", "\\n"))
        else:
            print(__doc__)
            return 2
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else ""))

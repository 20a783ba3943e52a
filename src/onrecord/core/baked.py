"""Where a public address lies in the baked folder: one rule for whoever writes the file and whoever serves it."""

from pathlib import Path

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".mp3": "audio/mpeg",
}


def baked_file(folder: Path, path: str) -> Path:
    """The file of an address such as `/stories/flood/` or `/feeds/stories.rss`.

    Raises ValueError for an address that could lead outside the folder or to a hidden file.
    """
    parts = [part for part in path.split("/") if part]
    if any(part.startswith(".") or "\\" in part or "\0" in part for part in parts):
        raise ValueError(f"not a public address: {path!r}")
    file = folder.joinpath(*parts)
    return file / "index.html" if path.endswith("/") else file

"""Headers that every public answer carries, from a file or from the application."""

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

PUBLIC_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

EMBED_PREFIX = "/embed/"
# What other sites may show in a frame: no script, nothing to send, nothing to follow but links.
EMBED_HEADERS = PUBLIC_HEADERS | {
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'none'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            "media-src 'self'",
            "form-action 'none'",
            "base-uri 'none'",
            "frame-ancestors *",
        ]
    )
}


def public_headers(path: str) -> dict[str, str]:
    """The headers of a public address: pages made to be framed may be framed by anybody, others by nobody."""
    return EMBED_HEADERS if path.startswith(EMBED_PREFIX) else PUBLIC_HEADERS

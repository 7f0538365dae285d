"""What every page carries: it may load its own files and nothing else, and run no other script.

``trusted-types piaojue``: no string becomes markup or script; the one named policy makes the
address of the Worker. The camera is for the page itself, everything else is for nobody.
"""

from __future__ import annotations

from typing import Final

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types piaojue",
    )
)

_FOR_NOBODY: Final = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "clipboard-read",
    "clipboard-write",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)

PAGE_HEADERS: Final = {
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": ", ".join(
        ["camera=(self)", *(f"{feature}=()" for feature in _FOR_NOBODY)]
    ),
}
"""Beside those that every answer has (``kiosk.server.security.HEADERS``)."""

FILE_HEADERS: Final = {**PAGE_HEADERS, "cache-control": "no-cache"}
"""For what pages load: kept, and asked about again by its tag. A Worker has its script's policy."""

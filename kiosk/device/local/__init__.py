"""The programs on tablets and officers' and trustees' laptops: installed pages on loopback.

The page comes from this device, so a dishonest server cannot change what sees a choice or a
share; ``127.0.0.1`` is a secure origin, so the camera works without a certificate. Data goes to
the server through ``proxy``, over TLS with a pinned certificate, with the device's own token,
which no page ever holds. ``guard`` keeps other pages in the same browser out.
"""

from kiosk.device.local.app import make_local
from kiosk.device.local.serving import serve_local

__all__ = ["make_local", "serve_local"]

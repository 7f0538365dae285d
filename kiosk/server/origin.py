"""Whether a request that changes something comes from our own page: ``Sec-Fetch-Site``, ``Origin``.

Browsers set both and no page can forge them. A cookie that a browser adds by itself is worth
nothing without this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.errors import RefusedError

if TYPE_CHECKING:
    from starlette.datastructures import Headers


def check_origin(headers: Headers) -> None:
    """Demand ``Sec-Fetch-Site: same-origin``, or where a browser has none, ``Origin`` of this host.

    Raises:
        RefusedError: ``cross-site``.
    """
    if (site := headers.get("sec-fetch-site")) is not None:
        if site != "same-origin":
            raise RefusedError("cross-site")
        return
    scheme, _, host = headers.get("origin", "").partition("://")
    if scheme not in ("http", "https") or not host or host != headers.get("host"):
        raise RefusedError("cross-site")

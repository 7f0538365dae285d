"""Bodies of *count* for an honest box, its chain of shuffles forged; no fold takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.box_forgeries import put
from tests.support.forged_box import Opening, mixed

if TYPE_CHECKING:
    from collections.abc import Callable


def link_of_another_key(said: dict[str, Any]) -> None:
    said["links"][1] = said["links"][2]


def chain_of(owners: tuple[int, ...]) -> Opening:
    """All sign a chain of these owners: what dishonest trustees together could write."""
    one = mixed()
    one.signed = [one.shuffles[owner - 1] for owner in owners]
    return one


def said(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """The body of the act with its part on shuffles changed."""
    body = mixed().act()
    change(body["shuffles"])
    return body


def of_another_box() -> dict[str, Any]:
    one = mixed()
    one.checkpoint = "ab" * 32
    return one.act()


def signed_by(*trustees: int) -> dict[str, Any]:
    one = mixed()
    one.signers = trustees
    return one.act()


ACTS: dict[str, tuple[Callable[[], dict[str, Any]], str]] = {
    "a chain of another box": (of_another_box, "shuffles-checkpoint"),
    "a link less": (lambda: said(lambda part: part["links"].pop()), "shuffles-links"),
    "a link by another": (lambda: said(link_of_another_key), "note-unknown-signer"),
    "links exchanged": (lambda: said(lambda part: part["links"].reverse()), "note-unknown-signer"),
    "a link that is no signature": (
        lambda: said(lambda part: put(part, ("links", 0), "x")),
        "malformed",
    ),
    "somebody passed over": (lambda: chain_of((1, 2)).act(), "shuffles-waiting"),
    "agreed to by two": (lambda: signed_by(1, 2), "shuffles-signatures"),
    "agreed to by nobody": (lambda: signed_by(), "malformed"),
    "owners that descend": (lambda: chain_of((2, 1, 3)).act(), "malformed"),
    "a trustee twice": (lambda: chain_of((1, 1, 2, 3)).act(), "malformed"),
}
"""Bodies of *count* that no fold takes, and the code."""

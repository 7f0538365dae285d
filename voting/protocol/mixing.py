"""The chain of a box's shuffles: who shuffled what, in which order, and who agreed to its end.

A shuffle in an archive says whose it is in a number that nothing proves: the server could make
every one of them and know who cast what. So each trustee signs his shuffle together with all that
came before it (a *link*), under the checkpoint that names the box; and when the last has
shuffled, trustees sign the whole chain once more, as a note, before any of them decrypts. One
text serves both::

    piaojue/shuffles/1
    <SHA-256 of the checkpoint's text>
    1 <SHA-256 of the first shuffle>
    2 <SHA-256 of the second>

Owners ascend, so the chain has one order. Format and reasons: docs/spec/shuffles.md, ADR 180.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voting.errors import FormatError, ProofError, RefusedError
from voting.protocol import codec, note
from voting.protocol.checkpoint import signer

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

HEADER: Final = "piaojue/shuffles/1"
_LINK = re.compile(r"([1-9][0-9]?) ([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Chain:
    """The shuffles so far. ``checkpoint`` and the links' digests are SHA-256 in hex.

    Attributes:
        links: Owner and digest of each shuffle, in order.
    """

    checkpoint: str
    links: tuple[tuple[int, str], ...] = ()

    @property
    def text(self) -> str:
        """What is signed: by the last owner as his link, by everybody when it is whole."""
        lines = (HEADER, self.checkpoint, *(f"{owner} {digest}" for owner, digest in self.links))
        return "".join(f"{line}\n" for line in lines)

    @property
    def owners(self) -> tuple[int, ...]:
        return tuple(owner for owner, _ in self.links)

    def then(self, owner: int, digest: str) -> Chain:
        """Return the chain with one shuffle more."""
        return Chain(self.checkpoint, (*self.links, (owner, digest)))

    def first(self, number: int) -> Chain:
        """Return the chain as it was after so many shuffles."""
        return Chain(self.checkpoint, self.links[:number])

    def waits_for(self, size: int, missing: Collection[int]) -> int | None:
        """Return the first trustee who still has to shuffle; None when nobody has.

        Args:
            size: How many trustees there are.
            missing: Those whose devices two officers stated to be lost (``compared``).
        """
        done = {*self.owners, *missing}
        return next((index for index in range(1, size + 1) if index not in done), None)

    def require_whole(
        self, slot: str, *, size: int, threshold: int, missing: Collection[int]
    ) -> None:
        """Demand that everybody has shuffled who is not missing, and at least ``threshold``.

        Raises RefusedError ``shuffles-waiting``, ``shuffles-few``.
        """
        waiting = self.waits_for(size, missing)
        if waiting is not None:
            raise RefusedError("shuffles-waiting", slot=slot, trustee=waiting)
        if (have := len(self.links)) < threshold:
            raise RefusedError("shuffles-few", slot=slot, have=have, need=threshold)

    def may_add(self, owner: int, size: int, missing: Collection[int]) -> bool:
        """Tell whether it is this trustee's turn: nobody before him is waited for."""
        last = self.links[-1][0] if self.links else 0
        return last < owner == self.waits_for(size, missing)


def parse_chain(text: str, place: str = "shuffles") -> Chain:
    """Read a chain's text. Raises FormatError."""
    lines = text.split("\n")
    if len(lines) < 3 or lines[0] != HEADER or lines[-1]:
        raise FormatError(place, "not a chain of shuffles")
    links: list[tuple[int, str]] = []
    for i, line in enumerate(lines[2:-1]):
        match = _LINK.fullmatch(line)
        if match is None:
            raise FormatError(f"{place}[{i}]", "not an owner and a digest")
        links.append((int(match[1]), match[2]))
    if any(a[0] >= b[0] for a, b in itertools.pairwise(links)):
        raise FormatError(place, "owners do not ascend")
    return Chain(codec.hex64(lines[1], f"{place}.checkpoint"), tuple(links))


def sign_chain(chain: Chain, index: int, note_seed: bytes) -> str:
    """Return trustee ``index``'s signature line over a chain as it stands."""
    return note.sign_note(chain.text, signer(index), note_seed).line


def verify_link(chain: Chain, line: str, note_keys: Sequence[bytes]) -> None:
    """Verify the signature line of the last owner over a chain.

    Args:
        note_keys: 32-byte Ed25519 keys of trustees 1 … n, in order.

    Raises:
        FormatError: not a signature line.
        ProofError: not by the last owner, or it does not verify.
    """
    owner = chain.links[-1][0]
    signature = note.parse_signature_line(line, "shuffles.link")
    if owner > len(note_keys) or signature.name != signer(owner):
        raise ProofError("note-unknown-signer", name=signature.name)
    signed = note.Note(chain.text, (signature,))
    note.verify_note(signed, {signer(owner): note_keys[owner - 1]})


def verify_chain(data: bytes, note_keys: Sequence[bytes]) -> tuple[Chain, frozenset[int]]:
    """Verify the note over a whole chain; return it with the indexes of those who signed.

    Raises:
        FormatError: not such a note in canonical form.
        ProofError: a signature by an unknown key, a second one by a trustee, or a bad one.
    """
    parsed = note.parse_note(data, "shuffles")
    chain = parse_chain(parsed.text)
    names = {signer(index): index for index in range(1, len(note_keys) + 1)}
    known = {name: note_keys[index - 1] for name, index in names.items()}
    return chain, frozenset(names[name] for name in note.verify_note(parsed, known))

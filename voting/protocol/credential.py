"""Tickets, credentials, and the acts that a ticket signs (docs/spec/ticket.md, version 1).

A *ticket* is one secret token T: 128 random bits, written as 26 symbols of ``ALPHABET`` (digits
and capital letters without I, L, O, U), big-endian, the two bits too many being zero; so the
first symbol is one of 0..7. For every slot U it yields one private credential,

    x = number(hex(SHA256("derive_credential|U|0|T")) || hex(SHA256("derive_credential|U|1|T")))

read as 128 hexadecimal digits, mod q, with public part g^x: Belenios 2.4's derivation with T in
the place of Belenios' own credential. Credentials of two slots cannot be linked without T. T
itself is printed once and never sent by any page.

On paper and in the QR code two check symbols follow (``voting.protocol.symbols``): every
substitution and every exchange of two symbols is caught before anything is derived.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NewType

from voting.crypto import signature
from voting.crypto.hashing import ALPHABET
from voting.errors import FormatError, InputError, VerificationError
from voting.protocol import codec
from voting.protocol.symbols import check_symbols, fits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voting.crypto.group import Element, Group
    from voting.crypto.proofs import Proof

QR_PREFIX: Final = "PJ1:"
TOKEN_SYMBOLS: Final = 26
PRINTED_SYMBOLS: Final = 28
_GROUP_OF: Final = 4

Rand = Callable[[int], bytes]
TicketAct = Literal["leftover", "withdraw", "query"]
TICKET_ACTS: Final[tuple[TicketAct, ...]] = ("leftover", "withdraw", "query")

Token = NewType("Token", str)
"""26 symbols without check symbols. A secret: not in a log, an error, a URL or a file."""

_TOKEN = re.compile(f"[0-7][{ALPHABET}]{{25}}")
_ACT_TAG = "piaojue/ticket-act/1"


def new_token(rand: Rand) -> Token:
    """Draw a token; ``rand(n)`` returns n uniform bytes and is asked once, for 16."""
    return token_from_bytes(rand(16))


def token_from_bytes(raw: bytes) -> Token:
    """Write 16 bytes as a token."""
    if len(raw) != 16:
        raise FormatError("token", "not 16 bytes")
    n = int.from_bytes(raw, "big")
    return Token("".join(ALPHABET[n >> shift & 31] for shift in range(125, -1, -5)))


def format_token(token: Token) -> str:
    """Return what is printed: 28 symbols in seven groups of four, joined by dashes."""
    printed = token + check_symbols(token)
    return "-".join(printed[i : i + _GROUP_OF] for i in range(0, PRINTED_SYMBOLS, _GROUP_OF))


def parse_token(typed: str) -> Token:
    """Read what a person typed: any case; spaces and dashes anywhere.

    Raises InputError, which never holds what was typed, with one of these codes:
        token-symbol: a character that no token has; ``position`` counts symbols from 1.
        token-length: ``length`` symbols instead of 28.
        token-mistyped: the check symbols do not fit: some symbols are wrong or exchanged.
    """
    symbols = typed.replace(" ", "").replace("-", "")
    for position, symbol in enumerate(symbols, start=1):
        # One by one: upper() of a foreign letter could be one of ours, or two.
        if not symbol.isascii() or symbol.upper() not in ALPHABET:
            raise InputError("token-symbol", position=position)
    if len(symbols) != PRINTED_SYMBOLS:
        raise InputError("token-length", length=len(symbols))
    return _checked(symbols.upper(), "token-mistyped")


def qr_payload(token: Token) -> str:
    """Return the text of a ticket's QR code: 32 characters of QR's alphanumeric mode."""
    return QR_PREFIX + token + check_symbols(token)


def parse_qr(payload: str) -> Token:
    """Read the text of a scanned QR code, strictly.

    Raises InputError, which never holds the payload, with one of these codes:
        qr-foreign: the code of something else.
        qr-incomplete: the beginning of a ticket's code.
        qr-damaged: as long as a ticket's code or longer, and not one.
    """
    if payload and QR_PREFIX.startswith(payload):
        raise InputError("qr-incomplete")
    if not payload.startswith(QR_PREFIX):
        raise InputError("qr-foreign")
    symbols = payload.removeprefix(QR_PREFIX)
    if any(symbol not in ALPHABET for symbol in symbols) or len(symbols) > PRINTED_SYMBOLS:
        raise InputError("qr-damaged")
    if len(symbols) < PRINTED_SYMBOLS:
        raise InputError("qr-incomplete")
    return _checked(symbols, "qr-damaged")


def private_credential(token: Token, uuid: str, group: Group) -> int:
    """Return x for one slot. A secret, as the token is."""
    if _TOKEN.fullmatch(token) is None:
        raise FormatError("token", "not 26 symbols, the first in 0..7")
    return derive_credential(token, uuid, group)


def derive_credential(text: str, uuid: str, group: Group) -> int:
    """Return x as Belenios 2.4 and later derive it from a private credential's text.

    Ours is the token, which ``private_credential`` has checked.
    """
    halves = (
        hashlib.sha256(f"derive_credential|{uuid}|{half}|{text}".encode()).digest()
        for half in (0, 1)
    )
    return int.from_bytes(b"".join(halves), "big") % group.order


def public_credential(secret_credential: int, group: Group) -> Element:
    """Return g^x, by which a ballot names its credential."""
    return group.multiply_generator(secret_credential)


@dataclass(frozen=True, slots=True)
class PublicCredential:
    """One line of ``public_credentials.json``. ``weight`` is None where none is written."""

    element: Element
    weight: int | None = None

    @property
    def votes(self) -> int:
        """What a ballot of this credential counts."""
        return 1 if self.weight is None else self.weight


def encode_credentials(elements: Iterable[Element]) -> bytes:
    """Write ``public_credentials.json`` in the order given, without weights.

    One series' list, sorted by itself, is ``encode_credentials(sorted_credentials(elements))``;
    an archive's list joins the series' lists.
    """
    return codec.encode([element.text for element in elements])


def sorted_credentials(elements: Iterable[Element]) -> list[Element]:
    """Sort by text, which on Ed25519 is the order of the number y + 2**255 * (x mod 2)."""
    return sorted(elements, key=lambda element: element.text)


def decode_credentials(data: bytes, group: Group) -> tuple[PublicCredential, ...]:
    """Read ``public_credentials.json``: ``"g^x"`` or ``"g^x,WEIGHT"``, in any order.

    Raises:
        FormatError: not canonical, not an element, the identity, not a weight.
        VerificationError: ``credential-duplicate``; ``index`` is the later of the two (0-based).
    """
    place = "credentials"
    lines = codec.array(codec.decode_exact(data, place), place)
    result: list[PublicCredential] = []
    seen: set[Element] = set()
    for i, line in enumerate(lines):
        credential = _credential_line(codec.text(line, f"{place}[{i}]"), f"{place}[{i}]", group)
        if credential.element in seen:
            raise VerificationError("credential-duplicate", index=i)
        seen.add(credential.element)
        result.append(credential)
    return tuple(result)


def sign_ticket_act(
    secret_credential: int,
    act: TicketAct,
    *,
    slot: str,
    meeting_fingerprint: str,
    nonce: int,
    group: Group,
) -> Proof:
    """Sign an act with a slot's credential, in the form of the ballot signature.

    c = H("piaojue/ticket-act/1|ACT|SLOT|MEETING|C|A"), so it holds for this act, this slot and
    this meeting, and is no ballot's signature, whose hash starts with ``sig|``.

    Args:
        meeting_fingerprint: 64 hexadecimal digits.
        nonce: a fresh uniform scalar. Used for a second message it gives the credential away.
    """
    public = public_credential(secret_credential, group)
    message = _act_message(act, slot, meeting_fingerprint, public)
    return signature.sign(group, secret_credential, _ACT_TAG, message, nonce)


def verify_ticket_act(
    credential: Element, act: str, *, slot: str, meeting_fingerprint: str, proof: Proof
) -> None:
    """Require that the holder of ``credential`` signed this act.

    Raises VerificationError ``ticket-act`` (with ``act`` and ``slot``), FormatError for an act,
    slot or fingerprint that is none.
    """
    message = _act_message(act, slot, meeting_fingerprint, credential)
    try:
        signature.verify(credential.group, credential, _ACT_TAG, message, proof)
    except VerificationError as e:
        raise VerificationError("ticket-act", act=act, slot=slot) from e


def _act_message(act: str, slot: str, meeting_fingerprint: str, credential: Element) -> str:
    if act not in TICKET_ACTS:
        raise FormatError("act", "not leftover, withdraw or query")
    if credential == credential.group.identity:
        raise FormatError("credential", "the identity")
    # Neither a uuid nor hexadecimal digits hold a "|", so the parts cannot be cut otherwise.
    parts = (
        act,
        codec.uuid(slot, "slot"),
        codec.hex64(meeting_fingerprint, "meeting"),
        credential.text,
    )
    return "|".join(parts)


def _credential_line(line: str, place: str, group: Group) -> PublicCredential:
    text, comma, weight = line.partition(",")
    element = group.decode(text, place)
    if element == group.identity:
        raise FormatError(place, "the identity")
    if not comma:
        return PublicCredential(element)
    if re.fullmatch("[1-9][0-9]{0,39}", weight) is None:
        raise FormatError(place, "not a weight")
    return PublicCredential(element, int(weight))


def _checked(symbols: str, code: str) -> Token:
    if not fits(symbols) or symbols[0] > "7":
        raise InputError(code)
    return Token(symbols[:TOKEN_SYMBOLS])

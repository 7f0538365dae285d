"""The authority that a device pins: its fingerprint, what trusts it and nothing else, what failed.

A fingerprint is the first 80 bits of the SHA-256 of the authority's certificate, 16 symbols in
four groups, as everything that people compare (``voting.crypto.hashing.code_80bits``).
"""

from __future__ import annotations

import ssl
from typing import Final

from voting.crypto.hashing import code_80bits, sha256_hex
from voting.errors import FormatError, InputError, PiaojueError, VerificationError

MAX_PEM: Final = 8192
_CLOCK: Final = (9, 10)  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED
_ALIKE: Final = str.maketrans("OIL", "011")  # as symbols are read aloud and typed


def fingerprint(pem: str) -> str:
    """Return a certificate's fingerprint.

    Raises FormatError: this is no certificate.
    """
    return code_80bits(sha256_hex(_der(pem)))


def alone(pem: str) -> str:
    """Return the certificate that was fingerprinted and nothing that came beside it.

    Raises FormatError: this is no certificate.
    """
    return ssl.DER_cert_to_PEM_cert(_der(pem))


def read_fingerprint(text: str) -> str:
    """Return a fingerprint that somebody typed; case, spaces and dashes do not matter.

    Raises InputError ``fingerprint-malformed``.
    """
    symbols = "".join(text.split()).replace("-", "").upper().translate(_ALIKE)
    if len(symbols) != 16 or not symbols.isascii() or not symbols.isalnum():
        raise InputError("fingerprint-malformed")
    return " ".join(symbols[i : i + 4] for i in range(0, 16, 4))


def trusting(pem: str) -> ssl.SSLContext:
    """Return a context that trusts this authority and no other.

    Names are not compared: the authority signs the certificates of one server only, and its
    address in the room may change. Who has its key has that server's folder. What is trusted are
    the very bytes that were fingerprinted: of a text with a second certificate behind the first
    one, a reader of PEM would trust both.

    Raises FormatError: this is no certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    try:
        context.load_verify_locations(cadata=_der(pem))
    except (ssl.SSLError, ValueError) as e:
        raise FormatError("ca", "not a certificate") from e
    return context


def unverified() -> ssl.SSLContext:
    """Return a context for the one request that fetches an authority to compare it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def finding(error: BaseException) -> PiaojueError | None:
    """Return what a failed connection says about the server's certificate, if it does.

    ``clock-wrong``: its dates exclude this device's clock. ``server-other``: it was not made by
    the pinned authority.
    """
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            code = "clock-wrong" if seen.verify_code in _CLOCK else "server-other"
            return VerificationError(code)
        seen = seen.__cause__ or seen.__context__
    return None


def _der(pem: str) -> bytes:
    try:
        return ssl.PEM_cert_to_DER_cert(pem)
    except ValueError as e:
        raise FormatError("ca", "not a certificate") from e

"""The server's own authority and certificate: no name service and no internet in the room.

    ca.key, ca.pem      made once in the meeting's folder; its fingerprint is what devices pin
    tls.key, tls.pem    a leaf for this machine's names and addresses, made anew at every start

Both are valid from 2020 to 2056, so that a tablet whose clock is wrong by years still connects:
what is trusted is the fingerprint that people compare, not a date. The authority signs this one
server's leaves and nothing else, and may sign no other authority.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kiosk.files import replace
from kiosk.loopback import is_loopback
from kiosk.pinned import fingerprint
from voting.errors import InputError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

CA_KEY: Final = "ca.key"
CA: Final = "ca.pem"
LEAF_KEY: Final = "tls.key"
LEAF: Final = "tls.pem"
_FROM: Final = datetime(2020, 1, 1, tzinfo=UTC)
_UNTIL: Final = datetime(2056, 1, 1, tzinfo=UTC)


def prepare(folder: Path, names: Sequence[str]) -> str:
    """Make what is missing, and a new leaf for these names; return the authority's fingerprint.

    Raises:
        RefusedError: ``ca-unreadable``: the files of the folder's authority do not fit together.
        InputError: ``bad-host-name``.
    """
    key, ca = _authority(folder)
    leaf_key = ec.generate_private_key(ec.SECP256R1())
    leaf = _certificate("piaojue server", leaf_key.public_key(), ca.subject)
    leaf = leaf.add_extension(x509.SubjectAlternativeName(map(_name, names)), critical=False)
    leaf = leaf.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    leaf = leaf.add_extension(
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
    )
    replace(folder / LEAF_KEY, _key_bytes(leaf_key))
    replace(folder / LEAF, leaf.sign(key, hashes.SHA256()).public_bytes(_PEM))
    return fingerprint(ca.public_bytes(_PEM).decode())


def context(folder: Path) -> ssl.SSLContext:
    """Return what a server listens with, after ``prepare``."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_cert_chain(folder / LEAF, folder / LEAF_KEY)
    return made


def machine_names() -> list[str]:
    """Return what this machine is called, and its addresses, as far as it knows them itself."""
    found = ["localhost", "127.0.0.1", "::1", socket.gethostname(), *_interface_addresses()]
    with suppress(OSError):
        listed = socket.getaddrinfo(socket.gethostname(), None)
        found += [str(place[4][0]).partition("%")[0] for place in listed]
    return list(dict.fromkeys(name for name in found if _usable(name)))


def room_address(names: Iterable[str]) -> str:
    """Return the one that tablets are told: the first address that is not this machine's own."""
    listed = list(names)
    for name in listed:
        with suppress(ValueError):
            address = ipaddress.ip_address(name)
            if address.version == 4 and not address.is_loopback:
                return name
    return next((name for name in listed if not is_loopback(name)), listed[0])


def _interface_addresses() -> list[str]:
    """Ask the system for each interface's IPv4 address (Linux)."""
    try:
        import fcntl
    except ImportError:  # not a Unix: the host name's addresses have to do
        return []
    found: list[str] = []
    names: list[tuple[int, str]] = []
    with suppress(OSError):  # a sandbox may forbid to ask
        names = socket.if_nameindex()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in names:
            with suppress(OSError):
                request = name.encode()[:15].ljust(256, b"\0")
                answer = fcntl.ioctl(asking.fileno(), 0x8915, request)  # SIOCGIFADDR
                found.append(socket.inet_ntoa(answer[20:24]))
    return found


def _authority(folder: Path) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    if not (folder / CA_KEY).exists() and not (folder / CA).exists():
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "piaojue meeting")])
        made = _certificate("piaojue meeting", key.public_key(), name)
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        made = made.add_extension(_SIGNS_CERTIFICATES, critical=True)
        replace(folder / CA, made.sign(key, hashes.SHA256()).public_bytes(_PEM))
        replace(folder / CA_KEY, _key_bytes(key))  # last: with it, both are there
    try:
        held = serialization.load_pem_private_key((folder / CA_KEY).read_bytes(), None)
        ca = x509.load_pem_x509_certificate((folder / CA).read_bytes())
    except (OSError, ValueError, TypeError) as e:
        raise RefusedError("ca-unreadable") from e
    if not isinstance(held, ec.EllipticCurvePrivateKey) or held.public_key() != ca.public_key():
        raise RefusedError("ca-unreadable")
    return held, ca


def _certificate(
    name: str, key: ec.EllipticCurvePublicKey, issuer: x509.Name
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        pass
    if not _usable(text):
        raise InputError("bad-host-name", name=text)
    return x509.DNSName(text)


def _usable(name: str) -> bool:
    return bool(name) and name.isascii() and all(one.isalnum() or one in "-.:" for one in name)


def _key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


_PEM: Final = serialization.Encoding.PEM
_SIGNS_CERTIFICATES: Final = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)

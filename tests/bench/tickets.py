"""How long 1,000 tickets take to typeset, and whether every one of them reads back."""

from __future__ import annotations

import secrets

import pypdfium2
import zxingcpp

from tally.report.tickets import typeset_tickets
from tests.bench.measure import repeat, table
from voting.protocol.credential import new_token, parse_qr

COUNT = 1000
ROUNDS = 3


def measure() -> None:
    """Typeset new tickets each time; each symbol of the last sheets must be its token."""
    made: list[tuple[list[str], bytes]] = []

    def typeset() -> None:
        tokens = [new_token(secrets.token_bytes) for _ in range(COUNT)]
        pdf = typeset_tickets(tokens, title="票决系统测速", series="A组", date="2026-11-21")
        made.append((tokens, pdf))

    times = repeat(ROUNDS, typeset)
    tokens, pdf = made[-1]
    read: set[str] = set()
    for page in pypdfium2.PdfDocument(pdf):
        image = page.render(scale=150 / 72, grayscale=True).to_pil()
        found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
        read.update(parse_qr(symbol.text) for symbol in found)
    assert read == set(tokens), f"{len(read)} of {COUNT} symbols read back"
    table(
        f"tickets: {COUNT:,}",
        [
            ("drawn and typeset (aim: under 5 s)", times.text()),
            ("size; every symbol read back", f"{len(pdf) / 1e6:.1f} MB"),
        ],
    )

"""How long 1,000 tickets take to typeset, and whether every one of them reads back.

.venv/bin/python -m tests.bench.tickets [COUNT]
"""

from __future__ import annotations

import secrets
import sys
import time

import pypdfium2
import zxingcpp

from tally.report.tickets import typeset_tickets
from voting.protocol.credential import new_token, parse_qr


def measure(count: int = 1000) -> dict[str, float]:
    """Return seconds and bytes for ``count`` tickets; asserts that each symbol is its token."""
    tokens = [new_token(secrets.token_bytes) for _ in range(count)]
    start, start_cpu = time.perf_counter(), time.process_time()
    pdf = typeset_tickets(tokens, title="票决系统测速", series="A组", date="2026-11-21")
    wall, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    read: set[str] = set()
    for page in pypdfium2.PdfDocument(pdf):
        image = page.render(scale=150 / 72, grayscale=True).to_pil()
        found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
        read.update(parse_qr(symbol.text) for symbol in found)
    assert read == set(tokens), f"{len(read)} of {count} symbols read back"
    total = time.perf_counter() - start
    return {"typeset_s": wall, "typeset_cpu_s": cpu, "read_s": total - wall, "bytes": len(pdf)}


if __name__ == "__main__":
    for name, value in measure(*map(int, sys.argv[1:])).items():
        print(f"{name:14} {value:12.2f}")

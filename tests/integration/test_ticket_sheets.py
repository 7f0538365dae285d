"""What comes out of the printer: read back from a rendering, as a tablet would read it."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from tally.report.tickets import PER_SHEET, typeset_tickets
from voting.errors import DraftError
from voting.protocol.credential import format_token, new_token, parse_qr, parse_token

TITLE = "中共××市委常委会2026年第21次会议"
DPI = 150


def tokens(count, seed=1):
    source = random.Random(seed)
    return [new_token(source.randbytes) for _ in range(count)]


def sheets(made, **changes):
    given = {"title": TITLE, "series": "A组", "date": "2026-11-21", **changes}
    return pypdfium2.PdfDocument(typeset_tickets(made, **given))


def symbols(page):
    image = page.render(scale=DPI / 72, grayscale=True).to_pil()
    found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
    return sorted(found, key=lambda one: (one.position.top_left.y // 50, one.position.top_left.x))


def text_of(page):
    return page.get_textpage().get_text_range().replace("\r\n", "\n")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_printed_symbol_reads_back_as_its_token_in_order(lang):
    made = tokens(3 * PER_SHEET - 3)

    pages = list(sheets(made, lang=lang))

    read = [parse_qr(one.text) for page in pages for one in symbols(page)]
    assert read == made
    assert [len(symbols(page)) for page in pages] == [8, 8, 5]


def test_the_symbol_on_a_slip_and_the_text_beside_it_are_the_same_token():
    (page,) = sheets(tokens(5))
    height = page.get_height()

    for one in symbols(page):
        corner = one.position.top_right
        left, top = corner.x * 72 / DPI, height - (corner.y - 20) * 72 / DPI
        beside = page.get_textpage().get_text_bounded(left, top - 80, left + 190, top)
        typed = "".join(line for line in beside.split("\r\n") if line.isascii())
        assert parse_token(typed) == parse_qr(one.text)


def test_nothing_but_the_token_differs_from_slip_to_slip():
    made = tokens(2 * PER_SHEET)
    texts = []
    for page in sheets(made):
        text = text_of(page) + "\n"
        for token in made:
            text = text.replace(split(token), "TOKEN\n")
        texts.append(text)

    assert texts[0] == texts[1]
    slips = texts[0].strip().split(TITLE)[1:]
    assert len(slips) == PER_SHEET
    assert len({slip.strip() for slip in slips}) == 1
    assert sum(character.isdigit() for character in slips[0]) == len("20261121")


def split(token):
    groups = format_token(token).split("-")
    return "-".join(groups[:4]) + "\n" + "-".join(groups[4:]) + "\n"


def test_tickets_are_made_in_a_process_that_can_not_write_one_byte_to_a_file():
    program = """
import resource, signal, tempfile
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
from tests.integration.test_ticket_sheets import TITLE, tokens, typeset_tickets
pdf = typeset_tickets(tokens(9), title=TITLE, series="A", date="2026-11-21")
assert pdf.startswith(b"%PDF")
try:
    tempfile.TemporaryFile(buffering=0).write(b"x")
except OSError:
    print("no write", flush=True)
"""
    done = subprocess.run(
        [sys.executable, "-B", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )

    assert done.stdout == "no write\n"


def test_a_long_title_stays_on_its_slip():
    made = tokens(PER_SHEET)

    (page,) = sheets(made, title=TITLE * 3)

    assert [parse_qr(one.text) for one in symbols(page)] == made


@pytest.mark.parametrize("field", ["title", "series"])
def test_a_missing_glyph_stops_the_sheet_and_is_named(field):
    with pytest.raises(DraftError) as caught:
        sheets(tokens(1), **{field: "会议༄"})

    assert caught.value.code == "glyph-missing"
    assert caught.value.place == field
    assert caught.value.params["character"] == "༄"


@pytest.mark.parametrize("date", ["2026-13-01", "20261121", "", "2026-W47-6"])
def test_a_date_that_is_none_is_refused(date):
    with pytest.raises(DraftError) as caught:
        sheets(tokens(1), date=date)

    assert caught.value.code == "date"


def test_one_token_is_never_printed_twice_and_the_error_does_not_show_it():
    (token,) = tokens(1)

    with pytest.raises(ValueError, match="each another") as caught:
        sheets([token, token])

    assert token not in str(caught.value)

"""What leaves a kiosk: every byte of it, at the socket; and what stays on its disk.

A page is opened through a relay that keeps all that the browser sends. One voter asks, has the
device checked, casts two papers; another withdraws. Then tokens, private credentials, everything
that the sealing Worker drew at random, and the choices are looked for in every form.
"""

from __future__ import annotations

import base64
import os
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.support.browser import QUIET
from tests.support.kiosk_page import (
    cast,
    choose,
    kiosk,
    kiosk_room,
    mark_all,
    on,
    press,
    scan,
    sealed_tracker,
    ticket,
)
from tests.support.meeting import token_of
from tests.support.room import step_away
from tests.support.wire import secrets_of, tapped, traces
from voting.crypto.group import ED25519
from voting.protocol.credential import format_token, private_credential, public_credential
from voting.words import say

VOTER, LEAVER, OTHERS = 0, 1, (2, 3, 4)
OPTIONS = ("agree", "disagree", "abstain")
CHOICES = ["[[1,0,0]]", "[[0,1,0]]", "[[0,0,1]]", "1,0,0", "0,1,0", "0,0,1"]
DRAWN = """() => {
  const draw = crypto.getRandomValues.bind(crypto);
  self.drawn = [];
  crypto.getRandomValues = (into) => {
    draw(into);
    self.drawn.push([...new Uint8Array(into.buffer, into.byteOffset, into.byteLength)]);
    return into;
  };
}"""


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    """Papers of one item each are open; a third item is still to come."""
    folder = tmp_path_factory.mktemp("bytes") / "meeting"
    with kiosk_room(folder, ["i1"], ["i2"], items=3) as s:
        yield s


@pytest.fixture
def tapped_hall(hall):
    with tapped(hall.url) as wire:
        yield replace(hall, url=wire.url), wire


def number_of(token):
    """The 26 symbols as the number that they write, base 32."""
    return sum(
        "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(symbol) << 5 * place
        for place, symbol in enumerate(reversed(token))
    )


def secrets_of_ticket(s, index):
    """A token in every form, and the private credentials that it makes."""
    token = token_of("A", index)
    found = traces(token) | traces(format_token(token)) | traces(ticket(index))
    found |= traces(format_token(token).replace("-", " ")) | secrets_of(number_of(token), 17)
    for slot in s.do(lambda h: h.frozen())[0].slots:
        found |= secrets_of(private_credential(token, slot, ED25519), 32)
    return found


def listen(page):
    """Keep what every Worker of the page draws at random from now on."""
    page.wait_for_timeout(300)
    for worker in page.workers:
        worker.evaluate(DRAWN)


def drawn(page):
    """What they drew, of 16 bytes and more: seeds, and what nonces are made of."""
    found = []
    for worker in page.workers:
        found += [bytes(one) for one in worker.evaluate("() => self.drawn ?? []")]
    return [one for one in found if len(one) >= 16]


def test_nothing_secret_leaves_in_any_form(browser, tapped_hall):
    s, wire = tapped_hall
    page = kiosk(browser, s)
    origins = set()
    page.on("request", lambda one: origins.add("{0.scheme}://{0.netloc}".format(urlsplit(one.url))))
    listen(page)
    scan(page, ticket(VOTER))
    choose(page, "i1", "disagree")
    press(page, "review", "review")
    spoiled = sealed_tracker(page)
    press(page, "check", "tracker")
    press(page, "open", "opening")
    press(page, "onward", "ballot")
    mark_all(page, "disagree")
    cast(page, "next")
    press(page, "onward", "ballot")
    mark_all(page, "abstain")
    seeds = drawn(page)
    cast(page)
    step_away(page)
    listen(page)
    page.get_by_role("button", name=say("kiosk.waiting.leave"), exact=True).click()
    on(page, "leaving")
    scan(page, ticket(LEAVER), "choosing")
    seeds += drawn(page)
    press(page, "choice/0", "confirming")
    press(page, "send", "left")
    page.context.close()
    sent = wire.bytes()

    slot = s.hall.devices.slots[0]
    for index in (VOTER, LEAVER):  # the acts did go this way
        secret = private_credential(token_of("A", index), slot, ED25519)
        public = public_credential(secret, ED25519).text
        assert (public.encode() in sent) == (index == VOTER)
    assert spoiled.encode() in sent
    assert sum(len(one) == 32 for one in seeds) >= 3  # of the ballots, one of them opened
    assert origins == {wire.url}
    for index in (VOTER, LEAVER):
        assert [one for one in secrets_of_ticket(s, index) if one in sent] == []
    for seed in seeds:
        number = int.from_bytes(seed, "big")
        assert [one for one in secrets_of(number, len(seed)) if one in sent] == []
    words = [*OPTIONS, *(say(f"option.{one}") for one in OPTIONS), *CHOICES]
    assert [one for word in words for one in traces(word) if one in sent] == []


def test_what_is_sent_has_the_same_shape_whatever_is_chosen(browser, hall):
    page = kiosk(browser, hall)
    shapes, seen = [], []
    page.on("request", lambda one: seen.append(one))
    for index, option in zip(OTHERS, OPTIONS, strict=True):
        seen.clear()
        scan(page, ticket(index))
        mark_all(page, option)
        cast(page, "next")
        shapes.append([shape(one) for one in seen if one.method == "POST" and not busy(one)])
        press(page, "onward", "ballot")
        mark_all(page, option)
        cast(page)
        step_away(page)
    page.context.close()

    assert any("/ballots" in path for path, _, _ in shapes[0])
    assert shapes[0] == shapes[1] == shapes[2]


def busy(request):
    """The sign that somebody is at the kiosk; the last voter's may come late."""
    return request.url.endswith("/api/kiosk/busy")


def shape(request):
    """Path, names of headers, and the body with its numbers taken out.

    Scalars are written in decimal, so that by chance, whatever they say, one has a digit less.
    """
    body = (request.post_data or "").encode()
    for pattern, sign in ((rb'"[0-9a-f]{64}"', b'"h"'), (rb'"[0-9]{60,78}"', b'"n"')):
        body = re.sub(pattern, sign, body)
    for pattern in (rb'"[1-9A-HJ-NP-Za-km-z]{22}"', rb'"[A-Za-z0-9+/]{43}"'):
        body = re.sub(pattern, b'"s"', body)
    return urlsplit(request.url).path, sorted(request.headers), body


def test_the_profile_on_the_disk_keeps_no_trace_of_a_vote(playwright, chromium, hall, tmp_path):
    profile = tmp_path / "profile"
    arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    token = hall.hall.devices.tokens["kiosk:2"]
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=chromium,
        args=arguments,
        locale="zh-CN",
        extra_http_headers={"authorization": f"Bearer {token}"},
    )
    page = context.pages[0]
    page.goto(f"{hall.url}/kiosk")
    page.wait_for_selector('[data-standing="open"]')
    before = page.evaluate("history.state")
    shown = []
    scan(page, ticket(5))
    for then in ("next", "done"):
        mark_all(page, "abstain")
        shown.append(cast(page, then))
        if then == "next":
            press(page, "onward", "ballot")
    step_away(page)
    page.reload()
    on(page, "waiting")
    expect(page.locator("[data-tracker]")).to_have_count(0)
    assert page.evaluate("history.state") == before
    context.close()

    kept = {path: path.read_bytes() for path in Path(profile).rglob("*") if path.is_file()}
    assert any(hall.url.encode() in data for data in kept.values())  # this is where things are kept
    needles = secrets_of_ticket(hall, 5)
    for tracker in shown:
        needles |= traces(tracker)
    found = {path.name for path, data in kept.items() if any(one in data for one in needles)}
    assert found == set()


def test_the_look_for_secrets_finds_them():
    token = token_of("A", 0)
    raw = number_of(token).to_bytes(17, "big")
    for before in range(4):
        coded = base64.b64encode(b"xyzt"[:before] + raw + b"more")
        assert any(one in coded for one in secrets_of(number_of(token), 17))
        coded = base64.urlsafe_b64encode(b"xyzt"[:before] + token.lower().encode())
        assert any(one in coded for one in traces(token))
    for text in (token[::-1], format_token(token).lower(), raw.hex(), str(number_of(token))):
        forms = traces(token) | traces(format_token(token)) | secrets_of(number_of(token), 17)
        assert any(one in text.encode() for one in forms)

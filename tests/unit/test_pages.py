"""Pages as they are served: exactly what was built, under a policy that lets nothing else in."""

from __future__ import annotations

import io
import json

import pytest
from fontTools.ttLib import TTFont

from kiosk.pages import built, fonts
from kiosk.pages.headers import PAGE_HEADERS, POLICY
from kiosk.server.security import HEADERS
from tests.support.drafts import draft_text, item_of
from tests.support.pages import FILES, build_into, dist
from tests.support.server import Devices, hall, new_folder, opened
from voting.errors import InputError
from voting.words import LANGS, catalogue, say

__all__ = ["dist"]


@pytest.fixture
async def server(tmp_path, dist):
    async with hall("drafted", tmp_path / "m") as h, h.client() as client:
        yield client


async def test_every_public_page_is_served_as_built_and_never_kept(server):
    for path in ("/", "/console", "/hall", "/observer", "/check"):
        response = await server.get(path)

        assert response.status_code == 200, path
        assert response.text == FILES[f"{path[1:] or 'start'}.html"]
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert response.headers["cache-control"] == "no-store"
        for name in PAGE_HEADERS.keys() | HEADERS.keys():
            assert response.headers.get_list(name) == [{**HEADERS, **PAGE_HEADERS}[name]], name


def test_the_policy_lets_in_nothing_but_the_page_s_own_files():
    rules = dict(rule.partition(" ")[::2] for rule in POLICY.split("; ")[:-1])

    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    for name in ("script", "style", "font", "connect", "worker"):
        assert rules[f"{name}-src"] == "'self'"
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert rules["require-trusted-types-for"] == "'script'"
    assert PAGE_HEADERS["permissions-policy"].split(", ")[0] == "camera=(self)"
    assert all(one.endswith("=()") for one in PAGE_HEADERS["permissions-policy"].split(", ")[1:])


async def test_what_a_page_loads_is_asked_about_again_by_its_tag(server):
    first = await server.get("/assets/kiosk.js")
    again = await server.get("/assets/kiosk.js", headers={"if-none-match": first.headers["etag"]})
    other = await server.get("/assets/kiosk.js", headers={"if-none-match": '"no"'})

    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert first.headers["cache-control"] == again.headers["cache-control"] == "no-cache"
    assert first.headers["content-type"] == "text/javascript; charset=utf-8"
    assert first.headers["content-security-policy"] == POLICY  # a Worker has its script's policy
    assert again.content == b""


@pytest.mark.parametrize(
    "path",
    [
        "/assets/manifest.json",
        "/assets/kiosk.html",
        "/assets/../built.py",
        "/assets/%2e%2e%2fbuilt.py",
        "/assets/none.js",
        "/kiosk/",
        "/words/fr.json",
        "/fonts/other.woff",
        "/index.html",
    ],
)
async def test_nothing_else_is_there(server, path):
    response = await server.get(path)

    assert (response.status_code, response.json()["code"]) == (404, "not-found")


async def test_pages_take_no_changes(server):
    for path in ("/", "/kiosk", "/assets/kiosk.js", "/words/zh.json"):
        assert (await server.post(path)).status_code == 405


@pytest.mark.parametrize("lang", LANGS)
async def test_a_page_gets_every_sentence_in_its_language(server, lang):
    response = await server.get(f"/words/{lang}.json")

    assert response.json() == {name: entry[lang] for name, entry in catalogue().items()}
    tag = response.headers["etag"]
    known = await server.get(f"/words/{lang}.json", headers={"if-none-match": f'"x", {tag}'})
    assert known.status_code == 304


async def test_the_server_says_what_it_is(server, dist):
    about = (await server.get("/device/about")).json()

    assert about == {"mode": "server", "pages": list(built.PAGES), "build": built.built().build}
    assert built.built().build.replace(" ", "").isalnum()


# --- the build ------------------------------------------------------------------------------------


def damaged(folder, how):
    build_into(folder)
    if how == "no manifest":
        (folder / "manifest.json").unlink()
    elif how == "changed":
        (folder / "kiosk.js").write_text("// other\n")
    elif how == "one more":
        (folder / "more.js").write_text("")
    elif how == "one less":
        (folder / "kiosk.js").unlink()
    elif how == "a page less":
        text = (folder / "manifest.json").read_text()
        digests = {k: v for k, v in json.loads(text).items() if k != "hall.html"}
        (folder / "hall.html").unlink()
        (folder / "manifest.json").write_text(json.dumps(digests))
    elif how == "nonsense":
        (folder / "manifest.json").write_text("{")
    return folder


@pytest.mark.parametrize(
    "how", ["no manifest", "changed", "one more", "one less", "a page less", "nonsense"]
)
def test_only_what_the_manifest_names_is_served(tmp_path, how):
    with pytest.raises(InputError) as caught:
        built.built(damaged(tmp_path / "dist", how))

    assert caught.value.code == "pages-not-built"


async def test_without_a_build_the_data_is_served_and_pages_say_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(built, "DIST", tmp_path / "nothing")
    async with hall("drafted", tmp_path / "m") as h, h.client() as client:
        page = await client.get("/hall")
        assert (page.status_code, page.json()["code"]) == (400, "pages-not-built")
        assert (await client.get("/api/state")).status_code == 200
    assert "make web" in say("error.pages-not-built", "zh")


# --- which pages the server may hand out ----------------------------------------------------------


@pytest.mark.parametrize("stage", ["drafted", "issued"])
async def test_pages_that_see_a_choice_or_a_share_are_installed_ones(tmp_path, dist, stage):
    async with hall(stage, tmp_path / "m") as h, h.client() as client:
        for page in ("kiosk", "trustee"):
            response = await client.get(f"/{page}")

            assert response.status_code == 403
            assert say(f"error.page-installed-{page}") in response.text
            assert f"piaojue {page}" in response.text
            assert "<script" not in response.text
            assert response.headers["content-security-policy"] == POLICY
        for page in ("hall", "observer", "check", "console"):
            assert (await client.get(f"/{page}")).status_code == 200


async def test_in_the_simple_mode_the_server_has_them(tmp_path, dist):
    draft = draft_text().replace("\nfloor =", '\npages = "server"\nfloor =')
    folder = new_folder(tmp_path / "m", draft)
    async with opened(folder, Devices()) as h, h.client() as client:
        for page in ("kiosk", "trustee"):
            assert (await client.get(f"/{page}")).text == FILES[f"{page}.html"]


# --- fonts ----------------------------------------------------------------------------------------


def characters(data):
    return set(map(chr, TTFont(io.BytesIO(data)).getBestCmap()))


async def test_the_font_has_every_character_of_the_catalogue_and_of_the_meeting(tmp_path, dist):
    rare = item_of(1).replace("人选1", "䶮㛃")
    folder = new_folder(tmp_path / "m", draft_text(items=rare))
    async with opened(folder, Devices()) as h, h.client() as client:
        response = await client.get("/fonts/sans.woff")
        again = await client.get(
            "/fonts/sans.woff", headers={"if-none-match": response.headers["etag"]}
        )

    assert response.headers["content-type"] == "font/woff"
    assert again.status_code == 304
    wanted = {one for entry in catalogue().values() for one in entry["zh"] + entry["en"]}
    shown = characters(response.content)
    assert {one for one in wanted if one.isprintable()} - shown <= {"✗"}  # of the command line
    assert {*map(chr, range(32, 127)), "䶮", "㛃"} <= shown
    assert len(response.content) < 600_000


async def test_the_font_that_everybody_gets_tells_nothing_of_the_roll(tmp_path, dist):
    draft = draft_text().replace('name = "成员5"', 'name = "㼆㙍"')
    folder = new_folder(tmp_path / "m", draft)
    async with opened(folder, Devices()) as h, h.client() as client:
        response = await client.get("/fonts/sans.woff")

    assert any(person.name == "㼆㙍" for person in h.room.draft.roll)
    assert not {"㼆", "㙍"} & characters(response.content)


def test_a_subset_is_made_once_for_a_set_of_characters():
    first, same, more = fonts.sans(["一"]), fonts.sans(["一一"]), fonts.sans(["䶮㛃"])

    assert first is same
    assert more.tag != first.tag
    assert {"䶮", "㛃"} <= characters(more.data)


async def test_the_whole_font_is_there_for_what_somebody_types(server):
    response = await server.get("/fonts/full.otf")

    assert response.headers["content-type"] == "font/otf"
    assert {"䶮", "镕", "〇"} <= characters(response.content)

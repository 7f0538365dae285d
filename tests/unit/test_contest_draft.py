"""Contests, rosters and grids in a draft: what is frozen of them; every fault with its place."""

from __future__ import annotations

import copy
import json

import pytest

from tests.support.contests import ASSESSED, CONTESTED, ELECTED, NOMINATED, contest_item
from tests.support.drafts import draft_text
from tests.support.meeting import make_meeting
from voting.errors import DraftError, FormatError
from voting.meeting.draft import read_draft
from voting.meeting.frozen import decode_meeting
from voting.meeting.spelling import spell
from voting.protocol import codec

RECOMMENDED = (
    f'{{ gate = "recommended", record = "{"ab" * 32}", item = "i1", '
    'date = "2026-05-01", voucher = "科" }'
)


def frozen(text):
    return make_meeting(read_draft(text))[0]


def test_names_for_seats_are_frozen_with_ids_in_order():
    contest = json.loads(frozen(CONTESTED).raw)["items"][0]["contest"]
    assert contest["type"] == "names"
    assert contest["seats"] == 2
    assert [one["id"] for one in contest["names"]] == ["c1", "c2", "c3", "c4"]
    assert contest["names"][0] == {"id": "c1", "name": "孙一", "current": "", "note": ""}
    assert contest["write_in"] is None


def test_an_item_of_one_mark_has_no_contest_and_a_meeting_without_them_no_roster():
    value = json.loads(frozen(CONTESTED).raw)
    assert value["items"][1]["contest"] is None
    assert value["rosters"] == []


def test_a_roster_is_frozen_with_readings():
    value = json.loads(frozen(NOMINATED).raw)
    assert value["items"][0]["contest"] == {"type": "roster", "seats": 2, "roster": "r1"}
    assert value["rosters"][0]["names"][1] == {
        "name": "干部2",
        "key": "",
        "unit": "",
        "spelling": "gan bu",
    }


def test_names_from_outside_are_frozen_with_their_roster():
    contest = json.loads(frozen(ELECTED).raw)["items"][0]["contest"]
    assert contest["write_in"] == {"roster": "r1"}


def test_a_grid_is_frozen():
    contest = json.loads(frozen(ASSESSED).raw)["items"][0]["contest"]
    assert [one["id"] for one in contest["subjects"]] == ["s1", "s2"]
    assert contest["subjects"][0]["scale"] == "cadre"
    assert contest["aspects"] == [{"id": "a1", "title": "德"}, {"id": "a2", "title": "能"}]


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("曾国藩", "zeng guo fan"),
        ("尉迟恭", "yu chi gong"),
        ("吕布", "lv bu"),
        ("阿依古丽·买买提", "a yi gu li mai mai ti"),
        ("Smith", "smith"),
    ],
)
def test_a_name_is_read_as_a_name(name, reading):
    assert spell(name) == reading


def test_the_draft_s_own_spelling_prevails():
    own = NOMINATED.replace('name = "干部1"\n', 'name = "干部1"\nspelling = "qian bu"\n')
    assert json.loads(frozen(own).raw)["rosters"][0]["names"][0]["spelling"] == "qian bu"


TWENTY_ONE = "".join(f'[[items.names]]\nname = "人{i}"\n' for i in range(21))
HOMONYM = ('name = "干部2"\n', 'name = "干部1"\nkey = "财政"\n')

FAULTS = {
    "seats": (CONTESTED, ("seats = 2", "seats = 5"), "seats-exceed-names", "items[1].seats"),
    "a second list as short as the seats": (
        CONTESTED.replace("contested", "second-nomination").replace(
            "gates = [", f"gates = [{RECOMMENDED}, ", 1
        ),
        ("seats = 2", "seats = 4"),
        "not-contested",
        "items[1].names",
    ),
    "no seat": (CONTESTED, ("seats = 2", "seats = 0"), "out-of-range", "items[1].seats"),
    "a scrutineer is assessed": (
        ASSESSED,
        ('name = "李一"', 'name = "成员2"'),
        "scrutineer-candidate",
        "officers[3].name",
    ),
    "not contested": (CONTESTED, ("seats = 2", "seats = 4"), "not-contested", "items[1].seats"),
    "twice": (
        CONTESTED,
        ('name = "孙三"', 'name = "孙一"'),
        "contest-name-twice",
        "items[1].names[3].name",
    ),
    "many": (
        CONTESTED,
        ('[[items.names]]\nname = "孙一"\n', TWENTY_ONE),
        "too-many-names",
        "items[1].names",
    ),
    "candidate": (
        CONTESTED,
        ('proposed = "镇长"', 'proposed = "镇长"\ncandidate = "孙一"'),
        "candidate-not-asked",
        "items[1].candidate",
    ),
    "write-in": (
        CONTESTED,
        ("seats = 2", 'seats = 2\nwrite-in = "text"'),
        "write-in-not-allowed",
        "items[1].write-in",
    ),
    "unknown key": (
        CONTESTED,
        ('name = "孙一"', 'name = "孙一"\nage = 3'),
        "unknown-key",
        "items[1].names[1].age",
    ),
    "contest under a confirmation": (
        CONTESTED,
        ('id = "i2"', 'id = "i2"\nseats = 1'),
        "contest-not-asked",
        "items[2]",
    ),
    "no candidate": (
        CONTESTED,
        ('candidate = "人选2"\n', ""),
        "missing-key",
        "items[2].candidate",
    ),
    "grid under names": (
        CONTESTED,
        ("seats = 2", 'seats = 2\naspects = ["德"]'),
        "grid-not-asked",
        "items[1].subjects",
    ),
    "no such roster": (
        NOMINATED,
        ('roster = "r1"', 'roster = "r2"'),
        "unknown-roster",
        "items[1].roster",
    ),
    "names and roster": (
        NOMINATED,
        ('roster = "r1"\n', 'roster = "r1"\n[[items.names]]\nname = "甲"\n'),
        "names-or-roster",
        "items[1].names",
    ),
    "homonym": (NOMINATED, HOMONYM, "roster-homonym", "rosters[1].names[2].name"),
    "one label for two": (
        NOMINATED.replace('"干部1"', '"干部2(财政)"', 1),
        ('name = "干部2"', 'name = "干部2"\nkey = "财政"'),
        "roster-homonym",
        "rosters[1].names[2].name",
    ),
    "a key with a variation selector": (
        NOMINATED,
        ('name = "干部2"', 'name = "干部2"\nkey = "二\\uFE00"'),
        "bad-character",
        "rosters[1].names[2].key",
    ),
    "an aspect with a variation selector": (
        ASSESSED,
        ('["德", "能"]', '["德", "德\\uFE00"]'),
        "bad-character",
        "items[1].aspects[2]",
    ),
    "a roster's id that is a number": (NOMINATED, ('"r1"', '"10"'), "id-number", "items[1].roster"),
    "places": (NOMINATED, ("seats = 2", "seats = 16"), "out-of-range", "items[1].seats"),
    "roster twice": (
        NOMINATED,
        (
            "[[rosters]]",
            '[[rosters]]\nid = "r1"\ntitle = "一"\n[[rosters.names]]\nname = "甲"\n[[rosters]]',
        ),
        "id-twice",
        "rosters[2]",
    ),
    "roster of 1,501 and more": (
        NOMINATED,
        (
            '[[rosters.names]]\nname = "干部1"',
            "".join(f'[[rosters.names]]\nname = "人{n}"\nspelling = "x"\n' for n in range(1500))
            + '[[rosters.names]]\nname = "干部1"',
        ),
        "roster-too-long",
        "rosters[1].names",
    ),
    "roster unused": (
        NOMINATED,
        (
            "[[rosters]]",
            '[[rosters]]\nid = "r0"\ntitle = "一"\n[[rosters.names]]\nname = "甲"\n[[rosters]]',
        ),
        "roster-unused",
        "rosters[1].id",
    ),
    "no roster for write-ins": (
        ELECTED,
        ('seats = 2\nroster = "r1"', "seats = 2"),
        "write-in-needs-roster",
        "items[1].roster",
    ),
    "scale": (ASSESSED, ('"team"', '"squad"'), "unknown-scale", "items[1].subjects[2].scale"),
    "aspect": (ASSESSED, ('["德", "能"]', '["德", "德"]'), "aspect-twice", "items[1].aspects[2]"),
    "no aspects": (ASSESSED, ('aspects = ["德", "能"]\n', ""), "missing-key", "items[1].aspects"),
    "seats in a grid": (
        ASSESSED,
        ('aspects = ["德"', 'seats = 1\naspects = ["德"'),
        "names-not-asked",
        "items[1].seats",
    ),
    "subject twice": (
        ASSESSED,
        ("县政府班子", "李一"),
        "contest-name-twice",
        "items[1].subjects[2].name",
    ),
    "an item against its rule's words": (
        NOMINATED + '\n[rules.nomination]\nwrite-in = "text"\n',
        ('roster = "r1"\n', 'roster = "r1"\nwrite-in = "none"\n'),
        "write-in-not-allowed",
        "items[1].write-in",
    ),
    "who stands is on the roster of names from outside": (
        ELECTED,
        ('name = "孙一"', 'name = "干部2"'),
        "roster-has-standing",
        "rosters[1].names[2].name",
    ),
    "a rule that is no ballot": (
        CONTESTED,
        ('rule = "contested"', 'rule = "named-nomination"'),
        "rule-not-a-ballot",
        "items[1].rule",
    ),
    "weights of a name that does not stand": (
        CONTESTED + '\n[rehearsal.weights.i1]\n"孙九" = 3\n',
        ("孙九", "孙八"),
        "unknown-key",
        "rehearsal.weights.i1.孙八",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_place(fault):
    text, (old, new), code, place = FAULTS[fault]
    assert old in text
    with pytest.raises(DraftError) as caught:
        read_draft(text.replace(old, new, 1))
    assert (caught.value.code, caught.value.place) == (code, place)


def test_a_namesake_of_who_stands_is_on_the_roster_with_a_key():
    text = ELECTED.replace('name = "孙一"', 'name = "干部2"', 1)
    keyed = text.replace('name = "干部2"\n', 'name = "干部2"\nkey = "教育"\n')
    keyed = keyed.replace('name = "干部2"\nkey = "教育"\n', 'name = "干部2"\n', 1)
    assert read_draft(keyed).rosters[0].names[1].label == "干部2(教育)"


def test_homonyms_with_a_key_each_stand_on_a_roster():
    text = NOMINATED.replace('name = "干部1"\n', 'name = "干部1"\nkey = "教育"\n', 1)
    assert read_draft(text.replace(*HOMONYM, 1)).rosters[0].names[1].label == "干部1(财政)"


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        (CONTESTED, ("items", 0, "contest"), None),
        (CONTESTED, ("items", 0, "contest", "type"), "other"),
        (CONTESTED, ("items", 0, "contest", "seats"), 5),
        (CONTESTED, ("items", 0, "contest", "write_in"), {"text": True}),
        (CONTESTED, ("items", 0, "contest", "write_in"), {"text": False}),
        (CONTESTED, ("items", 0, "candidate"), "孙一"),
        (CONTESTED, ("items", 0, "contest", "names", 1, "name"), "孙一"),
        (CONTESTED, ("items", 0, "contest", "names", 1, "id"), "c1"),
        (CONTESTED, ("items", 1, "contest"), {"type": "roster", "seats": 1, "roster": "r1"}),
        (NOMINATED, ("items", 0, "contest", "roster"), "r9"),
        (NOMINATED, ("items", 0, "contest", "seats"), 16),
        (NOMINATED, ("rosters", 0, "names", 1, "name"), "干部1"),
        (NOMINATED, ("rosters",), []),
        (ASSESSED, ("items", 0, "contest", "subjects", 0, "scale"), "squad"),
        (ASSESSED, ("items", 0, "contest", "aspects", 1, "title"), "德"),
    ],
)
def test_a_frozen_contest_that_does_not_fit_is_refused(text, path, value):
    changed = copy.deepcopy(json.loads(frozen(text).raw))
    part = changed
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    with pytest.raises(FormatError):
        decode_meeting(codec.encode(changed))


def test_a_recommendation_from_a_list_has_no_names_from_outside():
    text = draft_text(items=contest_item("i1", "nomination", seats=2))
    contest = frozen(text).items["i1"].contest
    assert contest.write_in is None

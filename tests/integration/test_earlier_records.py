"""References to earlier records, followed by the verifier and by ``piaojue check``."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from kiosk.cli import main
from tally.record.layout import LEDGER, MEETING, RESULT
from tally.record.pack import pack
from tally.verify.earlier import Shelf, check_earlier
from tally.verify.findings import CheckError
from tests.support.drafts import draft_text, item_of, post_of
from tests.support.earlier import AGAINST, AGREE, FAILED, PASSED, closed, digest_of
from tests.support.meeting import make_meeting
from voting.errors import VerificationError
from voting.meeting.draft import read_draft
from voting.meeting.frozen import decode_meeting
from voting.words import explain

FIRST, SECOND = "2026-03-01", "2026-06-01"
ANYTIME = "[rules.standing-committee]\nretry = { again = 'any', bar-after = 0 }\n"


def failed(date=FIRST, *votes):
    return closed(*(votes or (FAILED,)), date=date, items=item_of(1))


def with_gate(*gates, items=None):
    """A draft of today whose first item has further gates."""
    text = item_of(1).replace("gates = [", "gates = [" + "".join(f"{one}, " for one in gates))
    return draft_text(items=text + (items or ""))


def said(files, kind="failed", date=FIRST, **more):
    extra = "".join(f', {key} = "{value}"' for key, value in more.items())
    return (
        f'{{ gate = "{kind}", record = "{digest_of(files)}", item = "i1", date = {date}, '
        f'voucher = "干部一科"{extra} }}'
    )


def judge(text, *records):
    draft = read_draft(text)
    shelf = Shelf((f"r{n}", files) for n, files in enumerate(records))
    check_earlier(draft, draft.items, shelf)


def fault(text, *records):
    with pytest.raises(CheckError) as caught:
        judge(text, *records)
    assert explain(caught.value.error)
    return caught.value.error.code, caught.value.place


def test_a_failure_that_is_told_of_allows_the_second_try():
    judge(with_gate(said(failed())), failed())


def test_a_failure_that_is_not_told_of_is_found_when_its_record_is_there():
    assert fault(with_gate(), failed()) == ("earlier-unsaid", "items[1]")
    judge(with_gate())  # nobody has the record at hand: nothing can be said


def test_a_third_try_is_refused_with_both_records_and_in_the_draft_without_them():
    again = failed(SECOND)

    assert fault(with_gate(said(failed())), failed(), again) == ("earlier-unsaid", "items[1]")
    with pytest.raises(Exception, match="retry-barred"):
        read_draft(with_gate(said(failed()), said(again, date=SECOND)))


def test_another_post_or_another_name_is_no_second_try():
    other = with_gate().replace('proposed = "局长"', 'proposed = "书记"')

    judge(other, failed())


def test_a_record_that_is_not_given_is_named_by_its_code_at_its_place():
    assert fault(with_gate(said(failed()))) == ("earlier-missing", "items[1].gates[1]")


def test_a_record_that_does_not_verify_settles_nothing():
    changed = {**failed(), LEDGER: failed()[LEDGER].replace(b"seal", b"sea1")}
    forged = {**failed(), RESULT: failed()[RESULT].replace(b"not_passed", b"passed")}
    gate = said(forged, kind="failed")
    nowhen = {**failed(), MEETING: failed()[MEETING].replace(FIRST.encode(), b"2026-02-30")}

    assert fault(with_gate(said(nowhen)), nowhen) == ("earlier-invalid", "items[1].gates[1]")
    assert fault(with_gate(said(changed)), changed) == ("earlier-invalid", "items[1].gates[1]")
    assert fault(with_gate(gate), forged)[0] == "earlier-invalid"


def test_a_record_answers_for_the_records_that_it_refers_to_itself():
    """The item failed in March, failed again in June by a rule that lets it, and is tried here."""
    again = item_of(1).replace("gates = [", f"gates = [{said(failed())}, ")
    june = closed(FAILED, date=SECOND, items=again)
    text = with_gate(said(failed()), said(june, date=SECOND)) + ANYTIME
    broken = {**failed(), LEDGER: b""}
    forged = {**failed(), RESULT: failed()[RESULT].replace(b"not_passed", b"passed")}

    judge(text, failed(), june)
    judge(text, june, failed())
    june_alone = with_gate(said(june, date=SECOND))
    assert fault(june_alone, june) == ("earlier-missing", "items[1].gates[1]")
    assert fault(june_alone, june, forged) == ("earlier-missing", "items[1].gates[1]")
    assert fault(june_alone, june, broken) == ("earlier-invalid", "items[1].gates[1]")


def test_a_second_list_without_a_ratio_is_judged_by_nothing():
    draft = read_draft(second_list("人选1", "人选2"))
    without = replace(draft, chain=replace(draft.chain, ratio=None))

    with pytest.raises(CheckError) as caught:
        check_earlier(without, without.items, Shelf([("r", first_round())]))
    assert caught.value.error.code == "chain-ratio"


def test_what_the_record_shows_is_held_against_the_claim():
    passed = closed(PASSED, date=FIRST, items=item_of(1))

    assert fault(with_gate(said(passed)), passed)[0] == "earlier-not-failed"
    assert fault(with_gate(said(failed(), kind="recommended")), failed())[0] == "earlier-kind"
    elsewhere = said(failed(), date="2026-03-02")
    assert fault(with_gate(elsewhere), failed())[0] == "earlier-date"
    nowhere = said(failed()).replace('item = "i1"', 'item = "i9"')
    assert fault(with_gate(nowhere), failed())[0] == "earlier-item"


def test_a_record_beside_the_others_that_does_not_verify_is_refused_by_its_path():
    broken = {**failed(SECOND), LEDGER: b""}

    with pytest.raises(VerificationError) as caught:
        judge(with_gate(said(failed())), failed(), broken)

    assert (caught.value.code, caught.value.params["path"]) == ("earlier-invalid", "r1")


def marks(agree):
    return tuple(AGREE if n < agree else AGAINST for n in range(6))


def first_round():
    """Three names for one post: five, three and two of six recommended them."""
    items = "".join(post_of(n) for n in (1, 2, 3))
    return closed(marks(5), marks(3), marks(2), date=FIRST, items=items)


def second_list(*names, more=""):
    """A second recommendation of these names, from the first by 2:1."""
    rows = "".join(f'[[items.names]]\nname = "{name}"\n' for name in names)
    gates = f"{said(first_round(), kind='first-round')}, " + said(first_round(), "recommended")
    item = (
        '[[items]]\nrule = "second-nomination"\nproposed = "局长"\nseats = 1\n'
        f"gates = [{gates}{more}]\n{rows}"
    )
    chain = "[chain]\nratio = { names = 2, seats = 1 }\n"
    share = "concentration = { numerator = 1, denominator = 3 }\n"
    return draft_text(items=item).replace("[trustees]", f"{chain}{share}[trustees]")


def test_a_second_list_is_exactly_what_the_first_round_gives_by_the_ratio():
    # The gate names one item of the first round; all its items on that post count.
    error = fault(second_list("人选1", "人选3"), first_round())
    assert error == ("earlier-second-list", "items[1].gates[1]")
    assert fault(second_list("人选1"), first_round())[0] == "earlier-second-list"
    judge(second_list("人选1", "人选2"), first_round())


def test_votes_that_were_not_concentrated_are_named_with_their_numbers():
    item = item_of(2).replace("gates = [", f"gates = [{said(first_round(), 'concentrated')}, ")
    text = draft_text(items=item.replace("人选2", "人选3"))
    whole = "[chain]\nconcentration = { numerator = 1, denominator = 2 }\n[trustees]"

    assert fault(text.replace("[trustees]", whole), first_round()) == (
        "earlier-scattered",
        "items[1].gates[1]",
    )
    judge(
        text.replace("[trustees]", whole.replace("denominator = 2", "denominator = 3")),
        first_round(),
    )


class Examination(Shelf):
    """A shelf with one record that verified: these names were examined for the post of 局长."""

    def __init__(self, *names):
        super().__init__()
        item = '[[items]]\nrule = "assessment"\nproposed = "局长"\naspects = ["总体"]\n'
        rows = "".join(f'[[items.subjects]]\nname = "{one}"\nscale = "cadre"\n' for one in names)
        text = draft_text(items=item + rows).replace("2026-11-21", FIRST)
        self._held = make_meeting(read_draft(text))[0]

    def meeting(self, _digest):
        return self._held

    def result(self, _digest):
        figures = {"returned": 6, "counts": {}}
        one = {"decision": "recorded", "opened": True, "figures": figures}
        return json.dumps({"rounds": [{"items": [{"item": "i1", "evaluation": one}]}]}).encode()


@pytest.mark.parametrize(("posts", "names", "enough"), [(1, 2, True), (1, 1, False), (2, 3, False)])
def test_a_post_needs_as_many_examined_as_the_ratio_asks(posts, names, enough):
    """差额考察 2:1, by the record of the examination."""
    examined = f'{{ gate = "examined", digest = "{"ab" * 32}", voucher = "组织部" }}'
    seen = f'gate = "examined", record = "{"cd" * 32}", item = "i1", date = {FIRST}, voucher = "科"'
    items = "".join(item_of(n).replace(examined, f"{{ {seen} }}") for n in range(1, posts + 1))
    ratio = "[chain]\nratio = { names = 2, seats = 1 }\n[trustees]"
    draft = read_draft(draft_text(items=items).replace("[trustees]", ratio))
    shelf = Examination(*(f"人选{n}" for n in range(1, names + 1)))

    if enough:
        check_earlier(draft, draft.items, shelf)
    else:
        with pytest.raises(CheckError) as caught:
            check_earlier(draft, draft.items, shelf)
        found = (caught.value.error.code, caught.value.place)
        assert found == ("ratio-not-met", "items[1].gates[1]")


MOTION = '{ gate = "reconsidered", item = "i1", voucher = "秘书" }, '
FRESH = item_of(1) + item_of(1).replace('"i1"', '"i2"').replace("gates = [", f"gates = [{MOTION}")


@pytest.mark.parametrize(("motion", "code"), [(PASSED, None), (FAILED, "earlier-not-passed")])
def test_the_motion_of_the_same_meeting_is_looked_up_in_the_record_s_own_result(motion, code):
    """Whoever opened the fresh vote all the same is found by the record itself."""
    files = closed(motion, PASSED, date=SECOND, items=FRESH)
    meeting = decode_meeting(files[MEETING])

    def follow():
        check_earlier(meeting, meeting.items.values(), Shelf(), own=files[RESULT])

    if code is None:
        follow()
    else:
        with pytest.raises(CheckError) as caught:
            follow()
        assert (caught.value.error.code, caught.value.place) == (code, "items[2].gates[1]")


# --- the commands --------------------------------------------------------------------------------


def piaojue(*words, stdin=""):
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


def written(place, files):
    for path, data in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(data)
    return place


def second_try():
    """A closed record whose item tells of the failure before it."""
    items = item_of(1).replace("gates = [", f"gates = [{said(failed())}, ")
    return closed(PASSED, date=SECOND, items=items)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    place = tmp_path_factory.mktemp("chain")
    (place / "old").mkdir()
    written(place / "old" / "march", failed())
    (place / "march.zip").write_bytes(pack(failed()))
    written(place / "june", second_try())
    return place


@pytest.mark.parametrize("where", ["old", "old/march", "march.zip"])
def test_verify_follows_the_reference_into_a_folder_or_a_zip(folders, where):
    done = piaojue("verify", folders / "june", "--earlier", folders / where)

    assert done.exit_code == 0, done.output
    assert "✓ V22" in done.output


def test_without_the_earlier_record_the_record_is_not_called_valid(folders):
    done = piaojue("verify", folders / "june")
    told = json.loads(piaojue("verify", folders / "june", "--json").stdout)

    assert done.exit_code == 1
    assert "items[1].gates[1]" in done.output
    assert "--earlier" in done.output.splitlines()[-1]
    last = told["checks"][-1]
    assert (last["check"], last["code"], told["valid"]) == ("V22", "earlier-missing", False)


@pytest.mark.parametrize("result", [b"no result", b"{}", b'{"rounds":[{"items":[]}]}', b"[]"])
def test_gates_are_not_looked_up_in_a_result_that_does_not_hold(tmp_path, result):
    """The motion of the same meeting is read out of it: first it must be what V19 makes."""
    files = {**closed(PASSED, PASSED, date=SECOND, items=FRESH), RESULT: result}
    done = piaojue("verify", written(tmp_path, files), "--json")
    checks = {one["check"]: one for one in json.loads(done.stdout)["checks"]}

    assert done.exit_code == 1
    assert (checks["V19"]["code"], checks["V22"]["status"]) == ("result-differs", "not-run")


@pytest.mark.parametrize("bad", ["no zip", "a zip cut short", "a folder without a result"])
def test_a_bad_record_among_the_earlier_ones_is_a_finding_that_names_it(folders, tmp_path, bad):
    """Every other check has its say, and what the good ones show is followed."""
    written(tmp_path / "march", failed())
    if bad == "a folder without a result":
        written(tmp_path / "bad", {LEDGER: b""})
    else:
        data = b"no zip" if bad == "no zip" else pack(failed())[:-9]
        (tmp_path / "bad.zip").write_bytes(data)

    done = piaojue("verify", folders / "june", "--earlier", tmp_path, "--json")
    checks = {one["check"]: one for one in json.loads(done.stdout)["checks"]}

    assert done.exit_code == 1
    assert checks.pop("V22")["code"] == "earlier-invalid"
    assert {one["status"] for one in checks.values()} == {"passed"}
    assert "bad" in piaojue("verify", folders / "june", "--earlier", tmp_path).output
    assert piaojue("verify", folders / "june", "--earlier", tmp_path / "march").exit_code == 0


def test_a_path_that_is_no_record_cannot_be_used(folders, tmp_path):
    assert piaojue("verify", folders / "june", "--earlier", tmp_path).exit_code == 2
    assert piaojue("verify", folders / "june", "--earlier", tmp_path / "none").exit_code == 2


def test_check_finds_it_the_day_before(folders, tmp_path):
    draft = tmp_path / "meeting.toml"
    draft.write_text(with_gate(said(failed())), "utf-8")

    assert piaojue("check", draft).exit_code == 2
    assert piaojue("check", draft, "--earlier", folders / "old").exit_code == 0
    draft.write_text(with_gate(), "utf-8")
    assert piaojue("check", draft).exit_code == 0
    done = piaojue("check", draft, "--earlier", folders / "old")
    assert (done.exit_code, done.stderr.startswith("items[1]")) == (2, True)


def test_check_tells_which_posts_are_filled_without_a_recommendation(tmp_path):
    draft = tmp_path / "meeting.toml"
    paper = f'{{ gate = "recommended", digest = "{"cd" * 32}", voucher = "组织部" }}'
    leaving = item_of(3).replace("proposed", "removed")
    draft.write_text(with_gate(paper, items=item_of(2) + leaving), "utf-8")

    done = piaojue("check", draft)
    (told,) = [line for line in done.output.splitlines() if "recommended" in line]

    assert (done.exit_code, "i2 等 1 项" in told) == (0, True)

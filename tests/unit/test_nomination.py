"""A signed nomination: every field, a reason that says something, and whose it is."""

from __future__ import annotations

import dataclasses
import hashlib
from importlib.resources import files

import pytest
from click.testing import CliRunner

from kiosk.cli import main
from voting.errors import DraftError, PiaojueError
from voting.meeting.named import read_nomination, too_thin
from voting.rules import read_rule
from voting.words import explain

FORM = """
proposer = "leader"
date = 2026-05-01
post = "县水利局局长"
reasons = "长期在基层水利站工作，主持过三座水库的除险加固，熟悉全县河道情况。"
strengths = "业务熟，作风实。"
weaknesses = "宏观谋划经验不足。"

[nominator]
name = "邓秀兰"
post = "县委委员"

[nominee]
name = "顾长风"
current = "县农业农村局副局长"

[relation]
kin = "none"
"""
PAGE = b"%PDF a scan"
BY_PEN = f'{FORM}\n[signature]\npage = "{hashlib.sha256(PAGE).hexdigest()}"\n'


def fault(text, **options):
    with pytest.raises(PiaojueError) as caught:
        read_nomination(text, **options)
    return caught.value


def run(*args, stdin=""):
    return CliRunner().invoke(main, ["nominate", *map(str, args)], input=stdin)


@pytest.mark.parametrize("key", ["proposer", "date", "post", "reasons", "strengths", "weaknesses"])
def test_every_field_is_required(key):
    text = "\n".join(line for line in BY_PEN.splitlines() if not line.startswith(f"{key} ="))

    error = fault(text)

    assert (error.code, error.place) == ("missing-key", key)


def test_an_unsigned_form_is_refused_but_may_be_printed_to_be_signed():
    assert fault(FORM).code == "not-signed"
    assert read_nomination(FORM, signed=False).signature is None


def test_the_relation_is_declared_even_when_there_is_none():
    text = BY_PEN.replace('[relation]\nkin = "none"', "[relation]")

    assert (fault(text).code, fault(text).place) == ("missing-key", "relation.kin")
    other = BY_PEN.replace('kin = "none"', 'kin = "other"')
    assert fault(other).code == "relation-not-told"
    assert (
        read_nomination(f"{other}".replace('"other"', '"other"\nnote = "同学"')).relation == "other"
    )


@pytest.mark.parametrize(
    "reason",
    [
        "工作需要",
        "工作需要。",
        "因工作需要",
        "根据当前工作的需要",
        "工作 需要！工作需要",
        "班子建设需要",
        "确属工作需要，岗位需要",
        "因工作需要，现推荐顾长风同志担任县水利局局长职务。",
        "根据工作需要，经研究，该同志符合任职条件，推荐为县水利局局长人选。",
        "工作需要：县农业农村局副局长顾长风，拟任县水利局局长",
    ],
)
def test_gongzuo_xuyao_alone_is_refused(reason):
    text = BY_PEN.replace(
        "长期在基层水利站工作，主持过三座水库的除险加固，熟悉全县河道情况。", reason
    )

    error = fault(text)

    assert (error.code, error.place) == ("reason-too-thin", "reasons")
    assert "工作需要" in explain(error)


def test_a_reason_may_mention_that_the_work_needs_him_beside_what_it_says():
    assert not too_thin("工作需要；该同志主持过三座水库的除险加固。")


OWN = (
    files("voting.rules.rulebook").joinpath("named-nomination.toml").read_text("utf-8")
    .replace('id = "named-nomination"', 'id = "ours"')
    .replace('value = ["工作需要"', 'value = ["德才兼备、表现突出", "工作需要"')
    .replace('value = ["none", "spouse", "direct", "collateral", "affine", "other"]',
             'value = ["none", "spouse", "direct"]')
)  # fmt: skip


def test_the_reasons_that_will_not_do_alone_are_those_of_the_rule():
    own = read_rule(OWN, "ours.toml")
    text = "该同志德才兼备、表现突出，群众基础较好。"

    assert not too_thin(text)
    assert too_thin(text, rule=own)
    assert not too_thin(f"{text}主持过三座水库的除险加固。", rule=own)
    without = dataclasses.replace(own, thin_reasons=())
    assert not too_thin("根据当前班子建设的实际需要", rule=without)
    assert too_thin("根据当前班子建设的实际需要", rule=own)


def test_an_institution_s_own_rule_is_what_its_forms_are_held_to(tmp_path):
    reasons = "长期在基层水利站工作，主持过三座水库的除险加固，熟悉全县河道情况。"
    thin = BY_PEN.replace(reasons, "德才兼备，表现突出，群众基础较好。")
    form = tmp_path / "form.toml"
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "ours.toml").write_text(OWN, "utf-8")

    form.write_text(thin, "utf-8")
    assert run(form).exit_code == 0
    refused = run(form, "--rule", "ours")
    assert refused.exit_code == 2
    assert "德才兼备、表现突出、工作需要" in refused.output
    form.write_text(BY_PEN.replace('kin = "none"', 'kin = "affine"'), "utf-8")
    assert run(form).exit_code == 0
    refused = run(form, "--rule", "ours")
    assert (refused.exit_code, "relation.kin" in refused.output) == (2, True)
    for rule_id in ("plenum", "nothing"):
        refused = run(form, "--rule", rule_id)
        assert (refused.exit_code, len(refused.output.splitlines())) == (2, 1)
        assert "named-nomination" in refused.output


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('name = "顾长风"', 'name = "邓秀兰"', "nominates-himself"),
        ('proposer = "leader"', 'proposer = "friend"', "not-a-choice"),
        ('kin = "none"', 'kin = "none"\nmore = 1', "unknown-key"),
        ('weaknesses = "宏观谋划经验不足。"', 'weaknesses = "无"', "reason-too-thin"),
        ("page = ", "sheet = ", "missing-key"),
        ('page = "', 'page = "x', "not-hex"),
        ("[relation]", "[relation", "not-toml"),
    ],
)
def test_a_form_with_a_fault_is_refused(old, new, code):
    assert fault(BY_PEN.replace(old, new)).code == code


def test_the_digest_is_that_of_the_whole_form_with_its_signature():
    digests = {
        read_nomination(text).digest
        for text in (
            BY_PEN,
            BY_PEN.replace("作风实", "作风好"),
            BY_PEN.replace(hashlib.sha256(PAGE).hexdigest(), "ab" * 32),
        )
    }

    assert len(digests) == 3


def test_a_form_is_signed_by_key_and_a_change_afterwards_is_found(tmp_path):
    form, key = tmp_path / "form.toml", tmp_path / "key"
    form.write_text(FORM, "utf-8")

    signed = run(form, "--sign", key, stdin="correct horse battery\n")

    assert signed.exit_code == 0
    lines = signed.output[signed.output.index("[signature]") :]
    form.write_text(FORM + "\n" + lines, "utf-8")
    done = run(form)
    assert done.exit_code == 0
    assert read_nomination(form.read_text("utf-8")).digest in done.output
    form.write_text((FORM + "\n" + lines).replace("作风实", "作风好"), "utf-8")
    assert run(form).exit_code == 1


def test_the_page_that_was_signed_is_compared(tmp_path):
    form, scan = tmp_path / "form.toml", tmp_path / "scan.pdf"
    form.write_text(BY_PEN, "utf-8")
    scan.write_bytes(PAGE)

    assert run(form, "--page", scan).exit_code == 0
    scan.write_bytes(PAGE + b"2")
    assert run(form, "--page", scan).exit_code == 1
    assert run(tmp_path / "none.toml").exit_code == 2


def test_the_form_is_printed_before_it_is_signed_and_says_that_it_is_no_ballot(tmp_path):
    form, pdf = tmp_path / "form.toml", tmp_path / "form.pdf"
    form.write_text(FORM, "utf-8")

    done = run(form, "--pdf", pdf)

    assert done.exit_code == 0, done.output
    assert pdf.read_bytes().startswith(b"%PDF")
    assert run(form).exit_code == 2


def test_a_form_is_a_draft_error_with_its_place():
    assert isinstance(fault(FORM), DraftError)

"""Worked examples of kind ``policy:*`` that a rule or a pure function answers by itself.

Such a case tells a situation in its own words. Where those are the words of the given examples,
the same functions judge it that check a draft and decide a record: the year of a recommendation,
a second try, the list of a second round, a ratio, who votes, a quota, more returned than issued.
Everything else (tickets, signatures, gates in the room) is the running system's to show, and so is
a case that asks for more than is answered here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.errors import DraftError, PiaojueError
from voting.rules.earlier import check_retry, in_force, second_list
from voting.rules.lists import check_contest, check_ratio
from voting.rules.reconcile import Figures, reconcile_box
from voting.rules.rulebook import load_rule
from voting.rules.values import Ratio

if TYPE_CHECKING:
    from collections.abc import Callable

    from voting.rules.case_inputs import Inputs

_REASONS = {
    "retry-same-meeting": "must_be_another_meeting",
    "retry-barred": "twice_failed_same_post",
    "not-contested": "not_contested",
    "ratio-not-met": "ratio_not_met",
    "seats-exceed-names": "seats_exceed_names",
}
_VOTERS = {"委员": "member", "常委": "member", "候补委员": "alternate", "列席人员": "attendee"}
_BODIES = {
    "standing_committee": "standing-committee",
    "plenum": "plenum",
    "plenum_consultation": "consultation",
    "one_report_two_reviews": "review",
}


def _asked(check: Callable[[], object]) -> dict[str, object]:
    """Return whether a check let it pass, and else why not."""
    try:
        check()
    except PiaojueError as e:
        if e.code not in _REASONS:
            raise
        return {"accepted": False, "reason": _REASONS[e.code]}
    return {"accepted": True}


def _expiry(inputs: Inputs) -> dict[str, object]:
    held, used = inputs.day("held"), inputs.day("used")
    return {"valid": in_force(held.isoformat(), used.isoformat())}


def _retry(inputs: Inputs) -> dict[str, object]:
    """Judge a second try for the same post, of which the named meetings failed."""
    failed = inputs.list_of("failed_meetings", str)
    here = inputs.text("attempt_meeting")
    retry = load_rule("standing-committee").retry
    before = [one for one in failed if one != here]
    return _asked(lambda: check_retry(retry, before, again_here=here in failed))


def _round2_list(inputs: Inputs) -> dict[str, object]:
    ratio = Ratio(*inputs.pair("ratio"))
    names = second_list(inputs.counts("round1"), inputs.number("posts", least=1), ratio)
    return {"list": sorted(names)}


def _config(inputs: Inputs) -> dict[str, object]:
    """Judge how a list is drawn up: more names than seats, or as many as a ratio asks."""
    if inputs.has("ratio"):
        posts, names = inputs.number("posts", least=1), inputs.number("examined")
        return _asked(lambda: check_ratio(posts, names, Ratio(*inputs.pair("ratio"))))
    rule = load_rule(inputs.word("kind", "contested"))
    names, seats = inputs.number("candidates"), inputs.number("seats", least=1)
    return _asked(lambda: check_contest(rule, names, seats))


def _alternates(inputs: Inputs) -> dict[str, object]:
    body = _BODIES.get(inputs.vote_type)
    if body is None:
        raise DraftError("cases-bad-value", inputs.place, allowed=list(_BODIES))
    role = inputs.word("voter_role", *_VOTERS)
    return {"token": _VOTERS[role] in load_rule(body).voters}


def _group_quota(inputs: Inputs) -> dict[str, object]:
    """Judge the numbers of a survey's groups by the quotas of the rule ``satisfaction``."""
    quotas = {one.title["zh"]: one.quota or 0 for one in load_rule("satisfaction").groups}
    if inputs.has("groups"):
        named = inputs.counts("groups")
        if named != {name: quotas.get(name) for name in named}:
            raise DraftError("cases-bad-value", f"{inputs.place}.groups", allowed=quotas)
        return {"total": sum(quotas[name] for name in named)}
    group = inputs.word("group", *quotas)
    return {"accepted": inputs.number("issue") <= quotas[group]}


def _round_validity(inputs: Inputs) -> dict[str, object]:
    issued = inputs.number("issued")
    figures = Figures(
        due=max(1, issued),
        present_at_open=issued,
        present_at_seal=issued,
        issued=issued,
        returned=inputs.number("returned"),
        counts={},
    )
    _, fault = reconcile_box(figures)
    return {"round": "valid"} if fault is None else {"round": "void", "result": "revote"}


POLICIES: dict[str, Callable[[Inputs], dict[str, object]]] = {
    "policy:expiry": _expiry,
    "policy:retry": _retry,
    "policy:round2_list": _round2_list,
    "policy:config": _config,
    "policy:alternates": _alternates,
    "policy:group_quota": _group_quota,
    "policy:round_validity": _round_validity,
}

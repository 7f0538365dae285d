"""Where each worked example of the kinds ``policy:*`` and ``sequence`` is shown.

These cases of ``cases.json`` describe behaviour of the whole system in words, so no evaluator can
run them: each names the tests that show it, by file and name. Where a case speaks of paper, or of
something that this system does otherwise, ``NOTES`` says how it is answered.
``tests/unit/test_policies.py`` holds both tables against the cases and the tests that there are.
"""

from __future__ import annotations

HERE = "unit/test_policies"
ELECTIONS = "unit/test_rule_elections"
RECORDED = "unit/test_recorded_rules"
DRAFT = "unit/test_chain_draft"
EARLIER = "unit/test_earlier"
FORM = "unit/test_nomination"
GATES = "unit/test_gates"
OPENING = "unit/test_fold_opening"
ROUNDS = "unit/test_fold_rounds"

SHOWN: dict[str, tuple[str, ...]] = {
    # --- sequences of a meeting ------------------------------------------------------------------
    "V29": (f"{HERE}::test_quorum_is_tested_at_every_opening_and_what_is_sealed_stands",),
    "V30": (f"{HERE}::test_a_latecomer_brings_the_quorum_and_the_round_opens",),
    "V31": (
        f"{ROUNDS}::test_a_seal_waits_while_quorum_is_lost",
        f"{HERE}::test_a_round_that_lost_its_quorum_is_voided_by_chair_and_scrutineer_alone",
    ),
    # --- who votes, and how often ----------------------------------------------------------------
    "V32": (f"{HERE}::test_who_is_not_in_the_room_has_no_way_to_vote",),
    "V33": (f"{DRAFT}::test_the_same_name_and_post_twice_needs_a_motion_between",),
    "V34": (
        "integration/test_earlier_records::test_a_failure_that_is_told_of_allows_the_second_try",
    ),
    "V35": (
        f"{EARLIER}::test_a_second_try_is_for_another_meeting_and_there_is_no_third",
        "integration/test_earlier_records::"
        "test_a_third_try_is_refused_with_both_records_and_in_the_draft_without_them",
    ),
    "V36": (
        "integration/test_earlier_records::test_another_post_or_another_name_is_no_second_try",
    ),
    # --- recusal ---------------------------------------------------------------------------------
    "R06": (f"{DRAFT}::test_near_relatives_must_recuse_and_others_are_written_down",),
    "R07": (f"{DRAFT}::test_near_relatives_must_recuse_and_others_are_written_down",),
    "R08": (f"{DRAFT}::test_near_relatives_must_recuse_and_others_are_written_down",),
    "R09": (
        "unit/test_fold_attendance::test_a_recusal_leaves_the_vote_on_that_item_only",
        f"{HERE}::test_a_recused_member_votes_on_every_other_item",
    ),
    "R10": ("unit/test_meeting_draft::test_a_fault_is_one_line_that_names_its_place",),
    "R11": (f"{DRAFT}::test_a_relation_that_cannot_be_is_refused",),
    "R12": (f"{HERE}::test_a_teller_is_staff_and_a_scrutineer_votes",),
    # --- the plenum, and between its sessions ----------------------------------------------------
    "P04": (f"{HERE}::test_a_confirmation_takes_no_name_from_outside",),
    "P05": (f"{RECORDED}::test_alternates_are_asked_and_do_not_vote",),
    "P06": (f"{RECORDED}::test_alternates_are_asked_and_do_not_vote",),
    "P09": (
        f"{RECORDED}::test_more_than_half_of_those_asked_against_is_flagged_and_decides_nothing",
    ),
    # --- lists -----------------------------------------------------------------------------------
    "C13": (f"{RECORDED}::test_contested_means_more_names_than_seats",),
    "C14": (f"{RECORDED}::test_a_contested_examination_has_as_many_as_the_ratio_asks",),
    "C15": (f"{RECORDED}::test_a_contested_examination_has_as_many_as_the_ratio_asks",),
    # --- elections -------------------------------------------------------------------------------
    "E13": (f"{HERE}::test_a_written_name_without_a_mark_is_the_rule_s_business",),
    "E14": (f"{HERE}::test_a_written_name_without_a_mark_is_the_rule_s_business",),
    "E15": (f"{ELECTIONS}::test_names_from_outside_are_at_most_as_many_as_those_against",),
    "E16": (
        f"{RECORDED}::test_a_roster_s_entries_are_named_by_number_and_an_unreadable_one_is_invalid",
    ),
    "E17": (
        "integration/test_server_casting::test_malformed_and_false_ballots_are_told_apart",
        "integration/test_ticket_sheets::test_nothing_but_the_token_differs_from_slip_to_slip",
    ),
    "E20": (f"{HERE}::test_what_helpers_may_do_stands_in_the_guide",),
    "E21": (f"{HERE}::test_names_stand_in_the_order_in_which_they_were_written",),
    "E22": (f"{HERE}::test_names_stand_in_the_order_in_which_they_were_written",),
    # --- assessments and surveys -----------------------------------------------------------------
    "A18": (f"{RECORDED}::test_a_survey_s_groups_are_of_fixed_size",),
    "A19": (f"{RECORDED}::test_a_survey_s_groups_are_of_fixed_size",),
    "A20": ("unit/test_recommendation::test_every_group_has_its_paper_and_small_ones_are_joined",),
    "A23": (f"{HERE}::test_more_returned_than_issued_voids_an_assessment",),
    "A24": (f"{RECORDED}::test_unfit_shares_are_flagged_by_integers_and_never_act",),
    # --- recommendation --------------------------------------------------------------------------
    "T05": (f"{HERE}::test_a_homonym_is_never_assigned_by_itself",),
    "T09": ("unit/test_recommendation::test_however_many_recommend_nothing_passes_or_fails",),
    "T10": (f"{EARLIER}::test_a_recommendation_is_good_for_a_year_and_not_before_it_was_held",),
    "T11": (f"{EARLIER}::test_a_recommendation_is_good_for_a_year_and_not_before_it_was_held",),
    "T13": (f"{HERE}::test_without_the_gate_that_the_rule_wants_an_item_is_not_frozen",),
    "T14": (
        f"{EARLIER}::test_an_earlier_vote_that_does_not_show_it_settles_nothing",
        f"{EARLIER}::test_scattered_votes_may_be_overridden_by_a_written_reason_alone",
    ),
    "T15": (f"{FORM}::test_an_unsigned_form_is_refused_but_may_be_printed_to_be_signed",),
    "T16": (f"{FORM}::test_the_relation_is_declared_even_when_there_is_none",),
    "T17": (f"{FORM}::test_gongzuo_xuyao_alone_is_refused",),
    "T18": (
        f"{EARLIER}::test_the_second_list_is_the_first_by_the_ratio_with_ties_and_without_numbers",
    ),
    "T19": (f"{HERE}::test_nothing_in_a_draft_can_preselect_a_name",),
    "T20": (
        "integration/test_server_room::test_counts_are_the_room_s_only_once_two_roles_released_them",
        "unit/test_fold_certification::test_what_the_rule_withholds_is_never_released",
    ),
    "T21": (f"{RECORDED}::test_alternates_are_asked_and_do_not_vote",),
    # --- tickets and the box ---------------------------------------------------------------------
    "K01": (
        "integration/test_server_casting::test_a_credential_votes_once_and_only_where_it_is_active",
    ),
    "K02": (
        "integration/test_server_casting::test_a_credential_votes_once_and_only_where_it_is_active",
    ),
    "K03": (f"{HERE}::test_a_ticket_of_another_meeting_is_a_stranger",),
    "K04": (f"{ROUNDS}::test_more_returned_than_issued_voids_by_rule",),
    "K05": (f"{HERE}::test_printed_is_issued_and_voided",),
    "K06": (
        f"{OPENING}::test_a_leftover_nobody_scanned_stops_the_opening",
        f"{HERE}::test_printed_is_issued_and_voided",
    ),
    "K07": (
        f"{ROUNDS}::test_a_tracker_is_spoiled_once",
        "integration/test_server_casting::test_cast_and_spoil_of_one_tracker_exclude_each_other",
    ),
    "K08": ("unit/test_confirmation::test_what_was_not_returned_is_never_an_abstention",),
    "K09": (
        "integration/test_storage_tables::"
        "test_the_declared_tables_have_no_column_of_time_device_or_sequence",
        "integration/test_storage_order::"
        "test_a_rewritten_sqlite_file_is_the_same_whatever_the_order_of_casting",
    ),
    "K10": ("integration/test_crash::test_a_killed_server_loses_no_ballot_that_it_acknowledged",),
    # --- gates -----------------------------------------------------------------------------------
    "G01": (f"{GATES}::test_a_missing_gate_is_named",),
    "G02": (f"{GATES}::test_a_missing_gate_is_named",),
    "G03": (f"{OPENING}::test_an_unknown_item_does_not_open",),
    "G04": (f"{GATES}::test_a_missing_gate_is_named",),
    "G05": (f"{HERE}::test_without_the_gate_that_the_rule_wants_an_item_is_not_frozen",),
    "G06": (f"{OPENING}::test_no_paper_opens_before_every_gate_of_the_room",),
    "G07": (f"{DRAFT}::test_a_meeting_on_a_day_of_a_window_is_refused",),
    "G08": (f"{HERE}::test_without_the_gate_that_the_rule_wants_an_item_is_not_frozen",),
    "G09": ("unit/test_fold_certification::test_a_round_is_unsigned_until_all_have_signed",),
    "G10": (f"{HERE}::test_signatures_come_in_the_rule_s_order",),
    "G11": (f"{HERE}::test_signatures_come_in_the_rule_s_order",),
    "G12": (f"{HERE}::test_signatures_come_in_the_rule_s_order",),
    "G13": (f"{HERE}::test_signatures_come_in_the_rule_s_order",),
    "G18": (f"{HERE}::test_without_the_gate_that_the_rule_wants_an_item_is_not_frozen",),
    "G19": (
        "integration/test_record_forgeries::test_a_forged_act_is_found",
        "integration/test_doubt::test_two_roles_sign_and_the_verdict_stays_what_it_was",
    ),
    "G20": ("unit/test_api_access::test_every_endpoint_knows_its_roles",),
}

NOTES: dict[str, str] = {
    "V31": "The seal is refused until somebody returns; void by chair and scrutineer alone.",
    "E13": "A kiosk takes no name without a mark; of paper it is the rule's `blank-entry`.",
    "E14": "As E13.",
    "E15": "Of sealed ballots only totals can be checked: names from outside <= 不赞成.",
    "E17": "A sealed ballot has no room for a mark, and slips differ by their token only.",
    "E20": "Who helps a member at a kiosk is for the room to see: docs/guide/kiosk.md.",
    "E21": "The draft's order is the ballot's: who writes it writes it by strokes.",
    "E22": "As E21: the order approved above is the order written.",
    "A20": "A group under the floor is joined with a neighbour before the vote.",
    "K03": "A ticket of another meeting: its credentials are in no list of this one.",
    "K07": "A sealed ballot that was opened to check a device is none; the ticket stays good.",
    "K10": "Another tablet goes on; with none left the round is voided and held on paper.",
    "G03": "What is frozen is all there is: an item that it lacks cannot be opened.",
    "G10": "Signers of a rule are offices; the four of the 纪实表 sign a printed form.",
    "G20": "Minutes lie with secretary and recorder and are served to nobody else; who may see "
    "them is approved on paper, and no view is granted here that would be logged.",
}

"""What holds for every statement: true ones are proved, and no proof serves another statement."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.finite_field import BELENIOS_2048
from tests.support.scalars import repeatable
from voting.crypto import proofs, signature
from voting.crypto.elgamal import Ciphertext, Opening, encrypt, reencrypt, total_ciphertext
from voting.crypto.group import ED25519
from voting.crypto.proofs import Proof
from voting.errors import ProofError

GROUP = ED25519
Q = GROUP.order
KEY = GROUP.multiply_generator(1234567)
scalars = st.integers(0, Q - 1)
numbers = st.integers(0, 2**64)
few = settings(max_examples=25, deadline=None)
both_groups = pytest.mark.parametrize("group", [ED25519, BELENIOS_2048], ids=lambda g: g.name)


def sealed(m: int, r: int) -> tuple[Ciphertext, Opening]:
    return encrypt(GROUP, KEY, m, r), Opening(r, m)


@given(m=st.integers(0, 3), low=st.integers(0, 2), r=scalars, seed=numbers)
@few
def test_a_number_among_the_choices_is_proved_and_another_cannot_be(m, low, r, seed):
    ciphertext, opening = sealed(m, r)
    choices = range(low, 3)

    if m not in choices:
        with pytest.raises(ValueError, match="false"):
            proofs.prove_disjunction(
                GROUP, KEY, "S", ciphertext, opening, choices, repeatable(seed)
            )
        return
    made = proofs.prove_disjunction(GROUP, KEY, "S", ciphertext, opening, choices, repeatable(seed))
    proofs.verify_disjunction(GROUP, KEY, "S", ciphertext, choices, made)


@given(m=st.integers(0, 1), r=st.integers(1, Q - 1), seed=numbers)
@few
def test_a_disjunction_does_not_carry_over(m, r, seed):
    ciphertext, opening = sealed(m, r)
    made = proofs.prove_disjunction(GROUP, KEY, "S", ciphertext, opening, (0, 1), repeatable(seed))
    other = reencrypt(GROUP, KEY, ciphertext, 1)
    statements = [
        (KEY, "S|", ciphertext, (0, 1), made),
        (KEY, "S", other, (0, 1), made),
        (KEY + GROUP.generator, "S", ciphertext, (0, 1), made),
        (KEY, "S", ciphertext, (0, 2), made),
        (KEY, "S", ciphertext, (1, 0), made),
        (KEY, "S", ciphertext, (0, 1), made[::-1]),
        (KEY, "S", ciphertext, (0, 1), made[:1]),
        (KEY, "S", ciphertext, (0, 1, 2), made),
    ]

    for key, context, sealed_text, choices, proof in statements:
        with pytest.raises(ProofError):
            proofs.verify_disjunction(GROUP, key, context, sealed_text, choices, proof)


@given(
    made=st.lists(
        st.builds(Proof, *[st.integers(-1, Q + 1) | st.sampled_from([0, 1, Q - 1, Q, 2**256])] * 2),
        min_size=2,
        max_size=2,
    )
)
@few
def test_made_up_proofs_are_refused_and_crash_no_verifier(made):
    ciphertext, _ = sealed(1, 99)
    nothing = Ciphertext(GROUP.identity, GROUP.identity)

    for statement in (ciphertext, nothing):
        with pytest.raises(ProofError):
            proofs.verify_disjunction(GROUP, KEY, "S", statement, (0, 1), made)
        with pytest.raises(ProofError):
            proofs.verify_blank(GROUP, KEY, "S", statement, nothing, made)
        with pytest.raises(ProofError):
            proofs.verify_overall_blank(GROUP, KEY, "S", statement, nothing, (1,), made)
        with pytest.raises(ProofError):
            proofs.verify_plaintext(GROUP, KEY, "S", statement, made[0])
    for public in (KEY, GROUP.identity):
        with pytest.raises(ProofError):
            proofs.verify_knowledge(GROUP, public, made[0])
        with pytest.raises(ProofError):
            signature.verify_message(GROUP, public, "text", made[0])


@pytest.mark.parametrize("field", ["challenge", "response"])
def test_a_proof_has_no_second_spelling(field):
    made = proofs.prove_knowledge(GROUP, 5, repeatable())
    respelt = {"challenge": made.challenge, "response": made.response}
    respelt[field] += Q

    with pytest.raises(ProofError):
        proofs.verify_knowledge(GROUP, 5 * GROUP.generator, Proof(**respelt))


@both_groups
@pytest.mark.parametrize("blank", [0, 1])
@pytest.mark.parametrize("chosen", [0, 1, 2])
def test_a_blank_ballot_chooses_nothing_and_another_enough(group, blank, chosen):
    key = group.multiply_generator(77)
    openings = [Opening(11, blank), Opening(22, chosen)]
    sealed_pair = [encrypt(group, key, o.m, o.r) for o in openings]
    choices = range(1, 3)

    def prove_and_verify_blank():
        made = proofs.prove_blank(group, key, "S", *openings, repeatable(1, group))
        proofs.verify_blank(group, key, "S", *sealed_pair, made)
        return made

    def prove_and_verify_overall():
        made = proofs.prove_overall_blank(group, key, "S", *openings, choices, repeatable(2, group))
        proofs.verify_overall_blank(group, key, "S", *sealed_pair, choices, made)
        return made

    if blank and chosen:
        with pytest.raises(ValueError, match="false"):
            prove_and_verify_blank()
    else:
        made = prove_and_verify_blank()
        with pytest.raises(ProofError):
            proofs.verify_blank(group, key, "T", *sealed_pair, made)
        with pytest.raises(ProofError):
            proofs.verify_blank(group, key, "S", *sealed_pair[::-1], made)
    if not blank and not chosen:
        with pytest.raises(ValueError, match="false"):
            prove_and_verify_overall()
    else:
        made = prove_and_verify_overall()
        assert len(made) == 3
        with pytest.raises(ProofError):
            proofs.verify_overall_blank(group, key, "T", *sealed_pair, choices, made)
        with pytest.raises(ProofError):
            proofs.verify_blank(group, key, "S", *sealed_pair, made[:2])


@both_groups
def test_the_sum_of_choices_is_proved_from_the_sum_of_openings(group):
    key = group.multiply_generator(77)
    openings = [Opening(3, 0), Opening(4, 1), Opening(group.order - 1, 0)]
    total = total_ciphertext(group, (encrypt(group, key, o.m, o.r) for o in openings))
    opening = openings[0] + openings[1] + openings[2]

    made = proofs.prove_disjunction(group, key, "S", total, opening, (1,), repeatable(3, group))

    proofs.verify_disjunction(group, key, "S", total, (1,), made)


@given(r=scalars, seed=numbers)
@few
def test_knowledge_of_a_plaintext_is_bound_to_ciphertext_key_and_context(r, seed):
    ciphertext = encrypt(GROUP, KEY, GROUP.embed([1, 2]), r)
    other = Ciphertext(ciphertext.alpha, ciphertext.beta + GROUP.generator)
    made = proofs.prove_plaintext(GROUP, KEY, "S", ciphertext, r, repeatable(seed))

    proofs.verify_plaintext(GROUP, KEY, "S", ciphertext, made)
    for key, context, statement in [
        (KEY, "T", ciphertext), (KEY, "S", other), (GROUP.generator, "S", ciphertext),
    ]:  # fmt: skip
        with pytest.raises(ProofError):
            proofs.verify_plaintext(GROUP, key, context, statement, made)


@given(secret=scalars, nonce=scalars, message=st.text("a|会", max_size=9))
@few
def test_a_signature_is_bound_to_tag_text_and_key(secret, nonce, message):
    public = secret * GROUP.generator
    made = signature.sign_message(GROUP, secret, message, nonce)

    signature.verify_message(GROUP, public, message, made)
    signature.verify(GROUP, public, "sigmsg", message, made)
    for key, tag, text in [
        (public, "sig", message), (public, "sigmsg", message + "x"),
        (public + GROUP.generator, "sigmsg", message),
    ]:  # fmt: skip
        with pytest.raises(ProofError):
            signature.verify(GROUP, key, tag, text, made)


def test_the_ballot_signature_has_a_tag_of_its_own():
    public = 9 * GROUP.generator
    made = signature.sign_ballot(GROUP, 9, "hash", 12)

    signature.verify_ballot(GROUP, public, "hash", made)
    with pytest.raises(ProofError):
        signature.verify_message(GROUP, public, "hash", made)


def test_a_prover_draws_in_the_documented_order():
    drawn = []
    stream = repeatable(4)

    def draw() -> int:
        drawn.append(stream())
        return drawn[-1]

    ciphertext, opening = sealed(1, 5)
    made = proofs.prove_disjunction(GROUP, KEY, "S", ciphertext, opening, (0, 1, 2), draw)

    first, w, *last = made[0], drawn[2], made[2]
    assert drawn == [first.challenge, first.response, w, last[0].challenge, last[0].response]
    assert made[1].response == (w - 5 * made[1].challenge) % Q


def test_an_opening_never_prints_itself():
    assert "123" not in repr(Opening(123, 1234))

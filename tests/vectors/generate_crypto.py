"""Write tests/vectors/data/crypto-*.json. Deterministic: a test reruns it and compares.

Run with ``python -m tests.vectors.generate_crypto``. Every case says what must come of it:
``None`` for an output, or the error's name; one failure per vector, and a check that fires
for another reason stops the generator. Seeds and keys here are for vectors only.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from tests.support import crypto_vectors as support
from tests.support.crypto_json import element
from voting.crypto.group import ED25519
from voting.crypto.hashing import hash_to_scalar

DATA = Path(__file__).parent / "data"
Q = ED25519.order
G = ED25519.generator
PHI = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
Case = tuple[str, str, dict[str, Any], str | None]


def number(name: str) -> int:
    return hash_to_scalar(ED25519, f"vectors|{name}")


def seed(name: str) -> str:
    return hashlib.sha256(f"vectors|{name}".encode()).hexdigest()


SECRET = number("secret")
KEY = (SECRET * G).text


def made(op: str, **inputs: Any) -> Any:
    return support.run({"op": op, **inputs})


def groups() -> list[Case]:
    p = 2**255 - 19
    bad = {
        "order 1 with a sign": "8" + "0" * 62 + "1",
        "order 2": f"{p - 1:064x}",
        "order 4": "0" * 64,
        "order 8": "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7",
        "mixed order: g with a point of order 2": f"{p - int('6' * 62 + '58', 16) | 1 << 255:064x}",
        "not on the curve": "0" * 63 + "2",
        "identity, y not reduced": f"{p + 1:064x}",
        "y not reduced": f"{p + 9:064x}",
        "upper case": KEY.upper(),
        "63 digits": KEY[1:],
        "65 digits": KEY + "0",
    }
    return [
        ("decode", "identity", {"text": "0" * 63 + "1"}, None),
        ("decode", "generator", {"text": "6" * 62 + "58"}, None),
        ("decode", "a member", {"text": KEY}, None),
        *[("decode", comment, {"text": text}, "FormatError") for comment, text in bad.items()],
        ("decode_number", "largest scalar", {"text": str(Q - 1)}, None),
        ("decode_number", "the order", {"text": str(Q)}, "FormatError"),
        ("decode_number", "leading zero", {"text": "01"}, "FormatError"),
        ("decode_number", "minus", {"text": "-1"}, "FormatError"),
        ("decode_number", "empty", {"text": ""}, "FormatError"),
        ("decode_number", "a JSON number", {"text": 1}, "FormatError"),
        ("multiply", "2 times g", {"k": "2", "text": G.text}, None),
        ("multiply", "0 times g", {"k": "0", "text": G.text}, None),
        ("multiply", "q times a member", {"k": str(Q), "text": KEY}, None),
        ("multiply", "-1 times a member", {"k": "-1", "text": KEY}, None),
        ("multiply", "3 times the identity", {"k": "3", "text": "0" * 63 + "1"}, None),
        ("add", "an element and its negative", {"left": KEY, "right": (-SECRET * G).text}, None),
        ("add", "identity and g", {"left": "0" * 63 + "1", "right": G.text}, None),
        ("add", "doubling", {"left": KEY, "right": KEY}, None),
        *[("derive_generator", f"index {i}", {"i": i}, None) for i in (-1, 0, 1, 2, 10)],
        ("embed", "1, 2, 3", {"numbers": [1, 2, 3]}, None),
        ("embed", "thirty zeros give the identity", {"numbers": [0] * 30}, None),
        ("embed", "thirty times 255", {"numbers": [255] * 30}, None),
        ("embed", "256", {"numbers": [256]}, "FormatError"),
        ("embed", "thirty-one numbers", {"numbers": [0] * 31}, "FormatError"),
        ("extract", "1, 2, 3", {"n": 3, "text": made("embed", numbers=[1, 2, 3])}, None),
        ("extract", "an element that embeds nothing", {"n": 30, "text": KEY}, None),
        ("hash_to_scalar", "parts end to end", {"parts": ["sk|", "会议"]}, None),
        ("fingerprint", "empty", {"text": ""}, None),
        ("fingerprint", "text", {"text": '{"version":1,"description":"会"}'}, None),
        ("code", "empty text's hash", {"digest": hashlib.sha256(b"").hexdigest()}, None),
        ("expand", "five scalars", {"seed": seed("expand"), "label": "answers", "count": 5}, None),
        ("expand", "label", {"seed": seed("expand"), "label": "nonce", "count": 2}, None),
    ]


def ballots() -> list[Case]:
    context = f"{PHI}|{KEY}"
    base = {"public_key": KEY, "context": context}
    cases: list[Case] = []
    for m, choices in [(0, [0, 1]), (1, [0, 1]), (2, [1, 2, 3])]:
        inputs = {**base, "m": m, "r": str(number(f"r{m}")), "choices": choices, "seed": seed("d")}
        cases.append(("prove_disjunction", f"{m} in {choices}", inputs, None))
    proved = made("prove_disjunction", **cases[1][2])
    good = {**base, "sealed": proved["ciphertext"], "choices": [0, 1], "proofs": proved["proofs"]}
    first, second = proved["proofs"]
    zero, large = {**first, "response": "0"}, {**first, "response": str(Q)}
    for comment, change, error in [
        ("valid", {}, None),
        ("other context", {"context": context + "|"}, "ProofError"),
        ("other choices", {"choices": [0, 2]}, "ProofError"),
        ("other ciphertext", {"sealed": {"alpha": KEY, "beta": KEY}}, "ProofError"),
        ("other key", {"public_key": G.text}, "ProofError"),
        ("proofs swapped", {"proofs": [second, first]}, "ProofError"),
        ("a proof missing", {"proofs": [first]}, "ProofError"),
        ("a proof too many", {"proofs": [first, second, second]}, "ProofError"),
        ("response zero", {"proofs": [zero, second]}, "ProofError"),
        ("response not reduced", {"proofs": [large, second]}, "FormatError"),
    ]:
        cases.append(("verify_disjunction", comment, {**good, **change}, error))
    for blank, chosen, choices in [(0, 2, None), (1, 0, None), (0, 2, [1, 2]), (1, 0, [1, 2])]:
        openings = [{"r": str(number("b")), "m": blank}, {"r": str(number("c")), "m": chosen}]
        inputs = {**base, "openings": openings, "choices": choices, "seed": seed("blank")}
        kind = "blank or nothing" if choices is None else f"blank or {choices}"
        cases.append(("prove_blank", f"{kind}: blank {blank}, chosen {chosen}", inputs, None))
        good = {**base, "choices": choices, **made("prove_blank", **inputs)}
        cases.append(("verify_blank", "valid", good, None))
        other = {**good, "context": "other"}
        cases.append(("verify_blank", "other context", other, "ProofError"))
        swapped = {**good, "sealed": good["sealed"][::-1]}
        cases.append(("verify_blank", "ciphertexts swapped", swapped, "ProofError"))
    inputs = {**base, "numbers": [1, 2, 3], "r": str(number("p")), "seed": seed("p")}
    cases.append(("prove_plaintext", "1, 2, 3", inputs, None))
    proved = made("prove_plaintext", **inputs)
    good = {**base, "sealed": proved["ciphertext"], "made": proved["proof"]}
    cases.append(("verify_plaintext", "valid", good, None))
    cases.append(("verify_plaintext", "other context", {**good, "context": "x"}, "ProofError"))
    return cases


def signatures() -> list[Case]:
    proved = made("prove_knowledge", secret=str(SECRET), seed=seed("k"))
    signed = {"tag": "sigmsg", "text": '{"coefexps":[]}'}
    proof = made("sign", secret=str(SECRET), nonce=str(number("n")), **signed)
    good = {"public_key": KEY, **signed, "made": proof}
    return [
        ("prove_knowledge", "a trustee's key", {"secret": str(SECRET), "seed": seed("k")}, None),
        ("verify_knowledge", "valid", {"public_key": KEY, "made": proved}, None),
        ("verify_knowledge", "other key", {"public_key": G.text, "made": proved}, "ProofError"),
        ("sign", "message", {"secret": str(SECRET), "nonce": str(number("n")), **signed}, None),
        ("verify_signature", "valid", good, None),
        ("verify_signature", "other tag", {**good, "tag": "sig"}, "ProofError"),
        ("verify_signature", "other text", {**good, "text": "{}"}, "ProofError"),
        ("verify_signature", "other key", {**good, "public_key": G.text}, "ProofError"),
    ]


def weak_forgery(sealed: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Commit first, solve for the factor afterwards: passes version 1 [BPW12]."""
    w1, w2, alpha = number("w1"), number("w2"), element(sealed["alpha"])
    prefix = f"decrypt|{PHI}|{KEY}|{(w1 * G).text},{(w2 * alpha).text}"
    c = hash_to_scalar(ED25519, prefix)
    r = (w1 - SECRET * c) % Q
    factor = ((w2 - r) * pow(c, -1, Q) % Q) * alpha
    return factor.text, {"challenge": str(c), "response": str(r)}


def decryptions() -> list[Case]:
    r = number("sealed")
    sealed = {"alpha": (r * G).text, "beta": (r * SECRET * G + 3 * G).text}
    nothing = {"alpha": "0" * 63 + "1", "beta": "0" * 63 + "1"}
    inputs = {"phi": PHI, "secret": str(SECRET), "sealed": sealed, "seed": seed("factor")}
    proved = made("prove_decryption", **inputs)
    statement = {"phi": PHI, "public_key": KEY, "sealed": sealed, "factor": proved["factor"]}
    first, second = ({**statement, "made": proved[name]} for name in ("first", "second"))
    factor, forged = weak_forgery(sealed)
    other = {**sealed, "beta": sealed["alpha"]}
    factors = {"1": (SECRET * G).text, "2": (2 * G).text, "3": (5 * G).text}
    return [
        ("prove_decryption", "three votes", inputs, None),
        ("prove_decryption", "no ballot at all", {**inputs, "sealed": nothing}, None),
        ("verify_first", "valid", first, None),
        ("verify_first", "other election", {**first, "phi": "x"}, "ProofError"),
        ("verify_first", "the second proof", {**first, "made": proved["second"]}, "ProofError"),
        ("verify_first", "FORGED, and accepted by version 1",
         {**first, "factor": factor, "made": forged}, None),
        ("verify_second", "valid", second, None),
        ("verify_second", "forged against weak Fiat-Shamir",
         {**second, "factor": factor, "made": forged}, "ProofError"),
        ("verify_second", "other election", {**second, "phi": "x"}, "ProofError"),
        ("verify_second", "other trustee", {**second, "public_key": G.text}, "ProofError"),
        ("verify_second", "other factor", {**second, "factor": KEY}, "ProofError"),
        ("verify_second", "other beta", {**second, "sealed": other}, "ProofError"),
        ("verify_second", "the first proof", {**second, "made": proved["first"]}, "ProofError"),
        ("combine", "first two of three", {"threshold": 2, "factors": factors}, None),
        ("combine", "all three", {"threshold": 3, "factors": factors}, None),
        ("combine", "too few", {"threshold": 4, "factors": factors}, "VerificationError"),
        ("open_count", "none", {"text": "0" * 63 + "1", "bound": 0}, None),
        ("open_count", "twelve", {"text": (12 * G).text, "bound": 12}, None),
        ("open_count", "two thousand", {"text": (2000 * G).text, "bound": 5000}, None),
        ("open_count", "one too many", {"text": (13 * G).text, "bound": 12}, "VerificationError"),
        ("open_count", "minus one", {"text": (-1 * G).text, "bound": 12}, "VerificationError"),
    ]  # fmt: skip


def keys() -> list[Case]:
    coefficients = [[str(number(f"a{i}{k}")) for k in range(2)] for i in range(3)]
    dealt = [made("deal", coefficients=c, size=3) for c in coefficients]
    commitments = [d["commitments"] for d in dealt]
    share = {"threshold": 2, "commitments": commitments[0], "recipient": 1}
    right, wrong = dealt[0]["shares"][:2]
    return [
        ("trustee_keys", "from a seed", {"seed_text": "1" * 22}, None),
        ("deal", "two of three", {"coefficients": coefficients[0], "size": 3}, None),
        ("check_share", "right", {**share, "share": right}, None),
        ("check_share", "of another", {**share, "share": wrong}, "FaultyTrusteeError"),
        ("check_share", "zero", {**share, "share": "0"}, "FaultyTrusteeError"),
        ("check_share", "other threshold",
         {**share, "threshold": 3, "share": right}, "FaultyTrusteeError"),
        *[("verification_key", f"trustee {j}", {"commitments": commitments, "index": j}, None)
          for j in (1, 2, 3)],
    ]  # fmt: skip


def shuffles() -> list[Case]:
    inputs = []
    for i in range(3):
        r, plain = number(f"s{i}"), ED25519.embed([i, 7])
        inputs.append({"alpha": (r * G).text, "beta": (r * SECRET * G + plain).text})
    base = {"public_key": KEY, "phi": PHI, "inputs": inputs}
    asked = {**base, "permutation": [2, 0, 1], "seed": seed("shuffle")}
    proved = made("prove_shuffle", **asked)
    good = {**base, "outputs": proved["outputs"], "made": proved["proof"]}
    a, b, c = proved["outputs"]
    t, s, commitments, chain = proved["proof"]
    responses = [str((int(s[0]) + 1) % Q), *s[1:]]
    return [
        ("prove_shuffle", "three", asked, None),
        ("prove_shuffle", "one", {**asked, "inputs": inputs[:1], "permutation": [0]}, None),
        ("verify_shuffle", "valid", good, None),
        ("verify_shuffle", "other election", {**good, "phi": "x"}, "ProofError"),
        ("verify_shuffle", "outputs swapped", {**good, "outputs": [b, a, c]}, "ProofError"),
        ("verify_shuffle", "output replaced", {**good, "outputs": [a, b, inputs[0]]}, "ProofError"),
        ("verify_shuffle", "output dropped", {**good, "outputs": [a, b]}, "ProofError"),
        ("verify_shuffle", "a response changed",
         {**good, "made": [t, responses, commitments, chain]}, "ProofError"),
        ("verify_shuffle", "a commitment dropped",
         {**good, "made": [t, s, commitments[:2], chain]}, "ProofError"),
    ]  # fmt: skip


FILES = {
    "crypto-group": ("docs/spec/group.md v1", groups),
    "crypto-ballots": ("docs/spec/proofs.md v1", ballots),
    "crypto-signatures": ("docs/spec/proofs.md v1", signatures),
    "crypto-decryption": ("docs/spec/proofs.md v1", decryptions),
    "crypto-dkg": ("docs/spec/proofs.md v1", keys),
    "crypto-shuffle": ("docs/spec/proofs.md v1", shuffles),
}


def build(name: str) -> str:
    """Return the text of ``data/<name>.json``."""
    spec, cases = FILES[name]
    tests = []
    for i, (op, comment, inputs, expected) in enumerate(cases(), 1):
        found = support.outcome({"op": op, **inputs})
        if found["error"] != expected:
            raise AssertionError(f"{name} {i} ({comment}): {found['error']}, not {expected}")
        tests.append({"id": i, "comment": comment, "op": op, **inputs, **found})
    file = {"spec": spec, "group": ED25519.name, "tests": tests}
    return json.dumps(file, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for name in FILES:
        (DATA / f"{name}.json").write_text(build(name), "utf-8")

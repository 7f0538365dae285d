// Keys of t of n and decryption, over the vectors that Python wrote.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { hexToBytes } from "../../kiosk/web/src/crypto/bytes.js";
import * as decryption from "../../kiosk/web/src/crypto/decryption.js";
import * as dkg from "../../kiosk/web/src/crypto/dkg.js";
import { Ciphertext } from "../../kiosk/web/src/crypto/elgamal.js";
import { ED25519 as GROUP } from "../../kiosk/web/src/crypto/group.js";
import { seededScalars } from "../../kiosk/web/src/crypto/hashing.js";
import * as errors from "../../kiosk/web/src/errors.js";
import { proofJson } from "../../kiosk/web/src/protocol/values.js";

const DATA = new URL("../vectors/data/", import.meta.url);
const element = (text) => GROUP.decode(text);
const elements = (texts) => texts.map(element);
const ciphertext = ({ alpha, beta }) => new Ciphertext(element(alpha), element(beta));
const proof = ({ challenge, response }) =>
  ({ challenge: BigInt(challenge), response: BigInt(response) });

const OPERATIONS = {
  trustee_keys({ seed_text: seed }) {
    const keys = dkg.secretsFromSeed(GROUP, seed);
    return { signing: `${keys.signing}`, decryption: `${keys.decryption}` };
  },
  deal({ coefficients, size }) {
    const polynomial = new dkg.Polynomial(GROUP.order, coefficients.map(BigInt));
    return {
      commitments: dkg.commit(GROUP, polynomial).map((a) => a.text),
      shares: Array.from({ length: size }, (_, i) => `${polynomial.share(i + 1)}`),
    };
  },
  check_share({ threshold, commitments, recipient, share }) {
    const told = { threshold, dealer: 1, recipient, share: BigInt(share) };
    dkg.checkShare(GROUP, { ...told, commitments: elements(commitments) });
    return null;
  },
  verification_key({ commitments, index }) {
    const dealers = commitments.map(elements);
    return {
      key: dkg.verificationKey(GROUP, dealers, index).text,
      combined: dkg.combinedPublicKey(GROUP, dealers).text,
    };
  },
  prove_decryption({ phi, secret, sealed, seed }) {
    const draw = seededScalars(hexToBytes(seed), "test", GROUP);
    const key = BigInt(secret);
    const statement = ciphertext(sealed);
    const [factor, first] = decryption.provePartial(GROUP, phi, key, statement.alpha, draw);
    const second = decryption.proveFactor(GROUP, phi, key, statement, draw);
    return { factor: factor.text, first: proofJson(first), second: proofJson(second) };
  },
  verify_first({ phi, public_key: key, sealed, factor, made }) {
    const { alpha } = ciphertext(sealed);
    const given = [element(key), alpha, element(factor), proof(made)];
    decryption.verifyPartial(GROUP, phi, ...given);
    return null;
  },
  verify_second({ phi, public_key: key, sealed, factor, made }) {
    const given = [element(key), ciphertext(sealed), element(factor), proof(made)];
    decryption.verifyFactor(GROUP, phi, ...given);
    return null;
  },
  combine({ threshold, factors }) {
    const byIndex = Object.entries(factors).map(([j, text]) => [Number(j), element(text)]);
    return decryption.combineThreshold(GROUP, threshold, new Map(byIndex)).text;
  },
  open_count: ({ text, bound }) => decryption.openCount(GROUP, element(text), bound),
};

for (const name of ["crypto-dkg", "crypto-decryption"]) {
  const { tests } = JSON.parse(readFileSync(new URL(`${name}.json`, DATA), "utf8"));
  for (const { op, comment, output, error, ...given } of tests) {
    test(`${op}: ${comment}`, () => {
      const run = () => OPERATIONS[op](given);
      if (error === null) assert.deepEqual(run(), output);
      else assert.throws(run, errors[error]);
    });
  }
}

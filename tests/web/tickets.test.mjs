import assert from "node:assert/strict";
import { test } from "node:test";

import { hexToBytes } from "../../kiosk/web/src/crypto/bytes.js";
import { ED25519 } from "../../kiosk/web/src/crypto/group.js";
import { InputError, VerificationError } from "../../kiosk/web/src/errors.js";
import * as c from "../../kiosk/web/src/protocol/credential.js";
import { takeProof } from "../../kiosk/web/src/protocol/values.js";
import { bytes, text, throwsAs, vectors } from "./vectors.mjs";

for (const one of vectors("token", "token")) {
  test(`a token is printed: ${one.id}`, () => {
    const token = c.tokenFromBytes(hexToBytes(one.raw));
    assert.equal(token, one.token);
    assert.equal(c.formatToken(token), one.printed);
    assert.equal(c.qrPayload(token), one.qr);
    assert.equal(c.parseToken(one.printed), token);
    assert.equal(c.parseQr(one.qr), token);
  });
}

for (const one of vectors("token", "typed", "scanned")) {
  test(`a token is read: ${one.id}`, () => {
    const read = one.kind === "typed" ? c.parseToken : c.parseQr;
    if (one.error) throwsAs(one.error, () => read(one.input));
    else assert.equal(read(one.input), one.token);
  });
}

test("letters that only become ours in upper case are refused where they stand", () => {
  for (const foreign of ["ſ", "ß", "ı", "ﬀ", "０", "Ａ", "\u{1d400}"]) {
    const typed = `4W26-2TBH-F9ZH-A62A-08JX-ZEHX-A87${foreign}`;
    assert.throws(() => c.parseToken(typed), (error) => {
      assert.ok(error instanceof InputError);
      assert.deepEqual([error.code, error.params], ["token-symbol", { position: 28 }]);
      assert.ok(!JSON.stringify(error.params).includes("4W26") && !error.message.includes("4W26"));
      return true;
    });
  }
});

for (const one of vectors("credential", "derive", "derive-belenios")) {
  test(`a credential is derived: ${one.id}`, () => {
    const x =
      one.kind === "derive"
        ? c.privateCredential(one.token, one.uuid, ED25519)
        : c.deriveCredential(one.credential, one.uuid, ED25519);
    assert.equal(`${x}`, one.x);
    assert.equal(c.publicCredential(x, ED25519).text, one.public);
  });
}

for (const one of vectors("credential", "list")) {
  test(`a series is listed: ${one.id}`, () => {
    const elements = one.elements.map((each) => ED25519.decode(each));
    assert.equal(text(c.encodeCredentials(c.sortedCredentials(elements))), one.data);
  });
}

for (const one of vectors("credential", "act")) {
  test(`an act is signed: ${one.id}`, () => {
    const where = { slot: one.slot, meetingFingerprint: one.meeting, group: ED25519 };
    const proof = takeProof(one.proof, "proof", ED25519);
    const credential = ED25519.decode(one.public);
    const verify = () => c.verifyTicketAct(credential, one.act, { ...where, proof });
    if (one.error) return throwsAs(one.error, verify);
    verify();
    const nonce = BigInt(one.nonce);
    assert.deepEqual(c.signTicketAct(BigInt(one.x), one.act, { ...where, nonce }), proof);
    return undefined;
  });
}

test("a list of credentials names each once, with a weight or without", () => {
  const [a, b] = [1n, 2n].map((k) => ED25519.multiplyGenerator(k).text);
  const read = (...lines) => c.decodeCredentials(bytes(JSON.stringify(lines)), ED25519);
  assert.deepEqual(read(a, `${b},3`).map(({ weight }) => weight), [null, 3n]);
  assert.throws(() => read(a, b, a), (error) => {
    assert.ok(error instanceof VerificationError);
    return error.code === "credential-duplicate" && error.params.index === 2;
  });
  for (const bad of [`${a},`, `${a},0`, `${a},01`, `${a},1,1`, ED25519.identity.text]) {
    assert.throws(() => read(bad), { code: "malformed" });
  }
});

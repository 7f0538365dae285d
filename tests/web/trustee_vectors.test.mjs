// What a trustee's page computes, held against the vectors that Python made and reads.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { hexToBytes, toBytes } from "../../kiosk/web/src/crypto/bytes.js";
import * as decryption from "../../kiosk/web/src/crypto/decryption.js";
import * as dkg from "../../kiosk/web/src/crypto/dkg.js";
import { ED25519 } from "../../kiosk/web/src/crypto/group.js";
import { FormatError, ProofError, RefusedError } from "../../kiosk/web/src/errors.js";
import { Commit, Reveal, Shares, code, commitmentOf, transcript }
  from "../../kiosk/web/src/protocol/ceremony.js";
import * as checkpoints from "../../kiosk/web/src/protocol/checkpoint.js";
import { decodeElection } from "../../kiosk/web/src/protocol/election.js";
import { KeyFile } from "../../kiosk/web/src/protocol/keyfile.js";
import { encodeNote, signNote } from "../../kiosk/web/src/protocol/note.js";
import { openShare } from "../../kiosk/web/src/protocol/sharebox.js";
import * as shares from "../../kiosk/web/src/protocol/shares.js";
import { decodeTally } from "../../kiosk/web/src/protocol/tally.js";
import { decodeTrustees, encodeTrustees, verifyTrustees }
  from "../../kiosk/web/src/protocol/trustees.js";
import { takeCiphertext, takeProof } from "../../kiosk/web/src/protocol/values.js";
import { newMemory } from "../../kiosk/web/src/tally/memory.js";
import { answerRehearsal, checkRehearsal } from "../../kiosk/web/src/tally/rehearsal.js";
import { sharesDigest } from "../../kiosk/web/src/tally/relayed.js";

const DATA = new URL("../vectors/data/", import.meta.url);
const vector = (name) => JSON.parse(readFileSync(new URL(`${name}.json`, DATA), "utf8"));
const text = (bytes) => new TextDecoder().decode(bytes);

test("the ceremony's messages, its code and the digest of the shares are Python's", () => {
  const ceremony = vector("ceremony");
  const { session } = ceremony;
  const reveals = ceremony.reveal.map((one) => Reveal.decode(session, toBytes(one)));
  ceremony.commit.forEach((bytes, i) => {
    assert.equal(Commit.decode(session, toBytes(bytes)).commitment, commitmentOf(reveals[i]));
    assert.equal(text(Reveal.encode(session, reveals[i])), ceremony.reveal[i]);
  });
  assert.equal(transcript(session, reveals), ceremony.transcript);
  assert.equal(code(ceremony.transcript), ceremony.code);

  const noteKeys = reveals.map((one) => one.noteKey);
  const dealt = ceremony.shares.map((one) => Shares.decode(session, toBytes(one), noteKeys));
  assert.equal(sharesDigest(dealt), ceremony.shares_digest);
});

test("every share opens for its recipient, and they add up to his secret", () => {
  const ceremony = vector("ceremony");
  const { session } = ceremony;
  const reveals = ceremony.reveal.map((one) => Reveal.decode(session, toBytes(one)));
  const noteKeys = reveals.map((one) => one.noteKey);
  const dealt = ceremony.shares.map((one) => Shares.decode(session, toBytes(one), noteKeys));

  ceremony.devices.forEach(({ box_secret: secret, share }, i) => {
    const recipient = i + 1;
    const values = dealt.map(({ trustee: dealer, boxes, coefficients: { commitments } }) => {
      const keys = { boxSecret: hexToBytes(secret), theirKey: reveals[dealer - 1].boxKey };
      const value = openShare(session, boxes[i], { dealer, recipient, ...keys });
      const told = { threshold: 2, dealer, commitments, recipient };
      dkg.checkShare(ED25519, { ...told, share: value });
      assert.throws(() => dkg.checkShare(ED25519, { ...told, share: value + 1n }),
        { code: "faulty-trustee" });
      assert.throws(() => openShare(session, boxes[i], { dealer, recipient: 9, ...keys }),
        { code: "share-box" });
      return value;
    });
    assert.equal(dkg.combineShares(ED25519, values).toString(), share);
  });
});

test("trustees.json holds, is written again alike, and holds with nothing changed", () => {
  const { trustees } = vector("ceremony");
  const decoded = decodeTrustees(toBytes(trustees), ED25519);
  verifyTrustees(decoded, decoded.publicKey);
  assert.equal(text(encodeTrustees(decoded.items)), trustees);
  assert.equal(decoded.missing([1]), 1);

  const wrong = (change, errorCode) => {
    const again = decodeTrustees(toBytes(trustees), ED25519);
    change(again.items[0]);
    assert.throws(() => verifyTrustees(again), { code: errorCode });
  };
  const exchange = (list) => ([list[0], list[1]] = [list[1], list[0]]);
  wrong((item) => exchange(item.certificates), "trustee-context");
  wrong((item) => (item.certificates[0].signed.signature.response += 1n), "trustee-certificate");
  wrong((item) => item.coefficients[1].commitments.push(ED25519.generator), "trustee-coefficients");
  wrong((item) => exchange(item.signatures), "trustee-approval");
  wrong((item) => exchange(item.keys), "trustee-key");
  wrong((item) => (item.keys[0].signature.response += 1n), "trustee-key-signature");
  wrong((item) => (item.keys[0].pok.response += 1n), "trustee-pok");
  assert.throws(() => verifyTrustees(decoded, ED25519.generator), { code: "election-key" });
});

test("a rehearsal is answered with the very bytes that Python answers", () => {
  const ceremony = vector("ceremony");
  const { session, trustees, rehearsal } = ceremony;
  const reveals = ceremony.reveal.map((one) => Reveal.decode(session, toBytes(one)));
  const noteKeys = reveals.map((one) => one.noteKey);
  const answers = ceremony.devices.map(({ share, note_seed: seed }, i) => {
    const memory = newMemory({ session, index: i + 1, trustees, noteKeys });
    const secrets = { share: BigInt(share), noteSeed: hexToBytes(seed) };
    return text(answerRehearsal(memory, secrets, toBytes(rehearsal)));
  });
  assert.deepEqual(answers, ceremony["rehearsal-answer"]);

  const memory = newMemory({ session, index: 1, trustees, noteKeys });
  const given = answers.map(toBytes);
  assert.equal(checkRehearsal(memory, toBytes(rehearsal), given).rehearsed, true);
  assert.throws(() => checkRehearsal(memory, toBytes(rehearsal), given.slice(1)),
    { code: "ceremony-incomplete" });
  assert.throws(() => checkRehearsal(memory, toBytes(rehearsal), [given[0], ...given]),
    { code: "ceremony-second" });
  assert.throws(
    () => answerRehearsal({ ...memory, opened: true }, { share: 1n }, toBytes(rehearsal)),
    { code: "rehearsal-over" });
  const other = rehearsal.replace(/"message":"\d/, (digits) => `${digits}1`);
  assert.throws(() => answerRehearsal(memory, { share: 1n }, toBytes(other)),
    (error) => ["rehearsal-ciphertext", "malformed"].includes(error.code));
});

test("a message of another meeting, attempt or kind is malformed", () => {
  const { session, commit } = vector("ceremony");
  for (const other of [{ meeting: "2Meeting2Meeting2Meet2" }, { attempt: 2 }]) {
    assert.throws(() => Commit.decode({ ...session, ...other }, toBytes(commit[0])), FormatError);
  }
  assert.throws(() => Reveal.decode(session, toBytes(commit[0])), FormatError);
});

test("the checkpoint, its digest and its note are Python's, and no line of it may differ", () => {
  const { trackers, text: said, digest, keys, note } = vector("checkpoint");
  const known = keys.map((one) => hexToBytes(one.public_key));
  const [checkpoint, signers] = checkpoints.verifyCheckpoint(toBytes(note), known);
  assert.deepEqual([...signers], [1, 2, 3]);
  assert.equal(checkpoints.checkpointText(checkpoint), said);
  assert.equal(checkpoints.checkpointDigest(checkpoint), digest);
  assert.equal(checkpoints.ballotsDigest(trackers), checkpoint.ballots);
  const signed = keys.map((one) => signNote(said, one.name, hexToBytes(one.seed)));
  assert.equal(text(encodeNote(said, signed)), note);

  const refused = (changed, wanted, by = known) => assert.throws(
    () => checkpoints.verifyCheckpoint(toBytes(changed), by), { code: wanted });
  refused(note.replace("\n3\n", "\n4\n"), "bad-signature");
  refused(note.replace("\n3\n", "\n03\n"), "malformed");
  refused(note.replace("trustee:2", "trustee:4"), "malformed");
  refused(note.replace("trustee:3", "trustee:4"), "note-unknown-signer");
  refused(note, "note-unknown-signer", [...known].reverse());
  refused(note.slice(0, -1), "malformed");
  refused(said, "malformed");
});

test("how many devices must sign is as the table of the specification says", () => {
  const needed = [[2, 2, 2], [2, 3, 3], [3, 4, 4], [3, 5, 4], [4, 7, 6]];
  for (const [t, n, wanted] of needed) assert.equal(checkpoints.cosignersNeeded(n, t), wanted);
});

test("the key file opens with either spelling of its passphrase, and is written alike", () => {
  const { passphrase, normalized, salt, nonce, counter, payload, file } = vector("keyfile");
  for (const spelled of [passphrase, normalized]) {
    const opened = KeyFile.open([toBytes(file)], spelled);
    assert.equal(text(opened.payload), payload);
    assert.equal(opened.counter, BigInt(counter));
  }
  const drawn = { 16: hexToBytes(salt), 24: hexToBytes(nonce) };
  const made = KeyFile.create(passphrase, (n) => drawn[n]);
  assert.equal(text(made.seal(toBytes(payload), (n) => drawn[n])), file);
});

test("of two media the newer one is read; what is no key file, or not ours, is refused", () => {
  const { passphrase, file } = vector("keyfile");
  const held = KeyFile.open([toBytes(file)], passphrase);
  const rand = (n) => new Uint8Array(n).fill(7);
  const newer = held.seal(toBytes("newer"), rand);
  assert.equal(text(KeyFile.open([toBytes(file), newer], passphrase).payload), "newer");

  assert.throws(() => KeyFile.open([toBytes(file)], "another passphrase"),
    { code: "wrong-passphrase" });
  assert.throws(() => KeyFile.open([], passphrase), { code: "keyfile-missing" });
  assert.throws(() => KeyFile.create("7 signs", rand), { code: "passphrase-too-short" });
  const changed = [['"passes":2', '"passes":1'], ["67108864", "65536"], ["argon2id", "argon2i"]];
  for (const [was, is] of changed) {
    assert.throws(() => KeyFile.open([toBytes(file.replace(was, is))], passphrase), FormatError);
  }
  held.forget();
  assert.throws(() => held.seal(toBytes("late"), rand), RefusedError);
});

test("second proofs hold, and a forged factor has only the first", () => {
  const given = vector("second-proof");
  const election = decodeElection(toBytes(given.election));
  const tally = decodeTally(toBytes(JSON.stringify(given.encrypted_tally)), election);
  const key = ED25519.decode(given.public_key);
  const share = shares.decodePartialDecryption(toBytes(given.partial_decryption), election, tally);
  const second = shares.decodeSecondProofs(toBytes(given.proofs), election, tally);
  shares.verifyPartialDecryption(election, tally, 1, key, share);
  shares.verifySecondProofs(election, tally, 1, key, share, second.trustees.get(1));
  assert.equal(text(shares.encodePartialDecryption(share)), given.partial_decryption);
  assert.equal(text(shares.encodeSecondProofs(second)), given.proofs);

  const { forged } = given;
  const ciphertext = takeCiphertext(forged.ciphertext, "ciphertext", ED25519);
  const factor = ED25519.decode(forged.factor);
  const proof = takeProof(forged.proof, "proof", ED25519);
  const phi = election.fingerprint;
  decryption.verifyPartial(ED25519, phi, key, ciphertext.alpha, factor, proof);
  for (const attempt of [proof, second.trustees.get(1)[0][0]]) {
    assert.throws(
      () => decryption.verifyFactor(ED25519, phi, key, ciphertext, factor, attempt), ProofError);
  }
  const wrong = { ...share, factors: [[factor, ...share.factors[0].slice(1)]] };
  assert.throws(
    () => shares.verifySecondProofs(election, tally, 1, key, wrong, second.trustees.get(1)),
    (error) => error.code === "faulty-trustee" && error.params.place === "[0][0]");
});

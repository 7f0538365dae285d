// The key ceremony among three pages, with a server between them that may cheat.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ED25519 } from "../../kiosk/web/src/crypto/group.js";
import { randomBytes } from "../../kiosk/web/src/crypto/random.js";
import { Acknowledgement, Commit, Reveal, Shares, commitmentOf }
  from "../../kiosk/web/src/protocol/ceremony.js";
import { decodeTrustees, verifyTrustees } from "../../kiosk/web/src/protocol/trustees.js";
import * as ceremony from "../../kiosk/web/src/tally/ceremony.js";
import { decodeKeys, encodeKeys } from "../../kiosk/web/src/tally/memory.js";

const SESSION = { meeting: "1Meeting1Meeting1Meet1", attempt: 1, threshold: 2, size: 3 };

/** Three devices after a step; the messages of each step, in the order of the trustees. */
function room() {
  const held = { states: [], messages: {} };
  const step = (name, made) => {
    held.states = made.map(([state]) => state);
    held.messages[name] = made.map(([, message]) => message);
  };
  step("commit", [1, 2, 3].map((index) => ceremony.begin(SESSION, index, randomBytes)));
  held.reveal = () =>
    step("reveal", held.states.map((one) => ceremony.reveal(one, held.messages.commit)));
  held.compare = () =>
    (held.states = held.states.map((one) => ceremony.compare(one, held.messages.reveal)));
  held.deal = () => step("shares", held.states.map((one) =>
    ceremony.deal(one, ceremony.codeOf(one), randomBytes)));
  held.receive = () => step("answer", held.states.map((one) =>
    ceremony.receive(one, held.messages.shares, randomBytes)));
  return held;
}

function reached(...steps) {
  const held = room();
  for (const step of steps) held[step]();
  return held;
}

/** The list with another message in one trustee's place. */
const exchanged = (messages, index, message) =>
  messages.map((one, i) => (i === index - 1 ? message : one));

test("three honest pages make one key that opens with any two of them, and keep it", () => {
  const held = reached("reveal", "compare", "deal", "receive");
  assert.equal(new Set(held.states.map(ceremony.codeOf)).size, 1);
  const made = held.states.map((one) => ceremony.finish(one, held.messages.answer));
  const texts = made.map(({ trustees }) => new TextDecoder().decode(trustees));
  assert.equal(new Set(texts).size, 1);
  verifyTrustees(decodeTrustees(made[0].trustees, ED25519));
  for (const { secrets, memory } of made) {
    const bytes = encodeKeys(secrets, memory);
    const [again, kept] = decodeKeys(bytes);
    assert.deepEqual(encodeKeys(again, kept), bytes);
    assert.equal(again.share, secrets.share);
  }
});

test("t of n must be such that two boxes are never opened", () => {
  for (const [threshold, size, index] of [[1, 1, 1], [1, 3, 1], [2, 4, 1], [2, 3, 4], [2, 3, 0]]) {
    const session = { ...SESSION, threshold, size };
    assert.throws(() => ceremony.begin(session, index, randomBytes), { code: "ceremony-numbers" });
  }
});

test("a list has one message of each, one's own as it was sent, and never another than before", () => {
  const { states: [first], messages: { commit } } = room();
  const other = room().messages.commit;
  const refused = (list, code) => assert.throws(() => ceremony.reveal(first, list), { code });
  refused(commit.slice(0, 2), "ceremony-incomplete");
  refused([...commit, commit[1]], "ceremony-second");
  refused(exchanged(commit, 1, other[0]), "ceremony-own-changed");
  const twice = Commit.decode(SESSION, commit[1]).commitment;
  refused(exchanged(commit, 3, Commit.encode(SESSION, { trustee: 3, commitment: twice })),
    "ceremony-duplicate");
  const [after] = ceremony.reveal(first, commit);
  assert.throws(() => ceremony.reveal(after, exchanged(commit, 2, other[1])),
    { code: "ceremony-second" });
});

test("nobody reveals anything but what he committed to, for this n, t and index, signed", () => {
  const held = reached("reveal");
  const [first] = held.states;
  const { reveal, commit } = held.messages;
  const shown = Reveal.decode(SESSION, reveal[2]);
  const compare = (list) => () => ceremony.compare(first, list);
  const changed = { ...shown, nonce: "0".repeat(64) };
  assert.throws(compare(exchanged(reveal, 3, Reveal.encode(SESSION, changed))),
    { code: "ceremony-not-committed" });
  assert.throws(() => ceremony.compare(room().states[0], reveal), { code: "ceremony-step" });

  const cheat = (one, code) => {
    const commitment = commitmentOf(one);
    const list = exchanged(commit, 3, Commit.encode(SESSION, { trustee: 3, commitment }));
    const [state] = ceremony.reveal({ ...first, commits: null }, list);
    const reveals = exchanged(reveal, 3, Reveal.encode(SESSION, one));
    assert.throws(() => ceremony.compare(state, reveals), { code });
  };
  const second = Reveal.decode(SESSION, reveal[1]);
  cheat({ ...shown, certificate: second.certificate }, "ceremony-context");
  const signature = { ...shown.certificate.signed.signature, response: 1n };
  const signed = { ...shown.certificate.signed, signature };
  cheat({ ...shown, certificate: { ...shown.certificate, signed } }, "ceremony-certificate");
  cheat({ ...shown, boxKey: second.boxKey }, "ceremony-duplicate");
});

test("no share is sent before a person confirmed the very code", () => {
  const [first] = reached("reveal", "compare").states;
  assert.throws(() => ceremony.deal(first, "00000 00000", randomBytes), { code: "ceremony-code" });
  const [, message] = ceremony.deal(first, ceremony.codeOf(first).replace(" ", ""), randomBytes);
  assert.ok(message.length > 0);
  assert.throws(() => ceremony.deal(reached("reveal").states[0], "1", randomBytes),
    { code: "ceremony-step" });
});

test("a wrong share is complained about, and the complaint ends the attempt for everybody", () => {
  const held = reached("reveal", "compare", "deal");
  const [first, second, third] = held.states;
  const noteKeys = first.reveals.map((one) => one.noteKey);
  const honest = Shares.decode(SESSION, held.messages.shares[2], noteKeys);
  const boxes = [...honest.boxes];
  [boxes[0], boxes[1]] = [boxes[1], boxes[0]];
  const wrong = Shares.encode(SESSION, { ...honest, boxes }, third.noteSeed);
  const [after, answer] =
    ceremony.receive(first, exchanged(held.messages.shares, 3, wrong), randomBytes);
  const said = JSON.parse(new TextDecoder().decode(answer)).message;
  assert.deepEqual([said.kind, said.body.against, said.body.reason], ["complaint", 3, "box"]);
  assert.throws(() => ceremony.receive(after, held.messages.shares, randomBytes),
    { code: "ceremony-step" });

  const [other] = ceremony.receive(second, held.messages.shares, randomBytes);
  assert.throws(() => ceremony.finish(other, [answer]),
    (error) => error.code === "ceremony-complaint" && error.params.against === 3);
});

test("a message that another key signed, or over another transcript, is a finding", () => {
  const held = reached("reveal", "compare", "deal");
  const [first, , third] = held.states;
  const noteKeys = first.reveals.map((one) => one.noteKey);
  const honest = Shares.decode(SESSION, held.messages.shares[2], noteKeys);
  const forged = (one, seed) =>
    exchanged(held.messages.shares, 3, Shares.encode(SESSION, one, seed));
  assert.throws(() => ceremony.receive(first, forged(honest, randomBytes(32)), randomBytes),
    { code: "bad-signature" });
  const elsewhere = { ...honest, transcript: "a".repeat(64) };
  assert.throws(() => ceremony.receive(first, forged(elsewhere, third.noteSeed), randomBytes),
    { code: "ceremony-transcript" });
});

test("a key that does not follow from the coefficients, or other shares, are findings", () => {
  const held = reached("reveal", "compare", "deal", "receive");
  const [first, , third] = held.states;
  const noteKeys = first.reveals.map((one) => one.noteKey);
  const honest = Acknowledgement.decode(SESSION, held.messages.answer[2], noteKeys);
  const finish = (one) => () => ceremony.finish(first,
    exchanged(held.messages.answer, 3, Acknowledgement.encode(SESSION, one, third.noteSeed)));
  const { key } = Acknowledgement.decode(SESSION, held.messages.answer[1], noteKeys);
  assert.throws(finish({ ...honest, key }), { code: "ceremony-key" });
  assert.throws(finish({ ...honest, shares: "b".repeat(64) }), { code: "ceremony-shares" });
  const pok = { ...honest.key.pok, response: honest.key.pok.response ^ 1n };
  assert.throws(finish({ ...honest, key: { ...honest.key, pok } }), { code: "trustee-pok" });
});

test("a key of the small subgroup agrees on nothing and is refused", () => {
  const held = reached("reveal", "compare");
  const [first] = held.states;
  const reveals = first.reveals.map((one) => ({ ...one, boxKey: "0".repeat(64) }));
  assert.throws(
    () => ceremony.deal({ ...first, reveals }, ceremony.codeOf(first), randomBytes),
    { code: "share-box" });
});

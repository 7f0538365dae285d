// The Worker's insides, and the page's side over a Worker of the test's own.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ED25519 } from "../../kiosk/web/src/crypto/group.js";
import { FormatError, RefusedError, packError, unpackError } from "../../kiosk/web/src/errors.js";
import { Sealer } from "../../kiosk/web/src/kiosk/sealer.js";
import { Sealing } from "../../kiosk/web/src/kiosk/sealing.js";
import * as b from "../../kiosk/web/src/protocol/ballot.js";
import { privateCredential, verifyTicketAct } from "../../kiosk/web/src/protocol/credential.js";
import { decodeElection, makeElection } from "../../kiosk/web/src/protocol/election.js";
import { checkOpening, decodeOpening } from "../../kiosk/web/src/protocol/spoil.js";
import { takeProof } from "../../kiosk/web/src/protocol/values.js";
import { FakeWorker } from "./fake_worker.mjs";
import { pseudoRandom, text, throwsAs } from "./vectors.mjs";

const SLOT = "11111111111111111112Ae";
const OTHER = "11111111111111111113Ae";
const QR = "PJ1:4W262TBHF9ZHA62A08JXZEHXA87D";
const TOKEN = "4W262TBHF9ZHA62A08JXZEHXA8";
const ELECTION = electionOf(SLOT);
const YES = [[1, 0, 0], [0, 1, 0]];
const NO = [[0, 0, 1], [0, 1, 0]];

function electionOf(uuid) {
  const question = { question: "?", answers: ["同意", "不同意", "弃权"], minimum: 1, maximum: 1 };
  return makeElection({
    uuid,
    name: "会议",
    description: "",
    publicKey: ED25519.multiplyGenerator(7n),
    questions: [question, question],
  });
}

function ready() {
  const sealing = new Sealing(pseudoRandom(11));
  sealing.load([ELECTION]);
  sealing.ticket({ scanned: QR });
  return sealing;
}

test("a ticket seals a ballot that is valid under its credential", () => {
  const sealing = ready();
  const election = decodeElection(ELECTION);
  const { ballot, tracker } = sealing.seal({ slot: SLOT, choices: YES });
  const decoded = b.decodeBallot(ballot, election);
  b.verifyBallot(election, decoded);
  assert.equal(decoded.tracker, tracker);
  assert.equal(decoded.credential.text, sealing.credential(SLOT));
});

test("every edit takes another seed: no element of the answers comes twice", () => {
  const sealing = ready();
  const seen = new Set();
  for (const [choices, edit] of [[YES, false], [NO, false], [YES, true], [YES, true]]) {
    if (edit) {
      sealing.drop(SLOT);
      sealing.ready(SLOT);
    }
    const { ballot } = sealing.seal({ slot: SLOT, choices });
    for (const [, alpha] of text(ballot).matchAll(/"alpha":"([0-9a-f]+)"/g)) {
      assert.ok(!seen.has(alpha));
      seen.add(alpha);
    }
  }
});

test("an opening rebuilds the ballot, once, and then it is gone", () => {
  const sealing = ready();
  const election = decodeElection(ELECTION);
  throwsAs({ code: "nothing-sealed" }, () => sealing.open(SLOT));
  const { ballot, tracker } = sealing.seal({ slot: SLOT, choices: NO });
  const opening = sealing.open(SLOT);
  assert.deepEqual(checkOpening(election, decodeOpening(opening, election), tracker), ballot);
  assert.ok(!text(opening).includes(`${privateCredential(TOKEN, SLOT, ED25519)}`));
  throwsAs({ code: "nothing-sealed" }, () => sealing.open(SLOT));
});

test("a dropped ballot cannot be opened", () => {
  const sealing = ready();
  sealing.seal({ slot: SLOT, choices: NO });
  sealing.drop(SLOT);
  throwsAs({ code: "nothing-sealed" }, () => sealing.open(SLOT));
});

test("a wipe takes the ticket with it; another ticket takes its place", () => {
  const sealing = ready();
  sealing.seal({ slot: SLOT, choices: NO });
  sealing.wipe();
  throwsAs({ code: "no-ticket-read" }, () => sealing.seal({ slot: SLOT, choices: NO }));
  throwsAs({ code: "nothing-sealed" }, () => sealing.open(SLOT));
  throwsAs({ code: "qr-foreign" }, () => sealing.ticket({ scanned: "https://example.org" }));
});

test("acts are signed for this slot and meeting", () => {
  const sealing = ready();
  const meeting = "5f".repeat(32);
  const { credential, proof } = sealing.sign({ act: "query", slot: OTHER, meeting });
  const taken = takeProof(proof, "proof", ED25519);
  const where = { meetingFingerprint: meeting, proof: taken, group: ED25519 };
  const element = ED25519.decode(credential);
  verifyTicketAct(element, "query", { slot: OTHER, ...where });
  throwsAs({ code: "ticket-act" }, () =>
    verifyTicketAct(element, "query", { slot: SLOT, ...where }),
  );
});

test("a paper that is no longer open is forgotten", () => {
  const sealing = ready();
  sealing.seal({ slot: SLOT, choices: NO });
  assert.equal(sealing.load([electionOf(OTHER)])[0].slot, OTHER);
  throwsAs({ code: "no-such-paper" }, () => sealing.open(SLOT));
});

/** The page's side, its clock in the test's hands. */
function paged(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const started = [];
  const sealer = new Sealer(() => {
    started.push(new FakeWorker());
    return started.at(-1);
  });
  return { sealer, started };
}

test("the page is answered in order, told of errors, and left alone after a wipe", async (t) => {
  const { sealer, started } = paged(t);
  await sealer.load([ELECTION]);
  await sealer.ticket({ scanned: QR });
  sealer.ready(SLOT);
  const { tracker } = await sealer.seal({ slot: SLOT, choices: YES });
  assert.equal(tracker.length, 43);
  await assert.rejects(sealer.ticket({ typed: "4W26" }), { code: "token-length" });

  const late = sealer.seal({ slot: SLOT, choices: YES });
  sealer.wipe();
  await assert.rejects(late, { code: "sealer-ended" });
  assert.ok(started[0].ended);
  assert.equal(started.length, 2);
  await assert.rejects(sealer.seal({ slot: SLOT, choices: YES }), { code: "no-ticket-read" });
});

test("a Worker that breaks keeps nobody waiting, and another one is begun", async (t) => {
  const { sealer, started } = paged(t);
  await sealer.load([ELECTION]);
  await sealer.ticket({ scanned: QR });
  const waiting = sealer.open(SLOT);
  started[0].listeners.error({});
  await assert.rejects(waiting, { code: "sealer-broken" });
  assert.equal(sealer.held, null);
  await assert.rejects(sealer.ticket({ scanned: QR }), { code: "sealer-broken" });
  assert.ok(started[0].ended);
  assert.equal(started.length, 1);

  t.mock.timers.tick(2000);
  assert.equal(started.length, 2);
  await assert.rejects(sealer.seal({ slot: SLOT, choices: YES }), { code: "no-ticket-read" });
  await sealer.ticket({ scanned: QR });
  await sealer.seal({ slot: SLOT, choices: YES });

  started[0].listeners.error({}); // of one that is gone
  await sealer.open(SLOT);
  t.mock.timers.tick(60_000); // one that lives is left alone
  assert.deepEqual([started.length, started[1].ended], [2, false]);
});

test("a Worker whose script does not come counts as broken; a wipe begins another at once", async (t) => {
  const { sealer, started } = paged(t);
  started[0].silent = true;
  const waiting = sealer.ticket({ scanned: QR });
  t.mock.timers.tick(30_000);
  await assert.rejects(waiting, { code: "sealer-broken" });

  sealer.wipe();
  assert.equal(started.length, 2);
  await sealer.ticket({ scanned: QR });
  t.mock.timers.tick(2000);
  assert.equal(started.length, 2);
});

test("errors cross from the Worker whole, and foreign ones without their text", () => {
  for (const error of [new FormatError("a.b", "no"), new RefusedError("x", { n: 1 })]) {
    const again = unpackError(structuredClone(packError(error)));
    assert.equal(again.constructor, error.constructor);
    assert.deepEqual([again.code, again.params], [error.code, error.params]);
  }
  assert.ok(!JSON.stringify(packError(new TypeError("a secret"))).includes("secret"));
});

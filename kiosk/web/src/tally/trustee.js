// What a trustee's device demands: before an opening, and before it signs for a sealed box
// (tally/trustee.py; docs/spec/checkpoint.md, sections 3 and 4).
//
// Nothing a server says is believed. The device folds the ledger itself, rebuilds the election,
// puts the credential list together with what was committed when the tickets were made, and reads
// and verifies the whole archive. Each function takes bytes and the device's memory, and returns a
// new memory, which must be stored before the answer is sent.

import { sameBytes, toBytes } from "../crypto/bytes.js";
import { ED25519 } from "../crypto/group.js";
import { sha256Hex } from "../crypto/hashing.js";
import { RefusedError, VerificationError } from "../errors.js";
import { roundElection, standingsOf, verifyActive } from "../meeting/binding.js";
import { fold } from "../meeting/fold.js";
import { decodeMeeting, floorUnder } from "../meeting/frozen.js";
import * as keys from "../meeting/keys.js";
import { decodeLedger, lineDigest } from "../meeting/ledger.js";
import { ackMessage, checkOpening } from "../meeting/opening.js";
import { boundRound, checkpointOf } from "../meeting/rounds.js";
import { roundAt, roundIssued, withRound } from "../meeting/state.js";
import { tracker } from "../protocol/ballot.js";
import { ballotsDigest } from "../protocol/checkpoint.js";
import { decodeTrustees } from "../protocol/trustees.js";
import { newSlot, remember, withSlot } from "./memory.js";
import { recount } from "./recount.js";

/**
 * Read `meeting.json` and `ledger.jsonl` and fold them.
 * @param {object} memory
 * @param {Uint8Array} meeting
 * @param {Uint8Array} ledger
 * @returns {{memory: object, meeting: object, state: object}} the memory knows how far it saw
 * @throws {RefusedError} `share-destroyed`, `not-frozen`, and what the fold refuses
 * @throws {VerificationError} `other-meeting`, `other-trustees`, `ledger-rewritten`, and what the
 *   fold finds
 */
export function openMeeting(memory, meeting, ledger) {
  if (memory.destroyed) throw new RefusedError("share-destroyed");
  const frozen = decodeMeeting(meeting);
  const known = memory.frozen === null || memory.frozen === frozen.fingerprint;
  if (frozen.uuid !== memory.session.meeting || !known) {
    throw new VerificationError("other-meeting");
  }
  requireTrustees(memory, frozen.trustees);
  const { lines, state } = folded(frozen, ledger);
  const { height, head } = memory;
  if (height && (lines.length < height || lineDigest(lines[height - 1]) !== head)) {
    throw new VerificationError("ledger-rewritten", { height });
  }
  if (!state.frozen) throw new RefusedError("not-frozen");
  const seen = { frozen: frozen.fingerprint, height: state.height, head: state.head };
  return { memory: remember(memory, seen), meeting: frozen, state };
}

/**
 * Agree to an opening after recomputing all of it. Ends the rehearsal for ever. Until the slot is
 * open, a later binding of it replaces this one.
 * @param {object} memory
 * @param {object} secrets
 * @param {{meeting: Uint8Array, ledger: Uint8Array, body: object, election: Uint8Array,
 *   credentials: Uint8Array}} prepared body: of the *open* act about to be proposed, its `acks`
 *   not read; election and credentials as they will stand in the archive
 * @returns {[object, string]} memory, and the signature in hex
 * @throws {RefusedError} `not-rehearsed`, or any guard of *bind and open* that is not met
 * @throws {VerificationError} `election-mismatch`, `credentials-mismatch`, `slot-answered`
 */
export function acknowledge(memory, secrets, { meeting, ledger, body, election, credentials }) {
  const opened = openMeeting(memory, meeting, ledger);
  const { meeting: frozen, state } = opened;
  if (!memory.rehearsed) throw new RefusedError("not-rehearsed");
  const { slot } = body;
  checkBinding(frozen, state, { ...body, acks: [] });
  const rebuilt = roundElection(frozen, slot, body.items, body.round, standingsOf(body));
  if (!sameBytes(election, rebuilt)) {
    throw new VerificationError("election-mismatch", { slot });
  }
  verifyActive(withRound(state, boundRound(frozen, state, body)), slot, credentials);
  const held = memory.slots.get(slot);
  if (held !== undefined && held.checkpoint !== null) {
    throw new VerificationError("slot-answered", { slot });
  }
  const agreed = { election: body.election, credentials: body.credentials, active: body.active };
  const message = ackMessage(frozen, { slot, ...agreed });
  const kept = newSlot(agreed);
  return [
    remember(withSlot(opened.memory, slot, kept), { opened: true }),
    keys.sign(secrets.noteSeed, message),
  ];
}

/**
 * Check a sealed box from the first byte and add it up.
 * @param {object} memory
 * @param {{meeting: Uint8Array, ledger: Uint8Array, slot: string, archive: Uint8Array}} what
 * @param {object} options as `recount` takes them: Workers, and whom to tell how far it is
 * @returns {Promise<[object, object]>} memory, and the box: {slot, election, ciphertexts,
 *   checkpoint, active, compared, known}
 * @throws {RefusedError} `round-…`, `objection-open`
 * @throws {VerificationError} `archive-mismatch`, `slot-mismatch`, what `recount` finds,
 *   `election-mismatch`, `other-trustees`, `credentials-mismatch`, `returned-mismatch`,
 *   `ballot-spoiled`, `ballots-mismatch`, `ballots-unsorted`
 */
export async function checkSealed(memory, { meeting, ledger, slot, archive }, options) {
  const { memory: seen, meeting: frozen, state } = openMeeting(memory, meeting, ledger);
  const one = roundAt(state, slot, "sealed");
  if (!one.noObjection) throw new RefusedError("objection-open", { slot });
  const floor = floorUnder(frozen, frozen.rules.get(one.rule));
  if (one.returned === null || one.returned < floor) {
    throw new RefusedError("round-under-floor", { slot });
  }
  if (sha256Hex(archive) !== one.sealedArchive) {
    throw new VerificationError("archive-mismatch", { slot });
  }
  const held = seen.slots.get(slot) ?? null;
  if (held !== null && !agreedTo(held, one)) throw new VerificationError("slot-mismatch", { slot });
  const { archive: read, election, ciphertexts } = await recount(archive, options);
  checkSetup(seen, frozen, state, one, read.setup);
  checkTrackers(one, read.ballots.map(tracker));
  return [seen, Object.freeze({
    slot,
    election,
    ciphertexts,
    checkpoint: checkpointOf(frozen, one),
    active: roundIssued(one),
    compared: one.compared,
    known: held !== null,
  })];
}

function requireTrustees(memory, trustees) {
  const raw = toBytes(memory.trustees);
  const same = trustees.certificates === sha256Hex(raw) &&
    trustees.publicKey === decodeTrustees(raw, ED25519).publicKey.text &&
    trustees.noteKeys.join() === memory.noteKeys.join() &&
    trustees.threshold === memory.session.threshold;
  if (!same) throw new VerificationError("other-trustees");
}

let last = null;

/** Fold a ledger; bytes that were folded before cost nothing, because a device asks often. */
function folded(meeting, ledger) {
  const { fingerprint } = meeting;
  const goesOn = last !== null && last.fingerprint === fingerprint &&
    ledger.length >= last.ledger.length &&
    sameBytes(ledger.subarray(0, last.ledger.length), last.ledger);
  const before = goesOn ? last : { ledger: new Uint8Array(), lines: [], state: undefined };
  const added = decodeLedger(ledger.subarray(before.ledger.length));
  const state = fold(meeting, added, before.state);
  last = { fingerprint, ledger: ledger.slice(), lines: [...before.lines, ...added], state };
  return last;
}

/** Every guard of the opening but the last, which counts the very acks being asked for. */
function checkBinding(frozen, state, body) {
  try {
    checkOpening(frozen, state, body);
  } catch (error) {
    if (!(error instanceof RefusedError && error.code === "too-few-acks")) throw error;
  }
}

function agreedTo({ election, credentials, active }, one) {
  const bound = election === one.election && credentials === one.credentials;
  return bound && active === roundIssued(one);
}

/** Demand the election, trustees and credential list that were agreed to, byte for byte. */
function checkSetup(memory, frozen, state, one, setup) {
  const { slot } = one;
  const rebuilt = roundElection(frozen, slot, one.items, one.number, one.standings);
  if (!sameBytes(setup.election, rebuilt) || sha256Hex(setup.election) !== one.election) {
    throw new VerificationError("election-mismatch", { slot });
  }
  if (!sameBytes(setup.trustees, toBytes(memory.trustees))) {
    throw new VerificationError("other-trustees");
  }
  verifyActive(state, slot, setup.credentials);
}

function checkTrackers(one, trackers) {
  const { slot } = one;
  if (trackers.length !== one.returned) throw new VerificationError("returned-mismatch", { slot });
  if (trackers.some((each) => one.spoiled.has(each))) {
    throw new VerificationError("ballot-spoiled", { slot });
  }
  if (ballotsDigest(trackers) !== one.ballots) {
    throw new VerificationError("ballots-mismatch", { slot });
  }
  // Another order could be that of casting.
  if (trackers.some((each, i) => i > 0 && trackers[i - 1] > each)) {
    throw new VerificationError("ballots-unsorted", { slot });
  }
}

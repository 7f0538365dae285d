// Opening a spoiled ballot to a checking device (docs/spec/sealing-seed.md, version 1).
//
// The kiosk shows the opening as one QR code, and only after the server has durably marked the
// tracker as spoiled. The checking device rebuilds the ballot's bytes, compares their tracker with
// the one it scanned *before*, verifies the ballot, and shows the choices to the person, who alone
// knows what was marked. Mirrors voting/protocol/spoil.py.

import { bytesToHex, hexToBytes } from "../crypto/bytes.js";
import { FormatError, VerificationError } from "../errors.js";
import { requireChoices } from "./answers.js";
import { decodeBallot, rebuildSpoiled, tracker, verifyBallot } from "./ballot.js";
import * as codec from "./codec.js";
import * as values from "./values.js";

const PLACE = "opening";

/**
 * All that a device reveals of a ballot that will never be cast.
 * @typedef {{electionUuid: string, seed: Uint8Array, choices: number[][],
 *   credential: import("../crypto/group.js").Element,
 *   signature: import("../crypto/proofs.js").Proof}} SpoilOpening
 */

/**
 * Take from a sealed ballot what its opening shows.
 * @param {import("./election.js").Election} election
 * @param {import("./ballot.js").SealedBallot} sealed
 * @returns {SpoilOpening}
 */
export function openingOf(election, { seed, choices, credential, signature }) {
  return { electionUuid: election.uuid, seed, choices, credential, signature };
}

/**
 * Write the QR code's text: about 415 bytes and 8 for each question of three choices.
 * @param {SpoilOpening} opening
 * @returns {Uint8Array}
 */
export function encodeOpening({ electionUuid, seed, choices, credential, signature }) {
  return codec.encode({
    spoil: 1,
    election_uuid: electionUuid,
    seed: bytesToHex(seed),
    choices,
    credential: credential.text,
    signature: values.proofJson(signature),
  });
}

/**
 * Which election an opening is of, before it is read: the checking page then asks for it.
 * @param {Uint8Array} data
 * @returns {string} its uuid; FormatError: not an opening
 */
export function openingElection(data) {
  const [, uuid] = openingFields(data);
  return codec.uuid(uuid, `${PLACE}.election_uuid`);
}

/**
 * Read an opening of a ballot of this election.
 * @param {Uint8Array} data
 * @param {import("./election.js").Election} election
 * @returns {SpoilOpening} FormatError: not canonical, or choices that a question does not allow.
 *   VerificationError `ballot-uuid`: it is of another election
 */
export function decodeOpening(data, election) {
  const [, uuid, seed, choices, credential, signature] = openingFields(data);
  if (codec.uuid(uuid, `${PLACE}.election_uuid`) !== election.uuid) {
    throw new VerificationError("ballot-uuid");
  }
  return {
    electionUuid: election.uuid,
    seed: hexToBytes(codec.hex64(seed, `${PLACE}.seed`)),
    choices: takeChoices(choices, election),
    credential: takeCredential(credential, election),
    signature: values.takeProof(signature, `${PLACE}.signature`, election.group),
  };
}

/**
 * Rebuild the ballot, compare its tracker, verify it.
 * @param {import("./election.js").Election} election
 * @param {SpoilOpening} opening
 * @param {string} scannedTracker 43 characters
 * @returns {Uint8Array} its bytes. VerificationError `spoil-tracker`: the device did not seal these
 *   choices, or not as it must; `ballot-…`: it did, but what it sealed is no valid ballot
 */
export function checkOpening(election, opening, scannedTracker) {
  const data = rebuildSpoiled(election, opening);
  if (tracker(data) !== scannedTracker) throw new VerificationError("spoil-tracker");
  verifyBallot(election, decodeBallot(data, election));
  return data;
}

function openingFields(data) {
  const taken = codec.fields(
    codec.decodeExact(data, PLACE, { maxBytes: 64 * 2 ** 10 }),
    PLACE,
    "spoil",
    "election_uuid",
    "seed",
    "choices",
    "credential",
    "signature",
  );
  codec.integer(taken[0], `${PLACE}.spoil`, { low: 1, high: 1 });
  return taken;
}

function takeChoices(value, election) {
  const place = `${PLACE}.choices`;
  const listed = codec.array(value, place, { size: election.questions.length });
  return election.questions.map((question, i) => {
    const chosen = codec.array(listed[i], `${place}[${i}]`, { size: question.size });
    chosen.forEach((number, j) => codec.integer(number, `${place}[${i}][${j}]`, { high: 255 }));
    return requireChoices(question, chosen, `${place}[${i}]`);
  });
}

function takeCredential(value, election) {
  const credential = election.group.decode(value, `${PLACE}.credential`);
  if (credential.isIdentity) throw new FormatError(`${PLACE}.credential`, "the identity");
  return credential;
}

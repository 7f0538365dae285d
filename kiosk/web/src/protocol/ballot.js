// A voter's sealed ballot, Belenios version 1 (docs/spec/ballot.md).
//
//   {"election_uuid":U,"election_hash":phi,"credential":"x·g","answers":[…],
//    "signature":{"hash":h,"proof":{"challenge":"c","response":"r"}}}
//
// h is the SHA-256 of the text without its `signature` field; the credential signs h. The tracker
// is the SHA-256 of the whole text, of which there is one: `decodeBallot` demands canonical form.
// What a published seed gives away is argued in voting/protocol/ballot.py, which this mirrors: the
// signature's nonce is never of the seed, and a seed serves once.

import { sameBytes, toBytes } from "../crypto/bytes.js";
import { Encryptor } from "../crypto/elgamal.js";
import { b64Fingerprint, sha256Hex } from "../crypto/hashing.js";
import * as signatures from "../crypto/signature.js";
import { FormatError, ProofError, VerificationError } from "../errors.js";
import * as answers from "./answers.js";
import * as codec from "./codec.js";
import { PreparedSealing, ballotScalars } from "./prepared.js";
import * as values from "./values.js";

export const SHORT_TRACKER_SYMBOLS = 12;
const PLACE = "ballot";

/**
 * Well-formed and canonical; valid only once `verifyBallot` passed.
 * @typedef {{raw: Uint8Array, electionUuid: string, electionHash: string,
 *   credential: import("../crypto/group.js").Element, answers: object[], signatureHash: string,
 *   signature: import("../crypto/proofs.js").Proof, tracker: string, digest: string}} Ballot
 */

/**
 * What the sealing device holds until the ballot is cast or spoiled, and then forgets.
 * @typedef {{data: Uint8Array, tracker: string,
 *   credential: import("../crypto/group.js").Element,
 *   signature: import("../crypto/proofs.js").Proof, seed: Uint8Array,
 *   choices: answers.Choices[]}} SealedBallot
 */

/** A ballot's tracker: SHA-256 in Base64 without padding, 43 characters. */
export function tracker(data) {
  return b64Fingerprint(data);
}

/** The 12 symbols (72 bits) of a tracker that people compare. */
export function shortTracker(full) {
  return full.slice(0, SHORT_TRACKER_SYMBOLS);
}

/**
 * Encrypt, prove and sign.
 * @param {import("./election.js").Election} election
 * @param {bigint} secretCredential
 * @param {answers.Choices[]} choices an explicit choice for each question
 * @param {{seed: Uint8Array | PreparedSealing, signatureNonce: bigint,
 *   told?: (done: number) => void}} random 32 fresh bytes, used for this sealing and never again,
 *   or what was prepared from them; a fresh uniform scalar **not** derived from the seed, used
 *   once; `told` hears after every question what part is sealed
 * @returns {SealedBallot} FormatError for choices that a question does not allow and for a seed of
 *   another length; the error does not quote either
 */
export function sealBallot(
  election, secretCredential, choices, { seed, signatureNonce, told = () => {} },
) {
  const credential = election.group.multiplyGenerator(secretCredential);
  const unsigned = unsignedBallot(election, credential, choices, seed, told);
  const hashed = b64Fingerprint(codec.encode(unsigned));
  const signature = signatures.signBallot(election.group, secretCredential, hashed, signatureNonce);
  const data = signed(unsigned, hashed, signature);
  return {
    data,
    tracker: tracker(data),
    credential,
    signature,
    seed: seed instanceof PreparedSealing ? seed.seed : seed,
    choices: choices.map((chosen) => [...chosen]),
  };
}

/**
 * The bytes that a device must have sealed from these values. It is for the caller to compare
 * their tracker with the one scanned before the opening; `checkOpening` of spoil.js does that.
 * @returns {Uint8Array}
 */
export function rebuildSpoiled(election, { seed, choices, credential, signature }) {
  const unsigned = unsignedBallot(election, credential, choices, seed);
  return signed(unsigned, b64Fingerprint(codec.encode(unsigned)), signature);
}

/**
 * Read a ballot of this election: exact fields, order, sizes, elements and scalars.
 * @param {Uint8Array} data
 * @param {import("./election.js").Election} election
 * @param {{group?: import("../crypto/group.js").Group}} [options] another `decode`, as
 *   `verifyBallots` has
 * @returns {Ballot} FormatError with the place. Verifies no proof and compares no hash
 */
export function decodeBallot(data, election, { group = election.group } = {}) {
  // Twice the limit: what only spells a ballot too widely is refused for that reason. What passes
  // is no longer than the limit, because it is canonical and all its sizes are fixed.
  const value = codec.decodeExact(data, PLACE, { maxBytes: 2 * sizeLimit(election) });
  const [uuid, electionHash, credential, listed, signature] = codec.fields(
    value, PLACE, "election_uuid", "election_hash", "credential", "answers", "signature",
  );
  const [hashed, proof] = codec.fields(signature, `${PLACE}.signature`, "hash", "proof");
  const { questions } = election;
  codec.array(listed, `${PLACE}.answers`, { size: questions.length });
  return {
    raw: data,
    electionUuid: codec.uuid(uuid, `${PLACE}.election_uuid`),
    electionHash: codec.b64Hash(electionHash, `${PLACE}.election_hash`),
    credential: takeCredential(credential, group),
    answers: questions.map((question, i) =>
      answers.takeAnswer(listed[i], `${PLACE}.answers[${i}]`, question, group),
    ),
    signatureHash: codec.b64Hash(hashed, `${PLACE}.signature.hash`),
    signature: values.takeProof(proof, `${PLACE}.signature.proof`, group),
    tracker: tracker(data),
    digest: sha256Hex(data),
  };
}

/**
 * Verify a ballot that `decodeBallot` read for the same election, cheap checks first. Whether its
 * credential is active and unused is for the caller.
 *
 * Throws VerificationError `ballot-uuid`, `ballot-election` (it was sealed for another election);
 * ProofError `ballot-signature`; ProofError `ballot-proof` with `question` (from 1), `part`, maybe
 * `choice` (from 1).
 * @param {import("./election.js").Election} election
 * @param {Ballot} ballot
 */
export function verifyBallot(election, ballot) {
  if (ballot.electionUuid !== election.uuid) throw new VerificationError("ballot-uuid");
  if (ballot.electionHash !== election.fingerprint) throw new VerificationError("ballot-election");
  verifySignature(election.group, ballot);
  const context = contextOf(election, ballot.credential);
  election.questions.forEach((question, i) => {
    answers.verifyAnswer(election, i + 1, question, context, ballot.answers[i]);
  });
}

const limits = new WeakMap();

/**
 * The size in bytes of the longest valid ballot: every scalar at its most digits.
 * @param {import("./election.js").Election} election
 * @returns {number}
 */
export function sizeLimit(election) {
  if (!limits.has(election)) {
    const element = election.group.generator.text;
    const scalar = (election.group.order - 1n).toString();
    const ballot = {
      election_uuid: election.uuid,
      election_hash: election.fingerprint,
      credential: element,
      answers: election.questions.map((one) => answers.filledAnswer(one, element, scalar)),
      signature: {
        hash: election.fingerprint,
        proof: { challenge: scalar, response: scalar },
      },
    };
    limits.set(election, codec.encode(ballot).length);
  }
  return limits.get(election);
}

function unsignedBallot(election, credential, choices, seed, told = () => {}) {
  const { questions } = election;
  if (!Array.isArray(choices) || choices.length !== questions.length) {
    throw new FormatError("choices", `not ${questions.length} lists`);
  }
  const checked = questions.map((question, i) =>
    answers.requireChoices(question, choices[i], `choices[${i}]`),
  );
  const prepared = seed instanceof PreparedSealing;
  const encryptor = prepared ? seed : new Encryptor(election.group, election.publicKey);
  const draw = prepared ? seed.draws() : ballotScalars(election, seed);
  const context = contextOf(election, credential);
  const sealed = questions.map((question, i) => {
    const answer = answers.sealAnswer(encryptor, question, context, checked[i], draw);
    told((i + 1) / questions.length);
    return answer;
  });
  return {
    election_uuid: election.uuid,
    election_hash: election.fingerprint,
    credential: credential.text,
    answers: sealed.map(answers.answerJson),
  };
}

function signed(unsigned, hash, proof) {
  return codec.encode({ ...unsigned, signature: { hash, proof: values.proofJson(proof) } });
}

function contextOf(election, credential) {
  return `${election.fingerprint}|${credential.text}`;
}

function takeCredential(value, group) {
  const credential = group.decode(value, `${PLACE}.credential`);
  if (credential.isIdentity) throw new FormatError(`${PLACE}.credential`, "the identity");
  return credential;
}

function verifySignature(group, ballot) {
  const signature = { hash: ballot.signatureHash, proof: values.proofJson(ballot.signature) };
  // The text is canonical, so the signature field is exactly its end.
  const end = toBytes(`,"signature":${JSON.stringify(signature)}}`);
  const at = ballot.raw.length - end.length;
  const body = Uint8Array.from(ballot.raw.subarray(0, at + 1));
  body[at] = 0x7d; // }
  const whole = sameBytes(ballot.raw.subarray(at), end);
  if (!whole || b64Fingerprint(body) !== ballot.signatureHash) {
    throw new ProofError("ballot-signature");
  }
  try {
    signatures.verifyBallot(group, ballot.credential, ballot.signatureHash, ballot.signature);
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    throw new ProofError("ballot-signature");
  }
}

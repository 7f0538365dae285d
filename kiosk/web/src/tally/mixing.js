// A trustee's part in the shuffles: check those before, shuffle once, agree to the whole chain
// (tally/mixing.py; docs/spec/shuffles.md).
//
// A device takes part only in a box that it checked and that enough trustees signed for; it
// verifies every shuffle and every signature itself; it shuffles *once for a slot, for ever*, and
// sends the same bytes again when asked again; and it agrees only to a chain in which everybody has
// shuffled, but for those whom two officers stated to be missing, itself included if it did.
//
// mixed: {chain, ciphertexts}. mix: {shuffle(electionRaw, tally), check(electionRaw, tally, body)},
// both promises of bytes: mixer.js, mostly in a Worker.

import { hexToBytes, toBytes } from "../crypto/bytes.js";
import { sha256Hex } from "../crypto/hashing.js";
import {
  FaultyTrusteeError,
  FormatError,
  ProofError,
  RefusedError,
  VerificationError,
} from "../errors.js";
import {
  checkpointDigest,
  checkpointText,
  cosignersNeeded,
  verifyCheckpoint,
} from "../protocol/checkpoint.js";
import * as chains from "../protocol/mixing.js";
import { decodeTally, encodeTally, plaintextQuestions } from "../protocol/tally.js";
import { withSlot } from "./memory.js";

/** Whether a question has to be shuffled before it may be opened. */
export function needsShuffles(election) {
  return plaintextQuestions(election).length > 0;
}

/** The tally of a box before the first shuffle. */
export function unmixed(box) {
  const chain = chains.newChain(checkpointDigest(box.checkpoint));
  return { chain, ciphertexts: box.ciphertexts };
}

/**
 * Verify one shuffle more: its place, its owner's signature, its proof.
 * @param {object} memory
 * @param {object} box as `checkSealed` made it
 * @param {object} mixed
 * @param {{owner: number, body: Uint8Array, line: string}} given
 * @param {{mix: object, rand: (n: number) => Uint8Array}} options
 * @returns {Promise<object>} mixed
 * @throws {VerificationError} `shuffle-order`, `second-shuffle`
 * @throws {ProofError} not signed by its owner for this box and these shuffles before it
 * @throws {FaultyTrusteeError} signed, and not a shuffle of what came before
 */
export async function follow(memory, box, mixed, { owner, body, line }, { mix, rand }) {
  const { slot, election } = box;
  const last = chains.ownersOf(mixed.chain).at(-1) ?? 0;
  if (!(last < owner && owner <= memory.session.size)) {
    throw new VerificationError("shuffle-order", { slot, owner });
  }
  const chain = chains.then(mixed.chain, owner, sha256Hex(body));
  const own = owner === memory.index ? memory.slots.get(slot)?.link ?? null : null;
  if (own !== null && own !== chains.chainText(chain)) {
    throw new VerificationError("second-shuffle", { slot });
  }
  chains.verifyLink(chain, line, noteKeys(memory));
  let after;
  try {
    after = await mix.check(election.raw, encodeTally(mixed.ciphertexts), body);
  } catch (error) {
    if (error instanceof FormatError) throw faulty(owner, error.params.place);
    if (error instanceof ProofError) throw faulty(owner, "shuffle");
    throw error;
  }
  return { chain, ciphertexts: decodeTally(after, election, { rand }) };
}

/** The trustee whose shuffle is waited for, null when the chain is whole. */
export function waitsFor(memory, box, mixed) {
  return chains.waitsFor(mixed.chain, memory.session.size, missingOf(box));
}

/** Whether it is this device's turn. */
export function mayShuffle(memory, box, mixed) {
  return chains.mayAdd(mixed.chain, memory.index, memory.session.size, missingOf(box));
}

/**
 * Shuffle, when it is this trustee's turn; the same chain gets the same bytes again.
 * @param {Uint8Array} note the checkpoint note with the trustees' signatures
 * @param {{mix: object, compared?: boolean}} options compared: as `releaseFactors`
 * @returns {Promise<[object, {owner: number, body: Uint8Array, line: string}]>} memory, shuffle
 * @throws {RefusedError} `shuffle-turn`, `shuffle-unneeded`, what `requireCosigners` refuses
 * @throws {VerificationError} `second-shuffle`: this device has shuffled after another chain
 */
export async function addShuffle(memory, secrets, box, note, mixed, { mix, compared = false }) {
  const { slot, election } = box;
  const held = requireCosigners(memory, box, note, compared);
  const made = (chain, body) =>
    ({ owner: memory.index, body, line: chains.signChain(chain, memory.index, secrets.noteSeed) });
  if (held.link !== null) {
    const again = chains.then(mixed.chain, memory.index, sha256Hex(held.shuffle ?? ""));
    if (held.shuffle === null || chains.chainText(again) !== held.link) {
      throw new VerificationError("second-shuffle", { slot });
    }
    return [memory, made(again, toBytes(held.shuffle))];
  }
  if (!mayShuffle(memory, box, mixed)) {
    const trustee = waitsFor(memory, box, mixed);
    if (trustee === null) throw new RefusedError("shuffle-unneeded", { slot });
    throw new RefusedError("shuffle-turn", { slot, trustee });
  }
  const body = await mix.shuffle(election.raw, encodeTally(mixed.ciphertexts));
  const chain = chains.then(mixed.chain, memory.index, sha256Hex(body));
  const kept = { ...held, shuffle: new TextDecoder().decode(body), link: chains.chainText(chain) };
  return [withSlot(memory, slot, kept), made(chain, body)];
}

/**
 * Sign a whole chain that was verified. The device's own shuffle stands in it now, so its bytes
 * need not be kept any longer.
 * @returns {[object, string]} memory, and the note's signature line
 * @throws {RefusedError} `shuffles-waiting`, `shuffles-few`, `checkpoint-unsigned`
 * @throws {VerificationError} `shuffle-left-out`, `second-chain`
 */
export function agreeToChain(memory, secrets, box, mixed) {
  const { slot } = box;
  const held = signedFor(memory, box);
  const { size, threshold } = memory.session;
  chains.requireWhole(mixed.chain, slot, { size, threshold, missing: missingOf(box) });
  if (held.link !== null && !chains.ownersOf(mixed.chain).includes(memory.index)) {
    throw new VerificationError("shuffle-left-out", { slot });
  }
  const text = chains.chainText(mixed.chain);
  if (held.chain !== null && held.chain !== text) {
    throw new VerificationError("second-chain", { slot });
  }
  const line = chains.signChain(mixed.chain, memory.index, secrets.noteSeed);
  return [withSlot(memory, slot, { ...held, chain: text, shuffle: null }), line];
}

/**
 * Demand that enough trustees agreed to this very chain, this device and its shuffle among.
 * @param {Uint8Array} note over the shuffles
 * @throws {RefusedError} `chain-unsigned`, `not-shuffled`, `shuffles-signatures`
 * @throws {VerificationError} `second-chain`; ProofError, FormatError: not a note by trustees
 */
export function requireChain(memory, box, mixed, note, compared) {
  const { slot } = box;
  const held = signedFor(memory, box);
  if (held.chain === null) throw new RefusedError("chain-unsigned", { slot });
  const [chain, signers] = chains.verifyChain(note, noteKeys(memory));
  const texts = [chain, mixed.chain].map(chains.chainText);
  if (texts.some((text) => text !== held.chain)) {
    throw new VerificationError("second-chain", { slot });
  }
  if (!chains.ownersOf(chain).includes(memory.index)) {
    throw new RefusedError("not-shuffled", { slot, trustee: memory.index });
  }
  requireEnough("shuffles-signatures", memory, box, signers, compared);
}

/**
 * Demand that enough trustees signed for this very box, this device among them.
 * @returns {object} what is remembered of the slot
 * @throws {RefusedError} `checkpoint-unsigned`, `checkpoint-signatures`, `share-destroyed`
 * @throws {VerificationError} `checkpoint-mismatch`, `second-tally`
 */
export function requireCosigners(memory, box, note, compared) {
  const { slot } = box;
  const held = signedFor(memory, box);
  const [checkpoint, signers] = verifyCheckpoint(note, noteKeys(memory));
  if (checkpointText(checkpoint) !== checkpointText(box.checkpoint)) {
    throw new VerificationError("checkpoint-mismatch", { slot });
  }
  requireEnough("checkpoint-signatures", memory, box, signers, compared);
  return held;
}

/** The trustees whose devices two officers stated to be missing, for this slot. */
export function missingOf({ compared }) {
  return compared?.missing ?? [];
}

/** Whether the comparison aloud is in the ledger for this box and the person confirms it. */
export function isCompared(box, confirmed) {
  return confirmed && box.compared !== null &&
    box.compared.checkpoint === checkpointDigest(box.checkpoint);
}

function requireEnough(code, memory, box, signers, compared) {
  const { size, threshold } = memory.session;
  const need = isCompared(box, compared) ? threshold : cosignersNeeded(size, threshold);
  if (!signers.has(memory.index) || signers.size < need) {
    throw new RefusedError(code, { slot: box.slot, have: signers.size, need });
  }
}

/** What is remembered of a box for which this device has signed, and for no other. */
function signedFor(memory, box) {
  if (memory.destroyed) throw new RefusedError("share-destroyed");
  const { slot } = box;
  const held = memory.slots.get(slot);
  if (held === undefined || held.checkpoint === null) {
    throw new RefusedError("checkpoint-unsigned", { slot });
  }
  if (held.checkpoint !== checkpointText(box.checkpoint)) {
    throw new VerificationError("second-tally", { slot });
  }
  return held;
}

function faulty(owner, place) {
  return new FaultyTrusteeError(owner, { place });
}

function noteKeys(memory) {
  return memory.noteKeys.map(hexToBytes);
}

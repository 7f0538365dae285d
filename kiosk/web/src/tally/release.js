// A trustee's answers for a sealed box: his signature, and then his factors (tally/release.py;
// docs/spec/checkpoint.md, section 5).
//
// *One tally for each slot, for ever.* A device signs one checkpoint text for a slot; it decrypts
// only under a note with the very same text and the signatures of more than (n + t - 1)/2
// trustees. Where a device was lost, the comparison aloud stands in for the missing signatures: it
// is in the ledger with this digest, and the person at this device says that it is the one on the
// hall screen. A device that never agreed to the opening demands that comparison in any case.

import { freshScalars } from "../crypto/hashing.js";
import { RefusedError, VerificationError } from "../errors.js";
import { advance } from "../meeting/fold.js";
import * as keys from "../meeting/keys.js";
import { decodeAct, signingBytes } from "../meeting/ledger.js";
import { checkpointText, signer } from "../protocol/checkpoint.js";
import { signNote, signatureLine } from "../protocol/note.js";
import {
  encodePartialDecryption,
  encodeSecondProofs,
  makePartialDecryption,
  makeSecondProofs,
} from "../protocol/shares.js";
import { newSlot, remember, withSlot } from "./memory.js";
import { isCompared, needsShuffles, requireChain, requireCosigners } from "./mixing.js";
import { openMeeting } from "./trustee.js";

/**
 * Sign the checkpoint of a box that was checked.
 * @param {object} memory
 * @param {object} secrets
 * @param {object} box as `checkSealed` made it
 * @param {{compared?: boolean}} said compared: the person confirms that the digest is the one on
 *   the hall screen; needed only by a device that did not agree to the opening
 * @returns {[object, string]} memory, and the note's signature line
 * @throws {RefusedError} `comparison-needed`, `share-destroyed`
 * @throws {VerificationError} `second-tally`: this device signed another box for this slot
 */
export function signCheckpoint(memory, secrets, box, { compared = false } = {}) {
  if (memory.destroyed) throw new RefusedError("share-destroyed");
  const { slot } = box;
  const text = checkpointText(box.checkpoint);
  let held = memory.slots.get(slot);
  if (held === undefined) {
    if (!isCompared(box, compared)) throw new RefusedError("comparison-needed", { slot });
    const { checkpoint: { credentials }, active } = box;
    held = newSlot({ election: box.election.digest, credentials, active });
  }
  if (held.checkpoint !== null && held.checkpoint !== text) {
    throw new VerificationError("second-tally", { slot });
  }
  const kept = withSlot(memory, slot, { ...held, checkpoint: text });
  const line = signatureLine(signNote(text, signer(memory.index), secrets.noteSeed));
  return [remember(kept, { opened: true }), line];
}

/**
 * Decrypt a box that enough trustees signed for; the same box gets the same answer again.
 * @param {object} memory
 * @param {object} secrets
 * @param {object} box
 * @param {Uint8Array} note the checkpoint note with the trustees' signatures
 * @param {{compared?: boolean, rand: (n: number) => Uint8Array, mixed?: object,
 *   shuffles?: Uint8Array}} options compared: as `signCheckpoint`; it needs the act in the ledger
 *   besides; mixed: where something has to be shuffled, the tally after the shuffles that this
 *   device verified, and nothing before it is decrypted; shuffles: the note over them
 * @returns {[object, {trustee: number, share: string, proofs: string}]} memory and answer
 * @throws {RefusedError} `checkpoint-unsigned`, `checkpoint-signatures`, `share-destroyed`
 * @throws {VerificationError} `checkpoint-mismatch`, `second-tally`, `second-chain`
 * @throws {ProofError} a signature by an unknown key, a second one by a trustee, a bad one
 */
export function releaseFactors(
  memory, secrets, box, note, { compared = false, rand, mixed = null, shuffles = null },
) {
  const { slot } = box;
  let held = requireCosigners(memory, box, note, compared);
  let opening = box;
  if (needsShuffles(box.election)) {
    if (mixed === null || shuffles === null) throw new RefusedError("chain-unsigned", { slot });
    requireChain(memory, box, mixed, shuffles, compared);
    opening = { ...box, ciphertexts: mixed.ciphertexts };
  }
  let kept = memory;
  if (held.share === null || held.proofs === null) {
    held = { ...held, ...decrypt(memory, secrets, opening, rand) };
    kept = withSlot(memory, slot, held);
  }
  return [kept, { trustee: memory.index, share: held.share, proofs: held.proofs }];
}

/**
 * Sign the act that says this device's share is destroyed. It goes out after the key file is
 * erased, so that the ledger never says what is not so.
 * @param {object} memory
 * @param {object} secrets
 * @param {{meeting: Uint8Array, ledger: Uint8Array, act: Uint8Array}} what act: on the head
 * @returns {[object, string]} memory, and the signature in hex
 * @throws {RefusedError} `round-unfinished`
 * @throws {VerificationError} `not-this-act`: another act, trustee or head
 */
export function signDestroy(memory, secrets, { meeting, ledger, act }) {
  const { memory: seen, meeting: frozen, state } = openMeeting(memory, meeting, ledger);
  const proposed = decodeAct(act);
  const here = proposed.kind === "destroy" && proposed.height === state.height &&
    proposed.parent === state.head && proposed.body.trustee === memory.index;
  if (!here) throw new VerificationError("not-this-act");
  advance(frozen, state, proposed);
  const signature = keys.sign(secrets.noteSeed, signingBytes(frozen.fingerprint, proposed));
  return [remember(seen, { destroyed: true }), signature];
}

function decrypt(memory, secrets, { slot, election, ciphertexts }, rand) {
  const draw = freshScalars(rand, election.group);
  const share = makePartialDecryption(election, ciphertexts, secrets.share, draw);
  const proofs = makeSecondProofs(election, ciphertexts, secrets.share, draw);
  const second = encodeSecondProofs({ slot, trustees: new Map([[memory.index, proofs]]) });
  const text = (bytes) => new TextDecoder().decode(bytes);
  return { share: text(encodePartialDecryption(share)), proofs: text(second) };
}

// What a trustee's device draws for one attempt of a key ceremony, and makes of its share
// (tally/drawing.py).

import { bytesToHex } from "../crypto/bytes.js";
import * as dkg from "../crypto/dkg.js";
import { ED25519 } from "../crypto/group.js";
import { freshScalars, sha256Hex } from "../crypto/hashing.js";
import { proveKnowledge } from "../crypto/proofs.js";
import { signMessage } from "../crypto/signature.js";
import { certificateMessage, coefficientsMessage } from "../protocol/certificates.js";
import { drawBase58 } from "../protocol/codec.js";
import { publicNoteKey } from "../protocol/note.js";
import { boxKey } from "../protocol/sharebox.js";

/**
 * Draw Belenios seed, note seed, box secret and polynomial; sign what will be revealed. Nothing
 * of it is ever used for another attempt or meeting.
 * @returns {{seed: string, noteSeed: Uint8Array, boxSecret: Uint8Array,
 *   polynomial: dkg.Polynomial, own: object, coefficients: object}} own: the *reveal*
 */
export function drawKeys(session, index, rand) {
  const { threshold, size } = session;
  const draw = freshScalars(rand, ED25519);
  const seed = drawBase58(rand);
  const noteSeed = rand(32);
  const boxSecret = rand(32);
  const { signing, decryption } = dkg.secretsFromSeed(ED25519, seed);
  const verification = ED25519.multiplyGenerator(signing);
  const encryption = ED25519.multiplyGenerator(decryption);
  const context = { size, threshold, index };
  const text = certificateMessage(ED25519, { ...context, verification, encryption });
  const signed = { message: text, signature: signMessage(ED25519, signing, text, draw()) };
  const certificate = { signed, groupName: ED25519.name, ...context, verification, encryption };
  const polynomial = dkg.drawPolynomial(ED25519, threshold, draw);
  const commitments = dkg.commit(ED25519, polynomial);
  const message = coefficientsMessage(commitments);
  const coefficients = {
    signed: { message, signature: signMessage(ED25519, signing, message, draw()) },
    commitments,
  };
  const own = {
    trustee: index,
    certificate,
    coefficients: sha256Hex(message),
    noteKey: bytesToHex(publicNoteKey(noteSeed)),
    boxKey: boxKey(boxSecret),
    nonce: bytesToHex(rand(32)),
  };
  return { seed, noteSeed, boxSecret, polynomial, own, coefficients };
}

/** The verification key of a share, with its proof and the certificate's signature. */
export function trusteeKey(seed, share, rand) {
  const draw = freshScalars(rand, ED25519);
  const publicKey = ED25519.multiplyGenerator(share);
  const { signing } = dkg.secretsFromSeed(ED25519, seed);
  const signature = signMessage(ED25519, signing, publicKey.text, draw());
  return { pok: proveKnowledge(ED25519, share, draw), publicKey, signature, name: null };
}

// The chain of a box's shuffles: who shuffled what, in which order, and who agreed to its end
// (docs/spec/shuffles.md; voting/protocol/mixing.py).
//
// A shuffle in an archive says whose it is in a number that nothing proves. So each trustee signs
// his together with all that came before it (a *link*), under the checkpoint that names the box;
// and when the last has shuffled, trustees sign the whole, as a note. One text serves both.
//
// chain: {checkpoint: hex, links: [[owner, hex]…]}

import { FormatError, ProofError, RefusedError } from "../errors.js";
import * as codec from "./codec.js";
import { signer } from "./checkpoint.js";
import { parseNote, parseSignatureLine, signNote, signatureLine, verifyNote } from "./note.js";

const HEADER = "piaojue/shuffles/1";
const LINK = /^([1-9][0-9]?) ([0-9a-f]{64})$/;

/** The chain of a box before the first shuffle; checkpoint: SHA-256 of its text, hex. */
export function newChain(checkpoint) {
  return { checkpoint, links: [] };
}

/** The chain with one shuffle more. */
export function then({ checkpoint, links }, owner, digest) {
  return { checkpoint, links: [...links, [owner, digest]] };
}

/** The chain as it was after so many shuffles. */
export function firstOf({ checkpoint, links }, number) {
  return { checkpoint, links: links.slice(0, number) };
}

/** What is signed: by the last owner as his link, by everybody when it is whole. */
export function chainText({ checkpoint, links }) {
  const lines = [HEADER, checkpoint, ...links.map(([owner, digest]) => `${owner} ${digest}`)];
  return lines.map((line) => `${line}\n`).join("");
}

export function ownersOf({ links }) {
  return links.map(([owner]) => owner);
}

/**
 * The first trustee who still has to shuffle; null when nobody has.
 * @param {number} size how many trustees there are
 * @param {number[]} missing whose devices two officers stated to be lost
 */
export function waitsFor(chain, size, missing) {
  const done = new Set([...ownersOf(chain), ...missing]);
  for (let index = 1; index <= size; index++) if (!done.has(index)) return index;
  return null;
}

/** Whether it is this trustee's turn: nobody before him is waited for. */
export function mayAdd(chain, owner, size, missing) {
  const last = ownersOf(chain).at(-1) ?? 0;
  return last < owner && owner === waitsFor(chain, size, missing);
}

/**
 * Demand that everybody has shuffled who is not missing, and at least `threshold`.
 * @throws {RefusedError} `shuffles-waiting`, `shuffles-few`
 */
export function requireWhole(chain, slot, { size, threshold, missing }) {
  const trustee = waitsFor(chain, size, missing);
  if (trustee !== null) throw new RefusedError("shuffles-waiting", { slot, trustee });
  const have = chain.links.length;
  if (have < threshold) throw new RefusedError("shuffles-few", { slot, have, need: threshold });
}

/** Read a chain's text. Throws FormatError. */
export function parseChain(text, place = "shuffles") {
  const lines = text.split("\n");
  if (lines.length < 3 || lines[0] !== HEADER || lines.at(-1) !== "") {
    throw new FormatError(place, "not a chain of shuffles");
  }
  const links = lines.slice(2, -1).map((line, i) => {
    const match = LINK.exec(line);
    if (match === null) throw new FormatError(`${place}[${i}]`, "not an owner and a digest");
    return [Number(match[1]), match[2]];
  });
  if (links.some(([owner], i) => i > 0 && links[i - 1][0] >= owner)) {
    throw new FormatError(place, "owners do not ascend");
  }
  return { checkpoint: codec.hex64(lines[1], `${place}.checkpoint`), links };
}

/** Trustee `index`'s signature line over a chain as it stands. */
export function signChain(chain, index, noteSeed) {
  return signatureLine(signNote(chainText(chain), signer(index), noteSeed));
}

/**
 * Verify the signature line of the last owner over a chain.
 * @param {Uint8Array[]} noteKeys of trustees 1 … n
 * @throws {ProofError} not by the last owner, or it does not verify
 */
export function verifyLink(chain, line, noteKeys) {
  const owner = ownersOf(chain).at(-1);
  const signature = parseSignatureLine(line, "shuffles.link");
  if (owner > noteKeys.length || signature.name !== signer(owner)) {
    throw new ProofError("note-unknown-signer", { name: signature.name });
  }
  const note = { text: chainText(chain), signatures: [signature] };
  verifyNote(note, new Map([[signer(owner), noteKeys[owner - 1]]]));
}

/**
 * Verify the note over a whole chain.
 * @param {Uint8Array} bytes
 * @returns {[object, Set<number>]} the chain, and who signed
 * @throws {ProofError|FormatError} not such a note by trustees
 */
export function verifyChain(bytes, noteKeys) {
  const note = parseNote(bytes, "shuffles");
  const chain = parseChain(note.text);
  const names = new Map(noteKeys.map((_, i) => [signer(i + 1), i + 1]));
  const known = new Map([...names].map(([name, index]) => [name, noteKeys[index - 1]]));
  return [chain, new Set(verifyNote(note, known).map((name) => names.get(name)))];
}

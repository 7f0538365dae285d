// What the sealing Worker knows and does, apart from its messages: one ticket's token, and for
// each paper a prepared seed or a sealed ballot.
//
// Nothing secret comes out of here but by `seal` (the ballot, which is sealed) and by `open` (the
// opening of a ballot that then cannot be cast any more: the page calls it only after the server
// has marked the tracker). The token goes in and never out. A seed serves once: it is made by
// `ready`, used by `seal`, and overwritten at every edit (`drop`), after a cast and at the end.
// JavaScript cannot overwrite strings and BigInts; so the page ends the whole Worker when a
// session is over (sealer.js), and with it this memory.

import { toBytes } from "../crypto/bytes.js";
import { ED25519 } from "../crypto/group.js";
import { SEED_BYTES, freshScalars } from "../crypto/hashing.js";
import { RefusedError } from "../errors.js";
import { sealBallot } from "../protocol/ballot.js";
import {
  parseQr,
  parseToken,
  privateCredential,
  publicCredential,
  signTicketAct,
} from "../protocol/credential.js";
import { decodeElection } from "../protocol/election.js";
import { PreparedSealing } from "../protocol/prepared.js";
import { encodeOpening, openingOf } from "../protocol/spoil.js";
import { proofJson } from "../protocol/values.js";

export class Sealing {
  #rand;
  #keys = new Map(); // by text: election keys with their tables, the same for all papers
  #papers = new Map(); // by slot: {election, prepared, sealed}
  #token = null;

  /** @param {(n: number) => Uint8Array} rand uniform bytes */
  constructor(rand) {
    this.#rand = rand;
  }

  /**
   * Read the elections of the open papers and make their tables. The page rebuilt the bytes from
   * the frozen meeting (meeting/binding.js). Papers that are not among them are forgotten.
   * @param {Uint8Array[]} elections
   * @returns {{slot: string, fingerprint: string}[]} FormatError
   */
  load(elections) {
    const decoded = elections.map((data) => this.#election(data));
    const slots = new Set(decoded.map(({ uuid }) => uuid));
    for (const slot of [...this.#papers.keys()]) {
      if (slots.has(slot)) continue;
      this.drop(slot);
      this.#papers.delete(slot);
    }
    return decoded.map((election) => {
      const known = this.#papers.get(election.uuid);
      if (known?.election.fingerprint !== election.fingerprint) {
        if (known) this.drop(election.uuid);
        this.#papers.set(election.uuid, { election, prepared: null, sealed: null });
      }
      return { slot: election.uuid, fingerprint: election.fingerprint };
    });
  }

  /**
   * Take a ticket, in the place of any before.
   * @param {{scanned: string} | {typed: string}} ticket InputError, as protocol/credential.js
   */
  ticket({ scanned, typed }) {
    this.wipe();
    this.#token = typed === undefined ? parseQr(scanned) : parseToken(typed);
  }

  /**
   * The ticket's public credential in a slot, of an open paper or another.
   * @param {string} slot
   * @returns {string} 64 hex digits
   */
  credential(slot) {
    return publicCredential(this.#secret(slot), ED25519).text;
  }

  /**
   * Sign an act of the ticket: leftover, withdraw or query.
   * @param {{act: string, slot: string, meeting: string}} what the meeting's fingerprint in hex
   * @returns {{credential: string, proof: {challenge: string, response: string}}}
   */
  sign({ act, slot, meeting }) {
    const nonce = freshScalars(this.#rand, ED25519)();
    const where = { slot, meetingFingerprint: meeting, nonce, group: ED25519 };
    const proof = signTicketAct(this.#secret(slot), act, where);
    return { credential: this.credential(slot), proof: proofJson(proof) };
  }

  /** Draw a seed for a paper; what is prepared with it, `prepareMore` prepares bit by bit. */
  ready(slot) {
    const paper = this.#paper(slot);
    paper.prepared ??= new PreparedSealing(paper.election, this.#rand(SEED_BYTES), { later: true });
  }

  /**
   * Prepare one more question of a paper: while the voter reads.
   * @returns {boolean} whether there is more to prepare
   */
  prepareMore(slot) {
    return this.#papers.get(slot)?.prepared?.more() ?? false;
  }

  /**
   * Seal. An earlier ballot of this paper is forgotten with its seed.
   * @param {{slot: string, choices: number[][]}} marked
   * @param {(done: number) => void} [told] the part that is done
   * @returns {{ballot: Uint8Array, tracker: string}} FormatError: a choice that is not allowed
   */
  seal({ slot, choices }, told = () => {}) {
    const paper = this.#paper(slot);
    forget(paper.sealed);
    paper.sealed = null;
    this.ready(slot);
    const seed = paper.prepared;
    paper.prepared = null;
    try {
      const signatureNonce = freshScalars(this.#rand, ED25519)();
      const sealed = sealBallot(paper.election, this.#secret(slot), choices, {
        seed,
        signatureNonce,
        told,
      });
      paper.sealed = { ...sealed, seed: Uint8Array.from(sealed.seed) };
    } finally {
      seed.drop();
    }
    return { ballot: paper.sealed.data, tracker: paper.sealed.tracker };
  }

  /**
   * Open the sealed ballot, which is thereby spent. Only after the server has marked its tracker.
   * @param {string} slot
   * @returns {Uint8Array} RefusedError `nothing-sealed`
   */
  open(slot) {
    const paper = this.#paper(slot);
    if (!paper.sealed) throw new RefusedError("nothing-sealed");
    const opening = encodeOpening(openingOf(paper.election, paper.sealed));
    this.drop(slot);
    return opening;
  }

  /** An edit, a cast, an opening: forget this paper's seed and ballot. */
  drop(slot) {
    const paper = this.#papers.get(slot);
    if (!paper) return;
    paper.prepared?.drop();
    forget(paper.sealed);
    paper.prepared = null;
    paper.sealed = null;
  }

  /** Forget the ticket and every seed and ballot; elections and tables stay. */
  wipe() {
    this.#token = null;
    for (const slot of this.#papers.keys()) this.drop(slot);
  }

  #election(data) {
    const election = decodeElection(toBytes(data));
    const key = this.#keys.get(election.publicKey.text) ?? election.publicKey.prepare();
    this.#keys.set(key.text, key);
    ED25519.generator.prepare();
    return { ...election, publicKey: key };
  }

  #paper(slot) {
    const paper = this.#papers.get(slot);
    if (!paper) throw new RefusedError("no-such-paper");
    return paper;
  }

  #secret(slot) {
    if (this.#token === null) throw new RefusedError("no-ticket-read");
    return privateCredential(this.#token, slot, ED25519);
  }
}

function forget(sealed) {
  if (!sealed) return;
  sealed.seed.fill(0);
  for (const chosen of sealed.choices) chosen.fill(0);
}

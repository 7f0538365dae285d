// Reading the `.bel` archive of one election (docs/spec/archive.md; voting/protocol/archive.py).
//
//   Setup Ballot* EndBallots EncryptedTally Shuffle* EndShuffles? PartialDecryption* Result
//
// Any prefix of that grammar is an archive. There is one spelling for each chain of events. The
// reader takes the bodies out, makes the bytes again, event by event, and compares: so every
// header byte, padding byte, name, parent, height, and the order of records are settled, and no
// record can be left over. A reader that ignores an interposed event would count other ballots
// than this one: the grammar is refused before anything else is looked at.

import { sameBytes } from "../crypto/bytes.js";
import { sha256Hex } from "../crypto/hashing.js";
import { FormatError, VerificationError } from "../errors.js";
import * as codec from "./codec.js";
import {
  BLOCK,
  Chain,
  FOLLOWERS,
  MAX_EVENT,
  RECORDS,
  STAGES,
  decodeEventType,
  decodeOwned,
  decodeSized,
  decodeTimestamp,
  tarHeader,
} from "./chain.js";

const MAX_BODY = codec.MAX_BYTES;

/**
 * Read a whole archive.
 * @param {Uint8Array} bytes
 * @returns {{timestamp: number, setup: object, ballots: Uint8Array[], tally: object|null,
 *   shuffles: object[], shufflesEnded: boolean, shares: object[], result: Uint8Array|null,
 *   stage: string, events: number, head: string, last: string, sealedSize: number}} bodies are
 *   views of `bytes`; `sealedSize` is where EndBallots ends, 0 before it
 * @throws {VerificationError} `archive-…` with the number of the record, from 0
 */
export function readArchive(bytes) {
  return new Reader(bytes).read();
}

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
    this.number = -1; // of the record that is being read
  }

  read() {
    try {
      return this.#read();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return this.#fail("archive-structure", this.at, { place: error.place, what: error.what });
    }
  }

  #read() {
    const first = this.#record();
    if (first === null || first.name !== "BELENIOS") this.#fail("archive-first-record");
    const chain = new Chain(decodeTimestamp(first.body));
    this.#same(0, chain.firstRecord(), chain.timestamp);
    let archive = null;
    let begin = this.at;
    let group = [];
    for (let record; (record = this.#record()) !== null; ) {
      if (!record.name.endsWith(".event.json")) {
        group.push(record);
        if (group.length > 5) this.#fail("archive-unreferenced");
        continue;
      }
      archive = this.#event(chain, archive, record, group);
      begin = this.at;
      group = [];
    }
    if (group.length) this.#fail("archive-unreferenced");
    if (archive === null) this.#fail("archive-no-setup", begin);
    return { ...archive, head: chain.parent, events: chain.height };
  }

  #event(chain, archive, record, group) {
    const kind = decodeEventType(record.body);
    if (!FOLLOWERS.get(chain.last).includes(kind)) {
      this.#fail("archive-grammar", this.at, { event: kind, after: chain.last ?? "-" });
    }
    if (!RECORDS.get(kind).includes(group.length)) this.#fail("archive-unreferenced");
    const begin = (group[0] ?? record).offset - BLOCK;
    const bodies = group.map((one) => one.body);
    const [read, made] = archive === null
      ? this.#begun(chain, bodies)
      : this.#later(chain, archive, kind, bodies);
    this.#same(begin, made, chain.timestamp);
    if (kind === "EndBallots") read.sealedSize = this.at;
    return Object.assign(read, { stage: STAGES.get(kind), last: kind });
  }

  #begun(chain, bodies) {
    const [election, trustees, credentials] = bodies;
    const certificate = bodies.length === 5 ? bodies[3] : null;
    const setup = { election, trustees, credentials, certificate };
    const archive = {
      timestamp: chain.timestamp,
      setup,
      ballots: [],
      tally: null,
      shuffles: [],
      shufflesEnded: false,
      shares: [],
      result: null,
      sealedSize: 0,
    };
    return [archive, chain.setup(setup)];
  }

  /** Take a later event into the archive; returns it and the event's bytes. */
  #later(chain, archive, kind, bodies) {
    if (kind === "EncryptedTally") {
      archive.tally = decodeSized(...bodies);
      return [archive, chain.tally(archive.tally)];
    }
    if (kind === "Shuffle" || kind === "PartialDecryption") {
      const owned = decodeOwned(kind, ...bodies);
      (kind === "Shuffle" ? archive.shuffles : archive.shares).push(owned);
      return [archive, chain.owned(kind, owned)];
    }
    if (kind === "Ballot") archive.ballots.push(bodies[0]);
    else if (kind === "Result") [archive.result] = bodies;
    else if (kind === "EndShuffles") archive.shufflesEnded = true;
    return [archive, chain.event(kind, ...bodies)];
  }

  /** The next record; its header is compared when its event is made again. */
  #record() {
    if (this.at === this.bytes.length) return null;
    this.number += 1;
    const head = this.bytes.subarray(this.at, this.at + BLOCK);
    if (head.length < BLOCK) this.#fail("archive-truncated");
    const name = nameOf(head);
    const digits = latin(head.subarray(124, 135));
    if (name === null || !/^[0-7]{11}$/.test(digits)) this.#fail("archive-header");
    const size = parseInt(digits, 8);
    if (size > (name.endsWith(".event.json") ? MAX_EVENT : MAX_BODY)) {
      this.#fail("archive-too-large");
    }
    const offset = this.at + BLOCK;
    this.at = offset + Math.ceil(size / BLOCK) * BLOCK;
    if (this.at > this.bytes.length) this.#fail("archive-truncated");
    return { name, offset, body: this.bytes.subarray(offset, offset + size) };
  }

  /** Compare a group's bytes with what its bodies make. */
  #same(begin, made, timestamp) {
    const found = this.bytes.subarray(begin, this.at);
    if (sameBytes(found, made)) return;
    const block = (bytes, i) => bytes.subarray(i, i + BLOCK);
    let at = 0;
    while (sameBytes(block(found, at), block(made, at))) at += BLOCK;
    this.#fail(causeOf(found, made, at, timestamp), begin + at);
  }

  #fail(code, offset = this.at, params = {}) {
    throw new VerificationError(code, { record: Math.max(this.number, 0), offset, ...params });
  }
}

/**
 * What is wrong with the first block that differs. A body never differs before its header does,
 * because the header names its hash: the block is a header, or the padding of a right body.
 */
function causeOf(found, made, at, timestamp) {
  let header = 0;
  while (header < at) header += BLOCK + Math.ceil(sizeOf(made, header) / BLOCK) * BLOCK;
  if (header !== at) return "archive-padding";
  const name = nameOf(found.subarray(at, at + BLOCK)) ?? "";
  if (name === nameOf(made.subarray(at, at + BLOCK))) return "archive-header";
  const size = sizeOf(found, at);
  const body = found.subarray(at + BLOCK, at + BLOCK + size);
  if (name.slice(0, 64) !== sha256Hex(body)) return "archive-record-name";
  if (!sameBytes(tarHeader(name, size, timestamp), found.subarray(at, at + BLOCK))) {
    return "archive-header";
  }
  return name.endsWith(".event.json") ? "archive-chain" : "archive-records";
}

function sizeOf(bytes, at) {
  return parseInt(latin(bytes.subarray(at + 124, at + 135)), 8);
}

/** A record's name, null when it is empty or not ASCII. */
function nameOf(head) {
  const name = latin(head.subarray(0, 100)).replace(/\0+$/, "");
  return name && [...name].every((one) => one <= "\x7f") ? name : null;
}

function latin(bytes) {
  return String.fromCharCode(...bytes);
}

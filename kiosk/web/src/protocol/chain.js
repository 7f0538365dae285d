// The chain of events in a `.bel` archive, and the bytes of its records (docs/spec/archive.md;
// voting/protocol/chain.py).
//
// Each event stands behind the records that it names and names its parent by SHA-256; each record
// is a tar record whose header is fixed but for name, size, the archive's one time, and the
// checksum. `Chain` makes the bytes of one event after another; the reader demands them.

import { concat, toBytes } from "../crypto/bytes.js";
import { sha256Hex } from "../crypto/hashing.js";
import { FormatError } from "../errors.js";
import * as codec from "./codec.js";

export const BLOCK = 512;
export const MAX_EVENT = 512; // bytes of an event or a structure that names records
const MAX_TIMESTAMP = 8 ** 11 - 1;
const MAX_OWNER = 1000;

/** What may follow an event; null is the beginning. */
export const FOLLOWERS = new Map([
  [null, ["Setup"]],
  ["Setup", ["Ballot", "EndBallots"]],
  ["Ballot", ["Ballot", "EndBallots"]],
  ["EndBallots", ["EncryptedTally"]],
  ["EncryptedTally", ["Shuffle", "EndShuffles", "PartialDecryption", "Result"]],
  ["Shuffle", ["Shuffle", "EndShuffles", "PartialDecryption", "Result"]],
  ["EndShuffles", ["PartialDecryption", "Result"]],
  ["PartialDecryption", ["PartialDecryption", "Result"]],
  ["Result", []],
]);

/** How many records stand before an event in its group. */
export const RECORDS = new Map([
  ["Setup", [4, 5]],
  ["Ballot", [1]],
  ["EndBallots", [0]],
  ["EncryptedTally", [2]],
  ["Shuffle", [2]],
  ["EndShuffles", [0]],
  ["PartialDecryption", [2]],
  ["Result", [1]],
]);

/** How far the election got, by its last event. */
export const STAGES = new Map([
  ["Setup", "open"],
  ["Ballot", "open"],
  ["EndBallots", "closed"],
  ["EncryptedTally", "tallied"],
  ["Shuffle", "tallied"],
  ["EndShuffles", "tallied"],
  ["PartialDecryption", "decrypting"],
  ["Result", "result"],
]);

/** The 512 header bytes of one record (docs/spec/archive.md, section 2). */
export function tarHeader(name, size, timestamp) {
  const head = new Uint8Array(BLOCK);
  const put = (at, text) => head.set(toBytes(text), at);
  const octal = (number, digits) => number.toString(8).padStart(digits, "0");
  put(0, name);
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, octal(size, 11));
  put(136, octal(timestamp, 11));
  put(148, " ".repeat(8));
  put(156, "0");
  const sum = head.reduce((total, byte) => total + byte, 0);
  put(148, `${octal(sum, 6)}\0 `);
  return head;
}

/** Makes the bytes of one event after another; holds the parent, not the archive. */
export class Chain {
  constructor(timestamp) {
    this.timestamp = codec.integer(timestamp, "archive.timestamp", { high: MAX_TIMESTAMP });
    this.parent = null;
    this.height = 0;
    this.last = null;
  }

  firstRecord() {
    const body = codec.encode({ version: 1, timestamp: String(this.timestamp) });
    return this.#record("BELENIOS", body);
  }

  /** @param {{election, trustees, credentials, certificate: Uint8Array|null}} setup bodies */
  setup({ election, trustees, credentials, certificate }) {
    const bodies = { election, trustees, credentials };
    if (certificate !== null) bodies.credentials_certificate = certificate;
    const data = Object.entries(bodies).map(([name, body]) => [name, sha256Hex(body)]);
    return this.event("Setup", ...Object.values(bodies), codec.encode(Object.fromEntries(data)));
  }

  /** @param {{encryptedTally: Uint8Array, numTallied: number, totalWeight: bigint}} tally */
  tally({ encryptedTally, numTallied, totalWeight }) {
    const sized = {
      num_tallied: numTallied,
      total_weight: codec.weightJson(totalWeight),
      encrypted_tally: sha256Hex(encryptedTally),
    };
    return this.event("EncryptedTally", encryptedTally, codec.encode(sized));
  }

  /** @param {{owner: number, payload: Uint8Array}} owned */
  owned(kind, { owner, payload }) {
    return this.event(kind, payload, codec.encode({ owner, payload: sha256Hex(payload) }));
  }

  /** The records of one event; the last body is the one that it names. */
  event(kind, ...bodies) {
    const digests = bodies.map((body) => sha256Hex(body));
    const event = {
      ...(this.parent === null ? {} : { parent: this.parent }),
      height: this.height,
      type: kind,
      ...(digests.length ? { payload: digests.at(-1) } : {}),
    };
    const text = codec.encode(event);
    this.parent = sha256Hex(text);
    this.height += 1;
    this.last = kind;
    const made = bodies.map((body, i) => this.#record(`${digests[i]}.data.json`, body));
    return concat(...made, this.#record(`${this.parent}.event.json`, text));
  }

  #record(name, body) {
    const padding = new Uint8Array((BLOCK - (body.length % BLOCK)) % BLOCK);
    return concat(tarHeader(name, body.length, this.timestamp), body, padding);
  }
}

/** The archive's time out of the first record's body. */
export function decodeTimestamp(body) {
  const place = "archive.BELENIOS";
  const value = codec.decodeExact(body, place, { maxBytes: MAX_EVENT });
  const [version, spelled] = codec.fields(value, place, "version", "timestamp");
  codec.integer(version, `${place}.version`, { low: 1, high: 1 });
  const digits = codec.text(spelled, `${place}.timestamp`, { maxLength: 10 });
  if (!/^[0-9]+$/.test(digits)) {
    throw new FormatError(`${place}.timestamp`, "not a number of seconds");
  }
  return Number(digits);
}

/** The type of an event. */
export function decodeEventType(body) {
  const place = "archive.event";
  const value = codec.decodeExact(body, place, { maxBytes: MAX_EVENT });
  const names = ["parent?", "height", "type", "payload?"];
  const kind = codec.text(codec.fields(value, place, ...names)[2], `${place}.type`);
  if (!RECORDS.has(kind)) throw new FormatError(`${place}.type`, "not a type of event");
  return kind;
}

/** An encrypted tally and the numbers beside it. */
export function decodeSized(encryptedTally, sized) {
  const place = "archive.sized_tally";
  const value = codec.decodeExact(sized, place, { maxBytes: MAX_EVENT });
  const names = ["num_tallied", "total_weight", "encrypted_tally"];
  const [number, weight] = codec.fields(value, place, ...names);
  return {
    encryptedTally,
    numTallied: codec.integer(number, `${place}.num_tallied`, { high: codec.MAX_SMALL }),
    totalWeight: codec.weight(weight, `${place}.total_weight`),
  };
}

/** A shuffle or a partial decryption with its trustee's number. */
export function decodeOwned(kind, payload, names) {
  const place = `archive.${kind}`;
  const value = codec.decodeExact(names, place, { maxBytes: MAX_EVENT });
  const [owner] = codec.fields(value, place, "owner", "payload");
  return { owner: codec.integer(owner, `${place}.owner`, { low: 1, high: MAX_OWNER }), payload };
}

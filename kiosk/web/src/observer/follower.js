// Follows the ledger's hash chain: every line names the SHA-256 of the one before it.
//
// What was seen once never changes: only lines that go on from the last one are taken. Signatures
// and guards are for `piaojue verify`; here it is shown that nobody rewrote the past.

import { VerificationError } from "../errors.js";
import { sha256Hex } from "../crypto/hashing.js";
import { decodeExact } from "../protocol/codec.js";

const GENESIS = "0".repeat(64);
const LINE_BREAK = 0x0a;

/** The ledger as this page has seen it since it was opened. */
export class Follower {
  /** @param {(from: number) => Promise<Uint8Array>} read lines from a height on */
  constructor(read) {
    this.read = read;
    this.height = 0;
    this.head = GENESIS;
    this.kinds = [];
  }

  /**
   * Take what is new.
   * @throws {VerificationError} `broken-chain`: a line does not go on from the one before it
   */
  async refresh() {
    const bytes = await this.read(this.height);
    for (let from = 0; from < bytes.length; ) {
      const end = bytes.indexOf(LINE_BREAK, from);
      if (end < 0) throw new VerificationError("broken-chain", { height: this.height });
      this.take(bytes.subarray(from, end));
      from = end + 1;
    }
  }

  take(line) {
    const { act } = decodeExact(line, "ledger");
    if (act.height !== this.height || act.parent !== this.head) {
      throw new VerificationError("broken-chain", { height: this.height });
    }
    this.kinds.push({ kind: act.kind, at: act.at });
    this.head = sha256Hex(line);
    this.height += 1;
  }

  /** Height, head, and how many acts of each kind, in the order of their first. */
  summary() {
    const counts = new Map();
    for (const { kind } of this.kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return { height: this.height, head: this.head, counts: [...counts] };
  }
}

// Readings that were proposed on this page, so that it knows them again before it signs
// (kiosk/device/proposing.py).
//
// In the ledger a reading is masked, and the server makes the mask (meeting/readings.js). It is sent
// what every text is read as, by place and without the texts; whether that is what stands in the act
// that comes back, text by text, only the page that proposed it can tell.

import { VerificationError } from "../errors.js";

/** What one page proposed and has not signed yet. */
export class Proposed {
  #bySlot = new Map();
  #before = new Map();

  /** What the server is sent of a proposal; a reading, `{slot, entries}`, is remembered. */
  wish(kind, body) {
    this.#before = new Map(this.#bySlot);
    if (kind !== "reading") return body;
    const { slot, entries } = body;
    this.#bySlot.set(slot, written(entries));
    return { slot, read: entries.map(({ as }) => as) };
  }

  /** Forget the last wish alone: the server would not have it. */
  refused() {
    this.#bySlot = new Map(this.#before);
  }

  /**
   * Demand that a reading is the one proposed here, if one was.
   * @param {string} slot
   * @param {{item: string, ask: string, text: string, as: string|number}[]} found
   * @throws {VerificationError} `reading-otherwise`
   */
  require(slot, found) {
    const wanted = this.#bySlot.get(slot);
    if (wanted !== undefined && wanted !== written(found)) {
      throw new VerificationError("reading-otherwise", { slot });
    }
  }

  /** Forget what was proposed of a slot, or everything: it was signed, or withdrawn. */
  forget(slot = null) {
    if (slot === null) this.#bySlot.clear();
    else this.#bySlot.delete(slot);
  }
}

function written(entries) {
  return JSON.stringify(entries.map(({ item, ask, text, as }) => [item, ask, text, as]));
}

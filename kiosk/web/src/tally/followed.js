// The meeting and the ledger as a trustee's device was shown them; nothing of it is believed.
// `openMeeting` decides whether they go on from what the device has seen. Only new lines are asked
// for (kiosk/device/followed.py).

import { concat } from "../crypto/bytes.js";

const LINE_BREAK = 10;

/** What the server said so far. */
export class Followed {
  #client;
  #meeting = null;
  #ledger = new Uint8Array();

  /** @param {{getBytes: (path: string) => Promise<Uint8Array>}} client */
  constructor(client) {
    this.#client = client;
  }

  /** {meeting, ledger}: the bytes of `meeting.json` and of the whole ledger. */
  async fetch() {
    this.#meeting ??= await this.#client.getBytes("/api/meeting");
    const lines = this.#ledger.reduce((sum, byte) => sum + (byte === LINE_BREAK ? 1 : 0), 0);
    const added = await this.#client.getBytes(`/api/ledger?from=${lines}`);
    if (added.length) this.#ledger = concat(this.#ledger, added);
    return { meeting: this.#meeting, ledger: this.#ledger };
  }

  /** Ask for everything again next time: what was said did not hold. */
  forget() {
    this.#meeting = null;
    this.#ledger = new Uint8Array();
  }
}

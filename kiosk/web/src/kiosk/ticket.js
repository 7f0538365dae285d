// The ticket that lies before the kiosk, as the page knows it: by what its Worker says of it.
//
// The token goes into the Worker (sealer.js) and never comes out. What leaves the page are public
// credentials and signatures by a slot's key. `forget` ends the Worker and with it the token.

import { post } from "../common/api.js";

/** One voter's ticket. */
export class Ticket {
  #credentials = new Map(); // by slot, public

  /** @param {import("./sealer.js").Sealer} sealer */
  constructor(sealer) {
    this.sealer = sealer;
  }

  /**
   * Take a ticket in, in the place of any before.
   * @param {{scanned: string}|{typed: string}} read InputError `qr-…` or `token-…`
   */
  async read(read) {
    this.#credentials.clear();
    await this.sealer.ticket(read);
  }

  /** Drop the token and everything that was derived from it. */
  forget() {
    this.#credentials.clear();
    this.sealer.wipe();
  }

  /** The public credential of a slot, 64 hex digits. */
  async credential(slot) {
    if (!this.#credentials.has(slot)) {
      this.#credentials.set(slot, await this.sealer.credential(slot));
    }
    return this.#credentials.get(slot);
  }

  /**
   * Send an act signed by this ticket's key for a slot.
   * @param {"withdraw"|"query"} act
   * @param {string} slot
   * @param {string} meeting the fingerprint, 64 hex digits
   * @returns {Promise<object>} the server's answer
   */
  async act(act, slot, meeting) {
    const { credential, proof } = await this.sealer.sign({ act, slot, meeting });
    return post("/api/ticket-acts", { act, slot, credential, proof });
  }
}

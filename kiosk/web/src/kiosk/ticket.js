// The ticket that lies before the kiosk, as the page knows it: by what its Worker says of it.
//
// The token goes into the Worker (sealer.js) and never comes out. What leaves the page are public
// credentials and signatures by a slot's key. `forget` ends the Worker and with it the token.
// Each ticket that is read is an object of its own: what a session that is over still wants signed
// is refused, and never signed by the ticket of whoever came next.

import { RefusedError } from "../errors.js";
import { post } from "../common/api.js";

/** One voter's ticket. */
export class Ticket {
  #credentials = new Map(); // by slot, public
  #held = null; // the Worker's name for it

  /** @param {import("./sealer.js").Sealer} sealer */
  constructor(sealer) {
    this.sealer = sealer;
  }

  /**
   * Take the ticket in, in the place of any before.
   * @param {{scanned: string}|{typed: string}} read InputError `qr-…` or `token-…`
   */
  async read(read) {
    const taken = this.sealer.ticket(read);
    this.#held = this.sealer.held;
    await taken;
  }

  /** Drop the token and everything that was derived from it. */
  forget() {
    this.#credentials.clear();
    this.#held = null;
    this.sealer.wipe();
  }

  /** The public credential of a slot, 64 hex digits. */
  async credential(slot) {
    this.#demand();
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
    this.#demand();
    const { credential, proof } = await this.sealer.sign({ act, slot, meeting });
    this.#demand();
    return post("/api/ticket-acts", { act, slot, credential, proof });
  }

  /** RefusedError `no-ticket-read`: the Worker holds this ticket no more. */
  #demand() {
    if (this.#held === null || this.#held !== this.sealer.held) {
      throw new RefusedError("no-ticket-read");
    }
  }
}

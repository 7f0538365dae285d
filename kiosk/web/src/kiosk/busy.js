// Tells the server whether a ballot is on this screen. The last word counts: it is sent until it
// is answered, and only when the one before it is answered or has failed, for two that are under
// way may arrive in either order. While a ballot is there it is said again and again: a server
// that began anew has forgotten it, and would let the box be sealed.

import { patiently, post } from "../common/api.js";

const AGAIN = 20_000; // milliseconds before it is said again that a ballot is there

/** The kiosk's busy sign. */
export class BusySign {
  #busy = null; // the last word; null: none, or it was refused
  #telling = false;
  #trying = new AbortController();
  #again = null;

  /** @param {boolean} busy */
  set(busy) {
    if (busy === this.#busy) return;
    this.#busy = busy;
    this.#trying.abort(); // an older word is not tried again
    this.#tell();
  }

  async #tell() {
    if (this.#telling) return; // the last word follows
    this.#telling = true;
    clearTimeout(this.#again);
    let said;
    do {
      said = this.#busy;
      await this.#send(said);
    } while (this.#busy !== null && this.#busy !== said);
    this.#telling = false;
    if (said) this.#again = setTimeout(() => this.#tell(), AGAIN);
  }

  async #send(busy) {
    this.#trying = new AbortController();
    const { signal } = this.#trying;
    try {
      await patiently(() => post("/api/kiosk/busy", { busy }), { signal });
    } catch {
      // Refused: it is said again at the next change, or in a while if a ballot is there.
      if (!signal.aborted && !busy) this.#busy = null;
    }
  }
}

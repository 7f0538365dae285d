// Tells the server whether a ballot is on this screen. The last word counts: it is sent until it
// is answered, and an earlier one that was still on its way is dropped.

import { patiently, post } from "../common/api.js";

/** The kiosk's busy sign. */
export class BusySign {
  #busy = null;
  #trying = null;

  /** @param {boolean} busy */
  set(busy) {
    if (busy === this.#busy) return;
    this.#busy = busy;
    this.#trying?.abort();
    this.#trying = new AbortController();
    const { signal } = this.#trying;
    patiently(() => post("/api/kiosk/busy", { busy }), { signal }).catch(() => {
      if (!signal.aborted) this.#busy = null; // refused: say it again at the next change
    });
  }
}

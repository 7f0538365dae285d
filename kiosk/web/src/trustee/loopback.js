// The trustee's engine when the program on this very device does the work (talk.js says what an
// engine is). The page only shows what that program says and carries answers back: neither keys
// nor token are ever here, and the passphrase passes through once.

import { get, post, sleep } from "../common/api.js";

const AGAIN = 1000; // milliseconds before a lost line is tried again

/** The engine behind `/device/…` of this page's own origin. */
export class LoopbackEngine {
  #listeners = [];
  #faults = [];
  #events = [];
  #asking = null;
  #listening = false;

  /** What there is: `{enrolled, unlocked, account, media, missing, over}`. */
  state() {
    return get("/device/state");
  }

  /** Open the key file. Throws RefusedError `wrong-passphrase` and others. */
  unlock(passphrase) {
    return post("/device/unlock", { passphrase });
  }

  /** Make the key file and use the invitation up. Throws what the program refuses. */
  enrol(invitation, passphrase) {
    return post("/device/enrol", { invitation, passphrase });
  }

  /** Hear every event so far, then each new one; begins to ask the program. */
  onEvent(listener) {
    this.#listeners.push(listener);
    for (const event of this.#events) listener(event, this.#asking);
    if (!this.#listening) void this.#listen();
  }

  /** Hear an error when the program does not answer, and null when it does again. */
  onFault(listener) {
    this.#faults.push(listener);
  }

  /** Answer question `n`. Throws RefusedError `not-asked`. */
  answer(n, text) {
    return post("/device/talk", { n, answer: text });
  }

  async #listen() {
    this.#listening = true;
    let after = 0;
    for (let lost = false; ; ) {
      try {
        const { events, asking } = await get(`/device/talk?after=${after}`);
        if (lost) this.#fault(null);
        lost = false;
        after = events.at(-1)?.n ?? after;
        this.#take(events, asking);
      } catch (error) {
        this.#fault(error);
        if (error.code === "locked") break; // it was started again: the passphrase is wanted
        lost = true;
        await sleep(AGAIN);
      }
    }
    this.#events = [];
    this.#asking = null;
    this.#listening = false;
    this.#listeners = [];
  }

  #take(events, asking) {
    const changed = asking?.n !== this.#asking?.n;
    this.#asking = asking;
    this.#events.push(...events);
    for (const event of events) this.#say(event);
    if (changed && events.length === 0) this.#say(null);
  }

  #say(event) {
    for (const listener of this.#listeners) listener(event, this.#asking);
  }

  #fault(error) {
    for (const listener of this.#faults) listener(error);
  }
}

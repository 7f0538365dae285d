// One check after another, each of two codes: what was read, and what came of it.
//
//   tracker ─► opening ─► result
//
// A check is an object of its own. The server's answers may come late: whoever began anew
// meanwhile, or whoever stands there next, sees nothing of them and is not kept waiting by them.

import { FormatError, InputError, VerificationError } from "../errors.js";
import { patiently } from "../common/api.js";
import { checked, isActive, isMarked, loadRound } from "./checking.js";
import { readOpeningCode, readTrackerPayload } from "./payload.js";

/** A check under way: `step`, and what the page shows of it. */
export class Check {
  step = "tracker"; // "tracker", "opening" or "result"
  first = null; // {slot, tracker} of the first code
  parts = []; // of the second code, as read so far
  missing = null; // which of them are still to come
  trouble = null; // the error of the code read last
  result = null; // {marks, credential, active, marked}, or {error}
  #round = null;
  #busy = false;

  /**
   * Take a code.
   * @param {object} meeting the frozen one
   * @param {string} text
   * @returns {Promise<boolean>} whether it was looked at: not while another one is, nor at the end
   */
  async take(meeting, text) {
    if (this.#busy || this.step === "result") return false;
    this.#busy = true;
    try {
      await (this.step === "tracker" ? this.#takeTracker(meeting, text) : this.#takeOpening(text));
      this.trouble = null;
    } catch (error) {
      this.trouble = error;
    } finally {
      this.#busy = false;
    }
    return true;
  }

  async #takeTracker(meeting, text) {
    const first = readTrackerPayload(text);
    if (first === null) throw new InputError("not-a-tracker");
    this.#round = await loadRound(meeting, first.slot);
    this.first = first;
    this.step = "opening";
  }

  async #takeOpening(text) {
    const read = readOpeningCode(text, this.parts);
    if (read === null) throw new InputError("not-an-opening");
    this.parts = read.parts ?? [];
    this.missing = read.missing ?? null;
    if (read.missing) return;
    const { slot, tracker } = this.first;
    try {
      const found = checked(read.opening, this.#round, tracker);
      const active = await patiently(() => isActive(slot, found.credential));
      this.result = { ...found, active, marked: await patiently(() => isMarked(slot, tracker)) };
    } catch (error) {
      if (error instanceof FormatError) throw new InputError("not-an-opening");
      if (!(error instanceof VerificationError)) throw error;
      this.result = { error };
    }
    this.step = "result";
  }
}

/** The checks of a page, of which one stands on the screen. */
export class Checks {
  now = new Check();

  /**
   * Take a code into the check on the screen.
   * @returns {Promise<boolean>} whether there is something new to show
   */
  async take(meeting, text) {
    const mine = this.now;
    return (await mine.take(meeting, text)) && mine === this.now;
  }

  /** Begin anew. */
  again() {
    this.now = new Check();
  }
}

// The page's side of the sealing Worker (sealer.worker.js). The page hands the ticket over as it
// was scanned or typed and keeps no copy; token, credentials and seeds stay in the Worker.
//
//   const sealer = new Sealer();
//   await sealer.load([electionBytes, …]);        // when a paper opens; makes the tables
//   await sealer.ticket({ scanned });             // InputError: what to tell the voter
//   await sealer.sign({ act: "query", slot, meeting });
//   sealer.ready(slot);                           // while the voter reads
//   const { ballot, tracker } = await sealer.seal({ slot, choices });
//   sealer.drop(slot);                            // at every edit, and once it is cast
//   const opening = await sealer.open(slot);      // after the server marked the tracker as spoiled
//   sealer.wipe();                                // the session is over: ends the Worker
//
// `wipe` ends the Worker and starts another, which is the one way to be rid of what JavaScript
// cannot overwrite; whoever still waits for an answer gets UnavailableError `sealer-ended`. The
// tables are made again at once, before the next voter comes.
//
// A Worker that does not start (its script is the server's, which may be silent just then) or that
// breaks is begun anew after a pause; until then whoever asks gets UnavailableError
// `sealer-broken`. It holds no ticket then: `held` tells one that was taken from any other.

import { UnavailableError, unpackError } from "../errors.js";
import { startWorker } from "../common/trusted.js";

const PAUSE = 2000; // milliseconds before a Worker is begun in the place of a broken one
const STARTS = 30_000; // milliseconds in which a Worker has to give a sign of life

export class Sealer {
  #start;
  #worker = null; // null: the last one broke, the next one is still to come
  #timer = null; // until it counts as broken, or until the next one begins
  #held = null;
  #waiting = new Map();
  #next = 0;
  #elections = [];

  /** @param {() => Worker} [start] for tests */
  constructor(start = () => startWorker("sealer.worker.js")) {
    this.#start = start;
    this.#begin();
  }

  /**
   * The elections of all open papers, rebuilt from the frozen meeting.
   * @param {Uint8Array[]} elections
   * @returns {Promise<{slot: string, fingerprint: string}[]>}
   */
  load(elections) {
    this.#elections = elections;
    return this.#ask("load", elections);
  }

  /** Stands for the ticket that was taken last, for as long as the Worker may hold it; or null. */
  get held() {
    return this.#held;
  }

  /**
   * @param {{scanned: string} | {typed: string}} ticket
   * @returns {Promise<void>} InputError: `token-…` or `qr-…`
   */
  ticket(ticket) {
    this.#held = {};
    return this.#ask("ticket", ticket);
  }

  /** @returns {Promise<string>} the ticket's public credential in a slot */
  credential(slot) {
    return this.#ask("credential", slot);
  }

  /**
   * @param {{act: "leftover" | "withdraw" | "query", slot: string, meeting: string}} what
   * @returns {Promise<{credential: string, proof: {challenge: string, response: string}}>}
   */
  sign(what) {
    return this.#ask("sign", what);
  }

  /** Prepare a sealing; nobody need wait for it, and nothing else waits for it. */
  ready(slot) {
    return this.#ask("ready", slot);
  }

  /**
   * @param {{slot: string, choices: number[][]}} marked for each question 0 or 1 for each option
   * @param {(done: number) => void} [told] the part that is done, 0 to 1, where it takes long
   * @returns {Promise<{ballot: Uint8Array, tracker: string}>}
   */
  seal(marked, told) {
    return this.#ask("seal", marked, told);
  }

  /** @returns {Promise<Uint8Array>} the opening for the QR code; the ballot is spent */
  open(slot) {
    return this.#ask("open", slot);
  }

  /** Forget this paper's seed and ballot: an edit, or it was cast. */
  drop(slot) {
    return this.#ask("drop", slot);
  }

  /** Forget everything about the voter. */
  wipe() {
    this.#end("sealer-ended");
    this.#begin();
  }

  #begin() {
    const worker = this.#start();
    worker.addEventListener("message", ({ data }) => {
      if (worker === this.#worker) this.#answered(data);
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault?.();
      if (worker === this.#worker) this.#failed();
    });
    this.#worker = worker;
    this.#timer = setTimeout(() => this.#failed(), STARTS);
    if (this.#elections.length > 0) this.#ask("load", this.#elections);
  }

  /** Its memory goes; whoever waits for it is told. */
  #end(code) {
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = null;
    this.#held = null;
    for (const { reject } of this.#waiting.values()) reject(new UnavailableError(code));
    this.#waiting.clear();
  }

  #ask(call, value, told = null) {
    const id = this.#next++;
    const answer = new Promise((resolve, reject) => {
      if (this.#worker === null) throw new UnavailableError("sealer-broken");
      this.#waiting.set(id, { resolve, reject, told });
      this.#worker.postMessage({ id, call, value });
    });
    answer.catch(() => {}); // whoever awaits it hears of it all the same
    return answer;
  }

  #answered({ id, value, error, done }) {
    clearTimeout(this.#timer); // it lives
    const waiting = this.#waiting.get(id);
    if (done !== undefined) return waiting?.told?.(done);
    this.#waiting.delete(id);
    if (error) waiting?.reject(unpackError(error));
    else waiting?.resolve(value);
    return undefined;
  }

  /** The Worker did not start, or broke: nobody may wait for ever, and the next voter for none. */
  #failed() {
    this.#end("sealer-broken");
    this.#timer = setTimeout(() => this.#begin(), PAUSE);
  }
}

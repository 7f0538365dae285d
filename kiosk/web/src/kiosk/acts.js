// What a session does: reading the ticket, sealing, casting, checking the device, withdrawing.
//
// Two secrets lie behind this: the ticket with its seeds, in the Worker (sealer.js), and the
// sealed ballot that waits for its answer. `drop` ends both. Every act belongs to a session: it
// stops when the session is wiped, and what it throws ends the session with a sentence. So what
// was asked for one voter is looked at no more once another may stand there: after each answer
// an act first asks whether its session is still the one (`signal.throwIfAborted`).

import { RefusedError, UnavailableError, VerificationError } from "../errors.js";
import { choicesOf } from "../meeting/marks.js";
import { patiently, post, postBytes, sleep } from "../common/api.js";
import { whomToTell } from "./explain.js";
import { Sealer } from "./sealer.js";
import { current, marksOf, openItems } from "./session.js";
import { Ticket } from "./ticket.js";
import { askChoices, withdraw } from "./withdrawal.js";

/** Officers are about to seal, or were just before us: neither is an answer to a cast. */
const NOT_YET = new Set(["sealing", "ledger-moved", "proposal-pending"]);
const AGAIN = 1000; // milliseconds before the same is sent again then

/** What follows from entering a screen. */
export class Acts {
  #taking = false;
  #loaded = ""; // slots that the Worker has tables for
  #running = new AbortController(); // what this session still waits for

  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.app = app;
    this.sealer = new Sealer();
    this.ticket = new Ticket(this.sealer);
    this.sealed = null; // {ballot, tracker}: what is sent, until there is an answer
    this.sealing = null; // the promise of it
  }

  #byScreen = {
    reading: (signal) => this.#admit(signal),
    review: (signal) => this.#seal(signal),
    casting: (signal) => this.#cast(signal),
    marking: (signal) => this.#spoil(signal),
    sending: (signal) => this.#withdraw(signal),
    done: () => this.#forget(),
  };

  /** Do what a state asks for that has just been reached. */
  entered(before, state) {
    const other = before?.screen !== state.screen;
    if (state.screen === "ballot" && (other || before.at !== state.at)) this.#prepare();
    const act = other && this.#byScreen[state.screen];
    if (act) this.#during(act);
  }

  /** Stop whatever still runs, and forget the ticket with all that was sealed. */
  drop() {
    this.#running.abort();
    this.#running = new AbortController();
    this.#forget();
  }

  /**
   * Take a ticket in.
   * @param {{scanned: string}|{typed: string}} read
   * @returns {Promise<Error|null>} what is wrong with it
   */
  async take(read) {
    const { screen } = this.app.state;
    if (this.#taking) return null;
    this.#taking = true;
    this.ticket = new Ticket(this.sealer);
    try {
      await this.ticket.read(read);
    } catch (error) {
      return error;
    } finally {
      this.#taking = false;
    }
    if (this.app.state.screen === screen) this.app.send({ type: "read" });
    return null;
  }

  /** Have the tables for the open papers made before the first voter comes. */
  async foresee() {
    const open = this.app.room.rounds.filter((one) => one.state === "open");
    if (!open.length || open.every((one) => this.#loaded.includes(one.slot))) return;
    const { signal } = this.#running;
    try {
      const papers = await this.app.room.papers(signal);
      // By now a voter may be there, whose papers are newer than these.
      if (!signal.aborted && this.app.state.screen === "waiting") await this.#load(papers);
    } catch {
      return; // a scan will tell what is wrong
    }
  }

  async #load(papers) {
    const loaded = papers.map((paper) => paper.slot).join();
    if (loaded === this.#loaded) return;
    this.#loaded = ""; // until it is answered: a wipe may come between
    await this.sealer.load(papers.map((paper) => paper.election));
    this.#loaded = loaded;
  }

  /** Token, seeds and sealed bytes go; the Worker that held them ends. */
  #forget() {
    this.sealed = this.sealing = null;
    this.ticket.forget();
  }

  async #during(act) {
    const { signal } = this.#running;
    try {
      await act(signal);
    } catch (error) {
      if (signal.aborted) return;
      this.#forget();
      this.app.send({ type: "refused", error, tell: whomToTell(error) });
    }
  }

  get #slot() {
    return current(this.app.state).slot;
  }

  async #admit(signal) {
    const { ticket } = this;
    const { room, state } = this.app;
    const shown = room.meeting !== null;
    await room.refresh();
    signal.throwIfAborted();
    if (!room.meeting) throw new RefusedError("not-open-yet");
    // Its fingerprint has not been on the waiting screen yet, where people compare it.
    if (!shown) throw new UnavailableError("meeting-not-shown");
    if (state.purpose === "withdraw") {
      const choices = await askChoices(room.meeting, ticket, signal);
      signal.throwIfAborted();
      this.app.send({ type: "asked", choices });
      return;
    }
    const papers = await this.#found(ticket, signal);
    signal.throwIfAborted();
    this.app.send({ type: "admitted", papers });
  }

  /** The papers of a ticket: the open ones, or where it is good for none of them those before. */
  async #found(ticket, signal) {
    const { room } = this.app;
    const open = await room.papers(signal);
    signal.throwIfAborted();
    await this.#load(open);
    signal.throwIfAborted();
    const papers = await room.papersOf(ticket, open, signal);
    if (papers.length) return papers;
    signal.throwIfAborted();
    const past = await room.past(ticket, signal);
    if (past.length) return past;
    if (!open.length) throw new RefusedError("not-open-yet");
    signal.throwIfAborted();
    const reason = await room.reason(ticket, open, signal);
    throw new RefusedError(reason ?? "credential-unknown");
  }

  /** A seed for this paper, while the voter reads; what was sealed before is forgotten. */
  #prepare() {
    this.sealed = this.sealing = null;
    this.sealer.drop(this.#slot);
    this.sealer.ready(this.#slot);
  }

  /** Seal what is marked, unless it is or an item is open. */
  async #seal(signal) {
    const { state } = this.app;
    if (openItems(state).length) return;
    const sealed = await this.#sealOnce(signal);
    if (sealed && !signal.aborted) this.app.send({ type: "sealed", tracker: sealed.tracker });
  }

  /**
   * Seal what is marked, once: who asks again gets the same ballot.
   * @returns {Promise<{ballot: Uint8Array, tracker: string}|null>} null: the marks were taken back
   *   meanwhile, and what was sealed from them is forgotten
   */
  async #sealOnce(signal) {
    if (this.sealed) return this.sealed;
    const { room, state } = this.app;
    const { slot, items, standings } = current(state);
    const told = (done) => !signal.aborted && this.app.send({ type: "sealing", done });
    this.sealing ??= this.sealer.seal(
      { slot, choices: choicesOf(room.meeting, items, marksOf(state), standings) },
      told,
    );
    const { sealing } = this;
    const sealed = await sealing;
    if (this.sealing !== sealing) return null;
    this.sealed = sealed;
    return sealed;
  }

  async #cast(signal) {
    const path = `/api/slots/${this.#slot}/ballots`;
    // 投票 may be pressed a moment before the seal is ready.
    const sealed = await this.#sealOnce(signal);
    signal.throwIfAborted();
    const { ballot, tracker } = sealed;
    let answer;
    try {
      answer = await this.#untilAnswered(() => postBytes(path, ballot), signal);
    } catch (error) {
      if (signal.aborted) return;
      this.#spent();
      this.app.send({ type: "lost", error, tell: whomToTell(error) });
      return;
    }
    if (signal.aborted) return;
    if (answer.tracker !== tracker) throw new VerificationError("tracker-mismatch");
    this.#spent();
    this.app.send({ type: "counted", tracker });
  }

  #spent() {
    this.sealer.drop(this.#slot);
    this.sealed = this.sealing = null;
  }

  async #spoil(signal) {
    const { tracker } = this.sealed;
    const path = `/api/slots/${this.#slot}/spoil`;
    await this.#untilAnswered(() => post(path, { tracker }), signal);
    if (signal.aborted) return;
    const opening = new TextDecoder().decode(await this.sealer.open(this.#slot));
    signal.throwIfAborted();
    this.sealed = this.sealing = null;
    this.app.send({ type: "marked", opening });
  }

  async #withdraw(signal) {
    const { choices, choice } = this.app.state;
    const told = (sent) => this.app.send({ type: "progress", sent });
    await withdraw(this.app.room.meeting, this.ticket, choices[choice].slots, told, signal);
    if (signal.aborted) return;
    this.#forget();
    this.app.send({ type: "left" });
  }

  /** Send the same until there is an answer; `send` is called with the same bytes each time. */
  #untilAnswered(send, signal) {
    const closing = async () => {
      for (;;) {
        try {
          return await send();
        } catch (error) {
          if (!NOT_YET.has(error.code)) throw error;
          await sleep(AGAIN, signal);
          if (signal.aborted) throw error;
        }
      }
    };
    const waiting = () => this.app.send({ type: "waiting", silent: true });
    return patiently(closing, { signal, waiting });
  }
}

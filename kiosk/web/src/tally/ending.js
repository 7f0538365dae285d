// The end on a trustee's device: ask, sign, erase the share, and say so in the ledger
// (kiosk/device/ending.py).
//
// The question may wait. While somebody thinks about it the device goes on working, because a round
// may still be prepared; the question is taken back as soon as a round is under way. Nobody is asked
// while a contest has a next round: that is held, or given up by a release, first.
//
// The act is formed and signed *before* the share is erased, and sent after it: a server that shows
// a ledger which does not hold is noticed while the share is still there, and the ledger never says
// what is not so.

import { toBytes } from "../crypto/bytes.js";
import { sha256Hex } from "../crypto/hashing.js";
import {
  ConflictError,
  PiaojueError,
  RefusedError,
  UnavailableError,
  VerificationError,
} from "../errors.js";
import { itemsLeft } from "../meeting/binding.js";
import { ended } from "../meeting/state.js";
import { askedOf, awaited, following } from "./following.js";
import { openedOf } from "./opened.js";
import { signDestroy } from "./release.js";
import { openMeeting } from "./trustee.js";

const PAUSE = 300; // milliseconds

/** How often to look again before the person is told that the ledger keeps moving. */
const TRIES = 20;

/** The same while somebody's proposal waits (two minutes), or the server is starting again. */
const LONG = 500;
const WAITS = ["proposal-pending", "server-silent", "try-later"];

/** The last steps of one device. */
export class Ending {
  #world;
  #followed;
  #offered = "";
  #agreed = "";
  #declined = "";
  #opened = new Map(); // by slot: what the counted boxes of contests opened to, each read once

  /** @param {object} world as for `TrusteeDevice` */
  constructor(world, followed) {
    this.#world = world;
    this.#followed = followed;
  }

  /** Whether the share is to be destroyed now; else see that the person is asked. */
  async mayEnd(meeting, state) {
    const { talk, unattended } = this.#world;
    if (!state.rounds.size || !ended(state)) {
      this.#takeBack();
      return false;
    }
    const standings = await this.#following(meeting, state);
    if (awaited(meeting, standings).length) {
      this.#takeBack();
      return false;
    }
    const items = itemsLeft(meeting, state, standings);
    if (unattended) return !items.length;
    const wish = JSON.stringify(items);
    if (this.#agreed === wish) return true;
    if (this.#offered !== wish) {
      // Once refused, ask when something has happened.
      if (this.#declined !== state.head) {
        talk.offer(items.length ? "destroy-early" : "destroy", { items, absent: [] });
        this.#offered = wish;
      }
      return false;
    }
    const said = talk.answered();
    if (said === null) return false;
    this.#offered = "";
    if (said === "yes") this.#agreed = wish;
    else this.#declined = state.head;
    return said === "yes";
  }

  /** Forget that the person was asked: another question took its place, and is answered. */
  forget() {
    this.#offered = "";
  }

  /**
   * Destroy the share.
   * @returns {Promise<object|null>} the memory once the ledger says so, null when it does not
   * @throws before the erasure; then the share is as it was. Unattended also after it
   */
  async end(memory, secrets) {
    const { talk, vault, unattended } = this.#world;
    const said = await this.#sign(memory, secrets);
    await vault.destroy();
    talk.tell("destroying");
    for (;;) {
      try {
        return await this.#send(memory, secrets, said);
      } catch (error) {
        if (unattended || !(error instanceof PiaojueError)) throw error;
        talk.complain(error);
      }
      this.#followed.forget();
      const { act, signature } = said;
      if ((await talk.ask("destroy-again", { act, signature })) !== "yes") return null;
    }
  }

  /**
   * The next rounds that are still to come: the share is needed for them. Out of the boxes that the
   * ledger names, which are not verified again for this: another one could at most make the device
   * wait, or ask.
   */
  async #following(meeting, state) {
    for (const slot of askedOf(meeting, state)) {
      if (this.#opened.has(slot)) continue;
      const archive = await this.#world.client.getBytes(`/api/slots/${slot}/archive/final`);
      if (sha256Hex(archive) !== state.rounds.get(slot).finalArchive) {
        throw new VerificationError("archive-mismatch", { slot });
      }
      this.#opened.set(slot, openedOf(archive));
    }
    return following(meeting, state, this.#opened);
  }

  #takeBack() {
    if (this.#offered) this.#world.talk.withdraw();
    this.#offered = this.#agreed = this.#declined = "";
  }

  /** Sign the act on the head. It moves while we look, so look again a few times. */
  async #sign(memory, secrets) {
    const { client, sleep } = this.#world;
    for (let tries = TRIES; ; ) {
      try {
        const shown = await this.#followed.fetch();
        const { act } = await client.get("/api/destroy");
        const [after, signature] =
          signDestroy(memory, secrets, { ...shown, act: toBytes(String(act)) });
        return { memory: after, act, signature };
      } catch (error) {
        tries -= 1;
        const moved = error instanceof VerificationError && error.code === "not-this-act";
        if (!moved || tries <= 0) throw error;
        await sleep(PAUSE);
      }
    }
  }

  /** Send the signed act; where the ledger went on, sign it again on the new head. */
  async #send(memory, secrets, said) {
    const { client, sleep } = this.#world;
    for (let tried = 1; ; tried++) {
      const { act, signature } = said;
      try {
        await client.post("/api/destroy", { act, signature });
        return said.memory;
      } catch (error) {
        const kinds = [ConflictError, UnavailableError, RefusedError];
        if (!kinds.some((kind) => error instanceof kind)) throw error;
        if (await this.#stands(memory)) return said.memory; // the answer alone was lost
        if (tried >= (WAITS.includes(error.code) ? LONG : TRIES)) throw error;
        await sleep(PAUSE);
        if (error instanceof ConflictError) {
          Object.assign(said, await this.#sign(memory, secrets));
        }
      }
    }
  }

  /** Whether the ledger already says that this share is destroyed. */
  async #stands(memory) {
    try {
      const { meeting, ledger } = await this.#followed.fetch();
      return openMeeting(memory, meeting, ledger).state.destroyed.has(memory.index);
    } catch (error) {
      if (error instanceof UnavailableError) return false;
      throw error;
    }
  }
}

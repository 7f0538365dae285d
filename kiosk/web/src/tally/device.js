// A trustee's device, from its keys to their destruction (kiosk/device/trustee.py).
//
// Ceremony and rehearsal first; then the person accepts the frozen meeting by its fingerprint, and
// the device waits for rounds. Before an opening it recomputes election and credential list, stores
// what it agreed to, and acknowledges. After the seal it reads the whole box, signs the checkpoint,
// takes part in the shuffles where there are any (`shuffling`), and decrypts when enough others
// have signed the very same. At the end it erases its share and says so in the ledger.
//
// Every answer is stored before it is sent, so after a crash the device says the same again. What
// it demands is in `trustee` and `release`; here is only the order of things.

import { toBytes } from "../crypto/bytes.js";
import { code80bits } from "../crypto/hashing.js";
import { ConflictError, RefusedError, UnavailableError } from "../errors.js";
import { checkpointDigest } from "../protocol/checkpoint.js";
import { Ending } from "./ending.js";
import { Followed } from "./followed.js";
import { holdCeremony, holdRehearsal } from "./holding.js";
import { decodeKeys, encodeKeys } from "./memory.js";
import { needsShuffles, requireCosigners } from "./mixing.js";
import { readPrepared } from "./prepared.js";
import { releaseFactors, signCheckpoint } from "./release.js";
import { Shuffling } from "./shuffling.js";
import { acknowledge, checkSealed, openMeeting } from "./trustee.js";

const PAUSE = 300; // milliseconds between two looks at the server
const WAIT = ["objection-open", "proposal-pending"]; // refusals that time will mend
const FEW = ["checkpoint-signatures", "shuffles-signatures"]; // too few have signed yet
const COUNTED = ["round-counted", "round-certified"]; // enough others answered first

/**
 * What a device works with.
 * @typedef {{client: object, talk: object, vault: object, rand: (n: number) => Uint8Array,
 *   verify: Function[], mix: object, patiently: Function, sleep: (ms: number) => Promise<void>,
 *   facts: (meeting: object) => object, copies?: () => Promise<void>, unattended?: boolean}} World
 *   client: get, getBytes, post, postBytes; vault: `held` (bytes or null), `keep(bytes)`,
 *   `number` of media, `destroy()`; verify: as `recount` takes it; mix: as `mixer` of workers.js;
 *   facts: the meeting in words, by language; copies: has the person save what was made, before the
 *   server learns of it
 */

/** One trustee's device. */
export class TrusteeDevice {
  #world;
  #followed;
  #ending;
  #shuffling;
  #secrets = null;
  #memory = null;
  #boxes = new Map();
  #signed = new Set();
  #answered = new Set();
  #confirmed = new Map();
  #complained = "";
  #cosigners = "";

  /** @param {World} world */
  constructor(world) {
    this.#world = world;
    this.#followed = new Followed(world.client);
    this.#ending = new Ending(world, this.#followed);
    this.#shuffling = new Shuffling({ ...world, keep: (memory) => this.#keep(memory) });
  }

  /**
   * Serve as trustee `index` until the share is destroyed. After an error it may be called again:
   * it goes on from what is stored.
   */
  async run(index) {
    const { talk, vault, sleep } = this.#world;
    this.#followed.forget();
    this.#ending.forget();
    if (vault.held === null) await this.#makeKeys(index);
    else [this.#secrets, this.#memory] = decodeKeys(vault.held);
    while (!this.#memory.rehearsed) {
      if (!(await this.#rehearse())) await this.#makeKeys(index);
    }
    while (this.#memory.frozen === null) {
      if (!(await this.#accept())) await sleep(PAUSE);
    }
    let over;
    while ((over = await this.#step()) === null) await sleep(PAUSE);
    talk.tell(over ? "destroyed" : "destroyed-unsaid");
  }

  async #makeKeys(index) {
    const { talk, vault, copies } = this.#world;
    await holdCeremony(this.#world, index, async ({ secrets, memory }) => {
      this.#secrets = secrets;
      await this.#keep(memory);
      await copies?.();
    });
    talk.tell("keys-made", { media: vault.number });
  }

  /** Rehearse; false when everybody begins the ceremony again. */
  async #rehearse() {
    const { talk } = this.#world;
    const memory = await holdRehearsal(this.#world, this.#memory, this.#secrets);
    if (memory === null) {
      talk.tell("ceremony-again");
      return false;
    }
    await this.#keep(memory);
    talk.tell("rehearsed");
    return true;
  }

  /** Have the person compare the frozen meeting's fingerprint; remember it for ever. */
  async #accept() {
    const { talk, facts, unattended } = this.#world;
    let opened;
    try {
      opened = await this.#open();
    } catch (error) {
      if (error instanceof UnavailableError || error.code === "not-frozen") return false;
      throw error;
    }
    const { title, code } = opened.meeting;
    if (unattended) talk.tell("meeting", { title, code });
    else {
      const said = await talk.ask("accept", { title, code, text: facts(opened.meeting) });
      if (said !== "yes") throw new RefusedError("meeting-refused");
      talk.tell("accepted");
    }
    await this.#keep(opened.memory);
    return true;
  }

  /** Do what there is to do; null until the share is destroyed, then if the ledger has it. */
  async #step() {
    try {
      if (!(await this.#agree()) && !(await this.#answer())) return await this.#end();
      this.#complained = "";
    } catch (error) {
      if (error instanceof UnavailableError || error instanceof ConflictError) return null;
      if (!(error instanceof RefusedError) || error.code === "not-enrolled") throw error;
      if (!WAIT.includes(error.code) && error.message !== this.#complained) {
        this.#complained = error.message; // said once, not at every look
        this.#world.talk.complain(error);
      }
    }
    return null;
  }

  // --- before an opening ---

  /** Acknowledge the prepared round, if this device has not. */
  async #agree() {
    const { client, talk } = this.#world;
    const value = await client.get("/api/binding");
    if (value === null) return false;
    const { acks, ...prepared } = readPrepared(value);
    if (acks.includes(this.#memory.index)) return false;
    const shown = await this.#followed.fetch();
    const [memory, signature] =
      acknowledge(this.#memory, this.#secrets, { ...shown, ...prepared });
    await this.#keep(memory);
    const { slot, active } = prepared.body;
    await client.post(`/api/slots/${slot}/ack`, { signature });
    talk.tell("agreed", { slot, active });
    return true;
  }

  // --- after the seal ---

  /** Check a sealed box, sign its checkpoint, and decrypt once enough have signed. */
  async #answer() {
    const { state } = await this.#open();
    for (const one of state.rounds.values()) {
      const waits = one.state === "sealed" && one.noObjection && !this.#answered.has(one.slot);
      if (waits && (await this.#answerBox(one))) return true;
    }
    return false;
  }

  async #answerBox(one) {
    const { client, talk } = this.#world;
    const { slot } = one;
    const compared = await this.#confirm(one);
    if (!this.#boxes.has(slot)) await this.#checkBox(one);
    const box = { ...this.#boxes.get(slot), compared: one.compared };
    if (!this.#signed.has(slot)) {
      const [memory, line] = signCheckpoint(this.#memory, this.#secrets, box, { compared });
      await this.#keep(memory);
      await client.post(`/api/slots/${slot}/checkpoint`, { line });
      this.#signed.add(slot);
      talk.tell("checkpoint", { slot, digest: code80bits(checkpointDigest(box.checkpoint)) });
    }
    return this.#release(box, compared);
  }

  /** Read the whole box and add it up, saying how far it is. */
  async #checkBox({ slot, returned }) {
    const { client, talk, verify } = this.#world;
    talk.tell("checking", { slot, ballots: returned });
    const archive = await client.getBytes(`/api/slots/${slot}/archive/sealed`);
    const shown = await this.#followed.fetch();
    const progress = (done, total) => talk.tell("progress", { slot, done, total });
    const [memory, box] =
      await checkSealed(this.#memory, { ...shown, slot, archive }, { verify, progress });
    await this.#keep(memory);
    this.#boxes.set(slot, box);
  }

  /** Decrypt once enough devices have signed for this very box. */
  async #release(box, compared) {
    const { client, talk, rand } = this.#world;
    const { slot } = box;
    const { note } = await client.get(`/api/slots/${slot}/checkpoint`);
    if (note === null) return false;
    const signed = toBytes(note);
    let memory;
    let factors;
    try {
      const opening = await this.#mix(box, signed, compared);
      if (typeof opening === "boolean") return opening;
      [memory, factors] = releaseFactors(
        this.#memory, this.#secrets, box, signed, { compared, rand, ...opening });
    } catch (error) {
      if (!FEW.includes(error.code)) throw error;
      if (error.code === FEW[0]) this.#tellCosigners(error.params);
      else this.#shuffling.tellSigners(error.params);
      return false;
    }
    await this.#keep(memory);
    const { share, proofs } = factors;
    try {
      await client.post(`/api/slots/${slot}/factors`, { share, proofs });
    } catch (error) {
      if (!COUNTED.includes(error.code)) throw error;
    }
    this.#answered.add(slot);
    talk.tell("decrypted", { slot });
    return true;
  }

  /** Take part in the shuffles, where there are any, once enough devices have signed. */
  async #mix(box, note, compared) {
    if (!needsShuffles(box.election)) return {};
    requireCosigners(this.#memory, box, note, compared);
    return this.#shuffling.step(this.#memory, this.#secrets, box, note, compared);
  }

  /** Say how many have signed of how many it takes, when that has changed. */
  #tellCosigners(numbers) {
    const said = JSON.stringify(numbers);
    if (said !== this.#cosigners) this.#world.talk.tell("cosigners", numbers);
    this.#cosigners = said;
  }

  /** Where a comparison aloud stands in the ledger, ask the person whether he made it. */
  async #confirm({ slot, compared }) {
    const { talk, unattended } = this.#world;
    if (compared === null || unattended) return false;
    const asked = `${slot} ${compared.checkpoint}`;
    if (!this.#confirmed.has(asked)) {
      const digest = code80bits(compared.checkpoint);
      this.#confirmed.set(asked, (await talk.ask("compare-aloud", { slot, digest })) === "yes");
    }
    return this.#confirmed.get(asked);
  }

  // --- the end ---

  /** Destroy the share once nothing is left to open and the person agrees. */
  async #end() {
    const { meeting, state } = await this.#open();
    if (!(await this.#ending.mayEnd(meeting, state))) return null;
    return (await this.#ending.end(this.#memory, this.#secrets)) !== null;
  }

  async #open() {
    const { meeting, ledger } = await this.#followed.fetch();
    return openMeeting(this.#memory, meeting, ledger);
  }

  /** Store secrets and memory before anything that follows from them is sent. */
  async #keep(memory) {
    await this.#world.vault.keep(encodeKeys(this.#secrets, memory));
    this.#memory = memory;
  }
}

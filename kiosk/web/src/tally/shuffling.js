// The shuffles on a trustee's device: follow what others did, shuffle in turn, agree to the whole
// (kiosk/device/mixing.py). What is demanded is in `mixing`; here is only the order of things.

import { toBytes } from "../crypto/bytes.js";
import { ownersOf } from "../protocol/mixing.js";
import {
  addShuffle,
  agreeToChain,
  follow,
  mayShuffle,
  missingOf,
  unmixed,
  waitsFor,
} from "./mixing.js";

/** The shuffles of the boxes that this device has checked. */
export class Shuffling {
  #world;
  #mixed = new Map();
  #agreed = new Set();
  #told = new Map();

  /** @param {object} world as the device's; `keep(memory)` stores a memory */
  constructor(world) {
    this.#world = world;
  }

  /**
   * Do what there is to do for a box.
   * @param {object} memory
   * @param {object} secrets
   * @param {object} box
   * @param {Uint8Array} note the checkpoint note
   * @param {boolean} compared the person confirmed the comparison aloud
   * @returns {Promise<boolean | {mixed: object, shuffles: Uint8Array}>} when all agreed, what may
   *   be opened, with the note over the shuffles; else whether something was done
   */
  async step(memory, secrets, box, note, compared) {
    const { client, talk, keep } = this.#world;
    const { slot } = box;
    const { shuffles, note: signed } = await client.get(`/api/slots/${slot}/shuffles`);
    const mixed = await this.#follow(memory, box, shuffles);
    const owners = ownersOf(mixed.chain);
    if (missingOf(box).includes(memory.index) && !owners.includes(memory.index)) {
      this.#tellOnce(slot, "shuffle-passed", {});
      return false;
    }
    const again = memory.slots.get(slot).link !== null && !owners.includes(memory.index);
    if (again || mayShuffle(memory, box, mixed)) {
      await this.#shuffle(memory, secrets, box, note, mixed, compared);
      return true;
    }
    const trustee = waitsFor(memory, box, mixed);
    if (trustee !== null) {
      this.#tellOnce(slot, "shuffle-waits", { trustee });
      return false;
    }
    if (!this.#agreed.has(slot)) {
      const [kept, line] = agreeToChain(memory, secrets, box, mixed);
      await keep(kept);
      await client.post(`/api/slots/${slot}/shuffles/signature`, { line });
      this.#agreed.add(slot);
      talk.tell("shuffles-agreed", { slot, number: owners.length });
      return true;
    }
    return signed === null ? false : { mixed, shuffles: toBytes(signed) };
  }

  /** Say how many have agreed of how many it takes, when that has changed. */
  tellSigners({ slot, have, need }) {
    this.#tellOnce(slot, "shuffle-signers", { have, need });
  }

  /** Verify what has been added; what is listed otherwise than before, from the beginning. */
  async #follow(memory, box, listed) {
    const { client, talk } = this.#world;
    const { slot } = box;
    let mixed = this.#mixed.get(slot) ?? unmixed(box);
    const known = ownersOf(mixed.chain);
    if (known.some((owner, i) => listed[i]?.owner !== owner)) mixed = unmixed(box);
    for (const { owner, line } of listed.slice(mixed.chain.links.length)) {
      talk.tell("shuffle-checking", { slot, trustee: owner });
      const body = await client.getBytes(`/api/slots/${slot}/shuffles/${owner}`);
      mixed = await follow(memory, box, mixed, { owner, body, line }, this.#options(slot));
      this.#mixed.set(slot, mixed);
    }
    return mixed;
  }

  async #shuffle(memory, secrets, box, note, mixed, compared) {
    const { client, talk, keep } = this.#world;
    const { slot } = box;
    talk.tell("shuffling", { slot, ballots: box.checkpoint.number });
    const options = { ...this.#options(slot), compared };
    const [kept, made] = await addShuffle(memory, secrets, box, note, mixed, options);
    await keep(kept);
    const shuffle = new TextDecoder().decode(made.body);
    await client.post(`/api/slots/${slot}/shuffles`, { shuffle, line: made.line });
    talk.tell("shuffled", { slot });
  }

  /** As `follow` and `addShuffle` take them; the person is told how far it is. */
  #options(slot) {
    const { mix, rand, talk } = this.#world;
    const progress = (done, total) => talk.tell("shuffle-progress", { slot, done, total });
    return {
      rand,
      mix: {
        shuffle: (...given) => mix.shuffle(...given, progress),
        check: (...given) => mix.check(...given, progress),
      },
    };
  }

  #tellOnce(slot, event, params) {
    const said = JSON.stringify([event, params]);
    if (this.#told.get(slot) === said) return;
    this.#told.set(slot, said);
    this.#world.talk.tell(event, { slot, ...params });
  }
}

// The trustee's engine that computes in the page itself (trustee/talk.js says what an engine is):
// the simple mode, in which no program is installed on the trustee's laptop.
//
// The key file lies in IndexedDB; two copies are saved on media of the person's own before the
// other devices learn that this one has its share. Work stops when the session ends, and goes on
// from what is stored when the passphrase is entered again.

import { randomBytes } from "../crypto/random.js";
import { PiaojueError, RefusedError } from "../errors.js";
import { Talk } from "../trustee/talk.js";
import { TrusteeDevice } from "./device.js";
import { beginSession, keepSession } from "./session.js";
import { Vault } from "./vault.js";

/** The browser, and the two copies. */
const MEDIA = 3;

/** A trustee's device in a page. */
export class PageEngine {
  #given;
  #vault;
  #talk = new Talk();
  #faults = [];
  #running = false;

  /**
   * @param {{api: object, store: object, verify: Function[], mix: object, facts: Function,
   *   media: () => string[], save: (name: string, bytes: Uint8Array) => void,
   *   alone: () => Promise<boolean>, rand?: Function}} given api: common/api.js; store: as vault.js
   *   says; verify: as `recount` takes it; mix: as `mixer` of workers.js; facts: the meeting in
   *   words, by language; media: where the key file lies, in words; save: give the person a file;
   *   alone: whether no other page of this browser has the key file open
   */
  constructor(given) {
    this.#given = { rand: randomBytes, ...given };
    this.#vault = new Vault(given.store, { rand: this.#given.rand });
  }

  /** `{enrolled, unlocked, account, media, missing}`. */
  async state() {
    const account = await this.#vault.stored();
    return {
      enrolled: account !== null,
      unlocked: this.#vault.open || this.#running,
      account: this.#vault.account ?? account,
      media: this.#given.media(),
      missing: [],
    };
  }

  /** Use an invitation up, and make the key file. Throws what the server refuses. */
  async enrol(invitation, passphrase) {
    const { api } = this.#given;
    await this.#requireAlone();
    const file = await this.#vault.create(passphrase);
    const wish = { invitation, passphrase, key: null, kind: "trustee" };
    await this.#vault.begin(file, await beginSession(api, wish));
    this.#talk.tell("enrolled", { account: this.#vault.account });
    this.#start();
    return this.state();
  }

  /** Open the key file. Throws RefusedError `wrong-passphrase` and others. */
  async unlock(passphrase) {
    await this.#requireAlone();
    await this.#vault.unlock(passphrase);
    try {
      await keepSession(this.#given.api, this.#vault.account, passphrase);
    } catch (error) {
      this.#vault.lock();
      throw error;
    }
    this.#start();
    return this.state();
  }

  /** Take a saved copy of the key file in on another machine; `unlock` follows. */
  async restore(bytes, account) {
    await this.#vault.restore(bytes, account);
    return this.state();
  }

  /** Hear every event so far, then each new one. */
  onEvent(listener) {
    this.#talk.onEvent(listener);
  }

  /** Hear that the session ended (`locked`). */
  onFault(listener) {
    this.#faults.push(listener);
  }

  /** Answer question `n`. Throws RefusedError `not-asked`. */
  async answer(n, text) {
    if (!this.#talk.answer(n, text)) throw new RefusedError("not-asked");
  }

  async #requireAlone() {
    if (!(await this.#given.alone())) throw new RefusedError("page-open-twice");
  }

  #start() {
    if (this.#running) return;
    this.#running = true;
    void this.#serve().finally(() => (this.#running = false));
  }

  /** Work until the share is destroyed, asking what to do after each error that ends the work. */
  async #serve() {
    const { api, verify, mix, facts, rand } = this.#given;
    const talk = this.#talk;
    const vault = this.#vault;
    const device = new TrusteeDevice({
      client: api,
      talk,
      rand,
      verify,
      mix,
      facts,
      patiently: api.patiently,
      sleep: api.sleep,
      copies: () => this.#copies(),
      vault: {
        get held() {
          return vault.held;
        },
        number: MEDIA,
        keep: (held) => vault.keep(held),
        destroy: () => this.#destroy(),
      },
    });
    const index = Number(vault.account.replace("trustee:", ""));
    for (;;) {
      try {
        return await device.run(index);
      } catch (error) {
        if (error instanceof RefusedError && error.code === "not-enrolled") return this.#lock();
        if (!(error instanceof PiaojueError)) console.error(error);
        talk.complain(error instanceof PiaojueError ? error : new PiaojueError("internal"));
        await talk.ask("stopped");
      }
    }
  }

  /** Have the person save two copies, each on a medium of its own. */
  async #copies() {
    const name = this.#vault.account.replace(":", "-");
    for (const [number, letter] of [[1, "a"], [2, "b"]]) {
      await this.#talk.ask("copy", { number });
      this.#given.save(`piaojue-${name}-${letter}.key`, this.#vault.sealed);
    }
    await this.#talk.ask("copied");
  }

  /** Destroy what lies here, and have the person destroy the copies. */
  async #destroy() {
    await this.#vault.destroy();
    await this.#talk.ask("copies-gone");
  }

  /** The session ended: the passphrase is wanted again. */
  #lock() {
    this.#vault.lock();
    this.#talk = new Talk();
    for (const listener of this.#faults) listener(new RefusedError("locked"));
  }
}

// An officer's signer that computes in the page itself: the simple mode, in which no program is
// installed on the officer's laptop. The same face as the one on a device (console/signer_device.js).
//
// The signing key lies in IndexedDB, in a key file under the passphrase, which is also the account's
// password. What is signed was folded, recomputed and put in words here.

import { bytesToHex } from "../crypto/bytes.js";
import { code80bits, sha256Hex } from "../crypto/hashing.js";
import { randomBytes } from "../crypto/random.js";
import { ConflictError, PiaojueError, RefusedError, UnavailableError } from "../errors.js";
import * as keys from "../meeting/keys.js";
import { encodeAct } from "../meeting/ledger.js";
import { actLines } from "../meeting/wording.js";
import { OfficerDevice, decodeOfficer, encodeOfficer, newOfficer } from "../tally/officer.js";
import { beginSession, keepSession } from "../tally/session.js";
import { Vault, browserStore } from "../tally/vault.js";

/** The signer of an officer in this page. */
export class PageSigner {
  #given;
  #vault;
  #device = null;
  #review = null;

  kind = "page";

  /**
   * @param {{api: object, verify: Function[], say: Function, lang: Function, store?: object,
   *   rand?: Function}} given api: common/api.js; verify: as `recount` takes it; say, lang: words.js
   */
  constructor({ store = browserStore("officer"), rand = randomBytes, ...given }) {
    this.#given = { rand, ...given };
    this.#vault = new Vault(store, { rand });
  }

  /** → `{enrolled, unlocked, account, key_code}` */
  async state() {
    const account = await this.#vault.stored();
    const key = this.#device?.key ?? null;
    return {
      enrolled: account !== null,
      unlocked: this.#vault.open,
      account: this.#vault.account ?? account,
      key_code: key === null ? null : code80bits(key),
    };
  }

  /** Draw a key unless the officer signs by pen, use the invitation up, and keep the key. */
  async enrol({ invitation, passphrase, pen }) {
    const { api, rand } = this.#given;
    const seed = pen ? null : rand(32);
    const file = await this.#vault.create(passphrase);
    const key = seed === null ? null : keys.publicKey(seed);
    const account = await beginSession(api, { invitation, passphrase, key, kind: "officer" });
    const held = newOfficer(seed === null ? null : bytesToHex(seed));
    await this.#vault.begin(file, account, encodeOfficer(held));
    this.#begin(held);
    return this.state();
  }

  /** Open the key file, and see that there is a session. */
  async unlock({ passphrase }) {
    await this.#vault.unlock(passphrase);
    try {
      await keepSession(this.#given.api, this.#vault.account, passphrase);
      this.#begin(decodeOfficer(this.#vault.held));
    } catch (error) {
      this.#vault.lock();
      throw error;
    }
    return this.state();
  }

  /** Forget the key until the passphrase is entered again. */
  async lock() {
    this.#vault.lock();
    this.#device = null;
    this.#review = null;
    return this.state();
  }

  /** → null, or `{act, kind, text, places, signed, mine, problem}`; text is null while it checks */
  async pending() {
    const device = this.#now();
    const found = await device.pending();
    if (found === null) {
      this.#review = null;
      return null;
    }
    const { act, places, signed, frozen } = found;
    const digest = sha256Hex(encodeAct(act));
    const me = device.officer;
    const mine = device.key !== null && !signed.includes(me) &&
      places.some((allowed) => allowed.includes(me));
    if (mine && this.#review?.digest !== digest) this.#beginReview(device, act, frozen, digest);
    const review = this.#review?.digest === digest ? this.#review : null;
    const text = review?.found ? this.#textOf(act, review) : null;
    const problem = review?.problem ?? null;
    return { act: digest, kind: act.kind, text, places, signed, mine, problem };
  }

  /** Propose an act; this page knows a reading again. */
  async propose(kind, body) {
    await this.#now().propose(kind, body);
  }

  /** Have the act with this digest dropped, if it is the one that waits. */
  async withdraw(act) {
    await this.#now().withdraw(act);
  }

  /** Sign the act with this digest, if it is the one that was reviewed and shown. */
  async sign(digest) {
    const device = this.#now();
    if (this.#review?.digest !== digest || !this.#review.shown) {
      throw new RefusedError("act-not-shown");
    }
    return { complete: await device.sign(digest) };
  }

  /** What is wrong with the record, or null. */
  async record() {
    try {
      await this.#now().recordNote();
      return null;
    } catch (error) {
      if (!(error instanceof PiaojueError) || error instanceof UnavailableError) throw error;
      return problemOf(error);
    }
  }

  /** Sign the note of the record. */
  async signRecord() {
    await this.#now().signRecord();
    return {};
  }

  /** Tickets are typeset by a program, on a machine that the secretary trusts. */
  async tickets() {
    throw new RefusedError("tickets-by-program");
  }

  #now() {
    if (this.#device === null) throw new RefusedError("locked");
    return this.#device;
  }

  #begin(held) {
    const { api: client, verify, mix } = this.#given;
    this.#device = new OfficerDevice({
      client,
      officer: this.#vault.account.replace("officer:", ""),
      held,
      keep: (seen) => this.#vault.keep(encodeOfficer(seen)),
      verify,
      mix,
    });
  }

  #beginReview(device, act, frozen, digest) {
    const review = { digest, found: null, problem: null, shown: false };
    this.#review = review;
    device.review(act, frozen).then(
      (found) => (review.found = found),
      (error) => {
        const again = error instanceof UnavailableError || error instanceof ConflictError;
        if (again && this.#review === review) this.#review = null; // the page asks again
        else review.problem = problemOf(error);
      },
    );
  }

  #textOf(act, review) {
    const { say, lang } = this.#given;
    const { meeting, after, found } = review.found;
    const lines = actLines(meeting, after, act, lang(), found);
    review.shown = true;
    return lines.map(({ word, params }) => say(word, params)).join("\n");
  }
}

function problemOf(error) {
  if (error instanceof PiaojueError) return { code: error.code, params: error.params };
  console.error(error);
  return { code: "internal", params: {} };
}

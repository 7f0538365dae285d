// The staff code: what returns a covered kiosk to service.
//
// Covering and wiping need no code: a session that somebody ends by mistake costs a voter a
// minute, one that stays on the screen costs the secret. The code only keeps a passer-by from
// bringing the kiosk back. It guards no ballot and no key, so six digits under PBKDF2 in this
// browser's storage are enough; who can read that storage can reload the page as well.

import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

const KEPT = "piaojue-staff";
const ITERATIONS = 200_000;
const PAUSES = [0, 0, 5, 10, 20, 30]; // seconds to wait after so many wrong codes

/** The kiosk's staff code. */
export class StaffCode {
  #wrong = 0;
  #until = 0;

  /** Whether one was set on this device. */
  isSet() {
    return localStorage.getItem(KEPT) !== null;
  }

  /** Set the code: 4 to 12 digits. */
  async set(code) {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const kept = { salt: bytesToHex(salt), digest: await digest(code, salt) };
    localStorage.setItem(KEPT, JSON.stringify(kept));
  }

  /**
   * Try a code; after several wrong ones only now and then.
   * @returns {Promise<"wrong"|"slow"|null>} null: it is the code
   */
  async tried(code) {
    if (performance.now() < this.#until) return "slow";
    if (await this.fits(code)) {
      this.#wrong = 0;
      return null;
    }
    this.#wrong += 1;
    this.#until = performance.now() + PAUSES[Math.min(this.#wrong, PAUSES.length - 1)] * 1000;
    return "wrong";
  }

  /** Whether this is the code. */
  async fits(code) {
    try {
      const kept = JSON.parse(localStorage.getItem(KEPT));
      return (await digest(code, hexToBytes(kept.salt))) === kept.digest;
    } catch {
      return false;
    }
  }
}

/** Whether a text may be a staff code. */
export function mayBeCode(text) {
  return /^[0-9]{4,12}$/.test(text);
}

async function digest(code, salt) {
  const bytes = new TextEncoder().encode(code);
  const key = await crypto.subtle.importKey("raw", bytes, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ITERATIONS };
  return bytesToHex(new Uint8Array(await crypto.subtle.deriveBits(how, key, 256)));
}

// A file of secrets under a passphrase (docs/spec/keyfile.md, version 1; kiosk/device/keyfile.py):
// the bytes alone. Where they lie is for whoever stores them.
//
// Key = argon2id (64 MiB, 2 passes, 1 lane) of the passphrase in NFKC; box = XSalsa20-Poly1305. The
// parameters stand in the file and only these values are read: a changed file can neither weaken
// them nor make the device work for hours. Every store raises the counter inside the box.

import { xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { argon2id } from "@noble/hashes/argon2.js";

import { bytesToHex, concat, fromBase64, fromNumber, hexToBytes, sameBytes, toBase64, toBytes,
  toNumber } from "../crypto/bytes.js";
import { FormatError, RefusedError } from "../errors.js";
import * as codec from "./codec.js";

/** Least characters of a passphrase. */
export const MIN_PASSPHRASE = 8;

const MEMORY_BYTES = 64 * 2 ** 20;
const PASSES = 2;
const MAX_BYTES = 16 * 2 ** 20;
const SALT = 16;
const NONCE = 24;
const COUNTER = 8;

/** An opened key file: {salt, key, counter, payload}. `seal` writes its next state. */
export class KeyFile {
  #key;

  constructor(salt, key, counter, payload) {
    this.salt = salt;
    this.#key = key;
    this.counter = counter;
    this.payload = payload;
  }

  /**
   * Begin a new file; nothing is stored before `seal`. Half a second to some seconds.
   * @param {string} passphrase
   * @param {(n: number) => Uint8Array} rand
   * @throws {RefusedError} `passphrase-too-short`
   */
  static create(passphrase, rand) {
    if ([...normal(passphrase)].length < MIN_PASSPHRASE) {
      throw new RefusedError("passphrase-too-short", { minimum: MIN_PASSPHRASE });
    }
    const salt = rand(SALT);
    return new KeyFile(salt, derive(passphrase, salt), 0n, new Uint8Array());
  }

  /**
   * Open the newest of some copies.
   * @param {Uint8Array[]} copies
   * @param {string} passphrase
   * @throws {RefusedError} `keyfile-missing`, `wrong-passphrase`
   * @throws {FormatError} what is there is no key file
   */
  static open(copies, passphrase) {
    const keys = new Map();
    let best = null;
    let fault = new RefusedError("keyfile-missing");
    for (const bytes of copies) {
      try {
        const found = openOne(bytes, passphrase, keys);
        if (found !== null && (best === null || found.counter > best.counter)) best = found;
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        fault = error;
      }
    }
    if (best !== null) return best;
    throw keys.size ? new RefusedError("wrong-passphrase") : fault;
  }

  /**
   * The bytes of the next state; from now on this file holds it.
   * @param {Uint8Array} payload
   * @param {(n: number) => Uint8Array} rand
   * @throws {RefusedError} `keyfile-destroyed`
   */
  seal(payload, rand) {
    if (this.#key === null) throw new RefusedError("keyfile-destroyed");
    const counter = this.counter + 1n;
    const nonce = rand(NONCE);
    const plain = concat(fromNumber(counter, COUNTER), payload);
    const box = xsalsa20poly1305(this.#key, nonce).encrypt(plain);
    this.payload = payload;
    this.counter = counter;
    return encodeFile(this.salt, nonce, box);
  }

  /** Forget the key and what was held. */
  forget() {
    this.#key?.fill(0);
    this.#key = null;
    this.payload = new Uint8Array();
  }
}

function openOne(bytes, passphrase, keys) {
  const [salt, nonce, box] = parse(bytes);
  const name = bytesToHex(salt);
  if (!keys.has(name)) keys.set(name, derive(passphrase, salt));
  let plain;
  try {
    plain = xsalsa20poly1305(keys.get(name), nonce).decrypt(box);
  } catch {
    return null; // another passphrase, or damaged
  }
  const counter = toNumber(plain.slice(0, COUNTER));
  return new KeyFile(salt, keys.get(name), counter, plain.slice(COUNTER));
}

function normal(passphrase) {
  return passphrase.normalize("NFKC");
}

function derive(passphrase, salt) {
  const options = { t: PASSES, m: MEMORY_BYTES / 1024, p: 1, dkLen: 32 };
  return argon2id(toBytes(normal(passphrase)), salt, options);
}

function encodeFile(salt, nonce, box) {
  return codec.encode({
    keyfile: 1,
    kdf: "argon2id",
    memory: MEMORY_BYTES,
    passes: PASSES,
    salt: bytesToHex(salt),
    nonce: bytesToHex(nonce),
    box: toBase64(box),
  });
}

function parse(bytes) {
  const place = "keyfile";
  const value = codec.decodeExact(bytes, place, { maxBytes: MAX_BYTES });
  const names = ["keyfile", "kdf", "memory", "passes", "salt", "nonce", "box"];
  const [version, kdf, memory, passes, ...texts] = codec.fields(value, place, ...names);
  const right = version === 1 && kdf === "argon2id" && memory === MEMORY_BYTES && passes === PASSES;
  if (!right) throw new FormatError(place, "another version or other parameters");
  const [salt, nonce, box] =
    texts.map((text) => codec.text(text, place, { maxLength: 2 * MAX_BYTES }));
  const hex = (text, size) => new RegExp(`^[0-9a-f]{${2 * size}}$`).test(text);
  const sealed = fromBase64(box);
  if (!hex(salt, SALT) || !hex(nonce, NONCE) || sealed === null) {
    throw new FormatError(place, "salt, nonce or box is not spelled as it should be");
  }
  const parsed = [hexToBytes(salt), hexToBytes(nonce), sealed];
  if (!sameBytes(encodeFile(...parsed), bytes)) {
    throw new FormatError(place, "not in canonical form");
  }
  return parsed;
}

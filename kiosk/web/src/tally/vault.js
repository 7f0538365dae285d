// A key file in a browser: sealed under the passphrase as on a disk (docs/spec/keyfile.md), kept in
// IndexedDB, and saved as copies on other media by the person.
//
// Only sealed bytes are ever stored. The payload is a device's on the command line,
// {"token","held"}; a page has no token, its session is a cookie. `store` is where bytes lie:
// `get() → {account, bytes} | null`, `put(record)`, `erase()`.

import { toBytes } from "../crypto/bytes.js";
import { randomBytes } from "../crypto/random.js";
import { RefusedError } from "../errors.js";
import * as codec from "../protocol/codec.js";
import { KeyFile } from "../protocol/keyfile.js";

/** A device's own secret, as bytes, under its passphrase. */
export class Vault {
  #store;
  #rand;
  #file = null;
  #sealed = null;

  /** Whose it is, once it is open. */
  account = null;

  /** What is held: bytes; null before there is anything. */
  held = null;

  constructor(store, { rand = randomBytes } = {}) {
    this.#store = store;
    this.#rand = rand;
  }

  /** Whether it is open. */
  get open() {
    return this.#file !== null;
  }

  /** The sealed bytes as they were stored last, for a copy. */
  get sealed() {
    return this.#sealed;
  }

  /** Whose key file lies here, or null. */
  async stored() {
    return (await this.#store.get())?.account ?? null;
  }

  /**
   * Make a new key file; nothing is stored before `begin`.
   * @throws {RefusedError} `keyfile-exists`, `passphrase-too-short`
   */
  async create(passphrase) {
    if ((await this.#store.get()) !== null) throw new RefusedError("keyfile-exists");
    return KeyFile.create(passphrase, this.#rand);
  }

  /** Store what `create` made, with what it holds. */
  async begin(file, account, held = null) {
    this.#file = file;
    this.account = account;
    await this.#put(held);
  }

  /**
   * Open the key file that lies here.
   * @throws {RefusedError} `keyfile-missing`, `wrong-passphrase`
   */
  async unlock(passphrase) {
    const record = await this.#store.get();
    if (record === null) throw new RefusedError("keyfile-missing");
    const file = KeyFile.open([record.bytes], passphrase);
    const value = codec.decodeExact(file.payload, "keyfile");
    const [, held] = codec.fields(value, "keyfile", "token", "held", "ca?");
    const text = codec.text(held, "keyfile.held", { maxLength: codec.MAX_BYTES });
    this.#file = file;
    this.#sealed = record.bytes;
    this.account = record.account;
    this.held = text === "" ? null : toBytes(text);
  }

  /** Take a saved copy in, where there is none yet; `unlock` follows. */
  async restore(bytes, account) {
    if ((await this.#store.get()) !== null) throw new RefusedError("keyfile-exists");
    await this.#store.put({ account, bytes });
  }

  /** Store durably; only then may what follows from it be sent. */
  async keep(held) {
    if (this.#file === null) throw new RefusedError("locked");
    await this.#put(held);
  }

  /** Forget the key; what is stored stays. */
  lock() {
    this.#file?.forget();
    this.#file = null;
    this.held = null;
  }

  /** Overwrite what is stored with random bytes, delete it, and forget the key. */
  async destroy() {
    const record = await this.#store.get();
    if (record !== null) {
      await this.#store.put({ ...record, bytes: this.#rand(record.bytes.length) });
      await this.#store.erase();
    }
    this.lock();
    this.#sealed = null;
  }

  async #put(held) {
    const text = held === null ? "" : new TextDecoder().decode(held);
    const bytes = this.#file.seal(codec.encode({ token: "", held: text }), this.#rand);
    await this.#store.put({ account: this.account, bytes });
    this.#sealed = bytes;
    this.held = held;
  }
}

/**
 * The browser's own store, one record under a name.
 * @param {"trustee"|"officer"} name
 */
export function browserStore(name) {
  const inStore = async (mode, work) => {
    const database = await opened();
    try {
      const transaction = database.transaction("keys", mode, { durability: "strict" });
      const request = work(transaction.objectStore("keys"));
      await new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = transaction.onerror = () => reject(notWritten());
      });
      return request.result;
    } finally {
      database.close();
    }
  };
  return {
    get: async () => (await inStore("readonly", (keys) => keys.get(name))) ?? null,
    put: (record) => inStore("readwrite", (keys) => keys.put(record, name)),
    erase: () => inStore("readwrite", (keys) => keys.delete(name)),
  };
}

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("piaojue", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("keys");
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(notWritten());
  });
}

function notWritten() {
  return new RefusedError("keyfile-not-written");
}

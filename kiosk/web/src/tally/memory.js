// What a trustee's device keeps: its secrets, and what it must not forget (tally/memory.py).
//
// Both are one JSON text, sealed as one box in the key file: the memory is public, but a memory
// that can be taken away from the share would let an old copy answer twice. Nothing is changed in
// place; every step of `ceremony` and `trustee` returns a new memory, which has to be stored
// before the step's message is sent.
//
// secrets: {share: bigint, seed: 22 Base58, noteSeed, boxSecret: 32 bytes each}
// memory:  {session, index, trustees (text), noteKeys, rehearsed, opened, frozen, height, head,
//           destroyed, slots: Map of slot → {election, credentials, active, checkpoint, shuffle,
//           link, chain, share, proofs}}, the last six null until signed and answered

import { bytesToHex, hexToBytes } from "../crypto/bytes.js";
import { ED25519, decodeScalar } from "../crypto/group.js";
import { FormatError } from "../errors.js";
import * as codec from "../protocol/codec.js";

const NO_HEAD = "0".repeat(64);
const NAMES = [
  "meeting",
  "attempt",
  "threshold",
  "size",
  "index",
  "trustees",
  "note_keys",
  "rehearsed",
  "opened",
  "frozen",
  "height",
  "head",
  "destroyed",
  "slots",
];
const ANSWERS = ["checkpoint", "shuffle", "link", "chain", "share", "proofs"];
const SLOT = ["election", "credentials", "active", ...ANSWERS.map((name) => `${name}?`)];

/** The memory that a ceremony leaves: {session, index, trustees, noteKeys}. */
export function newMemory({ session, index, trustees, noteKeys }) {
  return Object.freeze({
    session,
    index,
    trustees,
    noteKeys,
    rehearsed: false,
    opened: false,
    frozen: null,
    height: 0,
    head: NO_HEAD,
    destroyed: false,
    slots: new Map(),
  });
}

/** A memory with these changes. */
export function remember(memory, changes) {
  return Object.freeze({ ...memory, ...changes });
}

/** A memory that also holds this about a slot. */
export function withSlot(memory, slot, held) {
  return remember(memory, { slots: new Map(memory.slots).set(slot, Object.freeze(held)) });
}

/** What is remembered of a slot when its opening was agreed to. */
export function newSlot({ election, credentials, active }) {
  const answers = Object.fromEntries(ANSWERS.map((name) => [name, null]));
  return { election, credentials, active, ...answers };
}

/** Write what the key file holds. Secret: never log it, never store it unsealed. */
export function encodeKeys(secrets, memory) {
  return codec.encode({
    trustee: 1,
    secrets: {
      share: secrets.share.toString(),
      seed: secrets.seed,
      note: bytesToHex(secrets.noteSeed),
      box: bytesToHex(secrets.boxSecret),
    },
    memory: memoryJson(memory),
  });
}

/** [secrets, memory] out of the key file. Throws FormatError. */
export function decodeKeys(bytes) {
  const place = "keys";
  const value = codec.decodeExact(bytes, place);
  const [version, secret, memory] = codec.fields(value, place, "trustee", "secrets", "memory");
  codec.integer(version, `${place}.trustee`, { low: 1, high: 1 });
  const at = `${place}.secrets`;
  const [share, seed, note, box] = codec.fields(secret, at, "share", "seed", "note", "box");
  const secrets = Object.freeze({
    share: decodeScalar(share, ED25519.order, `${at}.share`),
    seed: codec.text(seed, `${at}.seed`, { maxLength: 22 }),
    noteSeed: hexToBytes(codec.hex64(note, `${at}.note`)),
    boxSecret: hexToBytes(codec.hex64(box, `${at}.box`)),
  });
  return [secrets, takeMemory(memory, `${place}.memory`)];
}

function memoryJson({ session, ...memory }) {
  const slots = [...memory.slots.keys()].sort();
  return {
    meeting: session.meeting,
    attempt: session.attempt,
    threshold: session.threshold,
    size: session.size,
    index: memory.index,
    trustees: memory.trustees,
    note_keys: [...memory.noteKeys],
    rehearsed: memory.rehearsed,
    opened: memory.opened,
    frozen: memory.frozen,
    height: memory.height,
    head: memory.head,
    destroyed: memory.destroyed,
    slots: Object.fromEntries(slots.map((slot) => [slot, slotJson(memory.slots.get(slot))])),
  };
}

function slotJson({ election, credentials, active, ...answers }) {
  const kept = ANSWERS.map((name) => [name, answers[name]]).filter(([, text]) => text !== null);
  return { election, credentials, active, ...Object.fromEntries(kept) };
}

function takeMemory(value, place) {
  const taken = codec.fields(value, place, ...NAMES);
  const found = Object.fromEntries(NAMES.map((name, i) => [name, taken[i]]));
  const at = (name) => `${place}.${name}`;
  const size = codec.integer(found.size, at("size"), { low: 1 });
  const session = Object.freeze({
    meeting: codec.uuid(found.meeting, at("meeting")),
    attempt: codec.integer(found.attempt, at("attempt"), { low: 1 }),
    threshold: codec.integer(found.threshold, at("threshold"), { low: 1, high: size }),
    size,
  });
  if (found.slots === null || typeof found.slots !== "object" || Array.isArray(found.slots)) {
    throw new FormatError(at("slots"), "not an object");
  }
  return Object.freeze({
    session,
    index: codec.integer(found.index, at("index"), { low: 1, high: size }),
    trustees: codec.text(found.trustees, at("trustees"), { maxLength: 2 ** 21 }),
    noteKeys: codec.array(found.note_keys, at("note_keys"), { size })
      .map((key) => codec.hex64(key, at("note_keys"))),
    rehearsed: codec.boolean(found.rehearsed, at("rehearsed")),
    opened: codec.boolean(found.opened, at("opened")),
    frozen: found.frozen === null ? null : codec.hex64(found.frozen, at("frozen")),
    height: codec.integer(found.height, at("height")),
    head: codec.hex64(found.head, at("head")),
    destroyed: codec.boolean(found.destroyed, at("destroyed")),
    slots: new Map(Object.entries(found.slots)
      .map(([slot, one]) => [slot, takeSlot(one, `${at("slots")}.${slot}`)])),
  });
}

function takeSlot(value, place) {
  const [election, credentials, active, ...texts] = codec.fields(value, place, ...SLOT);
  const taken = texts.map((text) =>
    (text === null ? null : codec.text(text, place, { maxLength: codec.MAX_BYTES })));
  return Object.freeze({
    election: codec.hex64(election, `${place}.election`),
    credentials: codec.hex64(credentials, `${place}.credentials`),
    active: codec.integer(active, `${place}.active`),
    ...Object.fromEntries(ANSWERS.map((name, i) => [name, taken[i]])),
  });
}

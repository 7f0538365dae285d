// The frozen meeting: `meeting.json`, the one file that every device demands again later.
//
// `decodeMeeting` is strict and keeps the raw bytes; the fingerprint is SHA-256 over a prefix and
// those bytes, and people compare its first 80 bits. Papers are not frozen: they are made when a
// round is bound (binding.js). Mirrors voting/meeting/{frozen,frozen_parts}.py; format:
// docs/spec/meeting.md.

import { bytesToHex } from "../crypto/bytes.js";
import { ED25519 } from "../crypto/group.js";
import { code80bits, sha256Bytes } from "../crypto/hashing.js";
import { FormatError } from "../errors.js";
import * as codec from "../protocol/codec.js";
import { CHAIN, checkChain, gate } from "./frozen_chain.js";
import { checkKey } from "./keys.js";
import { OPTIONS, ROLES, parseRule } from "./rules.js";
import * as shape from "./shape.js";

export const PREFIX = "piaojue/meeting/1\n";
export const MAX_BYTES = 4 * 2 ** 20;

/** Roles that sign by key only; the others may sign by pen. */
const KEY_ROLES = ["secretary", "scrutineer"];
const PLACE = "meeting";

const SHAPE = shape.record({
  version: shape.count(1, 1),
  uuid: shape.uuid22,
  title: shape.words,
  body: shape.words,
  number: shape.prose,
  date: shape.date,
  language: shape.oneOf("zh", "en"),
  secrecy: shape.prose,
  retention: shape.prose,
  roll: shape.record({
    digest: shape.hex64,
    due: shape.count(1),
    members: shape.count(),
    alternates: shape.count(),
    attendees: shape.count(),
  }),
  groups: shape.sequence(
    shape.record({
      id: shape.identifier,
      title: shape.words,
      class: shape.oneOf("member"),
      series: shape.identifier,
      count: shape.count(1),
    }),
  ),
  floor: shape.count(1),
  spoil_quota: shape.count(),
  options: shape.mapping(shape.identifier, shape.words),
  rules: shape.mapping(shape.identifier, (value) => value),
  items: shape.sequence(
    shape.record({
      id: shape.identifier,
      rule: shape.identifier,
      question: shape.words,
      candidate: shape.prose,
      current: shape.prose,
      proposed: shape.prose,
      removed: shape.prose,
      gates: shape.sequence(gate),
      contest: shape.optional((value) => value),
    }),
    { low: 1 },
  ),
  rosters: shape.sequence((value) => value),
  chain: CHAIN,
  slots: shape.distinct(shape.uuid22, { low: 1 }),
  series: shape.sequence(
    shape.record({ id: shape.identifier, title: shape.words, printed: shape.count(1) }),
    { low: 1 },
  ),
  trustees: shape.record({
    threshold: shape.count(2),
    names: shape.sequence(shape.words, { low: 2, high: 99 }),
    certificates: shape.hex64,
    public_key: (value, place) => ED25519.decode(value, place),
    note_keys: shape.distinct(checkKey, { low: 2 }),
  }),
  officers: shape.sequence(
    shape.record({
      id: shape.identifier,
      role: shape.oneOf(...ROLES),
      name: shape.words,
      key: shape.optional(checkKey),
    }),
    { low: 2 },
  ),
  server: checkKey,
  mode: shape.record({
    pages: shape.oneOf("installed", "server"),
    tickets: shape.oneOf("apart", "server"),
  }),
});

/**
 * A view of `raw`. Maps are by id, in the order of the file; `options` are the words on the ballot
 * by option id. Names within are the file's, but for `spoilQuota`, `trustees.publicKey` and
 * `trustees.noteKeys`.
 * @typedef {{raw: Uint8Array, fingerprint: string, code: string, uuid: string, title: string,
 *   body: string, number: string, date: string, language: "zh" | "en", secrecy: string,
 *   retention: string, roll: object, groups: Map<string, object>, floor: number,
 *   spoilQuota: number, options: Map<string, string>, rules: Map<string, object>,
 *   items: Map<string, object>, slots: string[], series: Map<string, object>, trustees: object,
 *   officers: Map<string, object>, server: string, mode: {pages: string, tickets: string}}} Meeting
 */

/**
 * Read `meeting.json`.
 * @param {Uint8Array} raw
 * @returns {Meeting} FormatError: not canonical, a field missing, unknown or out of range, or two
 *   parts that do not fit together, as an item whose rule is not there
 */
export function decodeMeeting(raw) {
  const value = codec.decodeExact(raw, PLACE, { maxBytes: MAX_BYTES });
  const { version, spoil_quota, ...plain } = SHAPE(value, PLACE);
  const { threshold, names, certificates, public_key, note_keys } = plain.trustees;
  const identity = fingerprint(raw);
  const meeting = Object.freeze({
    raw,
    fingerprint: identity,
    code: code80bits(identity),
    ...plain,
    spoilQuota: spoil_quota,
    groups: byId(plain.groups, `${PLACE}.groups`),
    options: new Map(Object.entries(plain.options)),
    rules: new Map(Object.entries(plain.rules).map(takeRule)),
    items: byId(plain.items, `${PLACE}.items`),
    series: byId(plain.series, `${PLACE}.series`),
    trustees: { threshold, names, certificates, publicKey: public_key, noteKeys: note_keys },
    officers: byId(plain.officers, `${PLACE}.officers`),
  });
  checkParts(meeting);
  return meeting;
}

/**
 * The fingerprint of the bytes of a `meeting.json`, 64 hex digits.
 * @param {Uint8Array} raw
 */
export function fingerprint(raw) {
  return bytesToHex(sha256Bytes(PREFIX, raw));
}

/** The frozen rule under which an item is voted. */
export function ruleOf(meeting, item) {
  return meeting.rules.get(meeting.items.get(item).rule);
}

/** The frozen word of an option on the ballots under a rule. */
export function wordOf(meeting, rule, option) {
  return meeting.options.get(`${rule.id}.${option}`) ?? meeting.options.get(option);
}

/** How many of a class are named on the roll. */
export function ofClass(meeting, cls) {
  return meeting.roll[{ member: "members", alternate: "alternates", attendee: "attendees" }[cls]];
}

/** 应到: how many are of the classes that vote under a rule, named or counted. */
export function dueUnder(meeting, rule) {
  let due = rule.voters.reduce((sum, cls) => sum + ofClass(meeting, cls), 0);
  for (const one of meeting.groups.values()) due += rule.voters.includes(one.class) ? one.count : 0;
  return due;
}

/** The counted group to which a series belongs, null for any other series. */
export function groupOf(meeting, series) {
  return [...meeting.groups.values()].find((one) => one.series === series) ?? null;
}

/** The number of ballots below which a box stays shut: the stricter floor. */
export function floorUnder(meeting, rule) {
  return Math.max(meeting.floor, rule.floor);
}

/** How many trustees' signatures exclude two different boxes: more than (n + t - 1) / 2. */
export function majority({ trustees: { names, threshold } }) {
  return Math.floor((names.length + threshold - 1) / 2) + 1;
}

/** The officers with one of these roles, in the meeting's order. */
export function withRole(meeting, ...roles) {
  return [...meeting.officers.values()].filter((officer) => roles.includes(officer.role));
}

function takeRule([name, value]) {
  const rule = parseRule(value, `${PLACE}.rules.${name}`);
  if (rule.id !== name) {
    throw new FormatError(`${PLACE}.rules.${name}`, "a rule under another rule's id");
  }
  return [name, rule];
}

function byId(listed, place) {
  shape.unique(listed.map((one) => one.id), place);
  return new Map(listed.map((one) => [one.id, one]));
}

/** What one field says about another (docs/spec/meeting.md, section 2). */
function checkParts(meeting) {
  const used = new Set([...meeting.items.values()].map((item) => item.rule));
  if (!same([...used].sort(), [...meeting.rules.keys()])) {
    throw new FormatError(`${PLACE}.rules`, "not exactly the rules of the items, sorted by id");
  }
  checkOptions(meeting);
  checkChain(meeting.chain, `${PLACE}.chain`);
  checkGroups(meeting);
  if (meeting.slots.includes(meeting.uuid)) {
    throw new FormatError(`${PLACE}.slots`, "a slot with the meeting's own uuid");
  }
  const { threshold, names, noteKeys } = meeting.trustees;
  if (!(threshold <= names.length && names.length < 2 * threshold)) {
    throw new FormatError(`${PLACE}.trustees`, "threshold t of n needs 2 <= t <= n < 2t");
  }
  if (noteKeys.length !== names.length) {
    throw new FormatError(`${PLACE}.trustees.note_keys`, "not one key for each trustee");
  }
  checkOfficers(meeting);
}

/** Every option that the rules use has its word, or one for each rule where they differ. */
function checkOptions(meeting) {
  const rules = [...meeting.rules.values()];
  const wanted = OPTIONS.flatMap((option) => {
    const using = rules.filter((rule) => rule.options.includes(option));
    const apart = using.map((rule) => `${rule.id}.${option}`);
    const words = new Set(apart.map((one) => meeting.options.get(one)));
    words.delete(undefined);
    if (words.size > 1) return apart;
    return using.length > 0 ? [option] : [];
  });
  if (!same([...meeting.options.keys()], wanted)) {
    throw new FormatError(`${PLACE}.options`, "not exactly the options of the rules, in order");
  }
  for (const rule of rules) {
    shape.unique(rule.options.map((option) => wordOf(meeting, rule, option)), `${PLACE}.options`);
  }
}

function checkGroups(meeting) {
  const groups = [...meeting.groups.values()];
  const counted = groups.reduce((sum, one) => sum + one.count, 0);
  if (meeting.roll.due !== meeting.roll.members + counted) {
    throw new FormatError(`${PLACE}.roll`, "due is not the number of members, named and counted");
  }
  shape.unique(groups.map((one) => one.series), `${PLACE}.groups`);
  for (const one of groups) {
    if (!(meeting.series.get(one.series)?.printed >= one.count)) {
      throw new FormatError(`${PLACE}.groups`, `${one.id} has no ticket for everybody`);
    }
  }
}

function checkOfficers(meeting) {
  const place = `${PLACE}.officers`;
  const number = (role) => withRole(meeting, role).length;
  if (number("secretary") !== 1 || number("chair") !== 1 || number("scrutineer") === 0) {
    throw new FormatError(place, "needs one secretary, one chair and a scrutineer");
  }
  const keys = new Set(meeting.trustees.noteKeys);
  for (const { id, role, key } of meeting.officers.values()) {
    if (KEY_ROLES.includes(role) && key === null) {
      throw new FormatError(place, `${id} must sign by key`);
    }
    if (id === "server" || id.startsWith("trustee")) {
      throw new FormatError(place, `${id} is a reserved id`);
    }
    keys.add(key);
  }
  if (keys.has(meeting.server)) {
    throw new FormatError(`${PLACE}.server`, "the server holds somebody else's key");
  }
}

function same(a, b) {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}

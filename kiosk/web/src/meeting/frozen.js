// The frozen meeting: `meeting.json`, the one file that every device demands again later.
//
// `decodeMeeting` is strict and keeps the raw bytes; the fingerprint is SHA-256 over a prefix and
// those bytes, and people compare its first 80 bits. Papers are not frozen: they are made when a
// round is bound (binding.js). Mirrors voting/meeting/frozen.py; format: docs/spec/meeting.md.

import { bytesToHex } from "../crypto/bytes.js";
import { ED25519 } from "../crypto/group.js";
import { code80bits, sha256Bytes } from "../crypto/hashing.js";
import { FormatError } from "../errors.js";
import * as codec from "../protocol/codec.js";
import { ROSTERS, checkContest, checkRosters, contest } from "./contests.js";
import { CHAIN, checkChain, gate } from "./frozen_chain.js";
import { checkParts } from "./frozen_parts.js";
import { checkKey } from "./keys.js";
import { ROLES, parseRule } from "./rules.js";
import * as shape from "./shape.js";

export const PREFIX = "piaojue/meeting/1\n";
export const MAX_BYTES = 4 * 2 ** 20;

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
  options: shape.mapping(optionId, shape.words),
  rules: shape.mapping(shape.identifier, (value) => value),
  items: shape.sequence(
    shape.record({
      id: shape.identifier,
      rule: shape.identifier,
      question: shape.words,
      candidate: shape.called,
      current: shape.prose,
      proposed: shape.prose,
      removed: shape.prose,
      gates: shape.sequence(gate),
      contest: shape.optional(contest),
    }),
    { low: 1 },
  ),
  rosters: ROSTERS,
  chain: CHAIN,
  slots: shape.distinct(shape.uuid22, { low: 1 }),
  series: shape.sequence(
    shape.record({ id: shape.identifier, title: shape.words, printed: shape.count(1) }),
    { low: 1 },
  ),
  trustees: shape.record({
    threshold: shape.count(2),
    names: shape.sequence(shape.name, { low: 2, high: 99 }),
    certificates: shape.hex64,
    public_key: (value, place) => ED25519.decode(value, place),
    note_keys: shape.distinct(checkKey, { low: 2 }),
  }),
  officers: shape.sequence(
    shape.record({
      id: shape.identifier,
      role: shape.oneOf(...ROLES),
      name: shape.name,
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
 * `trustees.noteKeys`; an item's `contest` is the file's object, or null (contests.js).
 * @typedef {{raw: Uint8Array, fingerprint: string, code: string, uuid: string, title: string,
 *   body: string, number: string, date: string, language: "zh" | "en", secrecy: string,
 *   retention: string, roll: object, groups: Map<string, object>, floor: number,
 *   spoilQuota: number, options: Map<string, string>, rules: Map<string, object>,
 *   items: Map<string, object>, rosters: Map<string, object>, chain: object, slots: string[],
 *   series: Map<string, object>, trustees: object, officers: Map<string, object>, server: string,
 *   mode: {pages: string, tickets: string}}} Meeting
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
    items: takeItems(plain.items),
    rosters: takeRosters(plain.rosters),
    chain: takeChain(plain.chain),
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

function takeItems(items) {
  items.forEach((item, i) => checkContest(item.contest, `${PLACE}.items[${i}].contest`));
  return byId(items, `${PLACE}.items`);
}

function takeRosters(rosters) {
  checkRosters(rosters, `${PLACE}.rosters`);
  return byId(rosters, `${PLACE}.rosters`);
}

function takeChain(chain) {
  checkChain(chain, `${PLACE}.chain`);
  return chain;
}

/** An option's id, alone or after a rule's id and a dot. */
function optionId(value, place) {
  const dot = value.indexOf(".");
  const parts = dot < 0 ? [value] : [value.slice(0, dot), value.slice(dot + 1)];
  for (const part of parts) shape.identifier(part, place);
  return value;
}

function byId(listed, place) {
  shape.unique(listed.map((one) => one.id), place);
  return new Map(listed.map((one) => [one.id, one]));
}

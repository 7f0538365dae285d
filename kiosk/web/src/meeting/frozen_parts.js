// What one field of `meeting.json` says about another (voting/meeting/frozen_parts.py;
// docs/spec/meeting.md, section 2).

import { FormatError } from "../errors.js";
import { checkContests } from "./contests.js";
import { wordOf, withRole } from "./frozen.js";
import { OPTIONS } from "./rules.js";
import * as shape from "./shape.js";

const PLACE = "meeting";

/** Roles that sign by key only; the others may sign by pen. */
const KEY_ROLES = ["secretary", "scrutineer"];

/** Throws FormatError for the first part that does not fit the others. */
export function checkParts(meeting) {
  const used = new Set([...meeting.items.values()].map((item) => item.rule));
  if (!same([...used].sort(), [...meeting.rules.keys()])) {
    throw new FormatError(`${PLACE}.rules`, "not exactly the rules of the items, sorted by id");
  }
  checkOptions(meeting);
  checkContests(meeting);
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
  for (const rule of meeting.rules.values()) {
    for (const { id, quota } of rule.groups) {
      const held = meeting.groups.get(id);
      if (held === undefined || ![null, held.count].includes(quota)) {
        throw new FormatError(`${PLACE}.groups`, `no group ${id} as ${rule.id} wants it`);
      }
    }
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

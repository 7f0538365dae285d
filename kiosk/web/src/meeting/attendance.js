// Who is in the room, by class and series; who is recused; who may vote on which items
// (voting/meeting/attendance.py).
//
// The fold knows people only by the salted digest of their lines, one for the whole meeting, so
// that nobody can sign in twice and a recused person who leaves is not subtracted twice. Of a
// group that is counted and not named it knows a number; nobody in it can be recused.

import { RefusedError } from "../errors.js";
import { groupOf, ofClass, ruleOf } from "./frozen.js";
import { roundOf, withEntry } from "./state.js";

/** Sign in and draw in one motion; with a void series, draw again from another. */
export function attend(meeting, state, body) {
  const { line, class: cls, series } = body;
  checkSeries(meeting, state, cls, series);
  const known = state.people.get(line);
  if (known === undefined) checkOnRoll(meeting, state, cls, line);
  else if (!(known.here && known.cls === cls && state.voidSeries.has(known.series))) {
    throw new RefusedError(known.here ? "already-present" : "left-before");
  }
  return withPerson(state, line, { cls, series, here: true });
}

/** Go out. The ticket stays active in slots not yet opened until it is withdrawn. */
export function leave(_meeting, state, body) {
  return withPerson(state, body.line, { ...knownAs(state, body, true), here: false });
}

/** Come in again. */
export function comeBack(_meeting, state, body) {
  return withPerson(state, body.line, { ...knownAs(state, body, false), here: true });
}

/** Set how many of a counted group are in the room; each drew one ticket of the series. */
export function present(meeting, state, body) {
  const { group: name, series, count } = body;
  const group = meeting.groups.get(name);
  if (group === undefined) throw new RefusedError("unknown-group", { group: name });
  if (count > group.count) {
    throw new RefusedError("group-full", { group: name, people: group.count });
  }
  const { class: cls } = group;
  const known = state.counted.get(name) ?? { series: group.series, count: 0 };
  checkGroupSeries(meeting, state, known.series, series);
  if (known.series === series && known.count === count) {
    throw new RefusedError("count-unchanged", { group: name, count });
  }
  return { ...state, counted: withEntry(state.counted, name, { cls, series, count }) };
}

/** Undo wrong sign-ins as if they had not been, sign in who was forgotten, set counts. */
export function correct(meeting, state, body) {
  if (!body.leave.length && !body.attend.length && !body.present.length) {
    throw new RefusedError("empty-correction");
  }
  let changed = state;
  for (const one of body.leave) {
    knownAs(changed, one, true);
    const people = new Map(changed.people);
    people.delete(one.line);
    changed = { ...changed, people };
  }
  for (const one of body.attend) changed = attend(meeting, changed, one);
  for (const one of body.present) changed = present(meeting, changed, one);
  return changed;
}

/** Enter a recusal from one item, while no round of it is open or was held. */
export function recuse(meeting, state, body) {
  const recused = recusable(meeting, state, body);
  if (recused.has(body.line)) throw new RefusedError("already-recused", { item: body.item });
  return withRecused(state, body.item, new Set(recused).add(body.line));
}

/** Take a recusal back, under the same condition. */
export function unrecuse(meeting, state, body) {
  const recused = recusable(meeting, state, body);
  if (!recused.has(body.line)) throw new RefusedError("not-recused", { item: body.item });
  const changed = new Set(recused);
  changed.delete(body.line);
  return withRecused(state, body.item, changed);
}

/** The lines of those who must not vote on an item. */
export function votersOut(meeting, state, item) {
  const leaves = ruleOf(meeting, item).recusalEffect === "leaves-vote";
  return (leaves && state.recusals.get(item)) || new Set();
}

/**
 * Count by series those in the room who may vote on all of these items, which are under one rule.
 * Under null stand those who are owed a ticket and have none, or one of a void series.
 * @returns {Map<string|null, number>}
 */
export function eligible(meeting, state, items) {
  const out = new Set(items.flatMap((item) => [...votersOut(meeting, state, item)]));
  const { voters } = ruleOf(meeting, items[0]);
  const found = new Map();
  const add = ({ series: held }, number) => {
    const series = state.voidSeries.has(held) ? null : held;
    found.set(series, (found.get(series) ?? 0) + number);
  };
  for (const [line, one] of state.people) {
    if (one.here && voters.includes(one.cls) && !out.has(line)) add(one, 1);
  }
  for (const group of state.counted.values()) {
    if (group.count && voters.includes(group.cls)) add(group, group.count);
  }
  return found;
}

/** The sum over all series. */
export function total(counted) {
  return [...counted.values()].reduce((sum, number) => sum + number, 0);
}

function recusable(meeting, state, body) {
  const { item } = body;
  if (!meeting.items.has(item)) throw new RefusedError("unknown-item", { item });
  const held = roundOf(state, item);
  if (held !== null) {
    throw new RefusedError(held.state === "open" ? "item-open" : "item-voted", { item });
  }
  const known = state.people.get(body.line);
  if (known === undefined) checkOnRoll(meeting, state, body.class, body.line);
  else if (known.cls !== body.class) throw new RefusedError("not-signed-in");
  return state.recusals.get(item) ?? new Set();
}

/** Refuse one person more than the roll has; the recused are members, present or not. */
function checkOnRoll(meeting, state, cls, line) {
  const seen = new Set([line]);
  for (const [name, one] of state.people) if (one.cls === cls) seen.add(name);
  if (cls === "member") {
    for (const recused of state.recusals.values()) for (const one of recused) seen.add(one);
  }
  const size = ofClass(meeting, cls);
  if (seen.size > size) throw new RefusedError("roll-full", { cls, on_roll: size });
}

function knownAs(state, body, here) {
  const known = state.people.get(body.line);
  if (known === undefined || known.cls !== body.class || known.series !== body.series) {
    throw new RefusedError("not-signed-in");
  }
  if (known.here !== here) throw new RefusedError(here ? "not-present" : "already-present");
  return known;
}

function checkSeries(meeting, state, cls, series) {
  if (series === null) return;
  if (![...meeting.rules.values()].some((rule) => rule.voters.includes(cls))) {
    throw new RefusedError("no-vote", { cls });
  }
  if (!meeting.series.has(series)) throw new RefusedError("unknown-series", { series });
  if (state.voidSeries.has(series)) throw new RefusedError("series-void", { series });
  if (groupOf(meeting, series) !== null) throw new RefusedError("counted-series", { series });
}

/** Demand the series that the group holds; once that is void, one that is no group's own. */
function checkGroupSeries(meeting, state, held, series) {
  if (!meeting.series.has(series)) throw new RefusedError("unknown-series", { series });
  if (state.voidSeries.has(series)) throw new RefusedError("series-void", { series });
  if (series === held) return;
  if (!state.voidSeries.has(held) || groupOf(meeting, series) !== null) {
    throw new RefusedError("not-own-series", { series, held });
  }
}

function withPerson(state, line, presence) {
  return { ...state, people: withEntry(state.people, line, presence) };
}

function withRecused(state, item, lines) {
  return { ...state, recusals: withEntry(state.recusals, item, lines) };
}

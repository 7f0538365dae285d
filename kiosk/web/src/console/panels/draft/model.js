// What the forms of a draft make of it: which keys an item of each kind has, gates as rows.
//
// Pure, so that it is tested without a page. What a form does not show stays as it was written.

/** Kinds of rule that take one mark for one candidate, or for a motion. */
export const SINGLE = ["confirmation", "recommendation", "consultation"];

/** What an item asks beside its rule, by the kind of the rule. */
const ASKING = {
  single: ["candidate"],
  named: ["seats", "names", "roster", "write-in"],
  grid: ["subjects", "aspects"],
};
const WRITE_INS = ["none", "roster", "text"];

/** The form that items of a rule have: `single`, `named` or `grid`. */
export function formOf(rule) {
  if (!rule || SINGLE.includes(rule.kind)) return "single";
  return rule.kind === "assessment" ? "grid" : "named";
}

/** The rule of an item, of those that may be used; null for one that is not there. */
export function ruleOf(book, item) {
  return book.rules.find((one) => one.id === item.rule) ?? null;
}

/**
 * An item with what a form says of it: keys that the rule's kind does not have are gone, keys that
 * no form shows stay.
 * @param {object} item as it was
 * @param {object|null} rule
 * @param {object} given by key; empty texts and lists are left out
 */
export function itemWith(item, rule, given) {
  const mine = new Set(ASKING[formOf(rule)]);
  const foreign = new Set(Object.values(ASKING).flat().filter((key) => !mine.has(key)));
  const wanted = { ...item, ...given };
  return Object.fromEntries(
    Object.entries(wanted).filter(([key, value]) => !foreign.has(key) && !empty(value)),
  );
}

/** The first id with this letter that nothing has. */
export function freeId(letter, rows) {
  const taken = new Set(rows.map((one, i) => one.id ?? `${letter}${i + 1}`));
  let n = 1;
  while (taken.has(`${letter}${n}`)) n += 1;
  return `${letter}${n}`;
}

/** What may be written in under a rule: at most what it allows, or what was chosen of it. */
export function writeInsOf(rule, chosen = {}) {
  const most = chosen["write-in"] ?? rule.write_in;
  return WRITE_INS.slice(0, WRITE_INS.indexOf(most) + 1);
}

// --- gates ---------------------------------------------------------------------------------------

/** How a kind of gate may be settled: a paper, an earlier record, an item of this meeting. */
export function waysOf({ paper, record }) {
  return [...(paper ? ["paper"] : []), ...(record ? ["record", "here"] : [])];
}

/** How a gate of the draft is settled. */
export function wayOf(gate) {
  if ("record" in gate) return "record";
  return "item" in gate ? "here" : "paper";
}

/**
 * The gates that the form of an item shows: those it has, then those that its rule wants.
 * @returns {object[]} as in the draft; one that is still to come has `gate` alone
 */
export function gatesShown(item, rule) {
  const had = item.gates ?? [];
  const there = new Set(had.map((one) => one.gate));
  return [...had, ...(rule?.gates ?? []).filter((gate) => !there.has(gate)).map((gate) => ({ gate }))];
}

/** How many of the gates that a rule wants an item has. */
export function gatesHad(item, rule) {
  const there = new Set((item.gates ?? []).filter((one) => !isEmpty(one)).map((one) => one.gate));
  return (rule?.gates ?? []).filter((gate) => there.has(gate)).length;
}

/** Whether nothing was said of a gate. */
export function isEmpty({ gate: _kind, ...said }) {
  return Object.values(said).every((value) => value === "" || value === undefined);
}

/**
 * Gates with papers that all items share: the first paper of the kind is replaced, further ones
 * (what other units said) stay, and a kind that something else settles is left as it is.
 */
export function withPapers(gates, given) {
  const fresh = new Map(given.map((one) => [one.gate, one]));
  const kept = gates.map((one) => {
    const paper = wayOf(one) === "paper" ? fresh.get(one.gate) : undefined;
    if (paper !== undefined) fresh.delete(one.gate);
    return paper ?? one;
  });
  const there = new Set(gates.map((one) => one.gate));
  return [...kept, ...[...fresh.values()].filter((one) => !there.has(one.gate))];
}

/** Kinds of paper that the rules of these items want, in the order of the book. */
export function papersWanted(book, items) {
  const wanted = new Set(items.flatMap((item) => ruleOf(book, item)?.gates ?? []));
  return book.gates.filter((one) => one.paper && wanted.has(one.gate)).map((one) => one.gate);
}

function empty(value) {
  return value === undefined || value === null || value === "" ||
    (Array.isArray(value) && value.length === 0);
}

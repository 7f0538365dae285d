// What a frozen rule says of one item's opened counts, without the words of its reasons: the
// evaluation of `result.json` but for its `steps` and `notes` (voting/rules/evaluate.py).

import { baseDue, evaluateQuorum, met } from "../meeting/rules.js";
import { readChosen, readForAgainst, readRoster, readWords, sum } from "./counting.js";
import { assessed, nominated } from "./recorded.js";
import { fillSeats } from "./seats.js";

/**
 * Decide or record one item of a counted round.
 * @param {object} rule
 * @param {object | null} asked as `shapeOf` of meeting/questions.js
 * @param {{due: number, presentAtOpen: number, presentAtSeal: number, issued: number,
 *   returned: number, recused: number, groups: Map<string, {due: number, presentAtOpen: number,
 *   presentAtSeal: number}>}} numbers
 * @param {object} counts as `countsOf` of meeting/marks.js
 * @returns {object} rule, decision, reason, opened, figures; of a contest also contest, names,
 *   open_seats and next, of a grid cells
 */
export function evaluateItem(rule, asked, numbers, counts) {
  const stopped = conditions(rule, numbers);
  const head = (decision, reason, all = counts) =>
    ({ rule: rule.id, decision, reason, opened: true, figures: figuresOf(numbers, all) });
  if (asked === null) {
    const all = { ...counts, invalid: 0 };
    const [decision, reason] = stopped ?? single(rule, numbers, counts);
    return head(decision, reason, all);
  }
  if (asked.cells) {
    const [decision, reason] = stopped ?? graded(counts, numbers.returned);
    const cells = decision === "recorded" ? assessed(rule, numbers, asked.cells, counts) : [];
    return { ...head(decision, reason), cells };
  }
  const { decision, reason, ...rest } = seats(rule, asked, numbers, counts, stopped);
  return { ...head(decision, reason), contest: asked.standing, ...rest };
}

/** What must hold before the counts matter: [decision, reason] of what fails first, or null. */
function conditions(rule, numbers) {
  const { due, presentAtOpen, presentAtSeal, issued, returned, recused } = numbers;
  const moments = [["quorum-at-open", "presentAtOpen"], ["quorum-at-seal", "presentAtSeal"]];
  for (const [reason, when] of moments) {
    const present = when === "presentAtOpen" ? presentAtOpen : presentAtSeal;
    const lacking = evaluateQuorum(rule, { due, present, recused }) > 0;
    if (lacking || !groupsMeet(rule, numbers.groups, when)) return ["no_quorum", reason];
  }
  if (issued > presentAtOpen) return ["void", "issued-exceeds-present"];
  return returned > issued ? ["void", "returned-exceeds-issued"] : null;
}

/** The quorum of every group that the rule gives one, each of its own due. */
function groupsMeet(rule, groups, when) {
  return rule.groups.every(({ id, quorum }) =>
    quorum === null || met(quorum, groups.get(id)[when], groups.get(id).due));
}

function single(rule, numbers, counts) {
  if (sum(Object.values(counts)) !== numbers.returned) return uncertified();
  if (rule.kind !== "confirmation") return ["recorded", null];
  const reaches = (measure, option) => met(measure, counts[option], baseOf(rule, measure, numbers));
  if (rule.options.includes("defer") && reaches(rule.deferral, "defer")) return ["deferred", null];
  return [reaches(rule.passing, "agree") ? "passed" : "not_passed", null];
}

function graded(counts, returned) {
  const fits = Object.values(counts).every((row) => sum(Object.values(row)) === returned);
  return fits ? ["recorded", null] : uncertified();
}

function seats(rule, { standing, roster }, numbers, counts, stopped) {
  const open = { names: [], open_seats: standing.seats, next: null };
  if (stopped) return { decision: stopped[0], reason: stopped[1], ...open };
  const counted = read(rule, standing, roster, numbers.returned, counts);
  if (counted.fault) return { decision: "uncertified", reason: counted.fault, ...open };
  if (rule.kind === "nomination") {
    const names = nominated(rule, numbers, counted);
    return { decision: "recorded", reason: null, ...open, names };
  }
  const outside = [...counted.outside].map(([name, agree]) => [name, { agree }]);
  const base = baseOf(rule, rule.passing, numbers);
  const all = new Map([...counted.names, ...outside]);
  const { decision, ...rest } = fillSeats(rule, standing, base, all);
  return { decision, reason: null, ...rest };
}

function read(rule, { names, seats: open }, roster, returned, counts) {
  if (roster) return readRoster(counts, open, returned);
  const each = rule.kind === "election" ? names.length <= open : rule.ballot === "each";
  if (rule.kind !== "nomination" && each) return readWords(counts, names, returned);
  if (rule.kind === "election") return readForAgainst(counts, names, open, returned);
  return readChosen(counts, names, Math.min(open, names.length), returned);
}

function baseOf(rule, measure, { due, presentAtOpen, recused }) {
  return measure.base === "present" ? presentAtOpen : baseDue(rule, due, recused);
}

function uncertified() {
  return ["uncertified", "counts-do-not-add-up"];
}

/** The figures as `result.json` holds them; `groups` only where there are. */
function figuresOf(numbers, counts) {
  const { due, presentAtOpen, presentAtSeal, issued, returned, recused, groups } = numbers;
  const figures = {
    due,
    present_at_open: presentAtOpen,
    present_at_seal: presentAtSeal,
    issued,
    returned,
    unreturned: Math.max(0, issued - returned),
    recused,
    counts,
  };
  if (!groups.size) return figures;
  const listed = [...groups].map(([id, one]) => [id, {
    due: one.due,
    present_at_open: one.presentAtOpen,
    present_at_seal: one.presentAtSeal,
  }]);
  return { ...figures, groups: Object.fromEntries(listed) };
}

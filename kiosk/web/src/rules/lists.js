// The clauses whose values are tables of their own: scales with grades, flags, groups, ratios
// (voting/rules/parsing_lists.py).

import { FormatError } from "../errors.js";
import {
  bad,
  both,
  fraction,
  identifier,
  line,
  oneOf,
  rows,
  share,
  table,
  unique,
  whole,
} from "./reading.js";

const OPS = [">", ">=", "<", "<="];
const MOST_WEIGHT = 100;

/** The scales of an assessment: at least one, each with at least two grades. */
export function takeScales(value, place) {
  const scales = rows(value, place, takeScale);
  if (!scales.length) bad(place);
  unique(scales.map((one) => one.id), place);
  return scales;
}

/** The flags of an assessment; that scale and grades exist, `checkFlags` sees. */
export function takeFlags(value, place) {
  const flags = rows(value, place, takeFlag);
  unique(flags.map((one) => one.id), place);
  return flags;
}

/** Refuse a flag of a scale, or of a grade, that the rule does not have. */
export function checkFlags(scales, flags, place) {
  const grades = new Map(scales.map((one) => [one.id, one.grades.map((grade) => grade.id)]));
  flags.forEach((flag, i) => {
    oneOf(...grades.keys())(flag.scale, `${place}[${i}].scale`);
    for (const grade of flag.grades) {
      oneOf(...grades.get(flag.scale))(grade, `${place}[${i}].grades`);
    }
  });
}

/** The groups that a rule names; an empty list leaves them to the meeting. */
export function takeGroups(value, place) {
  const groups = rows(value, place, takeGroup);
  unique(groups.map((one) => one.id), place);
  return groups;
}

/** So many names for so many seats, never fewer names than seats. */
export function takeRatio(value, place) {
  table(value, place, ["names", "per"]);
  const per = whole(value.per, `${place}.per`, 1);
  return { names: whole(value.names, `${place}.names`, per), per };
}

/** Different lines of text. */
export function takeLines(value, place) {
  const lines = rows(value, place, line);
  unique(lines, place);
  return lines;
}

function takeScale(value, place) {
  table(value, place, ["id", "title", "grades", "favourable"]);
  const grades = rows(value.grades, `${place}.grades`, takeGrade);
  if (grades.length < 2) throw new FormatError(`${place}.grades`, "rule-scale-without-grades");
  const names = grades.map((grade) => grade.id);
  unique(names, `${place}.grades`);
  const { favourable } = value;
  if (!Array.isArray(favourable) || !favourable.length) bad(`${place}.favourable`);
  const ordered = names.filter((name) => favourable.includes(name));
  if (ordered.length !== favourable.length || favourable.some((one, i) => one !== ordered[i])) {
    bad(`${place}.favourable`);
  }
  const unknown = grades.filter((grade) => grade.unknown);
  const liked = unknown.some((grade) => favourable.includes(grade.id));
  if (liked || unknown.length === grades.length) bad(`${place}.grades`);
  return {
    id: identifier(value.id, `${place}.id`),
    title: both(value.title, `${place}.title`),
    grades,
    favourable,
  };
}

function takeGrade(value, place) {
  table(value, place, ["id", "title"], ["weight", "unknown"]);
  const weight = value.weight ?? null;
  if (weight !== null && whole(weight, `${place}.weight`, 0) > MOST_WEIGHT) bad(`${place}.weight`);
  const unknown = "unknown" in value ? value.unknown : false;
  if (typeof unknown !== "boolean") bad(`${place}.unknown`);
  if (unknown && weight !== null) bad(`${place}.weight`);
  const id = identifier(value.id, `${place}.id`);
  return { id, title: both(value.title, `${place}.title`), weight, unknown };
}

function takeFlag(value, place) {
  table(value, place, ["id", "scale", "grades", "numerator", "denominator", "op"]);
  const numerator = whole(value.numerator, `${place}.numerator`, 0);
  const denominator = whole(value.denominator, `${place}.denominator`, 0);
  share(numerator, denominator, denominator, place);
  const grades = takeLines(value.grades, `${place}.grades`);
  if (!grades.length) bad(`${place}.grades`);
  return {
    id: identifier(value.id, `${place}.id`),
    scale: line(value.scale, `${place}.scale`),
    grades,
    numerator,
    denominator,
    op: oneOf(...OPS)(value.op, `${place}.op`),
  };
}

function takeGroup(value, place) {
  table(value, place, ["id", "title"], ["quorum", "quota"]);
  let quorum = null;
  if ("quorum" in value) {
    const keys = ["numerator", "denominator", "inclusive"];
    quorum = fraction(table(value.quorum, `${place}.quorum`, keys), `${place}.quorum`);
  }
  const quota = "quota" in value ? whole(value.quota, `${place}.quota`, 1) : null;
  const id = identifier(value.id, `${place}.id`);
  return { id, title: both(value.title, `${place}.title`), quorum, quota };
}

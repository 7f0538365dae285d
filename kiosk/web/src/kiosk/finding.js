// Finding people on a roster: by characters, by pinyin or its initials, and in which order.
//
// 姓氏笔画, the order of official lists, is the browser's own collation of Chinese by strokes, the
// same in every Chromium (a test compares it with a list). Spellings are the meeting's; they only
// find. Nothing is ranked: what is found stands in the order that was chosen.

const LATIN = /^[a-z ]+$/;

/** Sort by the strokes of the surname, then of what follows; equal ones stay as they were. */
export function byStrokes(people, nameOf = ({ name }) => name) {
  const { compare } = new Intl.Collator("zh-u-co-stroke");
  return [...people].sort((a, b) => compare(nameOf(a), nameOf(b)));
}

/** The surnames' first characters, once each, by strokes. */
export function surnames(people) {
  return byStrokes([...new Set(people.map(({ name }) => [...name][0]))], (one) => one);
}

/**
 * Those whom a text finds: part of the name, the key or the unit in characters; or Latin letters,
 * which are the spelling's beginning, syllable for syllable (`wangw`, `wwei`, `ww`).
 * @param {{name: string, key: string, unit: string, spelling: string}[]} people
 * @param {string} text as typed
 */
export function find(people, text) {
  const wanted = text.normalize("NFKC").trim().toLowerCase();
  if (!wanted) return people;
  if (!LATIN.test(wanted)) {
    return people.filter(({ name, label, unit }) =>
      name.startsWith(wanted) || label.includes(wanted) || unit.includes(wanted));
  }
  const letters = wanted.replaceAll(" ", "").replaceAll("v", "u");
  return people.filter(({ spelling }) => spells(spelling.replaceAll("v", "u").split(" "), letters));
}

/** Whether letters can be cut into beginnings of these syllables, none passed over. */
function spells(syllables, letters) {
  if (letters === "") return true;
  const [first, ...rest] = syllables;
  if (!first) return false;
  for (let taken = 1; taken <= Math.min(first.length, letters.length); taken += 1) {
    if (first[taken - 1] !== letters[taken - 1]) return false;
    if (spells(rest, letters.slice(taken))) return true;
  }
  return false;
}

// What an opened ballot says, line by line, for the person who marked it. Pure.

import { BLANK } from "../meeting/questions.js";
import { calledIn, matterOf } from "../kiosk/matter.js";

/**
 * @param {import("../meeting/frozen.js").Meeting} meeting
 * @param {string[]} items the paper's
 * @param {import("../meeting/marks.js").Marks} marks
 * @param {Map<string, object>} standings
 * @returns {{item: string, name: string, words: string[]}[]}
 */
export function readingOf(meeting, items, marks, standings) {
  return items.flatMap((item) => {
    const matter = matterOf(meeting, item, standings.get(item) ?? null);
    const said = matter.contest ? contestLines(matter, marks[item]) : [[null, [marks[item]], true]];
    return said.map(([name, words, plain]) => ({
      item,
      name: name ?? matter.title,
      words: plain ? words.map((one) => wordOf(matter.lines[0], one)) : words,
    }));
  });
}

function wordOf({ answers }, option) {
  return answers.find(([id]) => id === option)[1];
}

function contestLines(matter, mark) {
  if (matter.form === "choose") {
    const chosen = mark[""].filter((one) => one !== BLANK);
    return [[null, orNobody(matter, chosen.map((one) => nameIn(matter, one)))]];
  }
  if (matter.form === "roster") {
    return [[null, orNobody(matter, mark[""].map((one) => calledIn(matter.ask, `${one}`)))]];
  }
  const lines = matter.lines.map((line) =>
    [titleOf(matter, line), [wordOf(line, optionOf(mark, line.id))]]);
  const others = (mark.others ?? []).map((one) => calledIn(matter.others, `${one}`));
  return others.length ? [...lines, [`${matter.title} +`, others]] : lines;
}

function optionOf(mark, id) {
  if (mark.for === undefined) return mark[id];
  if (mark.for.includes(id)) return "agree";
  return mark.against.includes(id) ? "disagree" : "abstain";
}

function titleOf({ groups }, { title, group }) {
  return group ? `${groups.find(({ id }) => id === group).name} · ${title}` : title;
}

function nameIn({ names }, answer) {
  return names.find(({ id }) => id === answer).name;
}

function orNobody({ nobody }, names) {
  return names.length ? names : [nobody];
}

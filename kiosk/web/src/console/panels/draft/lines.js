// Lists that a secretary types or pastes: a line for each name, with what belongs to it.
//
// Cells stand between tabs, as a spreadsheet copies them, or else between commas, or else between
// blanks. A first line of headings and a first column of numbers are understood; what a line of the
// draft had beside these columns stays with its name.

const HEADINGS = {
  name: "姓名 名字 名称 人选 对象 测评对象 单位名称 name",
  key: "识别 区别 区分 同名区分 key",
  unit: "单位 单位职务 单位及职务 工作单位 现任单位 unit",
  spelling: "拼音 spelling",
  current: "现任 现任职务 职务 单位及现任职务 current post",
  note: "备注 说明 note",
  scale: "类别 票样 scale",
};
const HAN = "[\\u3400-\\u9fff\\u{20000}-\\u{2ffff}]";
const BETWEEN = new RegExp(`(?<=${HAN})[\\s\\u3000]+(?=${HAN})`, "gu");
/** A name of two characters written with a blank in the middle. */
const SPREAD = new RegExp(`^(${HAN})[ \\u3000]+(${HAN})(?=[ \\u3000]|$)`, "u");

/** Names that stand in an item: name, present post, note. */
export const NAMES = ["name", "current", "note"];
/** People and teams of a grid. */
export const SUBJECTS = ["name", "current", "scale"];
/** A roster: name, what tells him from another of his name, unit, spelling. */
export const ROSTER = ["name", "key", "unit", "spelling"];

/**
 * Read a list.
 * @param {string} text
 * @param {string[]} columns keys of a row in their order where there are no headings, `name` first
 * @param {object[]} before the rows as they stood: what else they hold is kept, by name
 * @returns {object[]} rows with the draft's keys; what is empty is left out
 */
export function readLines(text, columns, before = []) {
  let records = cellsOf(text);
  const headed = headingsOf(records[0] ?? [], columns);
  if (headed) records = records.slice(1);
  const numbered = records.length > 0 && records.every(([first]) => /^\d+[.、]?$/.test(first));
  if (numbered && !headed) records = records.map((cells) => cells.slice(1));
  const order = headed ?? columns;
  const rows = records.map((cells) => rowOf(cells, order)).filter((row) => row.name);
  return rows.map((row) => keeping(row, columns, before));
}

/**
 * Read a roster. A line of two cells says a unit; of somebody whose name is there twice, a key.
 */
export function readRoster(text, before = []) {
  const two = cellsOf(text).filter((cells) => cells.length === 2);
  const rows = readLines(text, ROSTER, before);
  if (headingsOf(cellsOf(text)[0] ?? [], ROSTER)) return rows;
  const said = new Set(two.map(([name, other]) => `${spaceless(name)}\n${other}`));
  const twice = twiceIn(rows);
  return rows.map((row) => {
    const { key, unit, ...rest } = row;
    const alone = key && unit === undefined && said.has(`${row.name}\n${key}`);
    return alone && !twice.has(row.name) ? { ...rest, unit: key } : row;
  });
}

/** Names that stand in a list more than once. */
export function twiceIn(rows) {
  const names = rows.map((one) => one.name);
  return new Set(names.filter((name, i) => names.indexOf(name) !== i));
}

/** Rows as `readLines` reads them again: tabs between the cells. */
export function writeLines(rows, columns) {
  const used = columns.filter((key) => rows.some((row) => row[key]));
  const last = Math.max(0, ...used.map((key) => columns.indexOf(key)));
  // A third cell, though empty, says that the second is what stands second.
  const cells = columns.slice(0, last === 1 ? Math.min(3, columns.length) : last + 1);
  return rows.map((row) => cells.map((key) => row[key] ?? "").join("\t")).join("\n");
}

/** Short words one under the other, or between 、, commas or semicolons. */
export function readWords(text) {
  return text.split(/[\n、,，;；]/).map(tidy).filter(Boolean);
}

function cellsOf(text) {
  const lines = text.split(/\r?\n/).filter((line) => tidy(line) !== "");
  const by = lines.some((line) => line.includes("\t")) ? /\t/
    : lines.some((line) => /[,，]/.test(line)) ? /[,，]/
    : null;
  return lines.map((line) => (by ? line.split(by).map(tidy) : blanked(line)));
}

/** Cells between blanks; a name of two characters may have one of its own. */
function blanked(line) {
  return tidy(line).replace(SPREAD, "$1$2").split(/[\s\u3000]+/);
}

function headingsOf(cells, columns) {
  const known = new Map(
    columns.flatMap((key) => HEADINGS[key].split(" ").map((word) => [word, key])),
  );
  const found = cells.map((cell) => known.get(cell.replace(/[(（].*$|\s/g, "").toLowerCase()));
  return found.includes("name") ? found : null;
}

/** One row; what goes beyond the columns belongs to the last of them. */
function rowOf(cells, order) {
  const row = {};
  cells.forEach((cell, i) => {
    const key = i < order.length ? order[i] : null;
    if (key && cell) row[key] = key === "name" ? spaceless(cell) : cell;
  });
  return row;
}

function keeping(row, columns, before) {
  const old = before.find((one) => one.name === row.name && (one.key ?? "") === (row.key ?? ""));
  const more = Object.entries(old ?? {}).filter(([key]) => !columns.includes(key));
  return { ...row, ...Object.fromEntries(more) };
}

function spaceless(name) {
  return name.replace(BETWEEN, "");
}

function tidy(text) {
  return text.normalize("NFC").replace(/\p{Cf}/gu, "").replace(/\u3000/g, " ").trim();
}

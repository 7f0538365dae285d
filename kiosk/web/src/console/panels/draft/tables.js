// The roll and the candidates, pasted from a spreadsheet: previewed, faults by row, then taken.

import { post } from "../../../common/api.js";
import { h, show } from "../../../common/dom.js";
import { lang, say } from "../../../common/words.js";
import { card, field, keyed, note, picker } from "../../parts.js";
import { faultWords } from "./faults.js";
import { SINGLE, formOf, ruleOf } from "./model.js";

const COLUMNS = {
  roll: ["name", "key", "class", "post", "series"],
  items: ["id", "candidate", "current", "proposed", "removed", "rule"],
};
const NAME = { roll: "name", items: "candidate" };

/** The tab *roll*. */
export function roll(work) {
  const now = work.draft.tables.roll ?? [];
  return [
    pasting(work, "roll"),
    card(
      say("desk.paste.roll.now", { number: now.length }),
      now.length > 0 ? drawRows(work, "roll", now, []) : h("p", {}, say("desk.paste.none")),
    ),
  ];
}

/** The card into which a table is pasted, and from which it is taken in: `roll` or `items`. */
export function pasting(work, kind) {
  const area = h("textarea", { rows: "7", spellcheck: "false", autocomplete: "off" });
  const file = picker(say("desk.paste.file"), null, ".csv,.txt,.tsv,text/plain,text/csv");
  const rule = h(
    "select",
    {},
    work.draft.book.rules
      .filter((one) => SINGLE.includes(one.kind))
      .map((one) => h("option", { value: one.id }, one.title[lang()])),
  );
  rule.value = usual(work) ?? "standing-committee";
  const preview = h("div", { "aria-live": "polite" });
  file.input.addEventListener("change", async () => {
    const [chosen] = file.input.files;
    if (chosen) area.value = decode(new Uint8Array(await chosen.arrayBuffer()));
  });
  const look = (event) =>
    work.ctx.run(event, async () => {
      if (area.value.trim() === "") return work.ctx.tell(say("desk.paste.empty"), "bad");
      const answer = await post("/api/draft/table", {
        kind,
        text: area.value,
        toml: work.draft.toml,
        rule: kind === "items" ? rule.value : null,
        gates: [],
      });
      show(preview, drawPreview(work, kind, answer, area.value));
      preview.scrollIntoView({ block: "nearest" });
    });
  return card(
    say(`desk.paste.${kind}`),
    h("p", {}, say(`desk.paste.${kind}.how`)),
    kind === "items" ? field(say("desk.paste.rule"), rule) : null,
    field(say("desk.paste.area"), area, say(`desk.paste.${kind}.columns`)),
    file.node,
    h("div.keys", {}, keyed(say("desk.paste.look"), look, { kind: "primary" })),
    preview,
  );
}

/** The rule of the first item of one mark, where there is one. */
function usual(work) {
  const { book, tables } = work.draft;
  return (tables.items ?? []).find((one) => formOf(ruleOf(book, one)) === "single")?.rule;
}

function drawPreview(work, kind, { toml, rows, faults, ignored }, area) {
  return [
    faults.length > 0
      ? note(
          "bad",
          h("p", {}, h("b", {}, say("desk.paste.faults", { number: faults.length }))),
          h(
            "ul",
            {},
            faults.map((one) =>
              h(
                "li",
                {},
                say("desk.paste.row", { row: one.row, column: one.column ?? "" }),
                faultWords(one),
              ),
            ),
          ),
        )
      : note("good", say("desk.paste.fine", { number: rows.length })),
    ignored?.length > 0 && note("wait", say("desk.paste.ignored", { columns: ignored })),
    drawRows(work, kind, rows, faults, area),
    h(
      "div.keys",
      {},
      keyed(
        say("desk.paste.take", { number: rows.length }),
        (e) => work.ctx.run(e, () => work.save(toml)),
        { kind: "primary.large" },
      ),
    ),
  ];
}

/** Rows are numbered as the lines of what was pasted; its headings are a line too. */
function drawRows(work, kind, rows, faults, pasted = null) {
  const bad = new Set(faults.map((one) => one.row));
  const lines =
    pasted === null
      ? rows.length
      : pasted.split(/\r?\n/).filter((line) => line.trim() !== "").length;
  const first = 1 + Math.max(0, lines - rows.length);
  const used = COLUMNS[kind].filter((one) => rows.some((row) => row[one]));
  return h(
    "div.scroll.preview",
    { tabindex: "0", role: "group", "aria-label": say("desk.paste.preview") },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th.number", { scope: "col" }, pasted === null ? "№" : say("desk.paste.line")),
          used.map((one) => h("th", { scope: "col" }, say(`desk.column.${one}`))),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row, index) =>
          h(
            bad.has(index + first) ? "tr.bad" : "tr",
            {},
            h("td.number", {}, index + first),
            used.map((one) => h(one === NAME[kind] ? "td.name" : "td", {}, shown(work, one, row[one]))),
          ),
        ),
      ),
    ),
  );
}

/** What a row of the draft asks beside one mark, in one line; nothing for the usual row. */
export function askedIn({ names, roster, subjects, aspects, seats = 1 }) {
  const listed = (rows) => rows.map((one) => one?.name ?? "");
  if (Array.isArray(subjects)) {
    const { length } = Array.isArray(aspects) ? aspects : [];
    return say("desk.draft.asked.grid", { names: listed(subjects), aspects: length });
  }
  if (Array.isArray(names)) return say("desk.draft.asked.names", { seats, names: listed(names) });
  return roster ? say("desk.draft.asked.roster", { roster, seats }) : "";
}

function shown({ draft: { book } }, column, value) {
  if (column === "class") return say(`desk.class.${value ?? "member"}`);
  if (value === undefined || value === null) return "";
  if (column === "rule") return ruleOf(book, { rule: value })?.title[lang()] ?? value;
  return String(value);
}

/** Spreadsheets here still save GB 18030; what is no UTF-8 is read as that. */
export function decode(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

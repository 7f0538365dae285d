// Rosters of people from whom names are chosen: pasted as a list, one line for each.

import { h, show } from "../../../common/dom.js";
import { say } from "../../../common/words.js";
import { card, field, keyed, note, picker } from "../../parts.js";
import { ROSTER, readRoster, twiceIn, writeLines } from "./lines.js";
import { freeId } from "./model.js";
import { decode } from "./tables.js";

/** How many lines of a roster stand below it, to be looked over. */
const SHOWN = 200;

/** The tab *rosters*. */
export function rosters(work, at) {
  const had = structuredClone(work.draft.tables.rosters ?? []);
  const items = work.draft.tables.items ?? [];
  return [
    card(say("desk.rosters.title"), h("p", {}, say("desk.rosters.how"))),
    had.map((one, index) => form(work, had, one, index, { items, open: at?.row === index + 1 })),
    form(work, had, { id: freeId("r", had), title: "", names: [] }, had.length, { items }),
  ];
}

function form(work, all, roster, index, { items, open = false }) {
  const fresh = index === all.length;
  const title = h("input", { value: roster.title ?? "", autocomplete: "off" });
  const area = h("textarea", {
    rows: "10",
    spellcheck: "false",
    autocomplete: "off",
    value: writeLines(roster.names ?? [], ROSTER),
  });
  const file = picker(say("desk.paste.file"), null, ".csv,.txt,.tsv,text/plain,text/csv");
  const read = h("div", { "aria-live": "polite" });
  const look = () => show(read, preview(readRoster(area.value, roster.names)));
  area.addEventListener("change", look);
  file.input.addEventListener("change", async () => {
    const [chosen] = file.input.files;
    if (!chosen) return;
    area.value = decode(new Uint8Array(await chosen.arrayBuffer()));
    look();
  });
  if (!fresh) look();
  const keep = (event) =>
    work.ctx.run(event, async () => {
      const names = readRoster(area.value, roster.names);
      if (names.length === 0) return work.ctx.tell(say("desk.rosters.empty"), "bad");
      all.splice(index, 1, { ...roster, title: title.value.trim(), names });
      await work.part("rosters", all);
    });
  const drop = (event) =>
    work.ctx.run(event, () => work.part("rosters", all.filter((_, i) => i !== index)));
  const users = items
    .map((item, i) => [item, i + 1])
    .filter(([item]) => item.roster === roster.id)
    .map(([, n]) => n);
  return h(
    "details.card.more",
    { open: open || (fresh && all.length === 0), "data-name": roster.id },
    h(
      "summary",
      {},
      h("b", {}, fresh ? say("desk.rosters.new") : roster.title || roster.id),
      !fresh && h("span.tag", {}, say("desk.rosters.people", { number: roster.names?.length ?? 0 })),
      !fresh &&
        h(
          users.length > 0 ? "span.tag.good" : "span.tag.wait",
          {},
          users.length > 0
            ? say("desk.rosters.used", { items: users })
            : say("desk.rosters.unused"),
        ),
    ),
    field(say("desk.rosters.name"), title, say("desk.rosters.name.hint")),
    field(say("desk.paste.area"), area, say("desk.rosters.columns")),
    file.node,
    read,
    h(
      "div.keys",
      {},
      keyed(say("desk.draft.save"), keep, { kind: "primary" }),
      !fresh && keyed(say("desk.rosters.remove"), drop, { kind: "quiet" }),
    ),
  );
}

/** The list as it was read, with whom nothing tells apart. */
function preview(rows) {
  if (rows.length === 0) return null;
  const twice = twiceIn(rows);
  const bare = [...new Set(rows.filter((one) => twice.has(one.name) && !one.key).map((one) => one.name))];
  const columns = ROSTER.filter((key) => rows.some((row) => row[key]));
  return [
    bare.length > 0
      ? note("bad", say("desk.rosters.twice", { names: bare }))
      : note("good", say("desk.rosters.read", { number: rows.length })),
    h(
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
            h("th.number", { scope: "col" }, "№"),
            columns.map((key) => h("th", { scope: "col" }, say(`desk.column.${key}`))),
          ),
        ),
        h(
          "tbody",
          {},
          rows.slice(0, SHOWN).map((row, index) =>
            h(
              bare.includes(row.name) && !row.key ? "tr.bad" : "tr",
              {},
              h("td.number", {}, index + 1),
              columns.map((key) => h(key === "name" ? "td.name" : "td", {}, row[key] ?? "")),
            )),
        ),
      ),
    ),
    rows.length > SHOWN && h("p.hint", {}, say("desk.rosters.more", { number: rows.length - SHOWN })),
  ];
}

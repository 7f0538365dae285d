// The items: candidates pasted from a spreadsheet, and a form for an item of any rule.

import { h, show } from "../../../common/dom.js";
import { lang, say } from "../../../common/words.js";
import { card, keyed } from "../../parts.js";
import { itemForm } from "./item_form.js";
import { freeId, ruleOf } from "./model.js";
import { askedIn, pasting } from "./tables.js";

/**
 * The tab *items*.
 * @param {object} work
 * @param {{row: number|null}|null} at a fault that is to be shown
 */
export function items(work, at) {
  const rows = structuredClone(work.draft.tables.items ?? []);
  const place = h("div");
  const open = (index) => {
    const fresh = { id: freeId("i", rows), rule: work.rule ?? rows.at(-1)?.rule };
    const form = itemForm(work, rows[index] ?? fresh, {
      keep: async (item) => {
        rows.splice(index, 1, item);
        work.rule = item.rule;
        await work.part("items", rows);
      },
      remove: rows[index] && (() => {
        rows.splice(index, 1);
        return work.part("items", rows);
      }),
      close: () => show(place),
    });
    show(place, form);
    place.scrollIntoView({ block: "start" });
    place.querySelector("select, input")?.focus();
  };
  if (at?.row && rows[at.row - 1]) requestAnimationFrame(() => open(at.row - 1));
  return [
    pasting(work, "items"),
    card(
      say("desk.paste.items.now", { number: rows.length }),
      rows.length > 0 ? list(work, rows, open) : h("p", {}, say("desk.paste.none")),
      h("p.hint", {}, say("desk.item.add.how")),
      h("div.keys", {}, keyed(say("desk.item.add"), () => open(rows.length))),
    ),
    place,
  ];
}

function list(work, rows, open) {
  const heads = ["desk.item.n", "desk.item.what", "desk.item.asks", "desk.column.rule"];
  return h(
    "div.scroll.preview",
    { tabindex: "0", role: "group", "aria-label": say("desk.draft.tab.items") },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h("tr", {}, heads.map((one) => h("th", { scope: "col" }, say(one))), h("td", {}, "")),
      ),
      h("tbody", {}, rows.map((row, index) => line(work, row, index, open))),
    ),
  );
}

function line(work, row, index, open) {
  const { candidate, current, proposed, removed, question } = row;
  const posts = [
    current,
    proposed && say("desk.item.to", { post: proposed }),
    removed && say("desk.item.from", { post: removed }),
  ].filter(Boolean);
  const asked = askedIn(row);
  return h(
    "tr",
    {},
    h("td.number", {}, index + 1),
    h("th", { scope: "row" }, candidate || (asked && proposed) || question || proposed || "—"),
    h("td", {}, asked || posts.join("，")),
    h("td", {}, ruleTitle(work.draft.book, row)),
    h(
      "td",
      {},
      keyed(say("desk.item.change"), () => open(index), { kind: "quiet", key: `item-${index}` }),
    ),
  );
}

/** What the rule of an item is called; its id when there is none of that name. */
export function ruleTitle(book, item) {
  return ruleOf(book, item)?.title[lang()] ?? item.rule ?? "";
}

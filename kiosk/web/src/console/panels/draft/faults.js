// The faults of a draft, each with its place; pressed, it leads to that place in the text.

import { h } from "../../../common/dom.js";
import { explain, has, say } from "../../../common/words.js";
import { note } from "../../parts.js";

/**
 * @param {{table: string, row: number|null, key: string, word: string, params: object}[]} faults
 * @param {(fault: object) => void} lead
 */
export function faultList(faults, lead) {
  return note(
    "bad",
    h("p", {}, h("b", {}, say("desk.draft.faults", { number: faults.length }))),
    h(
      "ul.faults",
      {},
      faults
        .slice(0, 12)
        .map((fault) =>
          h(
            "li",
            {},
            h(
              "button.quiet.fault",
              { type: "button", onclick: () => lead(fault) },
              faultPlace(fault),
            ),
            " ",
            faultWords(fault),
          ),
        ),
    ),
    faults.length > 12 && h("p", {}, say("desk.draft.more-faults", { number: faults.length - 12 })),
  );
}

/** Where a fault is, as the secretary would say it. */
export function faultPlace({ table, row, key, place }) {
  const name = has(`desk.draft.table.${table}`) ? say(`desk.draft.table.${table}`) : table || place;
  const field = fieldName(table, key);
  if (row === null || row === undefined) return field ? `${name} ${field}` : name;
  return say("desk.draft.place", { table: name, row, key: field });
}

/** A key of the draft as it is called over its field or its column. */
function fieldName(table, key) {
  if (!key) return "";
  const inner = /^(gates|names|subjects|aspects)(?:\[(\d+)\])?/.exec(key);
  if (inner) {
    const [, part, row] = inner;
    const name = say(part === "gates" ? "desk.draft.tab.gates" : `desk.item.${part}`);
    return row === undefined ? name : say("desk.draft.inner", { name, row });
  }
  if (table === "meeting" && has(`desk.draft.field.${key}`)) return say(`desk.draft.field.${key}`);
  return has(`desk.column.${key}`) ? say(`desk.column.${key}`) : key;
}

/** What a fault is, in one line. */
export function faultWords({ word, params }) {
  if (!word.startsWith("error.") && has(word)) return say(word, params);
  return explain({ code: word.replace(/^error\./, ""), params, family: "draft" });
}

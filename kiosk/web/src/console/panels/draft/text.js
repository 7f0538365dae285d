// The draft as TOML: the same text that `piaojue check` reads, with its faults led to.

import { h } from "../../../common/dom.js";
import { say } from "../../../common/words.js";
import { card, download, field, keyed } from "../../parts.js";

/**
 * The tab *text*.
 * @param {object} work
 * @param {{table: string, row: number|null}|null} at a fault to be shown
 */
export function text(work, at) {
  const area = h("textarea.toml", {
    rows: "24",
    spellcheck: "false",
    autocomplete: "off",
    wrap: "off",
    value: work.draft.toml,
  });
  if (at) requestAnimationFrame(() => lead(area, at));
  return card(
    null,
    field(say("desk.draft.toml"), area, say("desk.draft.toml.hint")),
    h(
      "div.keys",
      {},
      keyed(say("desk.draft.save"), (e) => work.ctx.run(e, () => work.save(area.value)), {
        kind: "primary",
      }),
      keyed(
        say("desk.draft.download"),
        () => download(new TextEncoder().encode(area.value), "meeting.toml", "application/toml"),
        { kind: "quiet" },
      ),
    ),
  );
}

/** Select the line where a table's row begins. */
function lead(area, { table, row, key }) {
  const lines = area.value.split("\n");
  let left = row ?? 1;
  let at = lines.findIndex((line) =>
    line.startsWith(`[[${table}]]`) || line.startsWith(`[${table}`) ? (left -= 1) === 0 : false,
  );
  if (at < 0) at = 0;
  const inside = lines.slice(at + 1).findIndex((line) => line.startsWith("["));
  const end = inside < 0 ? lines.length : at + 1 + inside;
  const own = lines.slice(at, end).findIndex((line) => key && line.startsWith(`${key} `));
  const line = own < 0 ? at : at + own;
  const start = lines.slice(0, line).join("\n").length + (line > 0 ? 1 : 0);
  area.focus();
  area.setSelectionRange(start, start + lines[line].length);
  area.scrollTop = Math.max(0, line - 5) * (area.scrollHeight / lines.length);
}

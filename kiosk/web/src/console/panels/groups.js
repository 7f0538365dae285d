// Groups whose people are counted and not named: how many are in the room now.

import { post } from "../../common/api.js";
import { h, show } from "../../common/dom.js";
import { say } from "../../common/words.js";
import { card, keyed, note } from "../parts.js";

/**
 * One line for each counted group; a number that is being typed is never overwritten.
 * @returns {{node: HTMLElement, update: (view: object) => void}}
 */
export function groups(ctx, rollOf) {
  const lines = h("ul.groups");
  const enters = () => ctx.view.me.role === "secretary";
  const about = h("div");
  const node = card(say("desk.groups"), about, lines);
  const rows = new Map();
  node.hidden = true;
  return {
    node,
    update(view) {
      const list = rollOf(view)?.groups ?? [];
      node.hidden = list.length === 0;
      if (about.childNodes.length === 0)
        show(about, note("", say(enters() ? "desk.groups.hint" : "desk.groups.secretary")));
      for (const one of list) {
        if (!rows.has(one.id)) {
          rows.set(one.id, groupRow(ctx, one, enters()));
          lines.append(rows.get(one.id).node);
        }
        rows.get(one.id).update(one);
      }
    },
  };
}

function groupRow(ctx, { id, title, series }, enters) {
  const input = h("input.count", {
    type: "number",
    min: "0",
    inputmode: "numeric",
    "aria-label": say("desk.groups.now-of", { title }),
  });
  const state = h("span.states");
  const enter = (event) =>
    ctx.run(event, async () => {
      const count = Number(input.value);
      if (input.value === "" || !Number.isInteger(count) || count < 0)
        return ctx.tell(say("desk.groups.number"), "bad");
      await post("/api/present", { group: id, series: null, count });
      ctx.tell(say("desk.groups.done", { title, count }), "good");
      input.value = "";
    });
  const key = keyed(say("desk.groups.enter"), enter, { kind: "primary" });
  return {
    node: h(
      "li",
      {},
      h(
        "span.name",
        {},
        h("b", {}, title),
        h("span.hint", {}, say("desk.groups.series", { series })),
      ),
      state,
      enters &&
        h("form", { onsubmit: (event) => (event.preventDefault(), key.click()) }, input, key),
    ),
    update({ count, present }) {
      const kind = present > 0 ? "good" : "wait";
      show(state, h(`span.tag.${kind}`, {}, say("desk.groups.state", { count, present })));
    },
  };
}

// The draft of the meeting, the day before: fields, pasted tables, and the same as TOML.
//
// The server keeps one text. A part that is saved goes into it at its place (comments elsewhere
// stay), is stored at once, whole or with faults, and read back; so no tab holds another truth.

import { get, post, put } from "../../common/api.js";
import { h, show } from "../../common/dom.js";
import { say } from "../../common/words.js";
import { showInvitations } from "../invitations.js";
import { note } from "../parts.js";
import { facts as factsTab } from "./draft/facts.js";
import { faultList } from "./draft/faults.js";
import { gates } from "./draft/gates.js";
import { items } from "./draft/items.js";
import { people } from "./draft/people.js";
import { rosters } from "./draft/rosters.js";
import { roll } from "./draft/tables.js";
import { text } from "./draft/text.js";

const TABS = {
  facts: factsTab,
  roll,
  items,
  rosters,
  gates,
  people,
  text,
};

const PLACES = {
  meeting: "facts",
  officers: "people",
  trustees: "people",
  series: "people",
  groups: "people",
  items: "items",
  rosters: "rosters",
};

/** Where a fault is mended: in the fields of its table, a line of a pasted roll in the text. */
function tabOf({ table, row, key }) {
  if (/^gates/.test(key ?? "")) return "gates";
  if (table in PLACES) return PLACES[table];
  return table in TABS && (row === null || row === undefined) ? table : "text";
}

/** The panel *draft*. */
export function draft(ctx) {
  const tabs = h("div.tabs", { role: "tablist", "aria-label": say("desk.draft.tabs") });
  const place = h("div.tab", { role: "tabpanel", id: "draft-tab" });
  const state = h("div");
  const node = h("div.panel", {}, state, tabs, place);
  let held = null;
  let chosen = "facts";
  let begun = false;

  const work = {
    ctx,
    get draft() {
      return held;
    },
    /** Put one table into the text, store it, read it back. */
    async part(table, value) {
      const { toml } = await post("/api/draft/part", { table, value, toml: held.toml });
      await work.save(toml);
    },
    async save(toml) {
      const { saved, invitations } = await put("/api/draft", { toml });
      try {
        held = await get("/api/draft");
        draw();
        ctx.tell(
          say(`desk.draft.saved.${saved}`, { number: held.faults.length }),
          saved === "whole" ? "good" : "wait",
        );
      } finally {
        await invite(Object.entries(invitations ?? {})); // the server tells them this once
      }
    },
    show(name, place) {
      chosen = name;
      draw(place);
    },
  };

  async function invite(codes) {
    if (codes.length === 0) return;
    await ctx.refresh(); // the officers of this draft, by name
    await showInvitations(codes.map(([account, code]) => ({ name: nameOf(account), code })));
  }

  function nameOf(account) {
    const [kind, id] = account.split(":");
    if (kind === "kiosk") return say("desk.kiosks.name", { number: id });
    if (kind === "trustee")
      return say("desk.ceremony.trustee", {
        index: id,
        name: held.tables?.trustees?.names?.[id - 1] ?? "",
      });
    const one = ctx.view.overview.officers.find((officer) => officer.id === id);
    return one ? say("desk.officer", { role: say(`role.${one.role}`), name: one.name }) : id;
  }

  function draw(at = null) {
    show(
      state,
      held.frozen && note("", say("desk.draft.frozen")),
      !held.frozen &&
        (held.toml.trim() === ""
          ? note("wait", say("desk.missing.draft"))
          : held.faults.length > 0
          ? faultList(held.faults, (fault) => work.show(tabOf(fault), fault))
          : note("good", say("desk.draft.whole"))),
    );
    show(
      tabs,
      Object.keys(TABS).map((name) =>
        h(
          "button.tab-key",
          {
            type: "button",
            role: "tab",
            "aria-selected": String(name === chosen),
            "aria-controls": "draft-tab",
            onclick: () => work.show(name),
          },
          say(`desk.draft.tab.${name}`),
        ),
      ),
    );
    const usable = held.tables !== null || chosen === "text";
    show(place, usable ? TABS[chosen](work, at) : note("bad", say("desk.draft.unreadable")));
    if (held.frozen)
      place
        .querySelectorAll("input, select, textarea, button")
        .forEach((one) => (one.disabled = true));
  }

  return {
    node,
    update(view) {
      if (begun) return;
      begun = true;
      if (view.me.role !== "secretary") return show(place, note("", say("desk.draft.secretary")));
      show(place, h("p", {}, say("desk.loading")));
      ctx.run(null, async () => {
        try {
          held = await get("/api/draft");
        } catch (error) {
          begun = false; // and asked for again
          throw error;
        }
        draw();
      });
    },
  };
}

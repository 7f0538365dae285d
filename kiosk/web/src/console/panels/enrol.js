// Who has enrolled: officers and trustees, and a new invitation for a device that was lost.

import { post } from "../../common/api.js";
import { h } from "../../common/dom.js";
import { say } from "../../common/words.js";
import { card, code, keyed, note, panel, region, roleName } from "../parts.js";
import { showInvitations } from "../invitations.js";

/** The panel *enrol*. */
export function enrol(ctx) {
  return panel(
    region(
      "div",
      (view) => view.me.key,
      (key) =>
        key &&
        note("", h("p", {}, say("desk.enrol.own"), " ", code(key)), say("desk.enrol.own.compare")),
    ),
    region(
      "div",
      (view) => [view.overview.officers, view.overview.stage],
      ([officers, stage], view) =>
        card(
          say("desk.enrol.officers"),
          table(
            stage,
            officers.map((one) => [
              roleName(one.role),
              one.name,
              one.pen ? say("desk.enrol.pen") : say("desk.enrol.key"),
              status(one),
              again(ctx, view, stage, `officer:${one.id}`, one),
            ]),
          ),
        ),
    ),
    region(
      "div",
      (view) => [view.overview.trustees, view.overview.stage],
      ([trustees, stage], view) =>
        card(
          say("desk.enrol.trustees"),
          table(
            stage,
            trustees.map((one) => [
              say("desk.enrol.trustee", { index: one.index }),
              one.name,
              say("desk.enrol.share"),
              status(one),
              again(ctx, view, stage, `trustee:${one.index}`, one),
            ]),
          ),
        ),
    ),
  );
}

/** After the freeze nobody is invited again, and that column is gone. */
function table(stage, all) {
  const names = ["role", "name", "signs", "state", "again"].slice(0, stage === "draft" ? 5 : 4);
  const heads = names.map((one) => say(`desk.enrol.column.${one}`));
  const rows = all.map((row) => row.slice(0, names.length));
  return h(
    "div.scroll",
    {},
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          heads.map((head) => h("th", { scope: "col" }, head)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            row.map((cell) => h("td", {}, cell)),
          ),
        ),
      ),
    ),
  );
}

function status(one) {
  if (one.enrolled) return h("span.tag.good", {}, say("desk.enrol.enrolled"));
  if (one.invited) return h("span.tag.wait", {}, say("desk.enrol.invited"));
  return one.pen
    ? h("span.tag", {}, say("desk.enrol.pen-none"))
    : h("span.tag.wait", {}, say("desk.enrol.none"));
}

function again(ctx, view, stage, account, one) {
  if (view.me.role !== "secretary" || stage !== "draft") return "";
  return keyed(
    say("desk.enrol.again"),
    (e) =>
      ctx.run(e, async () => {
        const agreed =
          !one.enrolled ||
          (await ctx.ask({
            title: say("desk.enrol.again.title", { name: one.name }),
            lines: [say("desk.enrol.again.ends"), say("desk.enrol.again.key")],
            label: say("desk.enrol.again"),
            danger: true,
          }));
        if (!agreed) return;
        const { code } = await post("/api/invitations", { account });
        await showInvitations([{ name: one.name, code }]);
      }),
    { key: account },
  );
}

// Officers and trustees chosen from the roll, the series of tickets, groups that are counted.

import { h, show } from "../../../common/dom.js";
import { say } from "../../../common/words.js";
import { card, field, keyed, note } from "../../parts.js";

const ROLES = ["chair", "secretary", "scrutineer", "teller", "recorder"];

/** The tab *people*. */
export function people(work) {
  const { tables } = work.draft;
  const labels = (tables.roll ?? []).map((one) => (one.key ? `${one.name}(${one.key})` : one.name));
  const names = h(
    "datalist",
    { id: "draft-names" },
    labels.map((value) => h("option", { value })),
  );
  return [names, officers(work), trustees(work), series(work), groups(work)];
}

function person(value = "") {
  return h("input", { list: "draft-names", value, autocomplete: "off" });
}

function officers(work) {
  const had = work.draft.tables.officers ?? [];
  return rowsCard(
    work,
    "officers",
    had.length > 0 ? had : ROLES.map((role) => ({ role, name: "" })),
    (one) => {
      const role = h(
        "select",
        {},
        ROLES.map((value) => h("option", { value }, say(`role.${value}`))),
      );
      role.value = one.role ?? "scrutineer";
      const name = person(one.name);
      const pen = h("input", { type: "checkbox", checked: one.pen === true });
      return {
        cells: [
          labelled("desk.people.role", role),
          labelled("desk.people.name", name),
          h("label.option", {}, pen, h("span", {}, say("desk.people.pen"))),
        ],
        value: () =>
          name.value.trim() && {
            ...(one.id && { id: one.id }),
            role: role.value,
            name: name.value.trim(),
            ...(pen.checked && { pen: true }),
          },
      };
    },
  );
}

function trustees(work) {
  const had = work.draft.tables.trustees ?? { threshold: 2, names: [] };
  const threshold = h("input.count", {
    type: "number",
    min: "2",
    value: String(had.threshold ?? 2),
  });
  const list = h("div.rows");
  const add = (value = "") =>
    list.append(h("div.row", {}, labelled("desk.people.name", person(value))));
  for (const name of had.names?.length ? had.names : ["", "", ""]) add(name);
  return card(
    say("desk.people.trustees"),
    note("", say("desk.people.trustees.how")),
    list,
    h(
      "div.keys",
      {},
      keyed(say("desk.people.more"), () => add(), { kind: "quiet" }),
    ),
    field(say("desk.people.threshold"), threshold, say("desk.people.threshold.hint")),
    h(
      "div.keys",
      {},
      keyed(
        say("desk.draft.save"),
        (e) =>
          work.ctx.run(e, () =>
            work.part("trustees", {
              threshold: Number(threshold.value),
              names: [...list.querySelectorAll("input")]
                .map((one) => one.value.trim())
                .filter(Boolean),
            }),
          ),
        { kind: "primary" },
      ),
    ),
  );
}

function series(work) {
  return rowsCard(work, "series", work.draft.tables.series ?? [], (one) => {
    const id = h("input", { value: one.id ?? "", autocomplete: "off" });
    const title = h("input", { value: one.title ?? "", autocomplete: "off" });
    const printed = h("input.count", {
      type: "number",
      min: "1",
      value: String(one.printed ?? ""),
    });
    return {
      cells: [
        labelled("desk.people.series.id", id),
        labelled("desk.people.series.title", title),
        labelled("desk.people.series.printed", printed),
      ],
      value: () =>
        id.value.trim() && {
          id: id.value.trim(),
          ...(title.value.trim() && { title: title.value.trim() }),
          printed: Number(printed.value),
        },
    };
  });
}

function groups(work) {
  return rowsCard(work, "groups", work.draft.tables.groups ?? [], (one) => {
    const inputs = Object.fromEntries(
      ["id", "title", "series"].map((name) => [
        name,
        h("input", { value: one[name] ?? "", autocomplete: "off" }),
      ]),
    );
    const count = h("input.count", { type: "number", min: "1", value: String(one.count ?? "") });
    const cls = h(
      "select",
      {},
      ["member", "alternate", "attendee"].map((value) =>
        h("option", { value }, say(`desk.class.${value}`)),
      ),
    );
    cls.value = one.class ?? "member";
    return {
      cells: [
        ...Object.entries(inputs).map(([name, input]) =>
          labelled(`desk.people.groups.${name}`, input),
        ),
        labelled("desk.people.groups.class", cls),
        labelled("desk.people.groups.count", count),
      ],
      value: () =>
        inputs.id.value.trim() && {
          id: inputs.id.value.trim(),
          title: inputs.title.value.trim(),
          class: cls.value,
          series: inputs.series.value.trim(),
          count: Number(count.value),
        },
    };
  });
}

/** A table of the draft as rows of fields, with a key for one more, saved as a whole. */
function rowsCard(work, table, had, make) {
  const rows = [];
  const list = h("div.rows");
  const add = (one = {}) => {
    const row = make(one);
    const line = h(
      "div.row.entry",
      {},
      row.cells,
      keyed(
        say("desk.people.remove"),
        () => {
          rows.splice(rows.indexOf(row), 1);
          line.remove();
        },
        { kind: "quiet" },
      ),
    );
    rows.push(row);
    list.append(line);
  };
  show(list);
  for (const one of had) add(one);
  return card(
    say(`desk.people.${table}`),
    note("", say(`desk.people.${table}.how`)),
    list,
    h(
      "div.keys",
      {},
      keyed(say("desk.people.more"), () => add(), { kind: "quiet" }),
      keyed(
        say("desk.draft.save"),
        (e) =>
          work.ctx.run(e, () => work.part(table, rows.map((row) => row.value()).filter(Boolean))),
        { kind: "primary" },
      ),
    ),
  );
}

function labelled(id, input) {
  return field(say(id), input);
}

// The form of one item, as its rule asks: a candidate or a motion, names for seats, or a grid.

import { h, show } from "../../../common/dom.js";
import { lang, say } from "../../../common/words.js";
import { card, field, keyed, note } from "../../parts.js";
import { NAMES, SUBJECTS, readLines, readWords, writeLines } from "./lines.js";
import { formOf, itemWith, ruleOf, writeInsOf } from "./model.js";

/** A list instead of a roster, in the choice of where names come from. */
const LIST = "";

/**
 * @param {object} work
 * @param {object} item as it stands in the draft, or a new one with its id
 * @param {{keep: (item: object) => Promise<void>, remove: Function|undefined, close: Function}} on
 */
export function itemForm(work, item, on) {
  const { book } = work.draft;
  const rule = select(
    [...book.rules]
      .sort((a, b) => Number(a.superseded) - Number(b.superseded))
      .map((one) => [one.id, one.title[lang()]]),
    item.rule ?? "standing-committee",
  );
  const place = h("div");
  let form;
  const draw = () => {
    const chosen = ruleOf(book, { rule: rule.value });
    form = FORMS[formOf(chosen)](work, form ? { ...item, ...form.value() } : item, chosen);
    show(place, form.node);
  };
  rule.addEventListener("change", draw);
  draw();
  const keep = (event) =>
    work.ctx.run(event, async () => {
      const chosen = ruleOf(book, { rule: rule.value });
      await on.keep(itemWith(item, chosen, { rule: rule.value, ...form.value() }));
    });
  return card(
    say("desk.item.form"),
    field(say("desk.paste.rule"), rule),
    place,
    h(
      "div.keys",
      {},
      keyed(say("desk.draft.save"), keep, { kind: "primary" }),
      keyed(say("desk.item.close"), on.close, { kind: "quiet" }),
      on.remove &&
        keyed(say("desk.item.remove"), (e) => work.ctx.run(e, on.remove), { kind: "quiet" }),
    ),
  );
}

const FORMS = { single, named, grid };

function single(_work, item) {
  const inputs = texts(item, ["candidate", "current", "proposed", "removed", "question"]);
  return {
    node: h(
      "div",
      {},
      h(
        "div.fields",
        {},
        ["candidate", "current", "proposed", "removed"].map((key) =>
          field(say(`desk.column.${key}`), inputs[key])),
      ),
      field(say("desk.item.question"), inputs.question, say("desk.item.question.hint")),
    ),
    value: () => valuesOf(inputs),
  };
}

/** Names for seats: a list, or for a recommendation a roster; in an election names from outside. */
function named(work, item, rule) {
  const { tables } = work.draft;
  const inputs = texts(item, ["proposed", "question"]);
  const seats = h("input.count", { type: "number", min: "1", value: String(item.seats ?? 1) });
  const names = area(writeLines(item.names ?? [], NAMES), "8");
  const election = rule.kind === "election";
  const write = election ? writeIns(tables, item, rule) : null;
  const rosters = rostersOf(tables);
  const from = rule.kind === "nomination"
    ? select([[LIST, say("desk.item.from-list")], ...rosters], item.roster ?? LIST)
    : null;
  const listed = field(say("desk.item.names"), names, say("desk.item.names.hint"));
  const outside = write && outsideRoster(rosters, item, write);
  const follow = () => (listed.hidden = from !== null && from.value !== LIST);
  from?.addEventListener("change", follow);
  follow();
  return {
    node: h(
      "div",
      {},
      h(
        "div.fields",
        {},
        field(say(election ? "desk.item.office" : "desk.item.post"), inputs.proposed),
        field(say("desk.item.seats"), seats, say(`desk.item.seats.${rule.kind}`)),
        from && field(say("desk.item.source"), from, say("desk.item.source.hint")),
        write && field(say("desk.item.write-in"), write),
        outside?.node,
      ),
      listed,
      field(say("desk.item.question"), inputs.question, say("desk.item.question.named")),
    ),
    value: () => ({
      ...valuesOf(inputs),
      seats: Math.max(1, Number(seats.value) || 1),
      names: listed.hidden ? [] : readLines(names.value, NAMES, item.names),
      roster: from?.value ?? outside?.value() ?? "",
      // What the rule allows is what holds without a word, so an item says it only where it said
      // something or says less.
      "write-in": write && (item["write-in"] || write.value !== write.options[write.length - 1].value)
        ? write.value
        : "",
    }),
  };
}

function writeIns(tables, item, rule) {
  const ways = writeInsOf(rule, tables.rules?.[rule.id]);
  const had = item["write-in"] || ways.at(-1);
  return select(ways.map((one) => [one, say(`desk.item.write-in.${one}`)]), had);
}

/** The roster that names from outside are taken from, while that is what is chosen. */
function outsideRoster(rosters, item, write) {
  const which = select(rosters, item.roster ?? rosters[0]?.[0] ?? "");
  const node = h(
    "div",
    {},
    rosters.length > 0
      ? field(say("desk.item.roster"), which)
      : note("wait", say("desk.item.roster.none")),
  );
  const follow = () => (node.hidden = write.value !== "roster");
  write.addEventListener("change", follow);
  follow();
  return { node, value: () => (node.hidden ? "" : which.value) };
}

/** People and teams by what they are judged on, each in one scale of the rule. */
function grid(_work, item, rule) {
  const inputs = texts(item, ["question"]);
  const { scales } = rule;
  const title = (id) => scales.find((one) => one.id === id)?.title[lang()] ?? id;
  const known = new Map(
    scales.flatMap(({ id, title: words }) => [id, ...Object.values(words)].map((one) => [one, id])),
  );
  const said = (item.subjects ?? []).map((one) => ({ ...one, scale: title(one.scale) }));
  const aspects = area((item.aspects ?? []).join("\n"), "6");
  const subjects = area(writeLines(said, SUBJECTS), "10");
  const names = scales.map((one) => one.title[lang()]);
  return {
    node: h(
      "div",
      {},
      field(say("desk.item.question"), inputs.question, say("desk.item.question.grid")),
      field(say("desk.item.subjects"), subjects, say("desk.item.subjects.hint", { scales: names })),
      field(say("desk.item.aspects"), aspects, say("desk.item.aspects.hint")),
    ),
    value: () => ({
      ...valuesOf(inputs),
      subjects: readLines(subjects.value, SUBJECTS, item.subjects).map(({ scale, ...one }) => ({
        ...one,
        scale: scale === undefined ? scales[0].id : known.get(scale) ?? scale,
      })),
      aspects: readWords(aspects.value),
    }),
  };
}

function rostersOf(tables) {
  return (tables.rosters ?? []).map((one) => [
    one.id ?? "",
    say("desk.roster.named", { title: one.title ?? one.id, number: (one.names ?? []).length }),
  ]);
}

function texts(item, keys) {
  return Object.fromEntries(
    keys.map((key) => [key, h("input", { value: item[key] ?? "", autocomplete: "off" })]),
  );
}

function valuesOf(inputs) {
  return Object.fromEntries(
    Object.entries(inputs).map(([key, input]) => [key, input.value.trim()]),
  );
}

function area(value, rows) {
  return h("textarea", { rows, spellcheck: "false", autocomplete: "off", value });
}

function select(options, value) {
  const node = h(
    "select",
    {},
    options.map(([id, title]) => h("option", { value: id }, title)),
  );
  node.value = value;
  if (node.selectedIndex < 0) {
    node.prepend(h("option", { value }, value)); // what the draft says, though nothing offers it
    node.value = value;
  }
  return node;
}

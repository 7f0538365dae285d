// Where a trustee enters the invitation and the passphrase. What is typed leaves the fields at
// once and is nowhere kept.

import { h } from "../common/dom.js";
import { explain, say } from "../common/words.js";

const LEAST = 8; // characters of a passphrase, as the key file demands

/**
 * The form of a first start.
 * @param {string[]} media where the key file will lie
 * @param {(invitation: string, passphrase: string) => Promise<void>} enrol
 * @param {((bytes: Uint8Array, account: string) => Promise<void>)|null} restore takes a saved copy
 *   in; null where the key file is read from its media
 */
export function enrolForm(media, enrol, restore) {
  const invitation = field("invitation", { autocomplete: "off", autocapitalize: "characters" });
  const first = field("passphrase", { type: "password", autocomplete: "new-password" });
  const second = field("again", { type: "password", autocomplete: "new-password" });
  const hint = h("p.hint", {}, say("keeper.enrol.media", { media }));
  const twice = h("div.pair", {}, first, second);
  const card = form("enrol", [invitation, twice, hint], async () => {
    const [code, one, two] = [invitation, first, second].map(valueOf);
    if (!code.trim()) return problem(invitation, say("keeper.enrol.no-invitation"));
    if ([...one].length < LEAST) {
      return problem(first, say("error.passphrase-too-short", { minimum: LEAST }));
    }
    if (one !== two) return problem(second, say("keeper.enrol.differ"));
    for (const each of [first, second]) empty(each);
    await enrol(code.trim(), one);
    return null;
  });
  if (restore) card.append(restoring(restore));
  return card;
}

/** For who comes with a saved copy, because the first laptop is lost. */
function restoring(restore) {
  const copy = field("copy", { type: "file" });
  const index = field("index", { type: "number", min: 1, max: 99, inputmode: "numeric" });
  const send = async () => {
    const file = copy.querySelector("input").files[0];
    const number = Number(valueOf(index));
    if (!file) return problem(copy, say("keeper.restore.no-file"));
    if (!(number >= 1)) return problem(index, say("keeper.restore.no-index"));
    await restore(new Uint8Array(await file.arrayBuffer()), `trustee:${number}`);
    return null;
  };
  return h(
    "details",
    {},
    h("summary", {}, say("keeper.restore.title")),
    h("p.hint", {}, say("keeper.restore.body")),
    fields("restore", [h("div.pair", {}, copy, index)], send),
  );
}

/**
 * The form of a later start.
 * @param {string[]} missing media that cannot be read now
 * @param {(passphrase: string) => Promise<void>} unlock
 */
export function unlockForm(missing, unlock) {
  const typed = field("passphrase", { type: "password", autocomplete: "current-password" });
  const note = missing.length
    ? h("p.note.wait", {}, say("keeper.unlock.missing", { missing }))
    : null;
  return form("unlock", [note, typed], async () => {
    const passphrase = valueOf(typed);
    if (!passphrase) return problem(typed, say("keeper.unlock.empty"));
    empty(typed);
    await unlock(passphrase);
    return null;
  });
}

function form(id, parts, send) {
  return h(
    "section.card.step",
    { "aria-labelledby": "step" },
    h("h2", { id: "step", tabindex: "-1" }, say(`keeper.${id}.title`)),
    h("p.lead", {}, say(`keeper.${id}.body`)),
    fields(id, parts, send),
  );
}

/** Fields, a place for what is wrong with them, and the key; `send` returns that, or null. */
function fields(id, parts, send) {
  const trouble = h("p.note.bad.trouble", { role: "alert", hidden: true });
  const key = h("button.primary.large", { type: "submit" }, say(`keeper.${id}.key`));
  const submit = async (event) => {
    event.preventDefault();
    trouble.hidden = true;
    key.disabled = true;
    let text;
    try {
      text = await send();
    } catch (error) {
      text = explain(error);
    }
    key.disabled = false;
    if (text) {
      trouble.textContent = text;
      trouble.hidden = false;
    }
  };
  const all = [parts, trouble, h("div.keys", {}, key)];
  return h("form", { onsubmit: submit, novalidate: true }, all);
}

function field(name, props) {
  return h(
    "div.field",
    {},
    h("label", { for: name }, say(`keeper.field.${name}`)),
    h("input", { id: name, name, spellcheck: "false", ...props }),
  );
}

function valueOf(one) {
  return one.querySelector("input").value;
}

function empty(one) {
  one.querySelector("input").value = "";
}

/** Put the cursor where the fault is, and say it. */
function problem(one, text) {
  one.querySelector("input").focus();
  return text;
}

// The kiosk page (docs/spec/kiosk-page.md): one tab, one voter at a time, nothing kept.

import { App } from "../kiosk/app.js";
import { noWayBack, onlyTab } from "../kiosk/guard.js";
import { waiting } from "../kiosk/session.js";
import { RefusedError } from "../errors.js";
import { get, patiently } from "../common/api.js";
import { loadWords } from "../common/words.js";

noWayBack();
await patiently(() => loadWords("zh"));
const only = await onlyTab();
const about = await patiently(() => get("/device/about"));
const account = only ? await accountHere() : null;
new App({ about, account: account?.account ?? null }).enter(first());

function first() {
  if (!only) return { screen: "stopped", reason: "second-tab" };
  if (account === null) return { screen: "enrol" };
  if (account.role !== "kiosk") return { screen: "stopped", reason: "not-a-kiosk" };
  return waiting();
}

/** Whose session this browser or device has; null where it has none yet. */
async function accountHere() {
  try {
    return await patiently(() => get("/api/account"));
  } catch (error) {
    if (error instanceof RefusedError) return null;
    throw error;
  }
}

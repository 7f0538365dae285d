// The console (会议控制台) of secretary, chair, scrutineers, tellers and recorder.

import { PiaojueError, RefusedError } from "../errors.js";
import { get, post } from "../common/api.js";
import { begin } from "../common/frame.js";
import { drawEntrance, drawFailure } from "../console/enter.js";
import { makeShell } from "../console/shell.js";
import { Store } from "../console/store.js";
import { signerFor } from "../common/signer.js";

let store = null;
let shell = null;
let signer = null; // holds the key while the page is open; a change of language does not close it

begin(draw);

/** Draw the page; one that cannot be drawn says why, and is never left as it was before. */
async function draw() {
  try {
    await drawn();
  } catch (error) {
    if (!(error instanceof PiaojueError)) console.error(error);
    drawFailure(error, draw);
  }
}

async function drawn() {
  store?.stop();
  store = null;
  const about = await get("/device/about");
  signer ??= signerFor(about);
  const state = await signer.state();
  const me = await account();
  if (me === null || !state.unlocked) {
    drawEntrance(signer, state, draw);
    return;
  }
  const chosen = shell?.chosen ?? null; // kept when only the language was changed
  shell = null;
  store = new Store(
    signer,
    { ...me, key: state.key_code },
    { changed: () => shell?.changed(), lost: draw },
  );
  shell = makeShell(
    store,
    async () => {
      await signer.lock();
      if (about.mode === "server") await post("/api/logout", {});
      shell = null;
      await draw();
    },
    chosen,
  );
  await store.start();
}

/** Whose session this is; null when there is none. */
async function account() {
  try {
    const me = await get("/api/account");
    return me.account.startsWith("officer:") ? me : null;
  } catch (error) {
    if (error instanceof RefusedError) return null;
    throw error;
  }
}

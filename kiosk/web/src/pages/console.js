// The console (会议控制台) of secretary, chair, scrutineers, tellers and recorder.

import { RefusedError } from "../errors.js";
import { get, post } from "../shared/api.js";
import { begin } from "../shared/frame.js";
import { drawEntrance } from "../console/enter.js";
import { makeShell } from "../console/shell.js";
import { deviceSigner } from "../console/signer_device.js";
import { Store } from "../console/store.js";

let store = null;

begin(draw);

async function draw() {
  store?.stop();
  store = null;
  const about = await get("/device/about");
  const signer = deviceSigner();
  const state = await signer.state();
  const me = await account();
  const ready = me !== null && (state.unlocked || !state.enrolled);
  if (!ready) {
    drawEntrance(signer, state, {
      server: about.mode === "server",
      account: me?.account ?? null,
      entered: draw,
    });
    return;
  }
  let shell = null;
  store = new Store(signer, me, { changed: () => shell?.changed(), lost: draw });
  shell = makeShell(store, async () => {
    await signer.lock();
    if (about.mode === "server") await post("/api/logout", {});
    await draw();
  });
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

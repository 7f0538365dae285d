// The observer's page: digests to compare, the ledger as this device has followed it, trackers
// after the seal, and the record once it may be had.
//
// It follows the ledger from its first line and checks the chain itself: a server that shows
// another past than before is found out here. It asks for nothing that moves with each cast.

import { drawing } from "../observer/view.js";
import { Follower } from "../observer/follower.js";
import { PiaojueError, UnavailableError } from "../errors.js";
import { getBytes, poll, sleep } from "../common/api.js";
import { begin } from "../common/frame.js";

const PAUSE = 4000; // milliseconds between two looks

const follower = new Follower((from) => getBytes(`/api/ledger?from=${from}`));
const view = drawing();

await begin(() => view.draw());
watch();

async function watch() {
  for (;;) {
    try {
      const [observed, hall] = [await poll("/api/observe"), await poll("/api/hall")];
      if (observed.meeting !== null) await follower.refresh();
      view.show({ observed, hall, ledger: follower.summary(), error: null });
    } catch (error) {
      if (!(error instanceof PiaojueError)) throw error;
      view.show({ error });
      if (!(error instanceof UnavailableError)) return; // a finding: keep it on the screen
    }
    await sleep(PAUSE);
  }
}

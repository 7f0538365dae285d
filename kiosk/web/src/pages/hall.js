// The hall screen (大屏): what everybody in the room may see, read from twenty metres away.
//
// It asks the server every two seconds and draws what it is told. Nothing on it moves with each
// cast: the server says 已收回 in steps while a round is open, and no count before its release.

import { draw } from "../hall/screen.js";
import { UnavailableError } from "../errors.js";
import { get, sleep } from "../shared/api.js";
import { begin } from "../shared/frame.js";

const PAUSE = 2000; // milliseconds between two looks

let last = null;
let lost = false;

await begin(() => draw(last, { lost }));
addEventListener("resize", () => draw(last, { lost }));
document.fonts.addEventListener("loadingdone", () => draw(last, { lost }));
watch();

async function watch() {
  for (;;) {
    try {
      const now = await get("/api/hall");
      const changed = lost || JSON.stringify(now) !== JSON.stringify(last);
      lost = false;
      last = now;
      if (changed) draw(last, { lost });
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      if (!lost) draw(last, { lost: (lost = true) });
    }
    await sleep(PAUSE);
  }
}

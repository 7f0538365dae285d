// One trustee's device of the pages among others, driven line by line: each line of standard input
// is an object {step, …}, each line of standard output what came of it; the keys stay here.
//
//   {"step":"begin","keys":…,"box":{election, tally, checkpoint, …}}
//   {"step":"follow","given":{owner, body, line}}
//   {"step":"shuffle"|"agree"|"release","note":…,"shuffles":…}

import { createInterface } from "node:readline";

import { toBytes } from "../../kiosk/web/src/crypto/bytes.js";
import { randomBytes } from "../../kiosk/web/src/crypto/random.js";
import { parseCheckpoint } from "../../kiosk/web/src/protocol/checkpoint.js";
import { decodeElection } from "../../kiosk/web/src/protocol/election.js";
import { decodeTally } from "../../kiosk/web/src/protocol/tally.js";
import { decodeKeys, encodeKeys } from "../../kiosk/web/src/tally/memory.js";
import { checkShuffle, shuffleTally } from "../../kiosk/web/src/tally/mixer.js";
import { addShuffle, agreeToChain, follow, unmixed } from "../../kiosk/web/src/tally/mixing.js";
import { releaseFactors } from "../../kiosk/web/src/tally/release.js";

const rand = randomBytes;
const mix = {
  shuffle: async (raw, tally) => shuffleTally(raw, tally, { rand }),
  check: async (raw, tally, body) => checkShuffle(raw, tally, body, { rand }),
};
let [secrets, memory, box, mixed] = [];

const STEPS = {
  begin({ keys, box: { election, tally, checkpoint, ...rest } }) {
    [secrets, memory] = decodeKeys(toBytes(keys));
    const decoded = decodeElection(toBytes(election));
    const ciphertexts = decodeTally(toBytes(tally), decoded);
    box = { ...rest, election: decoded, ciphertexts, checkpoint: parseCheckpoint(checkpoint) };
    mixed = unmixed(box);
    return {};
  },
  async follow({ given: { owner, body, line } }) {
    mixed = await follow(memory, box, mixed, { owner, body: toBytes(body), line }, { mix, rand });
    return {};
  },
  async shuffle({ note }) {
    const [kept, made] = await addShuffle(memory, secrets, box, toBytes(note), mixed, { mix });
    restart(kept);
    return { owner: made.owner, body: new TextDecoder().decode(made.body), line: made.line };
  },
  agree() {
    const [kept, line] = agreeToChain(memory, secrets, box, mixed);
    restart(kept);
    return { line };
  },
  release({ note, shuffles }) {
    const options = { rand, mixed, shuffles: toBytes(shuffles) };
    const [kept, answer] = releaseFactors(memory, secrets, box, toBytes(note), options);
    restart(kept);
    return answer;
  },
};

/** As if the device had been switched off: what is stored is what there is. */
function restart(kept) {
  [secrets, memory] = decodeKeys(encodeKeys(secrets, kept));
}

for await (const line of createInterface({ input: process.stdin })) {
  const { step, ...given } = JSON.parse(line);
  console.log(JSON.stringify(await STEPS[step](given)));
}

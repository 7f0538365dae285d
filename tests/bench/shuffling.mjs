// node shuffling.mjs N: seconds to shuffle and prove N ciphertexts, and to verify, second of two runs.

import { Ciphertext } from "../../kiosk/web/src/crypto/elgamal.js";
import { ED25519 as GROUP } from "../../kiosk/web/src/crypto/group.js";
import { freshScalars } from "../../kiosk/web/src/crypto/hashing.js";
import { randomBytes } from "../../kiosk/web/src/crypto/random.js";
import * as shuffle from "../../kiosk/web/src/crypto/shuffle.js";

const size = Number(process.argv[2]);
const draw = freshScalars(randomBytes, GROUP);
const key = GROUP.multiplyGenerator(draw()).prepare();
const points = GROUP.normalized(
  Array.from({ length: 2 * size }, () => GROUP.multiplyGenerator(draw())));
const inputs = Array.from({ length: size }, (_, i) =>
  new Ciphertext(points[2 * i], points[2 * i + 1]));
let said = "";
for (let run = 0; run < 2; run++) {
  const began = performance.now();
  const order = shuffle.randomPermutation(size, randomBytes);
  const { outputs, secret } = shuffle.shuffle(GROUP, key, inputs, order, draw);
  const proof = shuffle.prove(GROUP, key, "phi", inputs, outputs, secret, draw);
  const made = performance.now();
  shuffle.verify(GROUP, key, "phi", inputs, outputs, proof, randomBytes);
  const seconds = [made - began, performance.now() - made].map((ms) => (ms / 1000).toFixed(1));
  said = seconds.join(" ");
}
console.log(said);

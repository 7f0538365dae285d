// node shuffling.mjs N: processor seconds to shuffle and prove N ciphertexts, and to verify that;
// of two runs the second.

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
const now = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
let said = "";
for (let run = 0; run < 2; run++) {
  const began = now();
  const order = shuffle.randomPermutation(size, randomBytes);
  const { outputs, secret } = shuffle.shuffle(GROUP, key, inputs, order, draw);
  const proof = shuffle.prove(GROUP, key, "phi", inputs, outputs, secret, draw);
  const made = now();
  shuffle.verify(GROUP, key, "phi", inputs, outputs, proof, randomBytes);
  said = [made - began, now() - made].map((seconds) => seconds.toFixed(1)).join(" ");
}
console.log(said);

import type { Challenge } from "./challenge.ts";
import { sha256 } from "./sha256.ts";

/** The number whose hash with the salt is the challenge; null if there is none up to `maxnumber`. */
export function solve({ challenge, salt, maxnumber = 1_000_000 }: Challenge): number | null {
  for (let number = 0; number <= maxnumber; number += 1) {
    if (sha256(salt + number) === challenge) return number;
  }
  return null;
}

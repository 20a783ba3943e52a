import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { payload } from "./challenge.ts";
import { sha256 } from "./sha256.ts";
import { solve } from "./work.ts";

test("the digest is the one that the standard gives, for every length around a block", () => {
  for (let length = 0; length <= 200; length += 1) {
    const words = "flood-0123456789".repeat(13).slice(0, length);
    assert.equal(sha256(words), createHash("sha256").update(words).digest("hex"));
  }
});

test("a challenge is solved and told as the server reads it", () => {
  const salt = "9f2c?expires=1764000000&";
  const challenge = createHash("sha256").update(`${salt}777`).digest("hex");
  const asked = { algorithm: "SHA-256", challenge, salt, maxnumber: 1000, signature: "s" };
  assert.equal(solve(asked), 777);
  assert.equal(solve({ ...asked, maxnumber: 700 }), null);
  assert.deepEqual(JSON.parse(atob(payload(asked, 777))), {
    algorithm: "SHA-256",
    challenge,
    number: 777,
    salt,
    signature: "s",
  });
});

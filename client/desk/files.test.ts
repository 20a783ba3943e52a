import assert from "node:assert/strict";
import { test } from "node:test";
import { fileTitle, readableSize } from "./files.ts";

test("a title from a file's name", () => {
  assert.equal(fileTitle("call_from-the_lower-town.mp3"), "Call from the lower town");
  assert.equal(fileTitle("Дзвінок.ogg"), "Дзвінок");
  assert.equal(fileTitle("no-ending"), "No ending");
});

test("sizes as people read them", () => {
  assert.equal(readableSize(0), "0 bytes");
  assert.equal(readableSize(1_400_000), "1.4 MB");
});

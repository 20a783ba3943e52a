import assert from "node:assert/strict";
import { test } from "node:test";
import { forget, gist, keep, keptIn, pause, type Kept, type Shelf } from "./outbox.ts";

const message = (key: string): Kept => ({
  key,
  url: "/corrections/suggest/",
  challenge: "/api/challenge/",
  fields: [
    ["story", "4"],
    ["suggestion", "  It was\n Tuesday. "],
  ],
});

function shelf(): Shelf & { values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (name) => values.get(name) ?? null,
    setItem: (name, value) => void values.set(name, value),
    removeItem: (name) => void values.delete(name),
  };
}

test("messages are kept in order, once each, and forgotten one by one", () => {
  const here = shelf();
  assert.ok(keep(here, message("a")));
  assert.ok(keep(here, message("b")));
  assert.ok(keep(here, message("a")));
  assert.deepEqual(
    keptIn(here).map(({ key }) => key),
    ["b", "a"],
  );
  forget(here, "b");
  forget(here, "a");
  assert.equal(here.values.size, 0);
});

test("a browser that keeps nothing, is full or holds rubbish loses nothing and breaks nothing", () => {
  assert.equal(keep(null, message("a")), false);
  assert.deepEqual(keptIn(null), []);
  const full = {
    ...shelf(),
    setItem: () => {
      throw new Error("full");
    },
  };
  assert.equal(keep(full, message("a")), false);
  for (const rubbish of ["{", "null", "4", '[null, 4, {"key": 1}]']) {
    const here = shelf();
    here.values.set("onrecord-outbox", rubbish);
    assert.deepEqual(keptIn(here), []);
    assert.ok(keep(here, message("a")));
  }
});

test("there is an end to what is kept", () => {
  const here = shelf();
  for (let number = 0; number < 20; number += 1) assert.ok(keep(here, message(String(number))));
  assert.equal(keep(here, message("one too many")), false);
  assert.equal(keptIn(here).length, 20);
});

test("a message is told by its words; tries come further apart", () => {
  assert.equal(gist(message("a")), "It was Tuesday.");
  assert.equal(gist({ ...message("a"), fields: [["text", "x".repeat(100)]] }, 10), "xxxxxxxxx…");
  assert.equal(pause(0), 5000);
  assert.ok(pause(1) > pause(0));
  assert.equal(pause(50), 300_000);
});

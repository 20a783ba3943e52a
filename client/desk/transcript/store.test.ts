import assert from "node:assert/strict";
import { test } from "node:test";
import type { Row } from "./model.ts";
import { Store } from "./store.ts";

const row = (id: string, start = 0, speaker = ""): Row => ({
  id,
  start,
  end: start + 10,
  speaker,
  sides: {},
});

function store(): { store: Store; told: string[]; clock: { now: number } } {
  const told: string[] = [];
  const clock = { now: 0 };
  const made = new Store(
    (ids, structural) => told.push(ids.join(" ") + (structural ? "!" : "")),
    () => clock.now,
  );
  made.load([row("a"), row("b", 10), row("c", 20)]);
  return { store: made, told, clock };
}

test("every change can be taken back, and again", () => {
  const { store: text, told } = store();
  text.change([row("n", 15)], { places: new Map([["n", "b"]]), gone: ["c"] });
  text.change([row("a", 0, "A woman")]);
  assert.deepEqual(text.order, ["a", "b", "n"]);
  assert.equal(text.undo(), "a");
  assert.equal(text.undo(), "c");
  assert.deepEqual(text.order, ["a", "b", "c"]);
  text.redo();
  text.redo();
  assert.equal(text.get("a")!.speaker, "A woman");
  assert.deepEqual(text.order, ["a", "b", "n"]);
  assert.equal(text.redo(), undefined);
  assert.deepEqual(told.slice(0, 2), ["n c!", "a"]);
});

test("what is typed in one breath is one step", () => {
  const { store: text, clock } = store();
  for (const [ms, speaker] of [
    [0, "x"],
    [500, "xy"],
    [1400, "xyz"],
    [9000, "later"],
  ] as const) {
    clock.now = ms;
    text.change([row("a", 0, speaker)], { key: "type a" });
  }
  text.undo();
  assert.equal(text.get("a")!.speaker, "xyz");
  text.undo();
  assert.equal(text.get("a")!.speaker, "");
});

test("what somebody else changed is not undone by us", () => {
  const { store: text } = store();
  text.change([row("a", 0, "mine")]);
  text.change([row("b", 10, "mine")]);
  text.receive(
    [
      { ...row("a", 0, "theirs"), place: null },
      { ...row("n", 30), place: "c" },
    ],
    ["c"],
  );
  assert.deepEqual(text.order, ["a", "b", "n"]);
  text.undo();
  assert.equal(text.undo(), undefined);
  assert.equal(text.get("a")!.speaker, "theirs");
});

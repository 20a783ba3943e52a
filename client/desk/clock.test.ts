import assert from "node:assert/strict";
import { test } from "node:test";
import { readTime, splitTime, writeTime } from "./clock.ts";
import { rowAt } from "./rows-at.ts";

test("times are written and read", () => {
  for (const [ms, text] of [
    [0, "0:00.000"],
    [62_345, "1:02.345"],
    [3_723_456, "1:02:03.456"],
  ] as const) {
    assert.equal(writeTime(ms), text);
    assert.equal(readTime(text), ms);
  }
  assert.equal(readTime("62"), 62_000);
  assert.equal(readTime("1:02.3"), 62_300);
  assert.ok(Number.isNaN(readTime("soon")));
});

test("a text splits in time by its characters", () => {
  assert.equal(splitTime(1000, 3000, "aaaa", "bbbb"), 2000);
  assert.equal(splitTime(1000, 3000, "", ""), 1000);
});

test("the row that is heard", () => {
  const spans = [
    { startMs: 0, endMs: 1000 },
    { startMs: 1000, endMs: 2000 },
  ];
  assert.equal(rowAt(spans, 999), 0);
  assert.equal(rowAt(spans, 1000), 1);
  assert.equal(rowAt(spans, 5000), -1);
});

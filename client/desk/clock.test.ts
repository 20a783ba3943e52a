import assert from "node:assert/strict";
import { test } from "node:test";
import { writeTime } from "./clock.ts";
import { rowAt } from "./rows-at.ts";

test("times are written", () => {
  for (const [ms, text] of [
    [0, "0:00.000"],
    [62_345, "1:02.345"],
    [3_723_456, "1:02:03.456"],
  ] as const) {
    assert.equal(writeTime(ms), text);
  }
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

import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, lastNotAfter, parseMoments, parsePlace, progress } from "./moments.ts";

test("moments are read, and what is none is left out", () => {
  assert.deepEqual(parseMoments("1200-3400 5600-7800"), [
    { startMs: 1200, endMs: 3400 },
    { startMs: 5600, endMs: 7800 },
  ]);
  assert.deepEqual(parseMoments("5-5 9-3 undefined-NaN"), []);
});

test("clock", () => {
  assert.equal(clock(62_900), "1:02");
  assert.equal(clock(3_723_000), "1:02:03");
  assert.equal(clock(-5), "0:00");
});

test("addresses", () => {
  assert.deepEqual(parsePlace("#quotation-3"), { kind: "quotation", number: "3", play: false });
  assert.deepEqual(parsePlace("#quotation-3", "?play"), { kind: "quotation", number: "3", play: true });
  assert.deepEqual(parsePlace("#q-5f0c1a2b3d-2"), { kind: "key", key: "5f0c1a2b3d-2" });
  assert.deepEqual(parsePlace("#t=12.3,15.6"), { kind: "time", startMs: 12_300, endMs: 15_600 });
  assert.deepEqual(parsePlace("#t=12"), { kind: "time", startMs: 12_000, endMs: null });
  assert.deepEqual(parsePlace("#t=,5"), { kind: "time", startMs: 0, endMs: 5000 });
  assert.deepEqual(parsePlace("#t=9,5"), { kind: "time", startMs: 9000, endMs: null });
  assert.deepEqual(parsePlace("#s-a1b2"), { kind: "segment", id: "a1b2" });
  for (const nothing of ["", "#", "#t=", "#t=x", "#quotation-", "#comments"])
    assert.equal(parsePlace(nothing), null);
});

test("the last start that is not after", () => {
  assert.equal(lastNotAfter([], 5), -1);
  assert.equal(lastNotAfter([10, 20, 30], 9), -1);
  assert.equal(lastNotAfter([10, 20, 30], 20), 1);
  assert.equal(lastNotAfter([10, 20, 30], 99), 2);
});

test("progress counts only what is played", () => {
  const moments = parseMoments("0-1000 5000-6000");
  assert.equal(progress(moments, 0, 500), 0.25);
  assert.equal(progress(moments, 1, 5500), 0.75);
  assert.equal(progress(moments, 1, 9000), 1);
  assert.equal(progress([], 0, 5), 0);
});

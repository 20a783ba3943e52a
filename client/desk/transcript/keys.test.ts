import assert from "node:assert/strict";
import { test } from "node:test";
import { findAll, replaced } from "./find.ts";
import { actOf, KEYS } from "./keys.ts";
import type { Row } from "./model.ts";

const none = { key: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

test("keys are known by their place, so that they work in every layout", () => {
  const cyrillic = { ...none, code: "KeyM", key: "ь", altKey: true };
  assert.equal(actOf(cyrillic), "mask");
  assert.equal(actOf({ ...none, code: "KeyM" }), undefined);
  assert.equal(actOf({ ...none, code: "KeyS", metaKey: true }), "publish");
  assert.equal(actOf({ ...none, code: "Period", altKey: true, shiftKey: true }), "later");
  assert.equal(actOf({ ...none, code: "Enter", shiftKey: true }), undefined);
  assert.equal(actOf({ ...none, code: "F3", shiftKey: true }), "findNext");
});

test("no key does two things", () => {
  assert.equal(new Set(KEYS.map(({ keys }) => keys)).size, KEYS.length);
});

test("words are found by case and whole, in both languages, and replaced in place", () => {
  const side = (text: string) => ({
    words: text.split(" ").map((word) => ({ text: word })),
  });
  const rows = [
    { id: "s1", sides: { uk: side("Міст і мости"), en: side("The bridge, bridges (a.b)") } },
  ] as unknown as Row[];
  const count = (text: string, matchCase = false, wholeWord = false) =>
    findAll(rows, ["uk", "en"], { text, matchCase, wholeWord }).length;
  assert.equal(count("міст"), 1);
  assert.equal(count("міст", true), 0);
  assert.equal(count("bridge"), 2);
  assert.equal(count("bridge", false, true), 1);
  assert.equal(count("a.b"), 1);
  assert.equal(count("bridge,  bridges"), 1);
  assert.equal(count(" "), 0);
  const places = findAll(rows, ["en"], { text: "bridge", matchCase: false, wholeWord: false });
  assert.equal(replaced("The bridge, bridges (a.b)", places, "ford"), "The ford, fords (a.b)");
});

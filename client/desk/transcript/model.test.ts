import assert from "node:assert/strict";
import { test } from "node:test";
import {
  joinRows,
  retype,
  type Row,
  splitRow,
  textOf,
  timed,
  withMask,
  withTimes,
  type Word,
} from "./model.ts";

function words(text: string, start = 0, step = 100): Word[] {
  return text.split(" ").map((word, index) => ({
    id: `w${index}`,
    text: word,
    start: start + index * step,
    end: start + (index + 1) * step,
    exact: true,
    mask: null,
    kind: null,
    reads: "",
  }));
}

function row(text: string, translation = ""): Row {
  const side = (given: Word[]) => ({ words: given, state: "reviewed" as const, by: "Irena", at: "" });
  const estimated = translation ? words(translation).map((word) => ({ ...word, exact: false })) : [];
  return {
    id: "s1",
    start: 0,
    end: 1000,
    speaker: "A woman",
    sides: { uk: side(words(text)), en: side(estimated) },
  };
}

let number = 0;
const makeId = () => `n${(number += 1)}`;

test("what was not touched keeps its id and time, whatever is typed around it", () => {
  const before = words("the water came over the bridge");
  for (const [typed, kept] of [
    ["the cold water came over the bridge", "w0 w1 w2 w3 w4 w5"],
    ["The water, came over the bridge.", "w0 w1 w2 w3 w4 w5"],
    ["water came the bridge", "w1 w2 w4 w5"],
    ["over  the\nbridge", "w3 w4 w5"],
    ["", ""],
    ["nothing of it", ""],
  ] as const) {
    const after = retype(before, typed, makeId);
    assert.equal(textOf(after), typed.split(/\s+/).filter(Boolean).join(" "));
    const old = after.filter(({ id }) => id.startsWith("w"));
    assert.equal(old.map(({ id }) => id).join(" "), kept);
    for (const word of old) assert.equal(word.start, before.find(({ id }) => id === word.id)!.start);
  }
});

test("mending the spelling of a masked word does not uncover it", () => {
  const masked = withMask(row("you dam fool"), "uk", 1, 2, "profanity", "d***").sides.uk.words;
  const after = retype(masked, "you damn fool", makeId);
  assert.deepEqual([after[1].mask, after[1].reads], ["profanity", "d***"]);
  assert.equal(retype(masked, "you dam damned fool", makeId)[2].mask, null);
});

test("words without times share the room between their neighbours", () => {
  const some = words("a bb ccc d");
  some[1] = { ...some[1], start: null, end: null };
  some[2] = { ...some[2], start: null, end: null };
  assert.deepEqual(
    timed(some, 0, 1000).map(({ start, end }) => [start, end]),
    [
      [0, 100],
      [100, 185],
      [185, 300],
      [300, 400],
    ],
  );
});

test("a row splits where its word is said, its translation where the sentence ends; joined again it is as before", () => {
  const whole = row("one two three four five six", "Ein zwei. Drei vier fünf sechs");
  const [first, second] = splitRow(whole, "uk", 2, makeId)!;
  assert.deepEqual([first.end, second.start], [200, 200]);
  assert.equal(textOf(first.sides.en.words), "Ein zwei.");
  assert.equal(textOf(second.sides.uk.words), "three four five six");
  const again = joinRows(first, second);
  assert.deepEqual(again.sides.uk, whole.sides.uk);
  assert.equal(textOf(again.sides.en.words), textOf(whole.sides.en.words));
  assert.deepEqual([again.start, again.end], [0, 1000]);
});

test("measured times stay when borders move, estimated ones follow", () => {
  const moved = withTimes(row("one two", "ein zwei"), 50, 150);
  assert.deepEqual(moved.sides.uk.words[1].start, 100);
  assert.ok(moved.sides.en.words.every(({ start, end }) => start! >= 50 && end! <= 150));
});

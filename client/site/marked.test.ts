import assert from "node:assert/strict";
import { test } from "node:test";
import { partsBetween } from "./marked.ts";

const node = (nodeValue: string) => ({ nodeType: 3, nodeName: "#text", nodeValue, childNodes: [] });

test("characters are counted as the newsroom counts them, over several pieces", () => {
  const [first, second] = [node("A 😀 bus"), node(" left.")];
  const passage = {
    text: "A 😀 bus left.",
    pieces: [
      { node: first, start: 0, text: "A 😀 bus" },
      { node: second, start: 8, text: " left." },
    ],
  };
  assert.deepEqual(partsBetween(passage, 2, 3), [{ node: first, from: 2, to: 4 }]);
  assert.deepEqual(partsBetween(passage, 4, 12), [
    { node: first, from: 5, to: 8 },
    { node: second, from: 0, to: 5 },
  ]);
  assert.deepEqual(partsBetween(passage, 40, 50), []);
});

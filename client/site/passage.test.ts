import assert from "node:assert/strict";
import { test } from "node:test";
import { readPassage, selectorsOf, type NodeLike } from "./passage.ts";

const text = (value: string): NodeLike => ({
  nodeType: 3,
  nodeName: "#text",
  nodeValue: value,
  childNodes: [],
});
const element = (nodeName: string, children: NodeLike[], className = ""): NodeLike => ({
  nodeType: 1,
  nodeName,
  nodeValue: null,
  childNodes: children,
  classList: { contains: (name) => name === className },
});

test("paragraphs are parted by an empty line, <br> is a line break, play links do not count", () => {
  const root = element("DIV", [
    text("\n  "),
    element("P", [
      text("She said “"),
      element("SPAN", [text("no")]),
      text("”"),
      element("A", [text("▶")], "play"),
      text("."),
    ]),
    text("\n"),
    element("P", [text("One"), element("BR", []), text("two")]),
    element("UL", [element("LI", [text("a")]), element("LI", [text("b")])]),
  ]);
  const { text: read, pieces } = readPassage(root);
  assert.equal(read, "She said “no”.\n\nOne\ntwo\n\na\n\nb");
  for (const piece of pieces)
    assert.equal(read.slice(piece.start, piece.start + piece.text.length), piece.text);
});

test("a line break before a paragraph gives way to the empty line", () => {
  const root = element("DIV", [element("P", [text("a"), element("BR", [])]), element("P", [text("b")])]);
  assert.equal(readPassage(root).text, "a\n\nb");
});

test("selectors have 32 characters of context and no white space at the ends", () => {
  const long = "x".repeat(50);
  assert.deepEqual(selectorsOf(`${long} here ${long}`, 50, 56), {
    exact: "here",
    prefix: `${"x".repeat(31)} `,
    suffix: ` ${"x".repeat(31)}`,
    start: 51,
    end: 55,
  });
});

test("offsets count characters, not halves of them", () => {
  assert.deepEqual(selectorsOf("😀😀 річка", 5, 10), {
    exact: "річка",
    prefix: "😀😀 ",
    suffix: "",
    start: 3,
    end: 8,
  });
});

test("nothing selected", () => {
  assert.equal(selectorsOf("a   b", 1, 4), null);
  assert.equal(selectorsOf("", 0, 9), null);
  assert.equal(selectorsOf("abc", 2, 2), null);
});

test("a selection made backwards, or past the end", () => {
  assert.equal(selectorsOf("one two", 7, 4)?.exact, "two");
  assert.equal(selectorsOf("one two", 4, 99)?.exact, "two");
});

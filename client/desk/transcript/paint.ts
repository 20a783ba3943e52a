// Marks in the words without touching them: what is heard, masked, in brackets, found. The fields stay plain text, so
// that typing, selecting and spell checking are the browser's own (CSS Custom Highlight API).
import type { Word } from "./model";

export type Mark = "heard" | "mask" | "unclear" | "sound" | "clarification" | "term" | "found" | "found-now";
const ORDER: readonly Mark[] = [
  "sound",
  "clarification",
  "unclear",
  "mask",
  "term",
  "found",
  "found-now",
  "heard",
];

/** The marks of all fields in the page. */
export class Painter {
  private readonly highlights = new Map<Mark, Highlight>();
  private readonly ranges = new Map<HTMLElement, Map<Mark, Range[]>>();

  constructor() {
    if (typeof Highlight === "undefined") return; // an older browser shows the words alone
    ORDER.forEach((mark, priority) => {
      const highlight = new Highlight();
      highlight.priority = priority;
      this.highlights.set(mark, highlight);
      CSS.highlights.set(`or-${mark}`, highlight);
    });
  }

  /** Set one kind of mark on a field; spans are offsets in its text. */
  set(field: HTMLElement, mark: Mark, spans: readonly (readonly [number, number])[]): void {
    const highlight = this.highlights.get(mark);
    if (!highlight) return;
    const marks = this.ranges.get(field) ?? new Map<Mark, Range[]>();
    this.ranges.set(field, marks);
    for (const range of marks.get(mark) ?? []) highlight.delete(range);
    const node = field.firstChild;
    const made: Range[] = [];
    if (node instanceof Text) {
      for (const [start, end] of spans) {
        if (end > node.length) continue;
        const range = new Range();
        range.setStart(node, start);
        range.setEnd(node, end);
        highlight.add(range);
        made.push(range);
      }
    }
    marks.set(mark, made);
  }

  /** Mark masks and brackets of the words in a field. */
  words(field: HTMLElement, words: readonly Word[]): void {
    const spans = wordSpans(field.textContent ?? "");
    const pick = (test: (word: Word) => boolean) =>
      spans.length === words.length ? runs(words.map(test), spans) : [];
    this.set(
      field,
      "mask",
      pick(({ mask }) => mask !== null),
    );
    this.set(
      field,
      "unclear",
      pick(({ kind }) => kind === "unclear"),
    );
    this.set(
      field,
      "sound",
      pick(({ kind }) => kind === "sound"),
    );
    this.set(
      field,
      "clarification",
      pick(({ kind }) => kind === "clarification"),
    );
  }

  /** The field is gone. */
  forget(field: HTMLElement): void {
    for (const [mark, ranges] of this.ranges.get(field) ?? [])
      for (const range of ranges) this.highlights.get(mark)?.delete(range);
    this.ranges.delete(field);
  }
}

/** Where each word of a text stands. */
export function wordSpans(text: string): [number, number][] {
  return [...text.matchAll(/\S+/g)].map((match) => [match.index, match.index + match[0].length]);
}

/** Number of the word at an offset: the one it is in, or the next. */
export function wordAt(text: string, offset: number): number {
  const spans = wordSpans(text);
  const at = spans.findIndex(([, end]) => offset <= end);
  return at < 0 ? spans.length : at;
}

function runs(wanted: readonly boolean[], spans: readonly [number, number][]): [number, number][] {
  const result: [number, number][] = [];
  wanted.forEach((is, index) => {
    if (!is) return;
    if (index > 0 && wanted[index - 1]) result.at(-1)![1] = spans[index][1];
    else result.push([...spans[index]]);
  });
  return result;
}

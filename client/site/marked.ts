// Words that comments are about, marked in the story without touching its text.

import { readPassage, type NodeLike, type Passage } from "./passage.ts";

export interface Part<N extends NodeLike> {
  node: N;
  from: number;
  to: number;
}

/** The pieces of text nodes that hold characters `start` to `end` (counted in Unicode) of a passage. */
export function partsBetween<N extends NodeLike>(passage: Passage<N>, start: number, end: number): Part<N>[] {
  const characters = Array.from(passage.text);
  const first = characters.slice(0, start).join("").length;
  const last = characters.slice(0, end).join("").length;
  return passage.pieces
    .map(({ node, start: at, text }) => ({
      node,
      from: Math.max(first - at, 0),
      to: Math.min(last - at, text.length),
    }))
    .filter(({ from, to }) => from < to);
}

/** Mark the words of every link `[data-passage-mark]`; those of the link that is pointed at stand out. */
export function markPassages(links: Iterable<HTMLElement>): void {
  if (!("highlights" in CSS)) return;
  const all = new Highlight();
  for (const link of links) {
    const ranges = rangesOf(link);
    for (const range of ranges) all.add(range);
    const show = () => CSS.highlights.set("commented-now", new Highlight(...ranges));
    const hide = () => CSS.highlights.delete("commented-now");
    link.addEventListener("pointerenter", show);
    link.addEventListener("pointerleave", hide);
    link.addEventListener("focus", show);
    link.addEventListener("blur", hide);
  }
  CSS.highlights.set("commented", all);
}

function rangesOf(link: HTMLElement): Range[] {
  const { block = "", start, end } = link.dataset;
  const root = document.querySelector<HTMLElement>(`[data-block="${CSS.escape(block)}"]`);
  if (!root) return [];
  return partsBetween(readPassage<Node>(root), Number(start), Number(end)).map(({ node, from, to }) => {
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    return range;
  });
}

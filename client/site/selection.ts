// The reader's selection in a block of the story.

import { readPassage, selectorsOf, type Selectors } from "./passage.ts";

export interface Selected extends Selectors {
  blockId: string;
  range: Range;
}

/** What is selected inside `article`, cut to the first block that the selection touches; null if nothing is. */
export function selectedIn(article: Element): Selected | null {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(article)) return null;
  for (const block of article.querySelectorAll<HTMLElement>("[data-block]")) {
    if (!range.intersectsNode(block)) continue;
    const selectors = selectorsIn(block, range);
    if (selectors) return { ...selectors, blockId: block.dataset.block ?? "", range };
  }
  return null;
}

function selectorsIn(block: Node, range: Range): Selectors | null {
  const { text, pieces } = readPassage<Node>(block);
  let from = Infinity;
  let to = -1;
  for (const { node, start, text: piece } of pieces) {
    if (!range.intersectsNode(node)) continue;
    from = Math.min(from, start + (node === range.startContainer ? range.startOffset : 0));
    to = Math.max(to, start + (node === range.endContainer ? range.endOffset : piece.length));
  }
  return to > from ? selectorsOf(text, from, to) : null;
}

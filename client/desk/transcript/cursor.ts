// Where somebody types: the field, the row and side it belongs to, and what is selected in it.
import { wordAt } from "./paint";

export interface Cursor {
  readonly field: HTMLElement;
  readonly id: string;
  readonly language: string;
  readonly start: number;
  readonly end: number;
}

/** The field that has the focus, with the offsets selected in its text. */
export function cursorNow(): Cursor | undefined {
  const field = document.activeElement;
  if (!(field instanceof HTMLElement) || !field.classList.contains("or-field")) return undefined;
  const selection = getSelection();
  let [start, end] = [0, 0];
  if (selection?.rangeCount && field.contains(selection.anchorNode)) {
    const range = selection.getRangeAt(0);
    start = offsetOf(field, range.startContainer, range.startOffset);
    end = offsetOf(field, range.endContainer, range.endOffset);
  }
  const id = field.closest<HTMLElement>("[data-row]")!.dataset.row!;
  return {
    field,
    id,
    language: field.closest<HTMLElement>("[data-language]")!.dataset.language!,
    start,
    end,
  };
}

/** First and last word (exclusive) under the selection; the word at the cursor when nothing is selected. */
export function wordsSelected({ field, start, end }: Cursor): [number, number] {
  const text = field.textContent ?? "";
  const selected = text.slice(start, end);
  if (!selected.trim()) return [wordAt(text, start), wordAt(text, start) + 1];
  const from = start + selected.length - selected.trimStart().length;
  const to = end - (selected.length - selected.trimEnd().length);
  return [wordAt(text, from + 1), wordAt(text, to) + 1];
}

/** Put the cursor into a field. */
export function place(field: HTMLElement, start: number, end = start): void {
  field.focus({ preventScroll: true });
  const node = field.firstChild ?? field.appendChild(document.createTextNode(""));
  const length = node.textContent?.length ?? 0;
  getSelection()?.setBaseAndExtent(node, Math.min(start, length), node, Math.min(end, length));
}

function offsetOf(field: HTMLElement, node: Node, offset: number): number {
  const before = document.createRange();
  before.selectNodeContents(field);
  before.setEnd(node, offset);
  return before.toString().length;
}

// A passage's plain text as the newsroom counts it, and selections in it as W3C selectors. No DOM: nodes are anything
// with these few fields. The text is the one of onrecord.stories.passages.text_pieces: paragraphs parted by an empty
// line, <br> as a line break; play links are not part of it.

export interface NodeLike {
  nodeType: number;
  nodeName: string;
  nodeValue: string | null;
  childNodes: ArrayLike<NodeLike>;
  classList?: { contains(name: string): boolean };
}

export interface Piece<N extends NodeLike> {
  node: N;
  start: number;
  text: string;
}

export interface Passage<N extends NodeLike> {
  text: string;
  pieces: Piece<N>[];
}

/** TextQuoteSelector (exact, prefix, suffix) and TextPositionSelector (start, end, in Unicode characters). */
export interface Selectors {
  exact: string;
  prefix: string;
  suffix: string;
  start: number;
  end: number;
}

const ELEMENT = 1;
const TEXT = 3;
const CONTEXT = 32;
const PARAGRAPHS = new Set(["P", "LI", "H2", "H3", "H4", "BLOCKQUOTE", "UL", "OL"]);

/** The text of a block with the place of each of its text nodes. */
export function readPassage<N extends NodeLike>(root: N): Passage<N> {
  const pieces: Piece<N>[] = [];
  let text = "";
  let pending = "";
  const walk = (parent: N) => {
    for (const child of Array.from(parent.childNodes) as N[]) {
      if (child.nodeType === ELEMENT) {
        if (child.classList?.contains("play")) continue;
        const name = child.nodeName.toUpperCase();
        if (PARAGRAPHS.has(name) && pieces.length > 0) pending = "\n\n";
        else if (name === "BR") pending = pending || "\n";
        walk(child);
      } else if (child.nodeType === TEXT && child.nodeValue) {
        if (parent === root && !child.nodeValue.trim()) continue;
        text += pending;
        pending = "";
        pieces.push({ node: child, start: text.length, text: child.nodeValue });
        text += child.nodeValue;
      }
    }
  };
  walk(root);
  return { text, pieces };
}

/** Selectors for `from` to `to` (UTF-16 offsets) of a text, without white space at the ends; null if nothing is left. */
export function selectorsOf(text: string, from: number, to: number): Selectors | null {
  let start = Math.max(0, Math.min(from, to));
  let end = Math.min(text.length, Math.max(from, to));
  while (start < end && /\s/.test(text[start])) start += 1;
  while (end > start && /\s/.test(text[end - 1])) end -= 1;
  if (start >= end) return null;
  return {
    exact: text.slice(start, end),
    prefix: characters(text.slice(0, start)).slice(-CONTEXT).join(""),
    suffix: characters(text.slice(end)).slice(0, CONTEXT).join(""),
    start: characters(text.slice(0, start)).length,
    end: characters(text.slice(0, end)).length,
  };
}

function characters(text: string): string[] {
  return Array.from(text);
}

// Rows as they travel: see onrecord.transcripts.rows.
import { type Row, sameWords, type Side, type State, type Word } from "./model";

type SentWord = [string, string, string | null, string | null, string];
type StoredWord = [
  string,
  string,
  number | null,
  number | null,
  boolean,
  string | null,
  (string | null)?,
  string?,
];
interface StoredSide {
  words: StoredWord[];
  state: State;
  by: string;
  at: string;
}
export interface StoredRow {
  id: string;
  start: number;
  end: number;
  speaker: string;
  sides: Record<string, StoredSide>;
  after?: string | null;
  by?: string;
}

/** What is new about a row. */
export interface Change {
  id: string;
  after?: string | null;
  start?: number;
  end?: number;
  speaker?: string;
  sides?: Record<string, { words?: SentWord[]; state?: State }>;
}

/** A stored row for the screen. */
export function readRow(stored: StoredRow): Row {
  const sides: Record<string, Side> = {};
  for (const [language, side] of Object.entries(stored.sides))
    sides[language] = { words: side.words.map(readWord), state: side.state, by: side.by, at: side.at };
  return { id: stored.id, start: stored.start, end: stored.end, speaker: stored.speaker, sides };
}

function readWord([id, text, start, end, exact, mask, kind, reads]: StoredWord): Word {
  return { id, text, start, end, exact, mask, kind: kind ?? null, reads: reads ?? "" };
}

/** What to send for a row, given what the server has; null when that is the same. */
export function changeOf(row: Row, known: Row | undefined, after: string | null): Change | null {
  const change: Change = { id: row.id };
  if (!known) change.after = after;
  if (!known || row.start !== known.start) change.start = row.start;
  if (!known || row.end !== known.end) change.end = row.end;
  if (!known || row.speaker !== known.speaker) change.speaker = row.speaker;
  const sides: NonNullable<Change["sides"]> = {};
  for (const [language, side] of Object.entries(row.sides)) {
    const before = known?.sides[language];
    const words = !before || !sameWords(side.words, before.words);
    if (words) sides[language] = { words: side.words.map(sent), state: side.state };
    else if (side.state !== before.state) sides[language] = { state: side.state };
  }
  if (Object.keys(sides).length) change.sides = sides;
  return Object.keys(change).length > 1 ? change : null;
}

function sent({ id, text, mask, kind, reads }: Word): SentWord {
  return [id, text, mask, kind, reads];
}

/** The screen's row with the times, kinds and reviewers that the server gave, where it reads as it was sent. */
export function acknowledged(now: Row, stored: Row): Row {
  const sides: Record<string, Side> = {};
  for (const [language, side] of Object.entries(now.sides)) {
    const theirs = stored.sides[language];
    const known = new Map(theirs?.words.map((word) => [word.id, word]));
    const words = side.words.map((word) => {
      const match = known.get(word.id);
      if (!match || match.text !== word.text) return word;
      return { ...word, start: match.start, end: match.end, exact: match.exact, kind: match.kind };
    });
    const settled = theirs && theirs.state === side.state && sameWords(words, theirs.words);
    sides[language] = settled ? { ...side, words, by: theirs.by, at: theirs.at } : { ...side, words };
  }
  return { ...now, sides };
}

// Finding words, and putting others in their place.
import { type Row, textOf } from "./model";

export interface Query {
  readonly text: string;
  readonly matchCase: boolean;
  readonly wholeWord: boolean;
}

/** A place in one side of a row: offsets in its text. */
export interface Place {
  readonly id: string;
  readonly language: string;
  readonly start: number;
  readonly end: number;
}

/** The pattern of a query; undefined when nothing is asked for. */
export function pattern({ text, matchCase, wholeWord }: Query): RegExp | undefined {
  if (!text.trim()) return undefined;
  const escaped = text
    .trim()
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/\s+/g, "\\s+");
  const whole = wholeWord ? `(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])` : escaped;
  return new RegExp(whole, matchCase ? "gu" : "giu");
}

/** Every place, segment by segment, the sides in the order given. */
export function findAll(rows: readonly Row[], languages: readonly string[], query: Query): Place[] {
  const wanted = pattern(query);
  if (!wanted) return [];
  return rows.flatMap((row) =>
    languages.flatMap((language) =>
      [...textOf(row.sides[language]?.words ?? []).matchAll(wanted)].map((match) => ({
        id: row.id,
        language,
        start: match.index,
        end: match.index + match[0].length,
      })),
    ),
  );
}

/** A text with other words at some of its places, which are in order. */
export function replaced(text: string, places: readonly Place[], words: string): string {
  let result = "";
  let passed = 0;
  for (const { start, end } of places) {
    result += text.slice(passed, start) + words;
    passed = end;
  }
  return result + text.slice(passed);
}

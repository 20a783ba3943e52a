// What the keys do to the text: one step of the history each.
import type { Cursor } from "./cursor";
import {
  emptyRow,
  joinRows,
  retype,
  type Row,
  splitRow,
  type State,
  textOf,
  withState,
  withTimes,
  withWords,
} from "./model";
import { wordAt, wordSpans } from "./paint";
import type { Store } from "./store";

const NUDGE_MS = 50;
const SHORTEST_MS = 20;

/** Where the cursor belongs after an edit. */
export interface Landing {
  readonly id: string;
  readonly language: string;
  readonly offset: number;
}

/** Somebody typed. */
export function typed(store: Store, { id, language, field }: Cursor): void {
  const row = store.get(id);
  if (!row) return;
  const words = retype(row.sides[language].words, field.textContent ?? "");
  store.change([withWords(row, language, words)], { key: `type ${id} ${language}` });
}

export function split(store: Store, { id, language, field, start }: Cursor): Landing | undefined {
  const row = store.get(id);
  const text = field.textContent ?? "";
  const at = text.slice(0, start).trim() ? wordAt(text, start) + (insideOrAfter(text, start) ? 1 : 0) : 0;
  const halves = row && splitRow(row, language, Math.min(at, row.sides[language].words.length));
  if (!halves) return undefined;
  store.change(halves, { places: new Map([[halves[1].id, id]]) });
  return { id: halves[1].id, language, offset: 0 };
}

/** True if the offset is behind the first letter of the word it is at: that word stays with the first half. */
function insideOrAfter(text: string, offset: number): boolean {
  const span = wordSpans(text)[wordAt(text, offset)];
  return span !== undefined && offset > span[0];
}

/** Join a row with the one below. */
export function join(store: Store, id: string, language: string): Landing | undefined {
  const [row, next] = [store.get(id), store.neighbour(id, 1)];
  if (!row || !next) return undefined;
  const offset = textOf(row.sides[language].words).length;
  store.change([joinRows(row, next)], { gone: [next.id] });
  return { id, language, offset: offset ? offset + 1 : 0 };
}

/** A row below, in the pause before the next one, or over the last second of this one. */
export function insert(store: Store, id: string, language: string): Landing | undefined {
  const [row, next] = [store.get(id), store.neighbour(id, 1)];
  if (!row) return undefined;
  const end = next && next.start > row.end ? next.start : row.end + 1000;
  const added = emptyRow(
    Object.keys(row.sides),
    row.end,
    next ? Math.max(end, row.end + SHORTEST_MS) : end,
    "",
  );
  const inside =
    next && next.start <= row.end ? withTimes(added, Math.max(row.start, row.end - 1000), row.end) : added;
  store.change([inside], { places: new Map([[added.id, id]]) });
  return { id: added.id, language, offset: 0 };
}

export function remove(store: Store, id: string, language: string): Landing | undefined {
  const near = store.neighbour(id, 1) ?? store.neighbour(id, -1);
  if (!near) return undefined;
  store.change([], { gone: [id] });
  return { id: near.id, language, offset: 0 };
}

/** Move the borders of a row; a neighbour that touched it goes along. */
export function moveBorders(store: Store, id: string, start: number, end: number, durationMs: number): void {
  const row = store.get(id);
  if (!row) return;
  const [previous, next] = [store.neighbour(id, -1), store.neighbour(id, 1)];
  const low = Math.max(0, previous && previous.end === row.start ? previous.start + SHORTEST_MS : 0);
  const high = next && next.start === row.end ? next.end - SHORTEST_MS : Math.max(durationMs, row.end);
  const from = Math.round(Math.min(Math.max(start, low), high - SHORTEST_MS));
  const to = Math.round(Math.min(Math.max(end, from + SHORTEST_MS), high));
  if (from === row.start && to === row.end) return;
  const rows: Row[] = [withTimes(row, from, to)];
  if (previous && previous.end === row.start && from !== row.start)
    rows.push(withTimes(previous, previous.start, from));
  if (next && next.start === row.end && to !== row.end) rows.push(withTimes(next, to, next.end));
  store.change(rows, { key: rows.length === 1 ? `borders ${id}` : "" });
}

/** Move the start (or the end) of a row a little. */
export function nudge(store: Store, id: string, steps: number, isEnd: boolean, durationMs: number): void {
  const row = store.get(id);
  if (!row) return;
  const by = steps * NUDGE_MS;
  moveBorders(store, id, row.start + (isEnd ? 0 : by), row.end + (isEnd ? by : 0), durationMs);
}

/** Put the selected words into brackets of a kind; in a bracket, change its kind. */
export function bracket(store: Store, cursor: Cursor, kind: string): Landing | undefined {
  const row = store.get(cursor.id);
  if (!row) return undefined;
  const text = cursor.field.textContent ?? "";
  const open = text.lastIndexOf("[", Math.max(0, cursor.start - 1));
  const close = text.indexOf("]", open);
  const inside = open >= 0 && close >= cursor.start - 1;
  let [from, to, fresh] = [open, close + 1, text];
  if (!inside) {
    const selected = text.slice(cursor.start, cursor.end).trim();
    if (!selected && kind !== "unclear") return undefined;
    from = cursor.start + (selected ? text.slice(cursor.start, cursor.end).indexOf(selected) : 0);
    const made = `[${selected || kind}]`;
    const before = text.slice(0, from);
    const after = text.slice(from + selected.length);
    const gap = before && !/\s$/.test(before) ? " " : "";
    fresh = `${before}${gap}${made}${after && !/^[\s.,;:!?…]/.test(after) ? " " : ""}${after}`;
    from += gap.length;
    to = from + made.length;
  }
  const spans = wordSpans(fresh);
  const words = retype(row.sides[cursor.language].words, fresh).map((word, index) =>
    spans[index][0] < to && spans[index][1] > from ? { ...word, kind } : word,
  );
  store.change([withWords(row, cursor.language, words)]);
  return { id: cursor.id, language: cursor.language, offset: to };
}

/** Mark a side of rows as reviewed by somebody, or as drafts again. Sides without words stay as they are. */
export function review(
  store: Store,
  ids: readonly string[],
  language: string,
  state: State,
  by: string,
): void {
  const rows = ids.flatMap((id) => store.get(id) ?? []).filter((row) => row.sides[language].words.length);
  store.change(rows.map((row) => withState(row, language, state, state === "reviewed" ? by : "")));
}

/** Give speakers other labels everywhere; two that get the same label become one. */
export function renameSpeakers(store: Store, labels: ReadonlyMap<string, string>): void {
  const rows = store.all().filter(({ speaker }) => labels.has(speaker) && labels.get(speaker) !== speaker);
  store.change(rows.map((row) => ({ ...row, speaker: labels.get(row.speaker)! })));
}

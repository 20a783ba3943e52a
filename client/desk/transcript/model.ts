// The words as the screen holds them, and what editing makes of them. Nothing here knows of the page.

export type State = "machine" | "draft" | "reviewed";

/** One written word; times in ms, `exact` when they were measured. */
export interface Word {
  readonly id: string;
  readonly text: string;
  readonly start: number | null;
  readonly end: number | null;
  readonly exact: boolean;
  readonly mask: string | null;
  readonly kind: string | null;
  readonly reads: string;
}

/** A segment's words in one language, and who stands for them. */
export interface Side {
  readonly words: readonly Word[];
  readonly state: State;
  readonly by: string;
  readonly at: string;
}

/** A segment with a side for each language. Never changed: editing makes another one. */
export interface Row {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly speaker: string;
  readonly sides: Readonly<Record<string, Side>>;
}

const SHORTEST_MS = 20;
const MOST_COMPARED = 160_000;

/** An id for a new segment or word. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

/** The words as they stand in a field: joined by one space. */
export function textOf(words: readonly Word[]): string {
  return words.map((word) => word.text).join(" ");
}

/** A word without the punctuation at its ends and without case. */
export function bare(text: string): string {
  return text.replace(/^[^\p{L}\p{N}_]+|[^\p{L}\p{N}_]+$/gu, "").toLowerCase() || text;
}

/**
 * The words after somebody typed: those that read as before keep id, time and mask. What is typed in place of masked
 * words is masked as they were, so that mending a spelling uncovers nothing.
 */
export function retype(words: readonly Word[], text: string, makeId: () => string = newId): Word[] {
  const typed = text.split(/\s+/).filter(Boolean);
  let head = 0;
  while (head < words.length && head < typed.length && words[head].text === typed[head]) head += 1;
  let tail = 0;
  while (
    tail < words.length - head &&
    tail < typed.length - head &&
    words[words.length - 1 - tail].text === typed[typed.length - 1 - tail]
  )
    tail += 1;
  const old = words.slice(head, words.length - tail);
  const fresh = typed.slice(head, typed.length - tail);
  const origins = matched(
    old.map(({ text }) => bare(text)),
    fresh.map(bare),
  );
  const kept = new Set(origins);
  const lost = old.filter((_, index) => !kept.has(index));
  const veil = lost.length > 0 && lost.every(({ mask }) => mask) ? lost[0] : undefined;
  const middle = fresh.map((text, index): Word => {
    const origin = origins[index];
    if (origin !== undefined) return { ...old[origin], text };
    const { mask, reads } = veil ?? { mask: null, reads: "" };
    return { id: makeId(), text, start: null, end: null, exact: false, mask, kind: null, reads };
  });
  return [...words.slice(0, head), ...middle, ...words.slice(words.length - tail)];
}

/** For each of `b` the place of its counterpart in `a`: a longest common subsequence. */
function matched(a: readonly string[], b: readonly string[]): (number | undefined)[] {
  const found: (number | undefined)[] = b.map(() => undefined);
  if (!a.length || !b.length || a.length * b.length > MOST_COMPARED) return found;
  const width = b.length + 1;
  const best = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      best[i * width + j] =
        a[i] === b[j]
          ? best[(i + 1) * width + j + 1] + 1
          : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) found[j++] = i++;
    else if (best[(i + 1) * width + j] >= best[i * width + j + 1]) i += 1;
    else j += 1;
  }
  return found;
}

/** Words without times get a share of the room between their neighbours, by their length. */
export function timed(words: readonly Word[], start: number, end: number): Word[] {
  const result: Word[] = [];
  for (let first = 0; first < words.length;) {
    if (words[first].start !== null && words[first].end !== null) {
      result.push(words[first++]);
      continue;
    }
    let next = first;
    while (next < words.length && (words[next].start === null || words[next].end === null)) next += 1;
    const low = result.at(-1)?.end ?? start;
    const high = Math.max(low, words[next]?.start ?? end);
    const total = words.slice(first, next).reduce((sum, { text }) => sum + text.length + 1, 0);
    for (let passed = 0; first < next; first += 1) {
      const word = words[first];
      const from = low + Math.floor(((high - low) * passed) / total);
      passed += word.text.length + 1;
      result.push({ ...word, start: from, end: low + Math.floor(((high - low) * passed) / total) });
    }
  }
  return result;
}

/** The row with other words on a side; it is a draft from then on. */
export function withWords(row: Row, language: string, words: readonly Word[]): Row {
  const side = row.sides[language];
  const same = textOf(words) === textOf(side.words);
  const state = same ? side : { state: "draft" as const, by: "", at: "" };
  return {
    ...row,
    sides: { ...row.sides, [language]: { ...side, ...state, words: timed(words, row.start, row.end) } },
  };
}

/** The row with a side marked as reviewed, or as a draft again. */
export function withState(row: Row, language: string, state: State, by = "", at = ""): Row {
  return { ...row, sides: { ...row.sides, [language]: { ...row.sides[language], state, by, at } } };
}

/** The row with words `from` to `to` (exclusive) masked as `mask`, or clear when that is null. */
export function withMask(
  row: Row,
  language: string,
  from: number,
  to: number,
  mask: string | null,
  reads: string,
): Row {
  const words = row.sides[language].words.map((word, index) =>
    index >= from && index < to ? { ...word, mask, reads: mask ? reads : "" } : word,
  );
  return { ...row, sides: { ...row.sides, [language]: { ...row.sides[language], words } } };
}

/** The row within other borders: estimated times that lie outside are estimated again, measured ones stay. */
export function withTimes(row: Row, start: number, end: number): Row {
  const sides = Object.fromEntries(
    Object.entries(row.sides).map(([language, side]) => {
      const outside = side.words.some(
        (word) => !word.exact && ((word.start ?? start) < start || (word.end ?? end) > end),
      );
      const words = outside
        ? timed(
            side.words.map((word) => (word.exact ? word : { ...word, start: null, end: null })),
            start,
            end,
          )
        : side.words;
      return [language, { ...side, words }];
    }),
  );
  return { ...row, start, end, sides };
}

/** Both halves of a row that splits before a word of one side; the other sides split where their sentence does. */
export function splitRow(
  row: Row,
  language: string,
  at: number,
  makeId: () => string = newId,
): [Row, Row] | null {
  const words = row.sides[language].words;
  if (row.end - row.start < 2 * SHORTEST_MS) return null;
  const share = words.length ? textOf(words.slice(0, at)).length / (textOf(words).length || 1) : 1;
  const wished = words[at]?.start ?? row.start + (row.end - row.start) * share;
  const border = Math.round(Math.min(Math.max(wished, row.start + SHORTEST_MS), row.end - SHORTEST_MS));
  const halves: [Record<string, Side>, Record<string, Side>] = [{}, {}];
  for (const [name, side] of Object.entries(row.sides)) {
    const cut = name === language ? at : cutNear(side.words, share);
    halves[0][name] = { ...side, words: side.words.slice(0, cut) };
    halves[1][name] = { ...side, words: side.words.slice(cut) };
  }
  const first = withTimes({ ...row, sides: halves[0] }, row.start, border);
  const second = withTimes({ ...row, id: makeId(), sides: halves[1] }, border, row.end);
  return [first, second];
}

/** Where words part that have no caret: at the sentence or clause end nearest to the share, else at the share. */
function cutNear(words: readonly Word[], share: number): number {
  const whole = textOf(words).length || 1;
  let passed = 0;
  let best = 0;
  let nearest = Infinity;
  words.forEach((word, index) => {
    passed += word.text.length + 1;
    const ends = /[.?!…]["”»)\]]*$/.test(word.text) ? 0 : /[,;:—–]["”»)\]]*$/.test(word.text) ? 0.1 : 0.3;
    const far = Math.abs(passed / whole - share) + ends;
    if (far < nearest) [nearest, best] = [far, index + 1];
  });
  return share <= 0 ? 0 : best;
}

/** Two neighbours as one. */
export function joinRows(a: Row, b: Row): Row {
  const sides = Object.fromEntries(
    Object.entries(a.sides).map(([language, side]): [string, Side] => {
      const other = b.sides[language];
      const agreed = !other.words.length || (side.state === other.state && side.by === other.by);
      const of = !side.words.length ? other : agreed ? side : { state: "draft" as const, by: "", at: "" };
      return [language, { state: of.state, by: of.by, at: of.at, words: [...side.words, ...other.words] }];
    }),
  );
  const row = { ...a, speaker: a.speaker || b.speaker, sides };
  return withTimes(row, Math.min(a.start, b.start), Math.max(a.end, b.end));
}

/** A row without words. */
export function emptyRow(languages: readonly string[], start: number, end: number, speaker: string): Row {
  const side: Side = { words: [], state: "draft", by: "", at: "" };
  return {
    id: newId(),
    start,
    end,
    speaker,
    sides: Object.fromEntries(languages.map((name) => [name, side])),
  };
}

/** True if both read the same, side by side, with the same speaker, times, masks and states. */
export function sameRow(a: Row, b: Row): boolean {
  return (
    a.start === b.start &&
    a.end === b.end &&
    a.speaker === b.speaker &&
    Object.keys(a.sides).every((name) => sameSide(a.sides[name], b.sides[name]))
  );
}

/** True if both read the same, masks and kinds of brackets included. */
export function sameWords(a: readonly Word[], b: readonly Word[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      (word, index) =>
        word.text === b[index].text &&
        word.mask === b[index].mask &&
        word.reads === b[index].reads &&
        (word.kind ?? null) === (b[index].kind ?? null),
    )
  );
}

function sameSide(a: Side, b: Side): boolean {
  return a.state === b.state && sameWords(a.words, b.words);
}

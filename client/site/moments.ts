// Spans of time in a recording, and the addresses that name them. No DOM.

export interface Moment {
  startMs: number;
  endMs: number;
}

/** What the address of a page asks for. */
export type Place =
  | { kind: "quotation"; number: string; play: boolean }
  | { kind: "key"; key: string }
  | { kind: "time"; startMs: number; endMs: number | null }
  | { kind: "segment"; id: string };

/** `1200-3400 5600-7800` as moments; what is no span of time is left out. */
export function parseMoments(text: string): Moment[] {
  return [...text.matchAll(/(\d+)-(\d+)/g)]
    .map((match) => ({ startMs: Number(match[1]), endMs: Number(match[2]) }))
    .filter((moment) => moment.endMs > moment.startMs);
}

/** Milliseconds as 1:02 or 1:02:03. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** Reads `#q-KEY` (play it), `#quotation-3` (with `?play`: play it), `#t=12.3,15.6` and `#s-ID`. */
export function parsePlace(hash: string, search = ""): Place | null {
  const quotation = /^#quotation-(\d+)$/.exec(hash);
  if (quotation)
    return { kind: "quotation", number: quotation[1], play: new URLSearchParams(search).has("play") };
  const key = /^#q-([\w-]+)$/.exec(hash);
  if (key) return { kind: "key", key: key[1] };
  const time = /^#t=(?:npt:)?(\d+(?:\.\d+)?)?(?:,(\d+(?:\.\d+)?))?$/.exec(hash);
  if (time && (time[1] ?? time[2]) !== undefined) {
    const startMs = Math.round(Number(time[1] ?? 0) * 1000);
    const endMs = time[2] === undefined ? null : Math.round(Number(time[2]) * 1000);
    return { kind: "time", startMs, endMs: endMs !== null && endMs > startMs ? endMs : null };
  }
  const segment = /^#s-(.+)$/.exec(hash);
  return segment ? { kind: "segment", id: segment[1] } : null;
}

/** Index of the last start that is not after `ms`; -1 before the first. Starts are sorted. */
export function lastNotAfter(starts: readonly number[], ms: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** How far one is in several moments played one after the other, from 0 to 1. */
export function progress(moments: readonly Moment[], current: number, ms: number): number {
  const length = (moment: Moment) => moment.endMs - moment.startMs;
  const whole = moments.reduce((sum, moment) => sum + length(moment), 0);
  const before = moments.slice(0, current).reduce((sum, moment) => sum + length(moment), 0);
  const here = moments[current]
    ? Math.min(Math.max(ms - moments[current].startMs, 0), length(moments[current]))
    : 0;
  return whole > 0 ? (before + here) / whole : 0;
}

export interface TimeSpan {
  startMs: number;
  endMs: number;
}

/** Index of the last span that holds the time; -1 when none does. */
export function rowAt(spans: readonly TimeSpan[], ms: number): number {
  for (let index = spans.length - 1; index >= 0; index -= 1) {
    if (spans[index].startMs <= ms && ms < spans[index].endMs) return index;
  }
  return -1;
}

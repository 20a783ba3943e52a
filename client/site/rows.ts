import { lastNotAfter } from "./moments.ts";

/** Lines of a transcript on the page: the one that is heard is marked, and the word in it, as they are said. */
export class Rows {
  private readonly starts: number[];
  private now: HTMLElement | null = null;
  private words: HTMLElement[] = [];
  private wordStarts: number[] = [];
  private lit: HTMLElement | null = null;

  /** `scroller`: what scrolls the lines; null: the window. */
  constructor(
    private readonly rows: HTMLElement[],
    private readonly scroller: HTMLElement | null = null,
  ) {
    this.starts = rows.map((row) => Number(row.dataset.rowStart));
  }

  /** The line at a time, the first one before it. */
  at(ms: number): HTMLElement | null {
    return this.rows[Math.max(0, lastNotAfter(this.starts, ms))] ?? null;
  }

  get end(): number {
    return Math.max(0, ...this.rows.map((row) => Number(row.dataset.rowEnd)));
  }

  /** Mark what is said at this time; `follow`: keep it in view while the reader is watching. */
  show(ms: number, follow: boolean): void {
    const row = this.rows[lastNotAfter(this.starts, ms)] ?? null;
    if (row !== this.now) this.moveTo(row, follow);
    const word = this.words[lastNotAfter(this.wordStarts, ms)] ?? null;
    if (word === this.lit) return;
    this.lit?.classList.remove("is-said");
    word?.classList.add("is-said");
    this.lit = word;
  }

  /** Bring a line to the middle. */
  reveal(row: HTMLElement | null, smooth: boolean): void {
    const still = !smooth || matchMedia("(prefers-reduced-motion: reduce)").matches;
    row?.scrollIntoView({ block: "center", behavior: still ? "instant" : "smooth" });
  }

  /** The view moves along only while the reader is watching: the line before must be in it. */
  private moveTo(row: HTMLElement | null, follow: boolean): void {
    const view = this.scroller?.getBoundingClientRect() ?? { top: 0, bottom: innerHeight };
    const before = this.now?.getBoundingClientRect();
    const isWatched = !before || (before.bottom > view.top && before.top < view.bottom);
    this.now?.classList.remove("is-now");
    this.now?.removeAttribute("aria-current");
    row?.classList.add("is-now");
    row?.setAttribute("aria-current", "true");
    const isFirst = this.now === null;
    this.now = row;
    this.words = row ? [...row.querySelectorAll<HTMLElement>(".row-original [data-start-ms]")] : [];
    this.wordStarts = this.words.map((word) => Number(word.dataset.startMs));
    if (!row || !isWatched || !follow || (isFirst && !this.scroller)) return;
    const box = row.getBoundingClientRect();
    if (box.top < view.top + 60 || box.bottom > view.bottom - 80) this.reveal(row, true);
  }
}

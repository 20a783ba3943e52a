import { lastNotAfter } from "./moments.ts";
import { transcriptOf } from "./transcript.ts";

interface Row {
  start: number;
  words: Element;
}

/** The words as they are said, taken from the recording's page; without an answer nothing is shown. */
export class Said {
  private rows: Row[] = [];
  private shown = -1;
  private starts: number[] = [];
  private lit: HTMLElement | null = null;
  private words: HTMLElement[] = [];

  constructor(
    private readonly place: HTMLElement,
    transcript: string,
  ) {
    transcriptOf(transcript).then(
      (page) => (this.rows = rowsOf(page)),
      () => undefined,
    );
  }

  show(ms: number): void {
    if (!this.rows.length) return;
    const index = lastNotAfter(
      this.rows.map((row) => row.start),
      ms,
    );
    if (index < 0) return;
    if (index !== this.shown) this.fill(index);
    const word = this.words[lastNotAfter(this.starts, ms)] ?? null;
    if (word === this.lit) return;
    this.lit?.classList.remove("is-said");
    word?.classList.add("is-said");
    this.lit = word;
  }

  private fill(index: number): void {
    this.shown = index;
    const { words } = this.rows[index];
    this.place.lang = words.getAttribute("lang") ?? "";
    this.place.replaceChildren(...Array.from(words.cloneNode(true).childNodes));
    this.words = [...this.place.querySelectorAll<HTMLElement>("[data-start-ms]")];
    this.starts = this.words.map((word) => Number(word.dataset.startMs));
    this.place.hidden = false;
  }
}

function rowsOf(page: Element): Row[] {
  return [...page.querySelectorAll<HTMLElement>("[data-row-start]")].flatMap((row) => {
    const words = row.querySelector(".row-original");
    return words ? [{ start: Number(row.dataset.rowStart), words }] : [];
  });
}

// The newsroom's glossary on the screen: other ways to write a term are underlined, and the preferred one is offered.
import { type Cursor, cursorNow, place } from "./cursor";
import type { Desk } from "./desk";
import { retype, type Row, textOf, withWords } from "./model";
import { post } from "./post";
import { make } from "./row-view";
import { say } from "./texts";

/** Start, end, what it should read, a note for colleagues, and whether nobody listed it. */
export type Variant = readonly [number, number, string, string, boolean];
interface Looked {
  readonly variants: readonly Variant[];
  readonly missing: readonly (readonly [string, string])[];
}
interface Known {
  readonly signature: string;
  readonly sides: Readonly<Record<string, Looked | undefined>>;
}
interface Answer {
  rows: Record<string, Record<string, Looked>>;
  terms: number;
}

const SETTLE_MS = 250;
const MOST_ROWS = 100;
const AGAIN_MS = 10_000;

/** Asks what the glossary says on the rows that can be seen, and shows it. */
export class Glossary {
  private readonly known = new Map<string, Known>();
  private readonly waiting = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private empty = false;

  constructor(
    private readonly desk: Desk,
    private readonly token: string,
  ) {
    desk.filled((element, row) => this.fill(element, row));
  }

  /** Put the preferred form in the place of the variant at the cursor, or of the first in the field. */
  replace = ({ cursor, row, language }: { cursor?: Cursor; row?: Row; language: string }): void => {
    if (!row) return;
    const variant = variantAt(this.looked(row)?.sides[language]?.variants ?? [], cursor?.start ?? 0);
    if (variant) this.put(row, language, variant);
  };

  private put(row: Row, language: string, [start, end, suggestion]: Variant): void {
    const { store } = this.desk;
    const text = textOf(row.sides[language].words);
    const words = retype(row.sides[language].words, text.slice(0, start) + suggestion + text.slice(end));
    store.change([withWords(row, language, words)]);
    const field = this.desk.field(row.id, language);
    if (!field) return;
    field.textContent = textOf(words);
    place(field, start + suggestion.length);
    this.desk.refresh(row.id);
  }

  /** What is known of a row as it reads now. */
  private looked(row: Row): Known | undefined {
    const known = this.known.get(row.id);
    return known?.signature === this.signature(row) ? known : undefined;
  }

  private signature(row: Row): string {
    return this.desk.shown.map((language) => textOf(row.sides[language].words)).join("\n");
  }

  private fill(element: HTMLElement, row: Row): void {
    if (this.empty) return;
    const known = this.looked(row);
    for (const cell of element.querySelectorAll<HTMLElement>(".or-cell")) {
      const looked = known?.sides[cell.dataset.language!];
      const field = cell.querySelector<HTMLElement>(".or-field")!;
      // Typed spaces that the words do not have would put the lines beside the words.
      const same = field.textContent === textOf(row.sides[cell.dataset.language!].words);
      const spans = same ? (looked?.variants ?? []).map(([start, end]) => [start, end] as const) : [];
      this.desk.painter.set(field, "term", spans);
      this.fillFoot(cell, row, looked);
    }
    if (!known) this.ask(row.id);
  }

  private fillFoot(cell: HTMLElement, row: Row, looked: Looked | undefined): void {
    cell.querySelector(".or-cell__terms")?.remove();
    if (!looked) return;
    const language = cell.dataset.language!;
    const text = textOf(row.sides[language].words);
    const terms = make("span", "or-cell__terms");
    for (const variant of looked.variants) {
      const [start, end, suggestion, note, near] = variant;
      const button = make("button", "or-term");
      button.type = "button";
      const said = make("s", "", text.slice(start, end));
      button.append(said, " → ", make("strong", "", suggestion));
      if (near) button.append(" ", make("span", "", say("term.near")));
      button.title = note || say("term.replace");
      button.addEventListener("click", () => this.put(row, language, variant));
      terms.append(button);
    }
    for (const [term, translation] of looked.missing)
      terms.append(make("span", "or-term or-term--missing", say("term.missing", { term, translation })));
    if (terms.childElementCount) cell.querySelector(".or-cell__foot")!.append(terms);
  }

  private ask(id: string): void {
    this.waiting.add(id);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), SETTLE_MS);
  }

  private async look(): Promise<void> {
    const rows = [...this.waiting]
      .map((id) => this.desk.store.get(id))
      .filter((row): row is Row => row !== undefined && this.desk.list.element(row.id) !== undefined)
      .slice(0, MOST_ROWS);
    this.waiting.clear();
    if (!rows.length) return;
    const asked = rows.map((row) => ({
      id: row.id,
      sides: Object.fromEntries(
        this.desk.shown.map((language) => [language, textOf(row.sides[language].words)]),
      ),
    }));
    try {
      const answer = await post<Answer>(this.desk.settings.glossary, { rows: asked }, this.token);
      this.empty = answer.terms === 0;
      for (const row of rows)
        this.known.set(row.id, { signature: this.signature(row), sides: answer.rows[row.id] ?? {} });
      for (const row of rows) this.desk.refresh(row.id);
    } catch {
      // Underlining is a help: without a connection it waits.
      for (const row of rows) this.waiting.add(row.id);
      this.timer = setTimeout(() => void this.look(), AGAIN_MS);
    }
  }
}

/** The variant at an offset, else the next one, else the first. */
export function variantAt(variants: readonly Variant[], offset: number): Variant | undefined {
  return (
    variants.find(([start, end]) => start <= offset && offset <= end) ??
    variants.find(([start]) => start > offset) ??
    variants[0]
  );
}

/** Whether somebody is in a field of a translation. */
export function translating(desk: Desk): Cursor | undefined {
  const cursor = cursorNow();
  return cursor && cursor.language !== desk.shown[0] ? cursor : undefined;
}

// What the parts of the screen share: the settings of the page, the text, the list it is drawn in, and where one is.
import { cursorNow, place } from "./cursor";
import type { Landing } from "./edits";
import type { Place } from "./find";
import { VirtualList } from "./list";
import type { Row } from "./model";
import { Painter } from "./paint";
import { fillRow, makeRow, type Trouble } from "./row-view";
import { Store } from "./store";

/** What the page says about itself. */
export interface Settings {
  draft: string;
  publish: string;
  pulse: string;
  suggestions: string;
  times: string;
  glossary: string;
  memory: string;
  sound: string;
  recording: string;
  person: string;
  durationMs: number;
  peaks: number[];
  webCopy: string;
  outline: string;
}
export interface SideInfo {
  language: string;
  translation: boolean;
  number: number;
}
/** Told when rows change; `own` when it was done in this window. */
export type Changed = (ids: readonly string[], own: boolean) => void;
/** Told when a row's element was made or brought up to date. */
export type Filled = (element: HTMLElement, row: Row) => void;

/** The transcript desk as its parts see it. */
export class Desk {
  readonly settings: Settings;
  readonly painter = new Painter();
  readonly store = new Store((ids, structural, own) => this.tellChanged(ids, structural, own));
  readonly list: VirtualList;
  sides: readonly SideInfo[] = [];
  /** The languages in the columns; the first is that of the recording. */
  shown: readonly string[] = [];
  /** Where somebody typed last. */
  last: { id: string; language: string } | undefined;
  /** What stands in the way of saving a row. */
  troubleOf: (id: string) => Trouble = () => ({ conflict: undefined, refused: undefined });
  private readonly onChanged: Changed[] = [];
  private readonly onFilled: Filled[] = [];
  private readonly onGone: (() => void)[] = [];

  constructor(readonly root: HTMLElement) {
    this.settings = JSON.parse(document.getElementById("or-desk")!.textContent!) as Settings;
    this.list = new VirtualList(
      this.target("scroll"),
      this.target("list"),
      (id) => this.makeElement(id),
      () => this.onGone.forEach((tell) => tell()),
    );
  }

  /** An element of the page by its name. */
  target<T extends HTMLElement = HTMLElement>(name: string): T {
    return this.root.querySelector<T>(`[data-or-transcript-target="${name}"]`)!;
  }

  /** Be told of every change of the text. */
  changed(listener: Changed): void {
    this.onChanged.push(listener);
  }

  /** Add to the elements of rows, each time they are filled. */
  filled(listener: Filled): void {
    this.onFilled.push(listener);
  }

  /** Be told that elements of rows have left the page. */
  discarded(listener: () => void): void {
    this.onGone.push(listener);
  }

  /** The field of one side of a row, if it is in the page. */
  field(id: string, language: string): HTMLElement | undefined {
    return (
      this.list.element(id)?.querySelector<HTMLElement>(`[data-language="${language}"] .or-field`) ??
      undefined
    );
  }

  /** Bring the element of a row up to date. */
  refresh(id: string): void {
    const element = this.list.element(id);
    const row = this.store.get(id);
    if (element && row) this.fill(element, row);
  }

  /** Put the cursor where an edit left it. */
  land(landing: Landing | undefined): void {
    if (!landing) return;
    this.list.reveal(landing.id);
    const field = this.field(landing.id, landing.language);
    if (field) place(field, landing.offset);
  }

  /** Bring a place into view; while somebody types in `bar` the cursor stays there. */
  show({ id, language, start, end }: Place, bar?: HTMLElement): void {
    this.list.reveal(id);
    const field = this.field(id, language);
    if (field && !bar?.contains(document.activeElement)) place(field, start, end);
  }

  /** The row somebody is at, or was at last. */
  currentId(): string | undefined {
    return (
      cursorNow()?.id ??
      document.activeElement?.closest<HTMLElement>("[data-row]")?.dataset.row ??
      this.last?.id
    );
  }

  /** The row that is heard at a time: of those that talk over each other the last to begin. */
  rowAt(ms: number): Row | undefined {
    let found: Row | undefined;
    for (const id of this.store.order) {
      const row = this.store.get(id)!;
      if (row.start <= ms && ms < row.end) found = row;
      if (row.start > ms) break;
    }
    return found;
  }

  private makeElement(id: string): HTMLElement {
    const row = this.store.get(id)!;
    const element = makeRow(row, this.shown);
    this.fillOwn(element, row);
    // What others add may need to find it in the page.
    queueMicrotask(() => this.onFilled.forEach((add) => add(element, row)));
    return element;
  }

  private fill(element: HTMLElement, row: Row): void {
    this.fillOwn(element, row);
    for (const add of this.onFilled) add(element, row);
  }

  private fillOwn(element: HTMLElement, row: Row): void {
    const above = this.store.neighbour(row.id, -1);
    const overlaps = above !== undefined && above.end > row.start && above.speaker !== row.speaker;
    fillRow(element, row, { languages: this.shown, overlaps, ...this.troubleOf(row.id) }, this.painter);
  }

  private tellChanged(ids: readonly string[], structural: boolean, own: boolean): void {
    if (structural) this.list.show(this.store.order);
    for (const id of ids) {
      this.refresh(id);
      const below = this.store.neighbour(id, 1);
      if (below) this.refresh(below.id);
    }
    for (const listener of this.onChanged) listener(ids, own);
  }
}

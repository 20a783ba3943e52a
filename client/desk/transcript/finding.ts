// The bar for finding and replacing, in both languages.
import type { Desk } from "./desk";
import { findAll, type Place, replaced } from "./find";
import { retype, textOf, withWords } from "./model";
import { say } from "./texts";

/** Finds, walks from place to place, replaces. */
export class Finder {
  private places: Place[] = [];
  private at = -1;

  private readonly form: HTMLFormElement;
  private readonly tell: HTMLElement;

  constructor(private readonly desk: Desk) {
    const form = (this.form = desk.target<HTMLFormElement>("find"));
    this.tell = desk.target("found");
    desk.filled((_, row) => this.isOpen && this.paint([row.id]));
    form.addEventListener("input", (event) => {
      if ((event.target as HTMLInputElement).name !== "words") this.search();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.next(1);
    });
  }

  get isOpen(): boolean {
    return !this.form.hidden;
  }

  /** The place that was gone to last. */
  get current(): Place | undefined {
    return this.places[this.at];
  }

  open(text: string, replacing: boolean): void {
    this.form.hidden = false;
    const field = this.input("text");
    if (text.trim()) field.value = text.trim();
    (replacing && field.value ? this.input("words") : field).focus();
    field.select();
    this.search();
  }

  close(): void {
    this.form.hidden = true;
    this.places = [];
    this.paint();
  }

  /** Look again: the words or the query have changed. */
  search(): void {
    if (!this.isOpen) return;
    const current = this.places[this.at];
    const { store } = this.desk;
    this.places = findAll(store.all(), this.desk.shown, {
      text: this.input("text").value,
      matchCase: this.input("matchCase").checked,
      wholeWord: this.input("wholeWord").checked,
    });
    this.at = current
      ? this.places.findIndex(
          ({ id, language, start }) =>
            id === current.id && language === current.language && start >= current.start,
        )
      : -1;
    this.tellCount();
    this.paint();
  }

  next(step: number): void {
    if (!this.places.length) return;
    const from = this.at < 0 && step < 0 ? 0 : this.at;
    this.at = (from + step + this.places.length) % this.places.length;
    this.tellCount();
    this.show(this.places[this.at]);
    this.paint();
  }

  replaceOne(): void {
    const place = this.places[this.at];
    if (!place) return this.next(1);
    this.replace([place]);
    this.search();
    if (this.at < 0) this.at = this.places.length ? 0 : -1;
    if (this.at >= 0) this.show(this.places[this.at]);
    this.tellCount();
    this.paint();
  }

  replaceAll(): void {
    const count = this.places.length;
    this.replace(this.places);
    this.search();
    this.tell.textContent = say("find.replaced", { count });
  }

  /** Mark what is found in the fields that can be seen. */
  paint(only?: readonly string[]): void {
    const byField = new Map<HTMLElement, [number, number][]>();
    const now = new Map<HTMLElement, [number, number][]>();
    for (const [index, { id, language, start, end }] of this.places.entries()) {
      const field = this.desk.field(id, language);
      if (!field) continue;
      byField.set(field, [...(byField.get(field) ?? []), [start, end]]);
      if (index === this.at) now.set(field, [[start, end]]);
    }
    for (const field of this.shown(only)) {
      this.desk.painter.set(field, "found", byField.get(field) ?? []);
      this.desk.painter.set(field, "found-now", now.get(field) ?? []);
    }
  }

  private *shown(only?: readonly string[]): Iterable<HTMLElement> {
    const rows = only ?? this.desk.store.order;
    for (const id of rows)
      for (const language of this.desk.shown) {
        const field = this.desk.field(id, language);
        if (field) yield field;
      }
  }

  private replace(places: readonly Place[]): void {
    const { store } = this.desk;
    const words = this.input("words").value;
    const changed = new Map(places.map(({ id }) => [id, store.get(id)!]));
    for (const language of this.desk.shown) {
      for (const [id, row] of changed) {
        const here = places.filter((place) => place.id === id && place.language === language);
        if (!here.length) continue;
        const side = row.sides[language].words;
        changed.set(id, withWords(row, language, retype(side, replaced(textOf(side), here, words))));
      }
    }
    store.change([...changed.values()]);
  }

  /** Bring the place into view; the cursor stays in the bar while somebody types there. */
  private show(place: Place): void {
    this.desk.show(place, this.form);
  }

  private tellCount(): void {
    const count = this.places.length;
    const asked = this.input("text").value.trim();
    this.tell.textContent = !asked
      ? ""
      : !count
        ? say("find.none")
        : this.at < 0
          ? say("find.count", { count })
          : say("find.place", { place: this.at + 1, count });
  }

  private input(name: string): HTMLInputElement {
    return this.form.elements.namedItem(name) as HTMLInputElement;
  }
}

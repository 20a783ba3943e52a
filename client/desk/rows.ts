import { Controller } from "@hotwired/stimulus";
import { readTime, splitTime, writeTime } from "./clock";

/** The edit form of a transcript: rows are split, inserted and taken out without asking the server. */
export class RowsController extends Controller<HTMLElement> {
  static targets = ["body", "row", "blank"];
  declare readonly blankTarget: HTMLTemplateElement;
  declare readonly hasBlankTarget: boolean;

  private taken: { row: HTMLElement; before: Element | null; parent: Element } | undefined;

  rowTargetConnected(row: HTMLElement): void {
    for (const button of row.querySelectorAll<HTMLElement>("[data-or-rows-scripted]")) button.hidden = false;
  }

  insert(event: Event): void {
    event.preventDefault();
    const row = this.rowOf(event);
    const end = field(row, "end").value;
    const following = row.nextElementSibling as HTMLElement | null;
    this.addAfter(row, { start: end, end: following ? field(following, "start").value : end, text: "" });
  }

  split(event: Event): void {
    event.preventDefault();
    const row = this.rowOf(event);
    const text = words(row);
    const at = text.selectionStart;
    const [before, after] = [text.value.slice(0, at).trimEnd(), text.value.slice(at).trimStart()];
    const [start, end] = [readTime(field(row, "start").value), readTime(field(row, "end").value)];
    const middle = Number.isNaN(start + end)
      ? field(row, "end").value
      : writeTime(splitTime(start, end, before, after));
    const added = this.addAfter(row, { start: middle, end: field(row, "end").value, text: after });
    text.value = before;
    field(row, "end").value = middle;
    changed(text);
    changed(words(added));
  }

  delete(event: Event): void {
    event.preventDefault();
    const row = this.rowOf(event);
    const parent = row.parentElement;
    if (!parent) return;
    this.taken = { row, before: row.nextElementSibling, parent };
    changed(words(row));
    row.remove();
    this.offerBack();
  }

  useNewer(event: Event): void {
    const row = this.rowOf(event);
    const newer = row.querySelector("[data-or-rows-newer]");
    if (newer) words(row).value = newer.textContent ?? "";
    changed(words(row));
    (event.currentTarget as HTMLElement).closest(".or-newer")?.remove();
  }

  private offerBack(): void {
    document.querySelector(".or-undo")?.remove();
    const note = document.createElement("p");
    note.className = "or-undo";
    note.setAttribute("role", "status");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-small button-secondary";
    button.textContent = "Undo";
    button.addEventListener("click", () => {
      if (this.taken) this.taken.parent.insertBefore(this.taken.row, this.taken.before);
      note.remove();
    });
    note.append("A row was taken out. ", button);
    this.element.append(note);
    button.focus({ preventScroll: true });
  }

  private rowOf(event: Event): HTMLElement {
    return (event.currentTarget as HTMLElement).closest<HTMLElement>("[data-or-rows-target='row']")!;
  }

  private addAfter(row: HTMLElement, values: { start: string; end: string; text: string }): HTMLElement {
    const copy = this.blankTarget.content.firstElementChild!.cloneNode(true) as HTMLElement;
    field(copy, "start").value = values.start;
    field(copy, "end").value = values.end;
    field(copy, "speaker").value = field(row, "speaker").value;
    words(copy).value = values.text;
    copy.dataset.startMs = String(readTime(values.start));
    copy.dataset.endMs = String(readTime(values.end));
    row.after(copy);
    words(copy).focus();
    words(copy).setSelectionRange(0, 0);
    return copy;
  }
}

function field(row: HTMLElement, name: string): HTMLInputElement {
  return row.querySelector<HTMLInputElement>(`[name='${name}']`)!;
}

function words(row: HTMLElement): HTMLTextAreaElement {
  return row.querySelector<HTMLTextAreaElement>("[name='text']")!;
}

/** What scripts change is a change too, for the warning about unsaved work and for the height. */
function changed(element: HTMLElement): void {
  for (const name of ["input", "change"]) element.dispatchEvent(new Event(name, { bubbles: true }));
}

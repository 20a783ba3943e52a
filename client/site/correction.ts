import { Controller } from "@hotwired/stimulus";
import { selectedIn, type Selected } from "./selection.ts";

const SHORTEST_REST_MS = 250;

/** Selecting words and Ctrl+Enter, the button beside a selection, or the link: all open the same dialog. */
export default class CorrectionController extends Controller<HTMLElement> {
  static targets = ["dialog", "near", "passage", "field"];

  declare dialogTarget: HTMLDialogElement;
  declare hasDialogTarget: boolean;
  declare nearTarget: HTMLElement;
  declare passageTarget: HTMLElement;
  declare fieldTargets: HTMLInputElement[];

  private selected: Selected | null = null;
  private rest = 0;
  private listeners = new AbortController();

  connect(): void {
    if (!this.hasDialogTarget) return;
    const { signal } = this.listeners;
    document.addEventListener("selectionchange", () => this.wait(), { signal });
    document.addEventListener("keydown", (event) => this.key(event), { signal });
    this.dialogTarget.addEventListener("close", () => this.clear(), { signal });
  }

  disconnect(): void {
    clearTimeout(this.rest);
    this.listeners.abort();
  }

  open(event: Event): void {
    event.preventDefault();
    const near = this.nearTarget.contains(event.currentTarget as Node);
    this.show(near ? this.selected : selectedIn(this.element));
  }

  /** The selected words are to be commented on: whoever has the form for that takes over. */
  comment(): void {
    if (!this.selected) return;
    this.dispatch("comment", { detail: this.selected });
    this.clear();
  }

  /** Pressing the button must not undo the selection. */
  keep(event: Event): void {
    event.preventDefault();
  }

  close(): void {
    this.dialogTarget.close();
  }

  sent(): void {
    this.dialogTarget.querySelector<HTMLButtonElement>("[data-action*='correction#close']")?.focus();
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || this.dialogTarget.open) return;
    if ((event.target as Element).closest?.("input, textarea, [contenteditable]")) return;
    const selected = selectedIn(this.element);
    if (!selected) return;
    event.preventDefault();
    this.show(selected);
  }

  private wait(): void {
    clearTimeout(this.rest);
    this.rest = window.setTimeout(() => this.offer(), SHORTEST_REST_MS);
  }

  private offer(): void {
    if (this.dialogTarget.open) return;
    this.selected = selectedIn(this.element);
    const box = this.selected?.range.getBoundingClientRect();
    this.nearTarget.hidden = !box || box.width + box.height === 0;
    if (!box || this.nearTarget.hidden) return;
    const width = this.nearTarget.offsetWidth;
    const left = Math.min(
      Math.max(box.left + box.width / 2 - width / 2, 8),
      document.documentElement.clientWidth - width - 8,
    );
    // Below the words: above them phones put their own menu.
    this.nearTarget.style.top = `${box.bottom + scrollY + 10 - this.origin.top}px`;
    this.nearTarget.style.left = `${left + scrollX - this.origin.left}px`;
  }

  private get origin(): { top: number; left: number } {
    const parent = this.nearTarget.offsetParent;
    if (!parent || parent === document.body) return { top: 0, left: 0 };
    const box = parent.getBoundingClientRect();
    return { top: box.top + scrollY, left: box.left + scrollX };
  }

  private show(selected: Selected | null): void {
    this.selected = selected;
    const values: Record<string, string> = selected
      ? {
          block_id: selected.blockId,
          exact: selected.exact,
          prefix: selected.prefix,
          suffix: selected.suffix,
          start: String(selected.start),
          end: String(selected.end),
        }
      : {};
    for (const field of this.fieldTargets) field.value = values[field.name] ?? "";
    this.passageTarget.textContent = selected?.exact ?? "";
    this.passageTarget.hidden = !selected;
    this.nearTarget.hidden = true;
    this.dispatch("open", { target: this.dialogTarget.querySelector("form") ?? undefined, prefix: "send" });
    this.dialogTarget.showModal();
    this.dialogTarget.querySelector<HTMLElement>("textarea")?.focus();
  }

  private clear(): void {
    document.getSelection()?.removeAllRanges();
    this.nearTarget.hidden = true;
  }
}

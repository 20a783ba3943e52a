import { Controller } from "@hotwired/stimulus";

/** Tap the words of a quotation: who said them, where, what the record has, what the check found, how to pass it on. */
export default class CardController extends Controller<HTMLElement> {
  private sheet: HTMLElement | null = null;
  private listeners = new AbortController();

  connect(): void {
    for (const words of this.element.querySelectorAll<HTMLElement>(".quotation")) {
      if (rowOf(words)) words.classList.add("has-card");
    }
    const { signal } = this.listeners;
    document.addEventListener("click", (event) => this.click(event), { signal });
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.close(), { signal });
  }

  disconnect(): void {
    this.close();
    this.listeners.abort();
  }

  private click(event: MouseEvent): void {
    const target = event.target as Element;
    const copying = target.closest<HTMLButtonElement>("button[data-copy]");
    if (copying) return void copy(copying);
    if (this.sheet?.contains(target)) return;
    const isOpen = this.sheet !== null;
    this.close();
    const words = target.closest<HTMLElement>(".quotation.has-card");
    if (!words || isOpen || target.closest("a") || !document.getSelection()?.isCollapsed) return;
    this.open(words, event);
  }

  private open(words: HTMLElement, event: MouseEvent): void {
    const row = rowOf(words);
    const template = document.querySelector<HTMLTemplateElement>("#card-template");
    const sheet = template?.content.firstElementChild?.cloneNode(true) as HTMLElement | undefined;
    if (!row || !sheet) return;
    for (const place of sheet.querySelectorAll<HTMLElement>("[data-from]")) {
      const cell = row.querySelector(`[data-cell="${place.dataset.from}"]`);
      place.replaceChildren(...Array.from(cell?.cloneNode(true).childNodes ?? []));
      place.hidden = !place.textContent?.trim();
    }
    const links = sheet.querySelector<HTMLElement>(".card-links");
    links?.replaceChildren(...Array.from(links.children).filter((link) => fill(link as HTMLElement, row)));
    sheet.addEventListener("click", (click) => {
      if ((click.target as Element).closest("a")) this.close();
    });
    document.body.append(sheet);
    const edge = document.documentElement.clientWidth - sheet.offsetWidth - 16;
    sheet.style.left = `${Math.max(16, Math.min(event.pageX - 40, edge))}px`;
    sheet.style.top = `${event.pageY + 18}px`;
    this.sheet = sheet;
  }

  private close(): void {
    this.sheet?.remove();
    this.sheet = null;
  }
}

/** Gives a link or a button of the card what it leads to or copies; false where there is nothing. */
function fill(link: HTMLElement, row: HTMLElement): boolean {
  const { key, embed, transcript } = row.dataset;
  const share = key ? `${location.origin}${location.pathname}#q-${key}` : "";
  switch (link.dataset.act) {
    case "check":
      link.setAttribute("href", `#${row.id}`);
      link.addEventListener("click", () => row.closest("details")?.setAttribute("open", ""));
      return true;
    case "transcript":
      link.setAttribute("href", transcript ?? "");
      return !!transcript;
    case "share":
      link.dataset.copy = share;
      return !!share && !!embed;
    default:
      link.dataset.copy = embed ?? "";
      return !!embed;
  }
}

/** Into the clipboard; where that is not allowed, into a field to be copied from. */
async function copy(button: HTMLButtonElement): Promise<void> {
  const text = button.dataset.copy ?? "";
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = button.dataset.done ?? "";
  } catch {
    const field = document.createElement("input");
    field.value = text;
    field.readOnly = true;
    field.className = "copy-field";
    field.setAttribute("aria-label", button.textContent ?? "");
    button.replaceWith(field);
    field.select();
  }
}

function rowOf(words: HTMLElement): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-check="${words.dataset.quotation}"]`);
}

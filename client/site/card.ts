import { Controller } from "@hotwired/stimulus";

/** Tap the words of a quotation: who said them, where, what the record has, what the check found. */
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
    const [share, check] = sheet.querySelectorAll<HTMLAnchorElement>(".card-links a");
    share.href = `${location.pathname}?play#quotation-${row.dataset.check}`;
    check.href = `#${row.id}`;
    check.addEventListener("click", () => row.closest("details")?.setAttribute("open", ""));
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

function rowOf(words: HTMLElement): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-check="${words.dataset.quotation}"]`);
}

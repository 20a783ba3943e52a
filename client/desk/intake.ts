import { Controller } from "@hotwired/stimulus";
import { fileTitle, readableSize } from "./files";

interface Answer {
  ok: boolean;
  title?: string;
  url?: string;
  lines: string[];
  warnings: string[];
  errors?: Record<string, string[]>;
}

interface Card {
  element: HTMLElement;
  file: File;
  done: boolean;
}

/** Takes several files in: one card each with its own fields and progress, sent one after another. */
export class IntakeController extends Controller<HTMLFormElement> {
  static targets = ["drop", "scripted", "single", "cards", "card", "submit"];
  static values = { words: Object };
  declare readonly dropTarget: HTMLElement;
  declare readonly scriptedTarget: HTMLElement;
  declare readonly singleTarget: HTMLElement;
  declare readonly cardsTarget: HTMLElement;
  declare readonly cardTarget: HTMLTemplateElement;
  declare readonly submitTarget: HTMLButtonElement;
  declare readonly wordsValue: Record<string, string>;

  private cards: Card[] = [];
  private count = 0;

  connect(): void {
    this.scriptedTarget.hidden = false;
    this.singleTarget.hidden = true;
    this.input.addEventListener("change", () => this.take(this.input.files));
    if (this.input.files?.length) this.take(this.input.files);
  }

  over(event: DragEvent): void {
    event.preventDefault();
    this.dropTarget.classList.add("or-drop--over");
  }

  out(): void {
    this.dropTarget.classList.remove("or-drop--over");
  }

  drop(event: DragEvent): void {
    event.preventDefault();
    this.out();
    this.take(event.dataTransfer?.files ?? null);
  }

  remove(event: Event): void {
    const element = (event.currentTarget as HTMLElement).closest<HTMLElement>("[data-or-card]");
    this.cards = this.cards.filter((card) => card.element !== element);
    element?.remove();
  }

  async send(event: Event): Promise<void> {
    const waiting = this.cards.filter((card) => !card.done);
    if (waiting.length === 0) {
      // Everything is sent already; without any file the server says that one is needed.
      if (this.cards.length > 0) event.preventDefault();
      return;
    }
    event.preventDefault();
    this.submitTarget.disabled = true;
    this.clearErrors(this.element);
    for (const card of waiting) {
      await this.sendOne(card);
      const wrong = this.element.querySelector<HTMLElement>("[aria-invalid]");
      if (wrong && !wrong.closest("[data-or-card]")) {
        // What is wrong for one file is wrong for all: say it once, before more is sent.
        wrong.focus();
        break;
      }
    }
    this.submitTarget.disabled = false;
    if (this.cards.every((card) => card.done)) {
      this.element.dispatchEvent(new CustomEvent("w-unsaved:clear", { bubbles: true }));
      this.submitTarget.hidden = true;
    }
  }

  private get input(): HTMLInputElement {
    return this.element.querySelector<HTMLInputElement>("input[name=files]")!;
  }

  private take(files: FileList | null): void {
    for (const file of files ?? []) this.addCard(file);
    this.input.value = "";
    this.submitTarget.hidden = false;
  }

  private addCard(file: File): void {
    const element = this.cardTarget.content.firstElementChild!.cloneNode(true) as HTMLElement;
    const number = String(this.count++);
    for (const part of element.querySelectorAll("*")) {
      for (const { name, value } of [...part.attributes]) {
        if (value.includes("__n__")) part.setAttribute(name, value.replaceAll("__n__", number));
      }
    }
    element.querySelector("[data-or-card-name]")!.textContent = file.name;
    element.querySelector("[data-or-card-size]")!.textContent = readableSize(file.size);
    const title = element.querySelector<HTMLInputElement>("[name=title]")!;
    const given = this.singleTarget.querySelector<HTMLInputElement>("[name=title]")?.value;
    title.value = (this.cards.length === 0 && given) || fileTitle(file.name);
    this.cardsTarget.append(element);
    this.cards.push({ element, file, done: false });
    this.state(element, "waiting");
  }

  private async sendOne(card: Card): Promise<void> {
    this.clearErrors(card.element);
    const data = new FormData();
    for (const [name, value] of new FormData(this.element)) {
      const own = this.element.elements.namedItem(name);
      const shared =
        own instanceof HTMLElement && !own.closest("[data-or-card], [data-or-intake-target='single']");
      if (shared && name !== "files") data.append(name, value);
    }
    for (const field of card.element.querySelectorAll<HTMLInputElement>("[name]")) {
      if (field.type !== "file") data.append(field.name, field.value);
      else if (field.files?.[0]) data.append(field.name, field.files[0]);
    }
    data.append("files", card.file);
    const progress = card.element.querySelector<HTMLProgressElement>("[data-or-card-progress]")!;
    progress.hidden = false;
    this.state(card.element, "sending");
    const answer = await this.post(data, (share) => {
      progress.value = share * 100;
      if (share === 1) {
        progress.removeAttribute("value");
        this.state(card.element, "reading");
      }
    });
    progress.hidden = true;
    progress.value = 0;
    if (answer.ok) this.showDone(card, answer);
    else this.showErrors(card, answer.errors ?? {});
  }

  private post(data: FormData, tell: (share: number) => void): Promise<Answer> {
    return new Promise((resolve) => {
      const failed = (word: string) =>
        resolve({ ok: false, lines: [], warnings: [], errors: { files: [this.wordsValue[word]] } });
      const request = new XMLHttpRequest();
      request.open("POST", location.href);
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", (event) =>
        tell(event.total ? event.loaded / event.total : 0),
      );
      request.upload.addEventListener("load", () => tell(1));
      request.addEventListener("error", () => failed("lost"));
      request.addEventListener("load", () => {
        try {
          resolve(JSON.parse(request.responseText) as Answer);
        } catch {
          failed("refused");
        }
      });
      request.send(data);
    });
  }

  private showDone(card: Card, answer: Answer): void {
    card.done = true;
    card.element.classList.add("or-card--done");
    card.element.querySelector<HTMLElement>("[data-or-card-fields]")!.hidden = true;
    card.element.querySelector<HTMLElement>("[data-or-card-remove]")!.hidden = true;
    this.state(card.element, "");
    const place = card.element.querySelector<HTMLElement>("[data-or-card-done]")!;
    for (const line of answer.lines) place.append(paragraph(line));
    for (const warning of answer.warnings) place.append(paragraph(warning, "or-state or-state--warning"));
    const link = document.createElement("a");
    link.className = "button button-small button-secondary";
    link.href = answer.url ?? "";
    link.textContent = this.wordsValue.open;
    place.append(link);
  }

  private showErrors(card: Card, errors: Record<string, string[]>): void {
    card.element.classList.add("or-card--failed");
    this.state(card.element, "failed");
    const top = card.element.querySelector<HTMLElement>("[data-or-card-errors]")!;
    for (const [name, texts] of Object.entries(errors)) {
      const field =
        card.element.querySelector<HTMLElement>(`[name='${name}']`) ??
        (name === "files" ? null : this.element.querySelector<HTMLElement>(`[name='${name}']`));
      const place = field
        ?.closest<HTMLElement>("[data-field]")
        ?.querySelector<HTMLElement>("[data-field-errors]");
      for (const text of texts) (place ?? top).append(paragraph(text, "error-message"));
      field?.setAttribute("aria-invalid", "true");
    }
  }

  private clearErrors(within: HTMLElement): void {
    for (const error of within.querySelectorAll(".error-message")) error.remove();
    for (const icon of within.querySelectorAll(".w-field__errors-icon")) icon.remove();
    for (const field of within.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    within.classList.remove("or-card--failed");
  }

  private state(element: HTMLElement, word: string): void {
    element.querySelector("[data-or-card-state]")!.textContent = this.wordsValue[word] ?? "";
  }
}

function paragraph(text: string, className = ""): HTMLElement {
  const element = document.createElement("p");
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

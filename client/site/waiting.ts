import { Controller } from "@hotwired/stimulus";
import { browserShelf, deliver } from "./delivery.ts";
import { forget, gist, keep, keptIn, pause, type Kept } from "./outbox.ts";

/** The notice at the foot of each page that says what waits to be sent, sends it when it can, and says so. */
export default class WaitingController extends Controller<HTMLElement> {
  static targets = ["message", "list", "acts"];
  static values = { waiting: String, sent: String, refused: String, discard: String };

  declare messageTarget: HTMLElement;
  declare listTarget: HTMLElement;
  declare actsTarget: HTMLElement;
  declare waitingValue: string;
  declare sentValue: string;
  declare refusedValue: string;
  declare discardValue: string;

  private tries = 0;
  private timer = 0;
  private isSending = false;

  connect(): void {
    if (this.kept.length) void this.send();
  }

  disconnect(): void {
    clearTimeout(this.timer);
  }

  /** A form has kept a message, or the connection is back. */
  again(): void {
    this.tries = 0;
    this.show();
    this.later();
  }

  async send(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    clearTimeout(this.timer);
    this.show();
    try {
      for (const message of this.kept.filter(({ refused }) => refused === undefined)) {
        if (!(await this.bring(message))) break;
      }
    } finally {
      this.isSending = false;
    }
    this.later();
  }

  discard(event: Event): void {
    forget(browserShelf(), (event.currentTarget as HTMLElement).dataset.key ?? "");
    this.show();
  }

  hide(): void {
    this.element.hidden = true;
  }

  /** False when there is no use in trying the next one now. */
  private async bring(message: Kept): Promise<boolean> {
    const outcome = await deliver({ ...message, fields: [...message.fields, ["key", message.key]] });
    if (outcome.kind === "unreached" || (outcome.kind === "refused" && outcome.status === 429)) {
      this.tries += 1;
      return false;
    }
    if (outcome.kind === "refused") {
      keep(browserShelf(), { ...message, refused: outcome.answer.message });
      this.show();
    } else {
      forget(browserShelf(), message.key);
      this.show(`${this.sentValue} “${gist(message)}”`);
    }
    return true;
  }

  private later(): void {
    clearTimeout(this.timer);
    if (this.kept.every(({ refused }) => refused !== undefined)) return;
    this.timer = window.setTimeout(() => void this.send(), pause(this.tries));
  }

  private show(news = ""): void {
    const kept = this.kept;
    this.element.hidden = !kept.length && !news;
    this.messageTarget.textContent = news || (kept.length ? this.waitingValue : "");
    this.actsTarget.hidden = kept.every(({ refused }) => refused !== undefined);
    this.listTarget.replaceChildren(...kept.map((message) => this.row(message)));
  }

  private row(message: Kept): HTMLElement {
    const row = document.createElement("li");
    const words = document.createElement("span");
    words.dir = "auto";
    words.textContent = message.refused === undefined ? gist(message) : gist(message, 5000);
    const discard = document.createElement("button");
    discard.type = "button";
    discard.className = "button-quiet";
    discard.dataset.key = message.key;
    discard.dataset.action = `${this.identifier}#discard`;
    discard.textContent = this.discardValue;
    if (message.refused !== undefined) {
      const why = document.createElement("p");
      why.textContent = `${this.refusedValue} ${message.refused}`;
      row.append(why);
    }
    row.append(words, " ", discard);
    return row;
  }

  private get kept(): Kept[] {
    return keptIn(browserShelf());
  }
}

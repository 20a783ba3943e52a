import { Controller } from "@hotwired/stimulus";
import { proofOfWork } from "./proof.ts";

interface Answer {
  ok: boolean;
  message: string;
  errors?: Record<string, string[]>;
}

const PATIENCE_MS = 20_000;

/** A form that also works without scripts: sends it in place, says what happened, and keeps what was typed. */
export default class SendController extends Controller<HTMLFormElement> {
  static targets = ["fields", "message", "submit", "proof"];
  static values = { challenge: String, offline: String, sending: String, keep: String };

  declare fieldsTarget: HTMLElement;
  declare messageTarget: HTMLElement;
  declare submitTarget: HTMLButtonElement;
  declare proofTarget: HTMLInputElement;
  declare challengeValue: string;
  declare offlineValue: string;
  declare sendingValue: string;
  declare keepValue: string;

  private proof: Promise<string> | null = null;

  connect(): void {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.keepValue) ?? "{}") as Record<string, string>;
      for (const field of this.typed) field.value ||= kept[field.name] ?? "";
    } catch {
      // A browser that keeps nothing, or not ours.
    }
    this.element.addEventListener("send:open", () => this.again());
  }

  /** The reader has begun: get the proof of work ready. */
  prepare(): void {
    if (!this.challengeValue) return;
    this.proof ??= proofOfWork(this.challengeValue, document.body.dataset.proofWorker ?? "");
    this.proof.catch(() => (this.proof = null));
  }

  remember(): void {
    const values = Object.fromEntries(this.typed.map((field) => [field.name, field.value]));
    try {
      sessionStorage.setItem(this.keepValue, JSON.stringify(values));
    } catch {
      // The page itself still has it.
    }
  }

  async send(event: Event): Promise<void> {
    if (event.type !== "submit") return;
    event.preventDefault();
    if (this.submitTarget.disabled) return;
    this.submitTarget.disabled = true;
    this.say(this.sendingValue);
    this.mark({});
    try {
      this.prepare();
      this.proofTarget.value = (await this.proof) ?? "";
      const { status, answer } = await this.post();
      if (answer.ok) this.done(answer);
      else this.refused(status, answer);
    } catch {
      this.say(this.offlineValue, true);
    } finally {
      this.proof = null;
      this.submitTarget.disabled = false;
    }
  }

  private async post(): Promise<{ status: number; answer: Answer }> {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(this.element)) body.append(name, String(value));
    const response = await fetch(this.element.action, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout?.(PATIENCE_MS),
    });
    return { status: response.status, answer: (await response.json()) as Answer };
  }

  private done(answer: Answer): void {
    for (const field of this.typed) field.value = "";
    try {
      sessionStorage.removeItem(this.keepValue);
    } catch {
      // Nothing was kept.
    }
    this.fieldsTarget.hidden = this.submitTarget.hidden = true;
    this.say(answer.message);
    this.dispatch("done", { prefix: "send", detail: answer });
  }

  private refused(status: number, answer: Answer): void {
    this.say(answer.message || this.offlineValue, true);
    this.mark(answer.errors ?? {});
    if (status !== 429) this.element.querySelector<HTMLElement>("[aria-invalid='true']")?.focus();
  }

  private again(): void {
    if (!this.fieldsTarget.hidden) return;
    this.fieldsTarget.hidden = this.submitTarget.hidden = false;
    this.say("");
  }

  private mark(errors: Record<string, string[]>): void {
    for (const place of this.element.querySelectorAll<HTMLElement>("[data-error-for]")) {
      const name = place.dataset.errorFor ?? "";
      place.textContent = (errors[name] ?? []).join(" ");
      const field = this.element.elements.namedItem(name);
      if (field instanceof HTMLElement) field.toggleAttribute("aria-invalid", name in errors);
      if (field instanceof HTMLElement && name in errors) field.setAttribute("aria-invalid", "true");
    }
  }

  private say(message: string, isBad = false): void {
    this.messageTarget.textContent = message;
    this.messageTarget.classList.toggle("is-bad", isBad);
  }

  private get typed(): (HTMLInputElement | HTMLTextAreaElement)[] {
    const fields = this.element.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea");
    return [...fields].filter((field) => field.type !== "hidden" && field.name !== "website");
  }
}

import { Controller } from "@hotwired/stimulus";
import { browserShelf, deliver, type Answer } from "./delivery.ts";
import { keep } from "./outbox.ts";
import { proofOfWork } from "./proof.ts";

/** A form that also works without scripts: sends it in place, says what happened, and keeps what was typed.
 *
 * What can't be sent is kept in the browser and sent later, from any page; the same message is taken once, however
 * often it is sent. */
export default class SendController extends Controller<HTMLFormElement> {
  static targets = ["fields", "message", "submit", "proof"];
  static values = { challenge: String, offline: String, sending: String, keep: String, withdraw: String };

  declare fieldsTarget: HTMLElement;
  declare messageTarget: HTMLElement;
  declare submitTarget: HTMLButtonElement;
  declare proofTarget: HTMLInputElement;
  declare challengeValue: string;
  declare offlineValue: string;
  declare sendingValue: string;
  declare keepValue: string;
  declare withdrawValue: string;

  private proof: Promise<string> | null = null;
  private sentAs = { key: "", words: "" };

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
    this.prepare();
    const fields = this.filled;
    const key = this.keyOf(fields);
    const outcome = await deliver({
      url: this.element.action,
      challenge: this.challengeValue,
      fields: [...fields, ["key", key]],
      proof: this.proof,
    });
    this.proof = null;
    this.submitTarget.disabled = false;
    if (outcome.kind === "taken") this.done(outcome.answer);
    else if (outcome.kind === "refused") this.refused(outcome.status, outcome.answer);
    else this.keepForLater(key, fields);
  }

  /** The newsroom was not reached. The page says so at its foot, and sends it when it can. */
  private keepForLater(key: string, fields: [string, string][]): void {
    const notice = document.querySelector<HTMLElement>("[data-controller~='waiting']");
    const kept = { key, url: this.element.action, challenge: this.challengeValue, fields };
    if (!notice || !keep(browserShelf(), kept)) {
      this.say(this.offlineValue, true);
      return;
    }
    this.empty();
    this.say(notice.dataset.waitingKeptValue ?? "");
    this.dispatch("kept", { prefix: "send" });
    window.dispatchEvent(new CustomEvent("waiting:kept"));
  }

  private get filled(): [string, string][] {
    const names = [...new FormData(this.element)].map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    return names.filter(([name]) => name !== "altcha" && name !== "key");
  }

  /** A new key for new words; pressed again with the same words, it is the same message. */
  private keyOf(fields: [string, string][]): string {
    const words = JSON.stringify(fields);
    if (words !== this.sentAs.words) this.sentAs = { key: randomKey(), words };
    return this.sentAs.key;
  }

  private done(answer: Answer): void {
    this.empty();
    this.say(answer.message);
    if (answer.withdraw_url) this.offerWithdrawal(answer.withdraw_url);
    this.dispatch("done", { prefix: "send", detail: answer });
  }

  private empty(): void {
    for (const field of this.typed) field.value = "";
    this.sentAs = { key: "", words: "" };
    try {
      sessionStorage.removeItem(this.keepValue);
    } catch {
      // Nothing was kept.
    }
    this.fieldsTarget.hidden = this.submitTarget.hidden = true;
  }

  private offerWithdrawal(url: string): void {
    const link = document.createElement("a");
    link.href = url;
    link.textContent = this.withdrawValue;
    if (this.withdrawValue) this.messageTarget.append(" ", link);
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

  private get typed(): (HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement)[] {
    const fields = this.element.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(
      "input, textarea, select",
    );
    return [...fields].filter((field) => field.type !== "hidden" && field.name !== "website");
  }
}

/** Also where the page came over plain HTTP, which has no crypto.randomUUID. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

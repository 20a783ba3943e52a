import { Controller } from "@hotwired/stimulus";
import { playMoment, stopMoment } from "./sound";

const PANEL = "quotations";
const OPEN_DELAY_MS = 150;
const reasons = new Map<string, string>();
let openedFor: string | undefined;

/** The panel “Quotations” beside the story's editor. Wagtail's autosave replaces its content; so does an override. */
export class QuotationsController extends Controller<HTMLElement> {
  static targets = ["reason"];
  static values = { blocking: Number, url: String };
  declare readonly reasonTargets: HTMLTextAreaElement[];
  declare readonly blockingValue: number;
  declare readonly urlValue: string;

  connect(): void {
    this.showCount();
    // Once a visit: while something blocks, the panel is there without asking. Closed by hand, it stays closed.
    if (this.blockingValue > 0 && openedFor === undefined) {
      openedFor = this.urlValue;
      setTimeout(() => this.panel?.dispatchEvent(new CustomEvent("open")), OPEN_DELAY_MS);
    }
  }

  disconnect(): void {
    stopMoment();
  }

  reasonTargetConnected(field: HTMLTextAreaElement): void {
    const key = field.dataset.key ?? "";
    const typed = reasons.get(key);
    if (typed) {
      field.value = typed;
      field.closest("details")?.setAttribute("open", "");
    }
    field.addEventListener("input", () => reasons.set(key, field.value));
  }

  play(event: Event): void {
    event.preventDefault();
    const link = event.currentTarget as HTMLAnchorElement;
    if (link.classList.contains("or-playing")) {
      stopMoment();
      return;
    }
    const done = () => link.classList.remove("or-playing");
    void playMoment(link.href, Number(link.dataset.startMs), Number(link.dataset.endMs), done);
    link.classList.add("or-playing");
  }

  async override(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const problem = form.querySelector<HTMLElement>("[data-or-problem]");
    const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
    if (button) button.disabled = true;
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
      });
      const answer = (await response.json()) as { ok: boolean; problem: string };
      if (answer.ok) {
        reasons.delete(form.querySelector<HTMLTextAreaElement>("[name=reason]")?.dataset.key ?? "");
        await this.refresh();
      } else if (problem) problem.textContent = answer.problem;
    } catch {
      if (problem)
        problem.textContent = "The connection was lost. Your reason is kept; press the button again.";
    } finally {
      if (button) button.disabled = false;
    }
  }

  private async refresh(): Promise<void> {
    const response = await fetch(this.urlValue);
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.body.firstElementChild;
    if (fresh) this.element.replaceWith(document.adoptNode(fresh));
  }

  private showCount(): void {
    const counter = document.querySelector<HTMLElement>(
      `[data-side-panel-toggle='${PANEL}'] [data-side-panel-toggle-counter]`,
    );
    if (!counter) return;
    counter.textContent = String(this.blockingValue);
    counter.hidden = this.blockingValue === 0;
  }

  private get panel(): HTMLElement | null {
    return document.querySelector(`[data-side-panel='${PANEL}'][hidden]`);
  }
}

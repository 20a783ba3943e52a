import { Controller } from "@hotwired/stimulus";
import { showWords } from "./show-words";
import { playMoment, stopMoment } from "./sound";

const PANEL = "quotations";
const OPEN_DELAY_MS = 150;
const WHOLE = 0.95;
const heard = new Map<string, number>();
const reasons = new Map<string, string>();
let openedFor: string | undefined;

/** The panel “Quotations” beside the story's editor. Wagtail's autosave replaces its content; so does an override. */
export class QuotationsController extends Controller<HTMLElement> {
  static targets = ["heard", "reason"];
  static values = { blocking: Number, url: String };
  declare readonly heardTargets: HTMLFormElement[];
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

  /** Listened to means played to its end without a stop; it counts as long as the editor stays on the page. */
  heardTargetConnected(form: HTMLFormElement): void {
    const ms = heard.get(form.dataset.place ?? "") ?? 0;
    const button = form.querySelector("button");
    const field = form.querySelector<HTMLInputElement>("[name=heard_ms]");
    if (!ms || !button || !field) return;
    field.value = String(Math.round(ms));
    button.disabled = false;
    const help = document.getElementById(button.getAttribute("aria-describedby") ?? "");
    if (help) help.textContent = "";
  }

  play(event: Event): void {
    event.preventDefault();
    const link = event.currentTarget as HTMLAnchorElement;
    if (link.classList.contains("or-playing")) {
      stopMoment();
      return;
    }
    const [start, end] = [Number(link.dataset.startMs), Number(link.dataset.endMs)];
    void playMoment(link.href, start, end, (ms) => {
      link.classList.remove("or-playing");
      if (ms >= (end - start) * WHOLE) this.wasHeard(link.dataset.place ?? "", ms);
    });
    link.classList.add("or-playing");
  }

  /** A link that looks like a button is pressed like one. */
  press(event: KeyboardEvent): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a.or-play");
    if (!link || event.key !== " ") return;
    event.preventDefault();
    link.click();
  }

  /** To the passage in the editor: its block, with the words marked where the field can show it. */
  jump(event: Event): void {
    const link = event.currentTarget as HTMLAnchorElement;
    const place = document.querySelector<HTMLElement>(link.hash || "#none");
    if (!place) return;
    event.preventDefault();
    place.scrollIntoView({ block: "center" });
    showWords(place, link.dataset.words ?? "");
  }

  async search(event: Event): Promise<void> {
    const button = event.currentTarget as HTMLButtonElement;
    const box = button.closest<HTMLElement>("[data-elsewhere]");
    const found = box?.querySelector("[data-or-found]");
    if (!box || !found) return;
    button.disabled = true;
    found.textContent = this.element.dataset.looking ?? "";
    try {
      const response = await fetch(box.dataset.elsewhere ?? "");
      if (!response.ok) throw new Error(String(response.status));
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      found.replaceChildren(...Array.from(page.body.children, (node) => document.adoptNode(node)));
    } catch {
      found.textContent = this.element.dataset.noAnswer ?? "";
    } finally {
      button.disabled = false;
    }
  }

  /** Name a recording in the story's form, as if it had been chosen there; saving checks the draft again. */
  add(event: Event): void {
    const button = event.currentTarget as HTMLButtonElement;
    document.querySelector<HTMLButtonElement>("#id_story_recordings-ADD")?.click();
    const fields = document.querySelectorAll<HTMLInputElement>(
      "input[name^='story_recordings-'][name$='-recording']",
    );
    const field = [...fields].reverse().find((one) => !one.value && !one.name.includes("__prefix__"));
    const chooser = field && document.getElementById(`${field.id}-chooser`);
    if (!field || !chooser) return;
    field.value = button.dataset.recording ?? "";
    chooser.classList.remove("blank");
    const title = chooser.querySelector("[data-chooser-title]");
    if (title) title.textContent = button.dataset.title ?? "";
    field.dispatchEvent(new Event("change", { bubbles: true }));
    button.disabled = true;
    chooser.scrollIntoView({ block: "center" });
  }

  async decide(event: SubmitEvent): Promise<void> {
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
        await this.refresh(form.closest("[data-quotation]")?.id ?? "");
      } else if (problem) problem.textContent = answer.problem;
    } catch {
      if (problem) problem.textContent = this.element.dataset.lost ?? "";
    } finally {
      if (button) button.disabled = false;
    }
  }

  private wasHeard(place: string, ms: number): void {
    if (!place) return;
    heard.set(place, ms);
    for (const form of this.heardTargets) if (form.dataset.place === place) this.heardTargetConnected(form);
  }

  private async refresh(at: string): Promise<void> {
    const response = await fetch(this.urlValue);
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.body.firstElementChild;
    if (!fresh) return;
    this.element.replaceWith(document.adoptNode(fresh));
    // Whoever works with keys or a screen reader stays at the quotation.
    const row = document.getElementById(at);
    row?.setAttribute("tabindex", "-1");
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
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

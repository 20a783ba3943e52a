import { Controller } from "@hotwired/stimulus";
import { markPassages } from "./marked.ts";
import type { Selected } from "./selection.ts";

const OWN_FOR_MS = 5 * 60_000;

interface Own {
  url: string;
  until: number;
}

/** Answers, comments on selected words, and one's own comment for the five minutes in which it can be changed. */
export default class CommentsController extends Controller<HTMLElement> {
  static targets = [
    "form",
    "about",
    "aboutName",
    "passageBox",
    "passage",
    "parent",
    "field",
    "own",
    "ownLink",
    "more",
  ];
  static values = { story: String };

  declare formTarget: HTMLFormElement;
  declare hasFormTarget: boolean;
  declare aboutTarget: HTMLElement;
  declare aboutNameTarget: HTMLElement;
  declare passageBoxTarget: HTMLElement;
  declare passageTarget: HTMLElement;
  declare parentTarget: HTMLInputElement;
  declare fieldTargets: HTMLInputElement[];
  declare ownTarget: HTMLElement;
  declare ownLinkTarget: HTMLAnchorElement;
  declare moreTarget: HTMLButtonElement;
  declare storyValue: string;

  private listeners = new AbortController();

  connect(): void {
    markPassages(document.querySelectorAll<HTMLElement>("[data-passage-mark]"));
    if (!this.hasFormTarget) return;
    const { signal } = this.listeners;
    document.addEventListener(
      "correction:comment",
      (event) => this.onPassage((event as CustomEvent<Selected>).detail),
      { signal },
    );
    this.showOwn(this.kept);
  }

  disconnect(): void {
    this.listeners.abort();
  }

  answer(event: Event): void {
    if (!this.hasFormTarget) return;
    event.preventDefault();
    const { comment = "", name = "" } = (event.currentTarget as HTMLElement).dataset;
    this.alone();
    this.parentTarget.value = comment;
    this.aboutNameTarget.textContent = name;
    this.aboutTarget.hidden = false;
    this.begin();
  }

  /** Neither an answer nor about some words. */
  alone(): void {
    for (const field of [this.parentTarget, ...this.fieldTargets]) field.value = "";
    this.aboutTarget.hidden = this.passageBoxTarget.hidden = true;
  }

  sent(event: CustomEvent<{ own_url?: string }>): void {
    this.alone();
    this.moreTarget.hidden = false;
    const url = event.detail?.own_url;
    if (!url) return;
    const own = { url, until: Date.now() + OWN_FOR_MS };
    try {
      localStorage.setItem(this.key, JSON.stringify(own));
    } catch {
      // The link on this page is all there is then.
    }
    this.showOwn(own);
  }

  another(): void {
    this.begin();
  }

  private onPassage(selected: Selected): void {
    this.alone();
    const values: Record<string, string> = {
      block_id: selected.blockId,
      exact: selected.exact,
      prefix: selected.prefix,
      suffix: selected.suffix,
      start: String(selected.start),
      end: String(selected.end),
    };
    for (const field of this.fieldTargets) field.value = values[field.name] ?? "";
    this.passageTarget.textContent = selected.exact;
    this.passageBoxTarget.hidden = false;
    this.begin();
  }

  private begin(): void {
    this.moreTarget.hidden = true;
    this.dispatch("open", { target: this.formTarget, prefix: "send" });
    const name = this.formTarget.elements.namedItem("name") as HTMLInputElement;
    const text = this.formTarget.elements.namedItem("text") as HTMLTextAreaElement;
    (name.value ? text : name).focus({ preventScroll: true });
    this.formTarget.scrollIntoView({ block: "center", behavior: "instant" });
  }

  private showOwn(own: Own | null): void {
    const left = own ? own.until - Date.now() : 0;
    this.ownTarget.hidden = left <= 0;
    if (!own || left <= 0) return;
    this.ownLinkTarget.href = own.url;
    setTimeout(() => (this.ownTarget.hidden = true), left);
  }

  private get key(): string {
    return `own-comment-${this.storyValue}`;
  }

  private get kept(): Own | null {
    try {
      const own = JSON.parse(localStorage.getItem(this.key) ?? "null") as Own | null;
      if (own && own.until > Date.now() && own.until <= Date.now() + OWN_FOR_MS) return own;
      localStorage.removeItem(this.key);
    } catch {
      // A browser that keeps nothing, or not ours.
    }
    return null;
  }
}

import { Controller } from "@hotwired/stimulus";
import { parsePlace } from "./moments.ts";
import { Rows } from "./rows.ts";
import { pageOf, transcriptOf } from "./transcript.ts";

export interface Heard {
  ms: number;
  transcript: string;
  isPlaying: boolean;
}

/** The transcript beside the story: at the place that is heard or asked for, followed word by word. */
export default class DrawerController extends Controller<HTMLElement> {
  static targets = ["title", "page", "body", "status"];

  declare titleTarget: HTMLElement;
  declare pageTarget: HTMLAnchorElement;
  declare bodyTarget: HTMLElement;
  declare statusTarget: HTMLElement;

  private shown = "";
  private rows: Rows | null = null;
  private back: HTMLElement | null = null;
  private last: Heard | null = null;
  private listeners = new AbortController();

  connect(): void {
    const { signal } = this.listeners;
    document.addEventListener("click", (event) => this.click(event), { signal });
    document.addEventListener("keydown", (event) => this.key(event), { signal, capture: true });
    document.addEventListener("onrecord:heard", (event) => this.heard((event as CustomEvent<Heard>).detail), {
      signal,
    });
  }

  disconnect(): void {
    this.listeners.abort();
  }

  close(): void {
    this.element.hidden = true;
    this.back?.focus({ preventScroll: true });
    this.back = null;
  }

  private click(event: MouseEvent): void {
    const target = event.target as Element;
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = target.closest<HTMLAnchorElement>("a[data-drawer]");
    if (link?.hash && document.querySelector("audio[data-main]") === null) {
      event.preventDefault();
      const isHere = !this.element.hidden && this.shown === pageOf(link.href);
      if (isHere && link.closest(".player")) this.close();
      else void this.open(link);
    } else if (this.bodyTarget.contains(target) && !target.closest("a, label, input")) {
      const word = target.closest<HTMLElement>("[data-start-ms]");
      const row = target.closest<HTMLElement>("[data-row-start]");
      if (row && document.getSelection()?.isCollapsed) this.play(row, Number(word?.dataset.startMs));
    }
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || this.element.hidden || document.querySelector("dialog[open], .card-sheet"))
      return;
    event.stopImmediatePropagation();
    this.close();
  }

  private async open(link: HTMLAnchorElement): Promise<void> {
    this.back = link.closest(".card-sheet") ? null : link;
    const page = pageOf(link.href);
    this.pageTarget.href = link.href;
    this.element.hidden = false;
    if (page !== this.shown) await this.fill(page);
    const heard = this.last?.isPlaying && pageOf(this.last.transcript) === page ? this.last : null;
    const place = parsePlace(new URL(link.href).hash);
    const named =
      place?.kind === "segment" ? this.bodyTarget.querySelector(`#s-${CSS.escape(place.id)}`) : null;
    const row = heard ? this.rows?.at(heard.ms) : (named as HTMLElement | null);
    if (heard) this.rows?.show(heard.ms, false);
    else if (row) this.rows?.show(Number(row.dataset.rowStart), false);
    this.rows?.reveal(row ?? null, false);
    this.titleTarget.focus({ preventScroll: true });
  }

  private async fill(page: string): Promise<void> {
    this.shown = "";
    this.rows = null;
    this.bodyTarget.replaceChildren();
    this.statusTarget.textContent = this.element.dataset.loading ?? "";
    try {
      const transcript = (await transcriptOf(page)).cloneNode(true) as HTMLElement;
      this.bodyTarget.replaceChildren(transcript);
      const rows = [...transcript.querySelectorAll<HTMLElement>("[data-row-start]")];
      this.rows = new Rows(rows, this.bodyTarget);
      for (const row of rows) this.prepare(row, page, transcript.dataset);
      this.titleTarget.textContent = transcript.dataset.title ?? "";
      this.shown = page;
      this.statusTarget.textContent = "";
    } catch {
      this.statusTarget.textContent = this.element.dataset.failed ?? "";
    }
  }

  /** The times of lines become what the player knows: links to a moment, from there to the end. */
  private prepare(row: HTMLElement, page: string, about: DOMStringMap): void {
    const time = row.querySelector<HTMLElement>(".row-time");
    if (!time) return;
    Object.assign(time.dataset, {
      startMs: row.dataset.rowStart,
      endMs: String(this.rows?.end ?? 0),
      recording: about.recording,
      title: about.title,
      speaker: row.dataset.speaker ?? "",
      transcript: `${page}#${row.id}`,
    });
    time.setAttribute("role", "button");
  }

  private play(row: HTMLElement, wordMs: number): void {
    const time = row.querySelector<HTMLElement>(".row-time");
    if (!time) return;
    const start = time.dataset.startMs;
    if (Number.isFinite(wordMs)) time.dataset.startMs = String(wordMs);
    time.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    time.dataset.startMs = start;
  }

  private heard(heard: Heard): void {
    this.last = heard;
    if (!this.element.hidden && heard.transcript && pageOf(heard.transcript) === this.shown)
      this.rows?.show(heard.ms, heard.isPlaying);
  }
}

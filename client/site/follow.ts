import { Controller } from "@hotwired/stimulus";
import { parsePlace } from "./moments.ts";
import { Rows } from "./rows.ts";

/** A recording's page: plays from a line or a word, and shows the line and the word that are heard. */
export default class FollowController extends Controller<HTMLElement> {
  static targets = ["audio", "row"];

  declare audioTarget: HTMLAudioElement;
  declare hasAudioTarget: boolean;
  declare rowTargets: HTMLElement[];

  private rows = new Rows([]);
  private frame = 0;
  private until: number | null = null;
  private listeners = new AbortController();

  connect(): void {
    if (!this.hasAudioTarget) return;
    this.rows = new Rows(this.rowTargets);
    const { signal } = this.listeners;
    this.audioTarget.addEventListener("play", () => this.follow(), { signal });
    this.audioTarget.addEventListener("timeupdate", () => this.show(), { signal });
    this.audioTarget.addEventListener("pause", () => cancelAnimationFrame(this.frame), { signal });
    window.addEventListener("hashchange", () => this.open(), { signal });
    this.open();
  }

  disconnect(): void {
    this.listeners.abort();
    cancelAnimationFrame(this.frame);
  }

  /** A line's time, a word of it, or its text was clicked. */
  line(event: MouseEvent): void {
    const target = event.target as Element;
    const row = target.closest<HTMLElement>("[data-row-start]");
    if (!row || !this.hasAudioTarget || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
      return;
    const isTime = target.closest(".row-time") !== null;
    if (!isTime && (target.closest("a") || !document.getSelection()?.isCollapsed)) return;
    event.preventDefault();
    const word = target.closest<HTMLElement>("[data-start-ms]");
    this.playFrom(Number((word ?? row).dataset[word ? "startMs" : "rowStart"]));
  }

  /** The outline was clicked: go there. */
  seek(event: MouseEvent): void {
    const outline = this.element.querySelector(".listen-outline .waveform");
    if (!outline || !this.hasAudioTarget || (event.target as Element).closest("a")) return;
    const line = outline.querySelector<SVGElement>("[data-duration-ms]");
    const box = outline.getBoundingClientRect();
    this.playFrom((Number(line?.dataset.durationMs) * (event.clientX - box.left)) / box.width);
  }

  private open(): void {
    const place = parsePlace(location.hash);
    if (place?.kind === "segment") {
      const row = document.getElementById(`s-${place.id}`);
      if (row?.dataset.rowStart) this.audioTarget.currentTime = Number(row.dataset.rowStart) / 1000;
    } else if (place?.kind === "time") {
      this.rows.reveal(this.rows.at(place.startMs), false);
      this.playFrom(place.startMs, place.endMs);
      this.show();
    }
  }

  private playFrom(ms: number, until: number | null = null): void {
    if (!Number.isFinite(ms)) return;
    this.until = until;
    this.audioTarget.currentTime = ms / 1000;
    this.audioTarget.play().catch(() => undefined); // Not allowed before the reader has touched the page: it waits there.
  }

  private follow(): void {
    cancelAnimationFrame(this.frame);
    this.show();
    if (!this.audioTarget.paused) this.frame = requestAnimationFrame(() => this.follow());
  }

  private show(): void {
    const ms = this.audioTarget.currentTime * 1000;
    if (this.until !== null && ms >= this.until) {
      this.until = null;
      this.audioTarget.pause();
    }
    this.rows.show(ms, !this.audioTarget.paused);
  }
}

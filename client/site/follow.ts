import { Controller } from "@hotwired/stimulus";
import { lastNotAfter, parsePlace } from "./moments.ts";

/** A recording's page: plays from a line or a word, and shows the line and the word that are heard. */
export default class FollowController extends Controller<HTMLElement> {
  static targets = ["audio", "row"];

  declare audioTarget: HTMLAudioElement;
  declare hasAudioTarget: boolean;
  declare rowTargets: HTMLElement[];

  private rows: HTMLElement[] = [];
  private starts: number[] = [];
  private now: HTMLElement | null = null;
  private words: HTMLElement[] = [];
  private lit: HTMLElement | null = null;
  private frame = 0;
  private until: number | null = null;
  private listeners = new AbortController();

  connect(): void {
    if (!this.hasAudioTarget) return;
    this.rows = this.rowTargets;
    this.starts = this.rows.map((row) => Number(row.dataset.rowStart));
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
      const row = this.rows[Math.max(0, lastNotAfter(this.starts, place.startMs))];
      row?.scrollIntoView({ block: "center", behavior: "instant" });
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
    const row = this.rows[lastNotAfter(this.starts, ms)] ?? null;
    if (row !== this.now) this.moveTo(row);
    const starts = this.words.map((word) => Number(word.dataset.startMs));
    const word = this.words[lastNotAfter(starts, ms)] ?? null;
    if (word === this.lit) return;
    this.lit?.classList.remove("is-said");
    word?.classList.add("is-said");
    this.lit = word;
  }

  /** The page moves along only while the reader is watching: the line before must be in view. */
  private moveTo(row: HTMLElement | null): void {
    const before = this.now?.getBoundingClientRect();
    const isWatched = before && before.bottom > 0 && before.top < innerHeight;
    this.now?.classList.remove("is-now");
    this.now?.removeAttribute("aria-current");
    row?.classList.add("is-now");
    row?.setAttribute("aria-current", "true");
    this.now = row;
    this.words = row ? [...row.querySelectorAll<HTMLElement>(".row-original [data-start-ms]")] : [];
    if (!row || !isWatched || this.audioTarget.paused) return;
    const box = row.getBoundingClientRect();
    if (box.top < 80 || box.bottom > innerHeight - 120) {
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      row.scrollIntoView({ block: "center", behavior: still ? "instant" : "smooth" });
    }
  }
}

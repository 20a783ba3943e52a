import { Controller } from "@hotwired/stimulus";
import { rowAt } from "./rows-at";

/** A transcript with its player: a press on a time plays from there, the row that is heard is lit. */
export class FollowController extends Controller<HTMLElement> {
  static targets = ["audio", "row"];
  declare readonly audioTarget: HTMLAudioElement;
  declare readonly hasAudioTarget: boolean;
  declare readonly rowTargets: HTMLElement[];

  private lit: HTMLElement | undefined;
  private readonly light = () => this.show();

  audioTargetConnected(audio: HTMLAudioElement): void {
    for (const name of ["timeupdate", "seeking"]) audio.addEventListener(name, this.light);
  }

  audioTargetDisconnected(audio: HTMLAudioElement): void {
    for (const name of ["timeupdate", "seeking"]) audio.removeEventListener(name, this.light);
  }

  connect(): void {
    const named = location.hash ? document.getElementById(location.hash.slice(1)) : null;
    if (named && this.hasAudioTarget) {
      const start = Number(named.dataset.startMs);
      this.audioTarget.addEventListener("loadedmetadata", () => this.seek(start), { once: true });
      named.scrollIntoView({ block: "center" });
      named.classList.add("or-transcript__sought");
    }
  }

  play(event: Event): void {
    if (!this.hasAudioTarget) return;
    const row = (event.currentTarget as HTMLElement).closest<HTMLElement>("[data-start-ms]");
    if (!row) return;
    event.preventDefault();
    this.seek(Number(row.dataset.startMs));
    void this.audioTarget.play();
  }

  private seek(ms: number): void {
    this.audioTarget.currentTime = ms / 1000;
  }

  private show(): void {
    const rows = this.rowTargets;
    const spans = rows.map((row) => ({
      startMs: Number(row.dataset.startMs || NaN),
      endMs: Number(row.dataset.endMs || NaN),
    }));
    const row = rows[rowAt(spans, this.audioTarget.currentTime * 1000)];
    if (row === this.lit) return;
    this.lit?.classList.remove("or-transcript__heard");
    this.lit?.removeAttribute("aria-current");
    row?.classList.add("or-transcript__heard");
    row?.setAttribute("aria-current", "true");
    this.lit = row;
  }
}

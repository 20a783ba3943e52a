import { Controller } from "@hotwired/stimulus";
import { playMoment, stopMoment } from "./sound";

/** A link to a moment of a recording: a press plays it here, another stops it. */
export class MomentController extends Controller<HTMLAnchorElement> {
  static values = { start: Number, end: Number };
  declare readonly startValue: number;
  declare readonly endValue: number;

  play(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (this.element.classList.contains("or-playing")) {
      stopMoment();
      return;
    }
    const address = this.element.getAttribute("href") ?? "";
    void playMoment(address, this.startValue, this.endValue, () => this.show(false));
    this.show(true);
  }

  private show(isPlaying: boolean): void {
    this.element.classList.toggle("or-playing", isPlaying);
    this.element.setAttribute("aria-pressed", String(isPlaying));
  }
}

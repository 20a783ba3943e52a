import { Controller } from "@hotwired/stimulus";

/** The outline of a sound: shows how much has passed; a press goes there. */
export class WaveformController extends Controller<HTMLElement> {
  static targets = ["audio", "passed", "picture"];
  static values = { duration: Number };
  declare readonly audioTarget: HTMLAudioElement;
  declare readonly passedTarget: SVGRectElement;
  declare readonly pictureTarget: SVGElement;
  declare readonly durationValue: number;

  connect(): void {
    this.audioTarget.addEventListener("timeupdate", () => {
      const share = (this.audioTarget.currentTime * 1000) / (this.durationValue || 1);
      this.passedTarget.setAttribute("width", String(240 * Math.min(1, share)));
    });
  }

  seek(event: MouseEvent): void {
    const box = this.pictureTarget.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    this.audioTarget.currentTime = (share * this.durationValue) / 1000;
    void this.audioTarget.play();
  }
}

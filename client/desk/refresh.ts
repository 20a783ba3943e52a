import { Controller } from "@hotwired/stimulus";

const EVERY_MS = 2000;

/** A section that shows work in progress: asks for itself again until the answer asks no more. */
export class RefreshController extends Controller<HTMLElement> {
  static values = { url: String };
  declare readonly urlValue: string;
  private timer = 0;

  connect(): void {
    this.timer = window.setTimeout(() => void this.look(), EVERY_MS);
  }

  disconnect(): void {
    window.clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    const answer = await fetch(this.urlValue).catch(() => null);
    if (answer?.ok && !answer.redirected) this.element.outerHTML = await answer.text();
    else this.connect();
  }
}

// The outline of the sound, with the borders of the segments to drag.
import WaveSurfer from "wavesurfer.js";
import RegionsPlugin, { type Region } from "wavesurfer.js/plugins/regions";
import type { Row } from "./model";

const MOST_REGIONS = 40;
const SHORTEST_S = 0.02;

export interface WaveEvents {
  /** A border was dragged. */
  moved(id: string, start: number, end: number): void;
  /** Somebody pressed at a time. */
  pressed(ms: number): void;
  /** The rows whose borders can be seen. */
  rows(startMs: number, endMs: number): readonly Row[];
}

/** The waveform; it draws the peaks it is given and decodes nothing. */
export class Wave {
  private readonly surfer: WaveSurfer;
  private readonly regions: ReturnType<typeof RegionsPlugin.create>;
  private readonly drawn = new Map<string, Region>();
  private current: string | undefined;
  private waiting = false;

  constructor(
    container: HTMLElement,
    audio: HTMLAudioElement,
    peaks: readonly number[],
    private readonly seconds: number,
    private readonly events: WaveEvents,
  ) {
    this.regions = RegionsPlugin.create();
    const style = getComputedStyle(container);
    this.surfer = WaveSurfer.create({
      container,
      media: audio,
      peaks: [scaled(peaks)],
      duration: seconds,
      height: 72,
      minPxPerSec: Wave.firstZoom(container, seconds),
      waveColor: style.getPropertyValue("--or-wave"),
      progressColor: style.getPropertyValue("--or-wave-passed"),
      cursorColor: style.getPropertyValue("--or-wave-cursor"),
      cursorWidth: 2,
      normalize: true,
      autoCenter: true,
      plugins: [this.regions],
    });
    this.surfer.on("interaction", (time) => this.events.pressed(time * 1000));
    for (const name of ["ready", "zoom", "redraw", "scroll"] as const)
      this.surfer.on(name, () => this.later());
    this.regions.on("region-updated", (region) => {
      this.events.moved(region.id, Math.round(region.start * 1000), Math.round(region.end * 1000));
    });
    this.regions.on("region-clicked", (_, event) => {
      event.stopPropagation();
      const box = this.surfer.getWrapper().getBoundingClientRect();
      this.events.pressed(((event.clientX - box.left) / box.width) * seconds * 1000);
    });
  }

  /** About a minute in view, or all of what is shorter. */
  static firstZoom(container: HTMLElement, seconds: number): number {
    return container.clientWidth / Math.min(Math.max(seconds, 1), 60);
  }

  zoom(pxPerSecond: number): void {
    this.surfer.zoom(pxPerSecond);
  }

  /** A finer outline has come. */
  refine(peaks: Uint8Array): void {
    this.surfer.setOptions({ peaks: [scaled(peaks)], duration: this.seconds });
  }

  /** The row that is worked on. */
  mark(id: string | undefined): void {
    if (id === this.current) return;
    this.current = id;
    this.refresh();
  }

  /** Times have changed. */
  refresh(): void {
    for (const region of this.drawn.values()) region.remove();
    this.drawn.clear();
    this.later();
  }

  private later(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  }

  private draw(): void {
    const whole = this.surfer.getWrapper().clientWidth || 1;
    const start = (this.surfer.getScroll() / whole) * this.seconds * 1000;
    const end = start + (this.surfer.getWidth() / whole) * this.seconds * 1000;
    const visible = this.events.rows(start, end);
    const rows = visible.length > MOST_REGIONS ? visible.filter(({ id }) => id === this.current) : visible;
    const wanted = new Map(rows.map((row) => [row.id, row]));
    for (const [id, region] of this.drawn) {
      if (wanted.has(id)) continue;
      region.remove();
      this.drawn.delete(id);
    }
    for (const row of rows) {
      if (this.drawn.has(row.id)) continue;
      const now = row.id === this.current;
      this.drawn.set(
        row.id,
        this.regions.addRegion({
          id: row.id,
          start: row.start / 1000,
          end: row.end / 1000,
          drag: false,
          resize: true,
          minLength: SHORTEST_S,
          color: now ? "rgb(0 125 126 / 26%)" : "rgb(128 128 128 / 12%)",
        }),
      );
    }
  }
}

function scaled(peaks: ArrayLike<number>): Float32Array {
  return Float32Array.from(peaks, (peak) => peak / 100);
}

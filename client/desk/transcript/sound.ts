// Playing while typing: speed without pitch, back a little on pause, loops, and masks as readers will hear them.

export interface Span {
  readonly start: number;
  readonly end: number;
}

const SPEEDS = [0.5, 0.6, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 2];
const GUARD_MS = 60;
const TONE_HZ = 1000;
const BACK_KEY = "onrecord-back-on-pause-ms";

/** The sound of a recording; times in ms. */
export class Sound {
  loop: Span | undefined;
  private until = Infinity;
  private bleeps: readonly Span[] | undefined;
  private tone: { context: AudioContext; gain: GainNode } | undefined;

  constructor(
    readonly audio: HTMLAudioElement,
    private readonly moved: (ms: number) => void,
  ) {
    audio.preservesPitch = true;
    audio.addEventListener("play", () => requestAnimationFrame(() => this.tick()));
    audio.addEventListener("pause", () => this.hush());
    audio.addEventListener("seeked", () => this.moved(this.ms));
  }

  get ms(): number {
    return this.audio.currentTime * 1000;
  }

  get playing(): boolean {
    return !this.audio.paused;
  }

  get backOnPause(): number {
    return Number(localStorage.getItem(BACK_KEY) ?? 1000);
  }

  set backOnPause(ms: number) {
    localStorage.setItem(BACK_KEY, String(ms));
  }

  get speed(): number {
    return this.audio.playbackRate;
  }

  set speed(rate: number) {
    this.audio.playbackRate = rate;
  }

  /** The next slower or faster speed. */
  step(by: number): void {
    const faster = SPEEDS.filter((speed) => speed > this.speed + 0.001);
    const slower = SPEEDS.filter((speed) => speed < this.speed - 0.001);
    this.speed = (by > 0 ? faster[0] : slower.at(-1)) ?? this.speed;
  }

  toggle(): void {
    if (this.playing) this.pause();
    else void this.play();
  }

  async play(fromMs?: number): Promise<void> {
    this.until = Infinity;
    this.bleeps = undefined;
    if (fromMs !== undefined) this.seek(fromMs);
    await this.audio.play().catch(() => undefined);
  }

  /** Play a span with these spans bleeped, and stop. */
  async playBleeped(span: Span, bleeps: readonly Span[]): Promise<void> {
    await this.play(span.start);
    this.until = span.end;
    this.bleeps = bleeps;
  }

  pause(): void {
    const stopped = this.until !== Infinity;
    this.audio.pause();
    if (!stopped && this.backOnPause) this.seek(this.ms - this.backOnPause);
  }

  seek(ms: number): void {
    const end = Number.isFinite(this.audio.duration) ? this.audio.duration : Infinity;
    this.audio.currentTime = Math.min(Math.max(0, ms / 1000), end);
  }

  private tick(): void {
    if (!this.playing) return;
    const now = this.ms;
    if (now >= this.until) {
      this.audio.pause();
      this.until = Infinity;
      this.bleeps = undefined;
    } else if (this.loop && (now >= this.loop.end || now < this.loop.start - 500)) {
      this.seek(this.loop.start);
    }
    this.bleep(
      this.bleeps?.some(({ start, end }) => now >= start - GUARD_MS && now < end + GUARD_MS) ?? false,
    );
    this.moved(now);
    requestAnimationFrame(() => this.tick());
  }

  /** A tone in place of the sound. */
  private bleep(on: boolean): void {
    this.audio.muted = on;
    if (!on && !this.tone) return;
    this.tone ??= this.makeTone();
    this.tone.gain.gain.value = on ? 0.12 : 0;
  }

  private hush(): void {
    this.audio.muted = false;
    if (this.tone) this.tone.gain.gain.value = 0;
  }

  private makeTone(): { context: AudioContext; gain: GainNode } {
    const context = new AudioContext();
    const gain = context.createGain();
    const oscillator = context.createOscillator();
    oscillator.frequency.value = TONE_HZ;
    gain.gain.value = 0;
    oscillator.connect(gain).connect(context.destination);
    oscillator.start();
    return { context, gain };
  }
}

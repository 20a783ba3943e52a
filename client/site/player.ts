import { Controller } from "@hotwired/stimulus";
import { clock, parseMoments, parsePlace, progress, type Moment } from "./moments.ts";
import type { Heard } from "./drawer.ts";
import { Said } from "./said.ts";

interface Clip {
  link: HTMLElement | SVGElement;
  url: string;
  recording: string;
  /** Numbers of the quotations, one for each moment. */
  quotations: string[];
  moments: Moment[];
  speaker: string;
  title: string;
  transcript: string;
}

const LINKS = "a[data-start-ms]";
const SLACK_MS = 1500;

/** One sound at a time: plays the moments that links name, shows what is played, stops where the moment ends. */
export default class PlayerController extends Controller<HTMLElement> {
  static targets = ["bar", "toggle", "progress", "speaker", "title", "time", "transcript", "words", "status"];

  declare barTarget: HTMLElement;
  declare toggleTarget: HTMLElement;
  declare progressTarget: HTMLElement;
  declare speakerTarget: HTMLElement;
  declare titleTarget: HTMLElement;
  declare timeTarget: HTMLElement;
  declare transcriptTarget: HTMLAnchorElement;
  declare wordsTarget: HTMLElement;
  declare statusTarget: HTMLElement;
  declare hasBarTarget: boolean;

  private audio: HTMLAudioElement | null = null;
  private clip: Clip | null = null;
  private current = 0;
  private frame = 0;
  private seeking = false;
  private said: Said | null = null;
  private listeners = new AbortController();

  connect(): void {
    if (!this.hasBarTarget) return;
    for (const link of document.querySelectorAll(LINKS)) {
      link.setAttribute("role", "button");
      link.setAttribute("aria-pressed", "false");
    }
    const on = (type: string, listener: (event: Event) => void, capture = false) =>
      document.addEventListener(type, listener, { signal: this.listeners.signal, capture });
    on("click", (event) => this.click(event as MouseEvent));
    on("keydown", (event) => this.key(event as KeyboardEvent));
    on("play", (event) => this.heard(event.target as HTMLMediaElement), true);
    on("timeupdate", (event) => showPosition(event.target as HTMLMediaElement), true);
    window.addEventListener("hashchange", () => this.open(), { signal: this.listeners.signal });
    this.open();
  }

  disconnect(): void {
    this.close();
    this.listeners.abort();
  }

  toggle(): void {
    if (!this.clip || !this.audio) return;
    if (!this.audio.paused) this.audio.pause();
    else if (this.isOver()) this.start(this.clip);
    else void this.resume();
  }

  close(): void {
    this.audio?.pause();
    this.forget();
  }

  private click(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLElement | SVGElement>(LINKS);
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
      return;
    event.preventDefault();
    if (link === this.clip?.link) this.toggle();
    else this.start(clipOf(link));
  }

  private key(event: KeyboardEvent): void {
    const link = (event.target as Element).closest<HTMLElement | SVGElement>(LINKS);
    if (event.key === " " && link) {
      event.preventDefault();
      link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    } else if (event.key === "Escape" && this.clip && !document.querySelector("dialog[open]")) {
      const back = this.barTarget.contains(document.activeElement) ? this.clip.link : null;
      this.close();
      back?.focus();
    }
  }

  /** A player of the page's own was started: it is the one sound now. */
  private heard(media: HTMLMediaElement): void {
    hushOthers(media);
    if (media !== this.audio) this.close();
  }

  private open(): void {
    const place = parsePlace(location.hash, location.search);
    if (place?.kind !== "quotation" && place?.kind !== "key") return;
    const id = place.kind === "key" ? `q-${place.key}` : `quotation-${place.number}`;
    document.getElementById(id)?.closest("details")?.setAttribute("open", "");
    const link =
      place.kind === "key"
        ? document.getElementById(id)
        : document.querySelector<HTMLElement>(`a.play[data-quotation="${place.number}"]`);
    if (!link?.matches(LINKS) || (place.kind === "quotation" && !place.play)) return;
    if (place.kind === "key") link.scrollIntoView({ block: "center", behavior: "instant" });
    this.start(clipOf(link));
  }

  private start(clip: Clip): void {
    if (this.clip) this.mark(false);
    if (this.audio && this.audio !== engine(clip, this.audio)) this.audio.pause();
    this.listen(engine(clip, this.audio));
    this.clip = clip;
    this.current = 0;
    this.show(clip);
    if (this.audio!.getAttribute("src") !== clip.url) this.audio!.src = clip.url;
    this.audio!.dataset.recording = clip.recording;
    this.seek(clip.moments[0].startMs);
    void this.resume();
  }

  private listen(audio: HTMLAudioElement): void {
    if (audio === this.audio) return;
    this.audio = audio;
    const on = (type: string, listener: () => void) =>
      audio.addEventListener(type, () => this.audio === audio && this.clip && listener(), {
        signal: this.listeners.signal,
      });
    on("play", () => this.playing(true));
    on("pause", () => this.playing(false));
    on("seeked", () => (this.seeking = false));
    on("timeupdate", () => this.tick());
    on("ended", () => this.tick(Infinity));
    on("error", () => this.fail());
  }

  private async resume(): Promise<void> {
    try {
      if (!this.audio) return;
      hushOthers(this.audio);
      await this.audio.play();
      this.playing(!this.audio.paused);
    } catch (error) {
      this.playing(false);
      const name = (error as DOMException).name;
      if (name === "NotAllowedError") this.statusTarget.textContent = this.barTarget.dataset.blocked ?? "";
      else if (name !== "AbortError") this.fail();
    }
  }

  private seek(ms: number): void {
    if (!this.audio) return;
    this.seeking = this.audio.readyState > 0;
    this.audio.currentTime = ms / 1000;
  }

  private playing(isPlaying: boolean): void {
    this.barTarget.classList.toggle("is-paused", !isPlaying);
    this.toggleTarget.setAttribute(
      "aria-label",
      this.barTarget.dataset[isPlaying ? "playingLabel" : "pausedLabel"] ?? "",
    );
    this.mark(isPlaying);
    if ("mediaSession" in navigator) navigator.mediaSession.playbackState = isPlaying ? "playing" : "paused";
    cancelAnimationFrame(this.frame);
    if (isPlaying) this.frame = requestAnimationFrame(() => this.follow());
  }

  private follow(): void {
    this.tick();
    if (this.clip && this.audio && !this.audio.paused)
      this.frame = requestAnimationFrame(() => this.follow());
  }

  private tick(at?: number): void {
    const { clip, audio } = this;
    if (!clip || !audio || this.seeking) return;
    const ms = at ?? audio.currentTime * 1000;
    const moment = clip.moments[this.current];
    if (ms !== Infinity && (ms < moment.startMs - SLACK_MS || ms > moment.endMs + SLACK_MS)) {
      this.forget(); // Somebody moved the page's own player elsewhere: it is theirs.
      return;
    }
    if (ms >= moment.endMs) {
      const next = clip.moments[this.current + 1];
      if (next && ms !== Infinity) {
        this.mark(false);
        this.current += 1;
        this.mark(true);
        this.name();
        if (next.startMs - ms > 400 || next.startMs < ms - 100) this.seek(next.startMs);
      } else audio.pause();
    }
    const here = Math.min(ms, clip.moments[this.current].endMs);
    this.progressTarget.style.transform = `scaleX(${progress(clip.moments, this.current, here)})`;
    this.timeTarget.textContent = `${clock(here)} / ${clock(clip.moments.at(-1)!.endMs)}`;
    this.said?.show(here);
    const heard: Heard = { ms: here, transcript: clip.transcript, isPlaying: !audio.paused };
    document.dispatchEvent(new CustomEvent("onrecord:heard", { detail: heard }));
  }

  private isOver(): boolean {
    const last = this.clip?.moments.at(-1);
    return !!last && !!this.audio && this.audio.currentTime * 1000 >= last.endMs - 50;
  }

  private show(clip: Clip): void {
    this.barTarget.hidden = false;
    this.name();
    this.titleTarget.textContent = clip.title;
    this.statusTarget.textContent = "";
    this.transcriptTarget.hidden = !clip.transcript;
    if (clip.transcript) this.transcriptTarget.href = clip.transcript;
    this.progressTarget.style.transform = "scaleX(0)";
    this.timeTarget.textContent = `${clock(clip.moments[0].startMs)} / ${clock(clip.moments.at(-1)!.endMs)}`;
    this.wordsTarget.hidden = true;
    this.said =
      clip.transcript && !document.querySelector("audio[data-main]")
        ? new Said(this.wordsTarget, clip.transcript)
        : null;
    if (!("mediaSession" in navigator)) return;
    navigator.mediaSession.metadata = new MediaMetadata({
      title: this.speakerTarget.textContent || clip.title,
      artist: clip.title,
    });
    navigator.mediaSession.setActionHandler("play", () => this.toggle());
    navigator.mediaSession.setActionHandler("pause", () => this.toggle());
    navigator.mediaSession.setActionHandler("stop", () => this.close());
  }

  private name(): void {
    if (!this.clip) return;
    this.speakerTarget.textContent =
      this.clip.speaker || (checkOf(this.clip.quotations[this.current])?.speaker ?? "");
  }

  private mark(isPlaying: boolean): void {
    if (!this.clip) return;
    const { link } = this.clip;
    const quotation = this.clip.quotations[this.current];
    link.setAttribute("aria-pressed", String(isPlaying));
    link.classList.toggle("is-playing", isPlaying);
    if (!quotation || link.classList.contains("moment")) return;
    for (const words of document.querySelectorAll(`.quotation[data-quotation="${quotation}"]`)) {
      words.classList.toggle("is-playing", isPlaying);
    }
  }

  private fail(): void {
    this.playing(false);
    this.statusTarget.textContent = this.titleTarget.textContent = this.barTarget.dataset.failed ?? "";
    this.speakerTarget.textContent = "";
  }

  private forget(): void {
    cancelAnimationFrame(this.frame);
    this.mark(false);
    this.clip = null;
    this.said = null;
    this.barTarget.hidden = true;
    if ("mediaSession" in navigator) navigator.mediaSession.metadata = null;
  }
}

/** What a link plays; what the link does not say itself is taken from the table of how quotations were checked. */
function clipOf(link: HTMLElement | SVGElement): Clip {
  const data = link.dataset;
  const quotations = (data.quotations ?? data.quotation ?? "").split(" ");
  const row = checkOf(quotations[0]);
  const moments = parseMoments(data.moments ?? `${data.startMs}-${data.endMs}`);
  return {
    link,
    url: (link.getAttribute("href") ?? "").replace(/#.*$/, ""),
    recording: data.recording ?? "",
    quotations,
    moments: moments.length
      ? moments
      : [{ startMs: Number(data.startMs), endMs: Number(data.startMs) + 5000 }],
    speaker: data.speaker ?? (quotations.length > 1 ? "" : (row?.speaker ?? "")),
    title: data.title ?? row?.title ?? "",
    transcript: data.transcript ?? row?.transcript ?? "",
  };
}

function checkOf(quotation: string | undefined): DOMStringMap | undefined {
  return document.querySelector<HTMLElement>(`[data-check="${quotation}"]`)?.dataset;
}

/** The player of a recording's own page where there is one, else the one that this page shares. */
function engine(clip: Clip, shared: HTMLAudioElement | null): HTMLAudioElement {
  const own = document.querySelector<HTMLAudioElement>(
    `audio[data-main][data-recording="${clip.recording}"]`,
  );
  return own ?? shared ?? new Audio();
}

function hushOthers(media: HTMLMediaElement): void {
  for (const other of document.querySelectorAll<HTMLMediaElement>("audio, video")) {
    if (other !== media) other.pause();
  }
}

/** Move the line on the outline of the recording that is played. */
function showPosition(media: HTMLMediaElement): void {
  const line = document.querySelector<SVGLineElement>(`[data-waveform-now="${media.dataset.recording}"]`);
  if (!line || !media.duration) return;
  const x = String((media.currentTime / media.duration) * 1000);
  line.setAttribute("x1", x);
  line.setAttribute("x2", x);
  line.classList.add("is-on");
}

// The sound bar, and the words that light up as they are said.
import { type Cursor, cursorNow } from "./cursor";
import type { Desk } from "./desk";
import type { Row } from "./model";
import { wordAt, wordSpans } from "./paint";
import { shortTime } from "./row-view";
import { Sound, type Span } from "./sound";
import { say } from "./texts";
import type { Wave } from "./wave";

const PRESS_KEY = "onrecord-press-plays";

export class Playback {
  readonly sound: Sound;
  wave: Wave | undefined;
  private heard: { id: string; fields: HTMLElement[] } | undefined;

  constructor(private readonly desk: Desk) {
    const audio = desk.target<HTMLAudioElement>("audio");
    this.sound = new Sound(audio, (ms) => this.follow(ms));
    this.listen(audio);
    this.setUpChoices();
    desk.discarded(() => (this.heard = undefined));
    audio.src = desk.settings.sound;
  }

  /** Whether a press on a word plays from it. */
  get pressPlays(): boolean {
    return this.desk.target<HTMLInputElement>("press").checked;
  }

  playFrom(cursor: Cursor): void {
    void this.sound.play(this.timeAt(cursor));
  }

  /** When the word at the cursor is said. */
  timeAt({ id, language, field, start }: Cursor): number | undefined {
    const row = this.desk.store.get(id);
    const word = row?.sides[language].words[wordAt(field.textContent ?? "", start)];
    return word?.start ?? row?.start;
  }

  /** Play a row as readers will hear it; `also` are words that would be masked. */
  playBleeped(row: Row, also: ReadonlySet<string>): void {
    const spans: Span[] = row.sides[this.desk.shown[0]].words
      .filter(({ id, mask }) => mask ?? also.has(id))
      .map((word) =>
        word.exact && word.start !== null && word.end !== null ? { start: word.start, end: word.end } : row,
      );
    void this.sound.playBleeped(row, spans);
  }

  toggleLoop(row: Row | undefined): void {
    const { sound } = this;
    sound.loop = sound.loop ? undefined : (row ?? this.desk.rowAt(sound.ms));
    this.desk.target("loop").setAttribute("aria-pressed", String(sound.loop !== undefined));
    if (sound.loop && !sound.playing) void sound.play(sound.loop.start);
  }

  private listen(audio: HTMLAudioElement): void {
    const { settings } = this.desk;
    const play = this.desk.target("play");
    audio.addEventListener("error", () => {
      if (audio.src.endsWith(settings.sound) && settings.webCopy) audio.src = settings.webCopy;
      else this.desk.target("silent").textContent = say("sound.unplayable");
    });
    for (const name of ["play", "pause"])
      audio.addEventListener(name, () => {
        play.querySelector("span")!.textContent = say(audio.paused ? "sound.play" : "sound.pause");
        play.querySelector("use")?.setAttribute("href", audio.paused ? "#icon-play" : "#icon-pause");
      });
  }

  private setUpChoices(): void {
    const { sound } = this;
    const speed = this.desk.target<HTMLSelectElement>("speed");
    speed.addEventListener("change", () => (sound.speed = Number(speed.value)));
    sound.audio.addEventListener("ratechange", () => (speed.value = String(sound.speed)));
    const back = this.desk.target<HTMLSelectElement>("back");
    back.value = String(sound.backOnPause);
    back.addEventListener("change", () => (sound.backOnPause = Number(back.value)));
    const press = this.desk.target<HTMLInputElement>("press");
    press.checked = localStorage.getItem(PRESS_KEY) !== "no";
    press.addEventListener("change", () => localStorage.setItem(PRESS_KEY, press.checked ? "yes" : "no"));
  }

  private follow(ms: number): void {
    const { desk } = this;
    desk.target("clock").textContent = shortTime(ms);
    const row = desk.rowAt(ms);
    if (row?.id !== this.heard?.id) {
      this.light(undefined);
      const follows = desk.target<HTMLInputElement>("follow").checked;
      if (row && follows && this.sound.playing && !cursorNow()) desk.list.reveal(row.id);
      if (row) this.light(row.id);
      if (!cursorNow()) this.wave?.mark(row?.id);
    }
    for (const field of this.heard?.fields ?? []) {
      const words = row!.sides[field.closest<HTMLElement>("[data-language]")!.dataset.language!].words;
      const at = words.findIndex(
        ({ start, end }) => start !== null && end !== null && start <= ms && ms < end,
      );
      const span = at < 0 ? undefined : wordSpans(field.textContent ?? "")[at];
      desk.painter.set(field, "heard", span ? [span] : []);
    }
  }

  private light(id: string | undefined): void {
    const { list, painter } = this.desk;
    if (this.heard) {
      list.element(this.heard.id)?.removeAttribute("data-heard");
      for (const field of this.heard.fields) painter.set(field, "heard", []);
    }
    this.heard = undefined;
    const element = id === undefined ? undefined : list.element(id);
    if (id === undefined || !element) return;
    element.dataset.heard = "";
    this.heard = { id, fields: [...element.querySelectorAll<HTMLElement>(".or-field")] };
  }
}

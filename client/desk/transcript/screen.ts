import { Controller } from "@hotwired/stimulus";
import { cursorNow, type Cursor, place, wordsSelected } from "./cursor";
import { Dialogs } from "./dialogs";
import * as edits from "./edits";
import type { Place } from "./find";
import { Finder } from "./finding";
import { actOf } from "./keys";
import { VirtualList } from "./list";
import { newId, type Row, textOf } from "./model";
import { Painter, wordAt, wordSpans } from "./paint";
import { fillRow, make, makeRow, type RowContext, shortTime } from "./row-view";
import { Saver, type SaveState } from "./saver";
import { Sound, type Span } from "./sound";
import { claim, forget, leftBehind } from "./stash";
import { Store } from "./store";
import { Wave } from "./wave";
import { readRow, type StoredRow } from "./wire";

interface Desk {
  draft: string;
  publish: string;
  pulse: string;
  suggestions: string;
  sound: string;
  recording: string;
  person: string;
  durationMs: number;
  peaks: number[];
  webCopy: string;
  outline: string;
}
interface SideInfo {
  language: string;
  translation: boolean;
  number: number;
}

const JUMP_MS = 3000;
const TIDY_MS = 120;
const PRESS_KEY = "onrecord-press-plays";
const OUTLINE_AGAIN_MS = 5000;
const OUTLINE_TRIES = 12;
const STATES: Record<SaveState, string> = {
  saved: "Saved",
  typing: "Saving…",
  saving: "Saving…",
  offline: "Not saved: no connection. Kept in this browser",
  conflict: "Not saved: there are two texts, both are kept below",
  refused: "Not saved",
  replaced: "Not saved: the text was replaced",
  "signed-out": "Not saved: you are signed out. Kept in this browser",
};

/** The transcript desk: everything on the screen, and who does what when a key is pressed. */
export class TranscriptController extends Controller<HTMLElement> {
  static targets = [
    "audio", "wave", "play", "clock", "speed", "back", "loop", "zoom", "follow", "press", "silent", "undo", "redo", "people",
    "state", "find", "found", "notice", "heads", "scroll", "list", "known",
  ]; // prettier-ignore
  declare readonly audioTarget: HTMLAudioElement;
  declare readonly waveTarget: HTMLElement;
  declare readonly playTarget: HTMLElement;
  declare readonly clockTarget: HTMLElement;
  declare readonly speedTarget: HTMLSelectElement;
  declare readonly backTarget: HTMLSelectElement;
  declare readonly loopTarget: HTMLElement;
  declare readonly zoomTarget: HTMLInputElement;
  declare readonly followTarget: HTMLInputElement;
  declare readonly pressTarget: HTMLInputElement;
  declare readonly silentTarget: HTMLElement;
  declare readonly undoTarget: HTMLButtonElement;
  declare readonly redoTarget: HTMLButtonElement;
  declare readonly peopleTarget: HTMLElement;
  declare readonly stateTarget: HTMLElement;
  declare readonly findTarget: HTMLFormElement;
  declare readonly foundTarget: HTMLElement;
  declare readonly noticeTarget: HTMLElement;
  declare readonly headsTarget: HTMLElement;
  declare readonly scrollTarget: HTMLElement;
  declare readonly listTarget: HTMLElement;
  declare readonly knownTarget: HTMLElement;

  private desk!: Desk;
  private sides: SideInfo[] = [];
  private shown: string[] = [];
  private readonly store = new Store((ids, structural, own) => this.changed(ids, structural, own));
  private readonly painter = new Painter();
  private saver!: Saver;
  private list!: VirtualList;
  private sound!: Sound;
  private wave: Wave | undefined;
  private finder!: Finder;
  private dialogs!: Dialogs;
  private heard: { id: string; fields: HTMLElement[] } | undefined;
  private last: { id: string; language: string } | undefined;
  private tidying: ReturnType<typeof setTimeout> | undefined;

  async connect(): Promise<void> {
    this.desk = JSON.parse(document.getElementById("or-desk")!.textContent!) as Desk;
    document.documentElement.classList.add("or-desk-open");
    const listing = await this.fetchText();
    const left = await leftBehind(this.desk.recording).catch(() => undefined);
    // Without locks nobody can tell whether the window that left this is really gone: then ours has a name of its own.
    const taken = left && "locks" in navigator ? left.tab : undefined;
    const tab = taken ?? newId() + newId();
    if (!taken) await claim(tab);
    if (left && !taken) await forget(left.tab);
    const token = this.element.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")!.value;
    this.saver = new Saver(this.store, this.desk, token, tab, {
      state: (state, message) => this.showState(state, message),
      others: (names) => this.showPeople(names),
      conflict: (id) => this.refresh(id),
      masked: () => this.say("Masked in text and sound; a version was made for it."),
    });
    this.setUpList();
    this.setUpSound();
    this.finder = new Finder(
      {
        store: this.store,
        painter: this.painter,
        languages: () => this.shown,
        field: (id, language) => this.field(id, language),
        show: (found) => this.showPlace(found),
      },
      this.findTarget,
      this.foundTarget,
    );
    this.dialogs = new Dialogs(this.element, this.store, this.desk, {
      land: (id, language) => this.land({ id, language, offset: 0 }),
      play: (id) => void this.sound.play(this.store.get(id)?.start),
      languages: () => this.shown,
    });
    this.listen();
    const rows = listing.rows.map(readRow);
    this.store.load(rows);
    this.saver.load(rows, listing.revision, listing.generation);
    this.sides = listing.sides;
    this.shown = this.sides.slice(0, 2).map(({ language }) => language);
    this.drawHeads();
    this.list.show(this.store.order);
    this.drawKnown();
    this.showState("saved");
    if (left) this.takeOver(left);
    this.setUpWave();
    void this.saver.pulse();
    this.element.dataset.ready = "";
  }

  private async fetchText(): Promise<{
    revision: number;
    generation: number;
    sides: SideInfo[];
    rows: StoredRow[];
  }> {
    const answer = await fetch(this.desk.draft);
    if (!answer.ok) throw new Error(`The words could not be loaded (${answer.status})`);
    return (await answer.json()) as Awaited<ReturnType<TranscriptController["fetchText"]>>;
  }

  // --- setting up --------------------------------------------------------------------------------------------------

  private setUpList(): void {
    this.list = new VirtualList(
      this.scrollTarget,
      this.listTarget,
      (id) => {
        const element = makeRow(this.store.get(id)!, this.contextOf(id), this.painter);
        // Once the element is in the page, what is found in it can be marked.
        queueMicrotask(() => this.finder?.isOpen && this.finder.paint([id]));
        return element;
      },
      () => this.forgetFields(),
    );
  }

  private forgetFields(): void {
    this.heard = undefined;
  }

  private setUpSound(): void {
    this.sound = new Sound(this.audioTarget, (ms) => this.follow(ms));
    const audio = this.audioTarget;
    audio.addEventListener("error", () => {
      if (audio.src.endsWith(this.desk.sound) && this.desk.webCopy) audio.src = this.desk.webCopy;
      else this.silentTarget.textContent = "There is nothing to hear: this browser cannot play the original.";
    });
    for (const name of ["play", "pause"])
      audio.addEventListener(name, () => {
        this.playTarget.querySelector("span")!.textContent = audio.paused ? "Play" : "Pause";
        this.playTarget
          .querySelector("use")
          ?.setAttribute("href", audio.paused ? "#icon-play" : "#icon-pause");
      });
    audio.addEventListener("ratechange", () => (this.speedTarget.value = String(audio.playbackRate)));
    audio.src = this.desk.sound;
    this.backTarget.value = String(this.sound.backOnPause);
    this.backTarget.addEventListener(
      "change",
      () => (this.sound.backOnPause = Number(this.backTarget.value)),
    );
    this.pressTarget.checked = localStorage.getItem(PRESS_KEY) !== "no";
    this.pressTarget.addEventListener("change", () =>
      localStorage.setItem(PRESS_KEY, this.pressTarget.checked ? "yes" : "no"),
    );
    this.speedTarget.addEventListener("change", () => (this.sound.speed = Number(this.speedTarget.value)));
  }

  private setUpWave(): void {
    const seconds = this.desk.durationMs / 1000;
    if (!seconds || !this.desk.peaks.length) return;
    this.wave = new Wave(this.waveTarget, this.audioTarget, this.desk.peaks, seconds, {
      moved: (id, start, end) => {
        edits.moveBorders(this.store, id, start, end, this.desk.durationMs);
        this.wave?.refresh();
      },
      pressed: (ms) => this.sound.seek(ms),
      rows: (start, end) => this.store.all().filter((row) => row.end > start && row.start < end),
    });
    const least = Wave.firstZoom(this.waveTarget, Infinity) && this.waveTarget.clientWidth / seconds;
    this.zoomTarget.addEventListener("input", () => {
      const share = Number(this.zoomTarget.value) / 100;
      this.wave?.zoom(least * (400 / least) ** share);
    });
    if (this.desk.outline) void this.refineWave(OUTLINE_TRIES);
  }

  /** The fine outline is made by the worker when it is first asked for. */
  private async refineWave(tries: number): Promise<void> {
    const answer = await fetch(this.desk.outline).catch(() => undefined);
    if (answer?.ok) this.wave?.refine(new Uint8Array(await answer.arrayBuffer()));
    else if (tries) setTimeout(() => void this.refineWave(tries - 1), OUTLINE_AGAIN_MS);
  }

  private takeOver(left: NonNullable<Awaited<ReturnType<typeof leftBehind>>>): void {
    const count = left.rows.length + left.gone.length;
    if (this.saver.takeOver(left)) {
      this.say(
        `${count} ${count === 1 ? "segment" : "segments"} that had not been saved were found in this browser.`,
      );
      return;
    }
    const notice = this.say("Typed for a text that was replaced since, and not in it. Copy what you need:");
    for (const { row } of left.rows)
      for (const side of Object.values(row.sides))
        notice.append(make("p", "", `${shortTime(row.start)} ${textOf(side.words)}`));
  }

  private listen(): void {
    const root = this.element;
    document.addEventListener("keydown", (event) => this.key(event), { capture: true });
    root.addEventListener("click", (event) => {
      const button = (event.target as HTMLElement).closest<HTMLElement>("[data-act]");
      if (button) this.act(button.dataset.act!, button);
      else this.clicked(event);
    });
    root.addEventListener("mousedown", (event) => {
      // A press on a button of the bars leaves the cursor where it is.
      if ((event.target as HTMLElement).closest(".or-desk__bar button")) event.preventDefault();
    });
    this.listTarget.addEventListener("input", (event) => this.input(event.target as HTMLElement));
    this.listTarget.addEventListener("change", (event) => this.renamed(event.target as HTMLElement));
    this.listTarget.addEventListener("beforeinput", (event) => {
      if (event.inputType === "historyUndo" || event.inputType === "historyRedo") event.preventDefault();
    });
    this.listTarget.addEventListener("focusin", () => this.entered());
    this.listTarget.addEventListener("focusout", () => this.store.breathe());
    window.addEventListener("pagehide", () => this.saver.leave());
    window.addEventListener("pageshow", (event) => event.persisted && location.reload());
    window.addEventListener("beforeunload", (event) => {
      if (this.saver.unsaved) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) void this.saver.flush();
    });
  }

  // --- what is shown -----------------------------------------------------------------------------------------------

  private contextOf(id: string): RowContext {
    const above = this.store.neighbour(id, -1);
    const row = this.store.get(id)!;
    return {
      languages: this.shown,
      overlaps: above !== undefined && above.end > row.start && above.speaker !== row.speaker,
      conflict: this.saver.conflicts.get(id),
      refused: this.saver.refused.get(id),
    };
  }

  private changed(ids: readonly string[], structural: boolean, own: boolean): void {
    if (own) this.saver.touch(ids);
    if (structural) this.list.show(this.store.order);
    for (const id of ids) {
      this.refresh(id);
      const below = this.store.neighbour(id, 1);
      if (below) this.refresh(below.id);
    }
    this.undoTarget.disabled = !this.store.canUndo;
    this.redoTarget.disabled = !this.store.canRedo;
    clearTimeout(this.tidying);
    this.tidying = setTimeout(() => this.tidy(), TIDY_MS);
  }

  /** What need not keep up with every letter. */
  private tidy(): void {
    this.wave?.refresh();
    this.finder?.search();
    this.drawCounts();
    this.drawKnown();
  }

  private refresh(id: string): void {
    const element = this.list.element(id);
    const row = this.store.get(id);
    if (element && row) fillRow(element, row, this.contextOf(id), this.painter);
  }

  private drawHeads(): void {
    this.headsTarget.replaceChildren(make("span", "or-small", "Time and speaker"));
    for (const [index, language] of this.shown.entries()) {
      const head = make("div", "or-head");
      head.dataset.head = language;
      const translations = this.sides.filter(({ translation }) => translation);
      if (index === 0) head.append(make("strong", "", `Transcript (${language})`));
      else if (translations.length > 1) head.append(this.chooser(translations, language));
      else head.append(make("strong", "", `Translation (${language})`));
      const all = make("button", "button button-small button-secondary", "All reviewed");
      all.type = "button";
      all.dataset.act = "reviewAll";
      all.dataset.language = language;
      head.append(make("span", "or-small"), all);
      this.headsTarget.append(head);
    }
    this.headsTarget.dataset.sides = this.listTarget.dataset.sides = String(this.shown.length);
    this.drawCounts();
  }

  private chooser(translations: readonly SideInfo[], now: string): HTMLElement {
    const select = make("select");
    select.setAttribute("aria-label", "Translation");
    for (const { language } of translations)
      select.append(new Option(`Translation (${language})`, language, false, language === now));
    select.addEventListener("change", () => {
      this.shown = [this.shown[0], select.value];
      this.list.show([]);
      this.drawHeads();
      this.list.show(this.store.order);
    });
    return select;
  }

  private drawCounts(): void {
    for (const head of this.headsTarget.querySelectorAll<HTMLElement>("[data-head]")) {
      const sides = this.store.all().map((row) => row.sides[head.dataset.head!]);
      const written = sides.filter(({ words }) => words.length);
      const reviewed = written.filter(({ state }) => state === "reviewed");
      const people = [...new Set(reviewed.map(({ by }) => by).filter(Boolean))].join(", ");
      const machine = written.filter(({ state }) => state === "machine").length;
      const whole = reviewed.length === written.length && people ? `reviewed by ${people}` : "";
      head.querySelector("span")!.textContent =
        whole ||
        `${reviewed.length} of ${written.length} reviewed${machine ? `, ${machine} by machine` : ""}`;
    }
  }

  private drawKnown(): void {
    const names = [...new Set(this.store.all().map(({ speaker }) => speaker))].filter(Boolean).sort();
    if (this.knownTarget.dataset.names === names.join("\n")) return;
    this.knownTarget.dataset.names = names.join("\n");
    this.knownTarget.replaceChildren(...names.map((name) => new Option(name, name)));
  }

  private showState(state: SaveState, message = ""): void {
    this.stateTarget.dataset.state = state;
    const text = state === "refused" && message ? `Not saved: ${message}` : STATES[state];
    if (this.stateTarget.textContent !== text) this.stateTarget.textContent = text;
    if (state === "replaced") this.sayReplaced(message);
  }

  private sayReplaced(message: string): void {
    const notice = this.say(message);
    const again = make("button", "button button-small", "Load the new text");
    again.type = "button";
    again.addEventListener("click", () => location.reload());
    notice.append(again);
  }

  private showPeople(names: readonly string[]): void {
    const others = names.map((name) => name || "you, in another window");
    this.peopleTarget.textContent = others.length ? `Also editing: ${others.join(", ")}` : "";
  }

  private say(text: string): HTMLElement {
    this.noticeTarget.hidden = false;
    const close = make("button", "button button-small button-secondary", "Close");
    close.type = "button";
    close.addEventListener("click", () => (this.noticeTarget.hidden = true));
    this.noticeTarget.replaceChildren(make("p", "", text), close);
    return this.noticeTarget;
  }

  private field(id: string, language: string): HTMLElement | undefined {
    return (
      this.list.element(id)?.querySelector<HTMLElement>(`[data-language="${language}"] .or-field`) ??
      undefined
    );
  }

  private land(landing: edits.Landing | undefined): void {
    if (!landing) return;
    this.list.reveal(landing.id);
    const field = this.field(landing.id, landing.language);
    if (field) place(field, landing.offset);
  }

  private showPlace({ id, language, start, end }: Place, typing = false): void {
    this.list.reveal(id);
    const field = this.field(id, language);
    const inBar = this.findTarget.contains(document.activeElement);
    if (field && (typing || !inBar)) place(field, start, end);
  }

  // --- sound and words ---------------------------------------------------------------------------------------------

  private follow(ms: number): void {
    this.clockTarget.textContent = shortTime(ms);
    const row = this.rowAt(ms);
    if (row?.id !== this.heard?.id) {
      this.light(undefined);
      if (row && this.followTarget.checked && this.sound.playing && !cursorNow()) this.list.reveal(row.id);
      if (row) this.light(row.id);
      if (!cursorNow()) this.wave?.mark(row?.id);
    }
    for (const field of this.heard?.fields ?? []) {
      const words = row!.sides[field.closest<HTMLElement>("[data-language]")!.dataset.language!].words;
      const at = words.findIndex(
        ({ start, end }) => start !== null && end !== null && start <= ms && ms < end,
      );
      const span = at < 0 ? undefined : wordSpans(field.textContent ?? "")[at];
      this.painter.set(field, "heard", span ? [span] : []);
    }
  }

  private light(id: string | undefined): void {
    if (this.heard) {
      this.list.element(this.heard.id)?.removeAttribute("data-heard");
      for (const field of this.heard.fields) this.painter.set(field, "heard", []);
    }
    this.heard = undefined;
    const element = id === undefined ? undefined : this.list.element(id);
    if (id === undefined || !element) return;
    element.dataset.heard = "";
    this.heard = { id, fields: [...element.querySelectorAll<HTMLElement>(".or-field")] };
  }

  private rowAt(ms: number): Row | undefined {
    let found: Row | undefined;
    for (const id of this.store.order) {
      const row = this.store.get(id)!;
      if (row.start <= ms && ms < row.end) found = row;
      if (row.start > ms) break;
    }
    return found;
  }

  private playFrom(cursor: Cursor): void {
    const row = this.store.get(cursor.id);
    const word = row?.sides[cursor.language].words[wordAt(cursor.field.textContent ?? "", cursor.start)];
    void this.sound.play(word?.start ?? row?.start);
  }

  private playBleeped(): void {
    const row = this.store.get(this.dialogs.maskRow ?? this.currentId() ?? "");
    if (!row) return;
    const spans: Span[] = row.sides[this.shown[0]].words
      .filter(({ id, mask }) => mask ?? this.dialogs.maskIds.has(id))
      .map((word) =>
        word.exact && word.start !== null && word.end !== null ? { start: word.start, end: word.end } : row,
      );
    void this.sound.playBleeped(row, spans);
  }

  // --- what people do ----------------------------------------------------------------------------------------------

  private currentId(): string | undefined {
    return (
      cursorNow()?.id ??
      document.activeElement?.closest<HTMLElement>("[data-row]")?.dataset.row ??
      this.last?.id
    );
  }

  private entered(): void {
    const cursor = cursorNow();
    if (cursor) this.last = { id: cursor.id, language: cursor.language };
    this.wave?.mark(this.currentId());
    const row = this.store.get(this.currentId() ?? "");
    if (row && this.sound.loop) this.sound.loop = row;
  }

  private input(target: HTMLElement): void {
    const cursor = cursorNow();
    if (target.classList.contains("or-field") && cursor) edits.typed(this.store, cursor);
  }

  private renamed(target: HTMLElement): void {
    if (target.dataset.part !== "speaker") return;
    const row = this.store.get(target.closest<HTMLElement>("[data-row]")!.dataset.row!);
    const speaker = (target as HTMLInputElement).value.split(/\s+/).filter(Boolean).join(" ");
    if (row && row.speaker !== speaker) this.store.change([{ ...row, speaker }]);
  }

  /** A press on a word plays from it, unless somebody selects. */
  private clicked(event: MouseEvent): void {
    const cursor = cursorNow();
    const pressed = (event.target as HTMLElement).closest(".or-field");
    if (!cursor || cursor.field !== pressed || cursor.start !== cursor.end || event.detail > 1) return;
    const row = this.store.get(cursor.id);
    const word = row?.sides[cursor.language].words[wordAt(cursor.field.textContent ?? "", cursor.start)];
    const at = word?.start ?? row?.start;
    if (at === undefined || at === null) return;
    if (this.pressTarget.checked) void this.sound.play(at);
    else this.sound.seek(at);
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const typing = (event.target as HTMLElement).matches(
      "input:not([type=checkbox],[type=range],[type=radio]), textarea, select, .or-field",
    );
    if (event.key === "?" && !typing) return this.taken(event, "help");
    const act = actOf(event);
    const cursor = cursorNow();
    if (this.dialogs.open) {
      if (act === "bleeped" || act === "help") this.taken(event, act);
      return;
    }
    if (cursor && this.joinsAtEdge(event, cursor)) return;
    if (!act) return;
    if (act === "split" && !cursor) return;
    if ((act === "undo" || act === "redo") && typing && !cursor) return;
    if (act === "toggle" && this.findTarget.contains(document.activeElement))
      return this.taken(event, "closeFind");
    this.taken(event, act, event.shiftKey);
  }

  private taken(event: KeyboardEvent, act: string, shift = false): void {
    event.preventDefault();
    event.stopImmediatePropagation();
    this.act(act, undefined, shift);
  }

  private joinsAtEdge(event: KeyboardEvent, cursor: Cursor): boolean {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    if (!plain || cursor.start !== cursor.end) return false;
    const length = cursor.field.textContent?.length ?? 0;
    const above = this.store.neighbour(cursor.id, -1);
    if (event.key === "Backspace" && cursor.start === 0 && above) {
      this.taken(event, "");
      this.land(edits.join(this.store, above.id, cursor.language));
      return true;
    }
    if (event.key === "Delete" && cursor.end === length && this.store.neighbour(cursor.id, 1)) {
      this.taken(event, "");
      this.land(edits.join(this.store, cursor.id, cursor.language));
      return true;
    }
    return false;
  }

  private act(name: string, button?: HTMLElement, shift = false): void {
    const cursor = cursorNow();
    const id = button?.closest<HTMLElement>("[data-row]")?.dataset.row ?? this.currentId();
    const language =
      button?.closest<HTMLElement>("[data-language]")?.dataset.language ??
      cursor?.language ??
      this.last?.language ??
      this.shown[0];
    const { store, sound } = this;
    const row = id === undefined ? undefined : store.get(id);
    const alone: Record<string, () => void> = {
      toggle: () => sound.toggle(),
      back: () => sound.seek(sound.ms - JUMP_MS),
      forward: () => sound.seek(sound.ms + JUMP_MS),
      slower: () => sound.step(-1),
      faster: () => sound.step(1),
      loop: () => this.toggleLoop(row),
      bleeped: () => this.playBleeped(),
      undo: () => this.back(store.undo()),
      redo: () => this.back(store.redo()),
      find: () => this.finder.open(getSelection()?.toString() ?? "", false),
      replace: () => this.finder.open(getSelection()?.toString() ?? "", true),
      findNext: () => this.finder.next(shift ? -1 : 1),
      replaceOne: () => this.finder.replaceOne(),
      replaceAll: () => this.finder.replaceAll(),
      closeFind: () => this.closeFind(),
      publish: () => void this.publish(),
      help: () => this.dialogs.keys(),
      speakers: () => this.dialogs.speakers(),
      suggestions: () => void this.dialogs.suggestions(),
      reviewAll: () => edits.review(store, store.order, language, "reviewed", this.desk.person),
    };
    if (alone[name]) return alone[name]();
    if (!row || id === undefined) return;
    const onRow: Record<string, () => void> = {
      playRow: () => void sound.play(row.start),
      join: () => this.land(edits.join(store, id, language)),
      insert: () => this.land(edits.insert(store, id, language)),
      remove: () => this.land(edits.remove(store, id, language)),
      up: () => this.go(id, language, -1),
      down: () => this.go(id, language, 1),
      left: () => this.land({ id, language: this.shown[0], offset: 0 }),
      right: () => this.land({ id, language: this.shown.at(-1)!, offset: 0 }),
      startHere: () => edits.moveBorders(store, id, sound.ms, row.end, this.desk.durationMs),
      endHere: () => edits.moveBorders(store, id, row.start, sound.ms, this.desk.durationMs),
      earlier: () => edits.nudge(store, id, -1, shift, this.desk.durationMs),
      later: () => edits.nudge(store, id, 1, shift, this.desk.durationMs),
      speaker: () => {
        const field = this.list.element(id)?.querySelector<HTMLInputElement>("[data-part=speaker]");
        field?.focus();
        field?.select();
      },
      review: () => {
        const reviewed = row.sides[language].state === "reviewed";
        edits.review(store, [id], language, reviewed ? "draft" : "reviewed", this.desk.person);
      },
      keepMine: () => this.settle(id, true),
      takeTheirs: () => this.settle(id, false),
    };
    if (onRow[name]) return onRow[name]();
    if (!cursor) return;
    const onWords: Record<string, () => void> = {
      playWord: () => this.playFrom(cursor),
      split: () => this.land(edits.split(store, cursor)),
      unclear: () => this.land(edits.bracket(store, cursor, "unclear")),
      soundBracket: () => this.land(edits.bracket(store, cursor, "sound")),
      clarification: () => this.land(edits.bracket(store, cursor, "clarification")),
      mask: () => {
        const [from, to] = wordsSelected(cursor);
        this.dialogs.mask(cursor, from, to);
      },
    };
    onWords[name]?.();
  }

  private back(id: string | undefined): void {
    if (id === undefined) return;
    this.land({ id, language: this.last?.language ?? this.shown[0], offset: Infinity });
  }

  private go(id: string, language: string, step: number): void {
    const next = this.store.neighbour(id, step);
    if (next) this.land({ id: next.id, language, offset: 0 });
  }

  private toggleLoop(row: Row | undefined): void {
    this.sound.loop = this.sound.loop ? undefined : (row ?? this.rowAt(this.sound.ms));
    this.loopTarget.setAttribute("aria-pressed", String(this.sound.loop !== undefined));
    if (this.sound.loop && !this.sound.playing) void this.sound.play(this.sound.loop.start);
  }

  /** Typing goes on at the place found, else where it was. */
  private closeFind(): void {
    const found = this.finder.current;
    this.finder.close();
    if (found) this.showPlace(found, true);
    else if (this.last) this.land({ ...this.last, offset: 0 });
  }

  private settle(id: string, mine: boolean): void {
    this.saver.settle(id, mine);
    this.refresh(id);
    this.land({ id, language: this.last?.language ?? this.shown[0], offset: 0 });
  }

  private async publish(): Promise<void> {
    const note = await this.dialogs.publish();
    if (note === undefined) return;
    if (!(await this.saver.settled())) {
      this.say("No version was made: not everything is saved yet. See the state above.");
      return;
    }
    try {
      const made = Object.entries(await this.saver.publish(note));
      const versions = made.map(([language, number]) => `${number} (${language})`).join(", ");
      this.say(
        made.length ? `Saved as version ${versions}.` : "Nothing was changed, so there is no new version.",
      );
    } catch (error) {
      this.say(`No version was made: ${(error as Error).message || "there is no connection"}`);
    }
  }
}

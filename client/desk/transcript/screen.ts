import { Controller } from "@hotwired/stimulus";
import { Acts } from "./acts";
import { Desk, type SideInfo } from "./desk";
import { Dialogs } from "./dialogs";
import { Finder } from "./finding";
import { Glossary } from "./glossary";
import { Heads } from "./heads";
import { Memory } from "./memory";
import { closeMenus } from "./menus";
import { newId } from "./model";
import { Notices } from "./notices";
import { outlineOf } from "./outline";
import { Playback } from "./playback";
import { Presses } from "./presses";
import { Saver } from "./saver";
import { claim, forget, leftBehind, type Stash } from "./stash";
import { say } from "./texts";
import { Timing } from "./timing";
import { readRow, type StoredRow } from "./wire";

const TIDY_MS = 120;

interface Listing {
  revision: number;
  generation: number;
  sides: SideInfo[];
  rows: StoredRow[];
}

/** The transcript desk: puts the parts of the screen together. */
export class TranscriptController extends Controller<HTMLElement> {
  private desk!: Desk;
  private notices!: Notices;
  private heads!: Heads;
  private saver!: Saver;
  private playback!: Playback;
  private finder!: Finder;
  private dialogs!: Dialogs;
  private tidying: ReturnType<typeof setTimeout> | undefined;

  async connect(): Promise<void> {
    document.documentElement.classList.add("or-desk-open");
    const desk = (this.desk = new Desk(this.element));
    this.notices = new Notices(desk);
    const [listing, window] = await Promise.all([this.fetchText(), thisWindow(desk.settings.recording)]);
    this.heads = new Heads(desk);
    this.saver = this.makeSaver(window.tab);
    this.playback = new Playback(desk);
    this.finder = new Finder(desk);
    this.dialogs = new Dialogs(desk, (id) => void this.playback.sound.play(desk.store.get(id)?.start));
    const { saver, playback, finder, dialogs, notices } = this;
    const acts = new Acts({ desk, saver, playback, finder, dialogs, notices });
    const { token } = this;
    const [glossary, memory] = [new Glossary(desk, token), new Memory(desk, token)];
    const timing = new Timing(desk, saver, notices, () => playback.wave?.refresh());
    acts.add({ term: glossary.replace, measure: timing.measure, ...memory.acts });
    closeMenus(this.element);
    new Presses(desk, acts, playback, dialogs);
    this.listen();
    this.show(listing);
    if (window.left) this.takeOver(window.left);
    playback.wave = outlineOf(desk, playback.sound);
    void saver.pulse();
    this.element.dataset.ready = "";
  }

  private async fetchText(): Promise<Listing> {
    const answer = await fetch(this.desk.settings.draft);
    if (answer.ok) return (await answer.json()) as Listing;
    this.notices.say(say("notice.notLoaded", { status: answer.status }));
    throw new Error(`The words could not be loaded (${answer.status})`);
  }

  private show(listing: Listing): void {
    const { desk } = this;
    const rows = listing.rows.map(readRow);
    desk.store.load(rows);
    this.saver.load(rows, listing.revision, listing.generation);
    desk.sides = listing.sides;
    desk.shown = desk.sides.slice(0, 2).map(({ language }) => language);
    this.heads.draw();
    desk.list.show(desk.store.order);
    this.notices.state("saved");
    // A link to a segment, as the panel of quotations has it.
    const named = location.hash.match(/^#s-(.+)$/)?.[1];
    if (named && desk.store.get(named)) desk.land({ id: named, language: desk.shown.at(-1)!, offset: 0 });
  }

  private get token(): string {
    return this.element.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")!.value;
  }

  private makeSaver(tab: string): Saver {
    const { desk, notices } = this;
    const saver = new Saver(desk.store, desk.settings, this.token, tab, {
      state: (state, message) => notices.state(state, message),
      others: (names) => notices.others(names),
      conflict: (id) => desk.refresh(id),
      masked: () => notices.say(say("notice.masked")),
    });
    desk.troubleOf = (id) => ({ conflict: saver.conflicts.get(id), refused: saver.refused.get(id) });
    return saver;
  }

  private takeOver(left: Stash): void {
    if (this.saver.takeOver(left)) this.notices.foundHere(left);
    else this.notices.notOfThisText(left);
  }

  private listen(): void {
    const { desk, saver } = this;
    const [undo, redo] = [desk.target<HTMLButtonElement>("undo"), desk.target<HTMLButtonElement>("redo")];
    desk.changed((ids, own) => {
      if (own) saver.touch(ids);
      undo.disabled = !desk.store.canUndo;
      redo.disabled = !desk.store.canRedo;
      clearTimeout(this.tidying);
      this.tidying = setTimeout(() => this.tidy(), TIDY_MS);
    });
    window.addEventListener("pagehide", () => saver.leave());
    window.addEventListener("pageshow", (event) => event.persisted && location.reload());
    window.addEventListener("beforeunload", (event) => {
      if (saver.unsaved) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) void saver.flush();
    });
  }

  /** What need not keep up with every letter. */
  private tidy(): void {
    this.playback.wave?.refresh();
    this.finder.search();
    this.heads.count();
  }
}

/** The name of this window, and what one that is gone left unsaved: then its name is taken over. */
async function thisWindow(recording: string): Promise<{ tab: string; left: Stash | undefined }> {
  const left = await leftBehind(recording).catch(() => undefined);
  // Without locks nobody can tell whether the window that left this is really gone: then ours has a name of its own.
  const taken = left && "locks" in navigator ? left.tab : undefined;
  const tab = taken ?? newId() + newId();
  if (!taken) await claim(tab);
  if (left && !taken) await forget(left.tab);
  return { tab, left };
}

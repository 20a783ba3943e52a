// Keys, clicks and typing: what asks for which act.
import type { Acts } from "./acts";
import { type Cursor, cursorNow } from "./cursor";
import type { Desk } from "./desk";
import type { Dialogs } from "./dialogs";
import * as edits from "./edits";
import { actOf } from "./keys";
import type { Playback } from "./playback";

/** Listens to everything that people press and type. */
export class Presses {
  private readonly find: HTMLElement;

  constructor(
    private readonly desk: Desk,
    private readonly acts: Acts,
    private readonly playback: Playback,
    private readonly dialogs: Dialogs,
  ) {
    this.find = desk.target("find");
    const { root } = desk;
    const list = desk.target("list");
    document.addEventListener("keydown", (event) => this.key(event), { capture: true });
    root.addEventListener("click", (event) => {
      const button = (event.target as HTMLElement).closest<HTMLElement>("[data-act]");
      if (button) acts.run(button.dataset.act!, desk, button);
      else this.clicked(event);
    });
    root.addEventListener("mousedown", (event) => {
      // A press on a button of the bars leaves the cursor where it is.
      if ((event.target as HTMLElement).closest(".or-desk__bar button")) event.preventDefault();
    });
    list.addEventListener("input", (event) => this.input(event.target as HTMLElement));
    list.addEventListener("change", (event) => this.renamed(event.target as HTMLElement));
    list.addEventListener("beforeinput", (event) => {
      if (event.inputType === "historyUndo" || event.inputType === "historyRedo") event.preventDefault();
    });
    list.addEventListener("focusin", () => this.entered());
    list.addEventListener("focusout", () => desk.store.breathe());
  }

  private entered(): void {
    const { desk, playback } = this;
    const cursor = cursorNow();
    if (cursor) desk.last = { id: cursor.id, language: cursor.language };
    playback.wave?.mark(desk.currentId());
    const row = desk.store.get(desk.currentId() ?? "");
    if (row && playback.sound.loop) playback.sound.loop = row;
  }

  private input(target: HTMLElement): void {
    const cursor = cursorNow();
    if (target.classList.contains("or-field") && cursor) edits.typed(this.desk.store, cursor);
  }

  private renamed(target: HTMLElement): void {
    if (target.dataset.part !== "speaker") return;
    const { store } = this.desk;
    const row = store.get(target.closest<HTMLElement>("[data-row]")!.dataset.row!);
    const speaker = (target as HTMLInputElement).value.split(/\s+/).filter(Boolean).join(" ");
    if (row && row.speaker !== speaker) store.change([{ ...row, speaker }]);
  }

  /** A press on a word plays from it, unless somebody selects. */
  private clicked(event: MouseEvent): void {
    const cursor = cursorNow();
    const pressed = (event.target as HTMLElement).closest(".or-field");
    if (!cursor || cursor.field !== pressed || cursor.start !== cursor.end || event.detail > 1) return;
    const at = this.playback.timeAt(cursor);
    if (at === undefined) return;
    if (this.playback.pressPlays) void this.playback.sound.play(at);
    else this.playback.sound.seek(at);
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const typing = (event.target as HTMLElement).matches(
      "input:not([type=checkbox],[type=range],[type=radio]), textarea, select, .or-field",
    );
    if (event.key === "?" && !typing) return this.take(event, "help");
    const act = actOf(event);
    const cursor = cursorNow();
    if (this.dialogs.open) {
      if (act === "bleeped" || act === "help") this.take(event, act);
      return;
    }
    if (cursor && this.joinsAtEdge(event, cursor)) return;
    if (!act) return;
    if (act === "split" && !cursor) return;
    if ((act === "undo" || act === "redo") && typing && !cursor) return;
    if (act === "toggle" && this.find.contains(document.activeElement)) return this.take(event, "closeFind");
    this.take(event, act);
  }

  private take(event: KeyboardEvent, act: string): void {
    event.preventDefault();
    event.stopImmediatePropagation();
    this.acts.run(act, this.desk, undefined, event.shiftKey);
  }

  private joinsAtEdge(event: KeyboardEvent, cursor: Cursor): boolean {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    if (!plain || cursor.start !== cursor.end) return false;
    const { store } = this.desk;
    const above = store.neighbour(cursor.id, -1);
    const length = cursor.field.textContent?.length ?? 0;
    const upper =
      event.key === "Backspace" && cursor.start === 0
        ? above?.id
        : event.key === "Delete" && cursor.end === length && store.neighbour(cursor.id, 1)
          ? cursor.id
          : undefined;
    if (upper === undefined) return false;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.desk.land(edits.join(store, upper, cursor.language));
    return true;
  }
}

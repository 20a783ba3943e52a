// Gets what is typed into the database, and says honestly whether it is there.
import type { Row } from "./model";
import { post, Refused, SignedOut } from "./post";
import type { Stash } from "./stash";
import type { Store } from "./store";
import { type Conflict, type News, Unsaved } from "./unsaved";
import type { StoredRow } from "./wire";

export type SaveState =
  "saved" | "typing" | "saving" | "offline" | "conflict" | "refused" | "replaced" | "signed-out";

export interface SaverEvents {
  state(state: SaveState, message: string): void;
  others(names: readonly string[]): void;
  conflict(id: string): void;
  masked(): void;
}

const SETTLE_MS = 600;
const AGAIN_MS = 3000;
const PULSE_MS = 8000;

/** One window's way to the database. */
export class Saver {
  private readonly unsavedRows: Unsaved;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy = false;
  private state: SaveState = "saved";
  private stopped = false;
  private idle: (() => void)[] = [];

  constructor(
    private readonly store: Store,
    private readonly where: { draft: string; pulse: string; publish: string; recording: string },
    readonly token: string,
    readonly tab: string,
    private readonly events: SaverEvents,
  ) {
    this.unsavedRows = new Unsaved(store, where.recording, tab, (id) => {
      this.events.conflict(id);
      this.show("conflict");
    });
    window.addEventListener("online", () => void this.flush());
    setInterval(() => void this.pulse(), PULSE_MS);
  }

  get conflicts(): ReadonlyMap<string, Conflict> {
    return this.unsavedRows.conflicts;
  }

  get refused(): ReadonlyMap<string, string> {
    return this.unsavedRows.refused;
  }

  get unsaved(): boolean {
    return this.unsavedRows.any || this.busy;
  }

  /** Start from what the server has. */
  load(rows: readonly Row[], revision: number, generation: number): void {
    this.unsavedRows.load(rows, revision, generation);
  }

  /** Lay what an earlier window left unsaved over it, to be saved now; false when it was typed for another text. */
  takeOver(stash: Stash): boolean {
    return this.unsavedRows.takeOver(stash);
  }

  /** Rows were changed here. */
  touch(ids: readonly string[]): void {
    this.unsavedRows.touch(ids);
    void this.unsavedRows.stash();
    this.show(this.state === "offline" ? "offline" : "typing");
    this.schedule(SETTLE_MS);
  }

  /** The server knows more about rows: times, kinds, reviewers. */
  learn(rows: readonly StoredRow[]): void {
    this.unsavedRows.taken(rows, []);
  }

  /** Resolves when everything that can be saved is. */
  async settled(): Promise<boolean> {
    clearTimeout(this.timer);
    if (this.unsavedRows.dirty.size || this.busy) {
      const done = new Promise<void>((resolve) => this.idle.push(resolve));
      void this.flush();
      await done;
    }
    return !this.unsaved;
  }

  /** Settle a conflict: with the words here, which are sent again, or with theirs. */
  settle(id: string, mine: boolean): void {
    const conflict = this.conflicts.get(id);
    if (!conflict) return;
    this.unsavedRows.conflicts.delete(id);
    if (mine) {
      this.touch([id]);
    } else {
      this.store.receive(conflict.theirs ? [conflict.theirs] : [], conflict.theirs ? [] : [id]);
      void this.unsavedRows.stash();
      this.schedule(0);
    }
  }

  /** Make what is saved the next version; gives what was made, by language. */
  async publish(note: string): Promise<Record<string, number>> {
    const answer = await post<{ made: Record<string, number> }>(this.where.publish, { note }, this.token);
    return answer.made;
  }

  /** The window closes: send what fits, and say that nobody is here any more. */
  leave(): void {
    this.stopped = true;
    const goodbye = { tab: this.tab, leaving: true };
    void post(this.where.pulse, goodbye, this.token, true).catch(() => undefined);
  }

  async flush(): Promise<void> {
    clearTimeout(this.timer);
    if (this.busy || this.stopped) return;
    if (!this.unsavedRows.dirty.size) {
      this.rest();
      return;
    }
    this.busy = true;
    this.show("saving");
    const batch = this.unsavedRows.batch();
    let again = 0;
    try {
      if (batch.changes.length || batch.gone.length) {
        const { changes, gone } = batch;
        const sent = { ...this.position, changes, gone };
        const answer = await post<News & { rows: StoredRow[]; masked: boolean }>(
          this.where.draft,
          sent,
          this.token,
        );
        this.unsavedRows.taken(answer.rows, batch.gone);
        this.unsavedRows.hear(answer);
        if (answer.masked) this.events.masked();
      }
    } catch (error) {
      this.unsavedRows.returned(batch);
      again = await this.failed(error);
    } finally {
      this.busy = false;
      this.unsavedRows.landed();
    }
    await this.unsavedRows.stash();
    if (again < 0) this.rest();
    else if (this.unsavedRows.dirty.size) this.schedule(again);
    else this.rest();
  }

  /** Say that this window is open, and hear what others did. */
  async pulse(): Promise<void> {
    if (this.stopped || this.busy || this.state === "replaced") return;
    try {
      const answer = await post<News & { others: string[] }>(this.where.pulse, this.position, this.token);
      this.events.others(answer.others);
      if (!this.busy) this.unsavedRows.hear(answer);
      if (this.state === "offline" || this.state === "signed-out") void this.flush();
    } catch (error) {
      if (error instanceof Refused && error.refusal.code === "draft-replaced")
        this.show("replaced", error.message);
      else if (error instanceof SignedOut) this.show("signed-out");
      else if (!(error instanceof Refused)) this.show("offline");
    }
  }

  private get position(): { base: number; generation: number; tab: string } {
    const { base, generation } = this.unsavedRows;
    return { base, generation, tab: this.tab };
  }

  private schedule(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  /** What to do after a refused or lost save: the time until the next try, negative for none. */
  private async failed(error: unknown): Promise<number> {
    if (error instanceof SignedOut) {
      this.show("signed-out");
      return AGAIN_MS;
    }
    if (!(error instanceof Refused)) {
      this.show("offline");
      return AGAIN_MS;
    }
    const { code, segment } = error.refusal;
    if (code === "draft-replaced") {
      this.show("replaced", error.message);
      return -1;
    }
    if (code === "draft-conflict") {
      this.unsavedRows.hear(await post<News>(this.where.pulse, this.position, this.token));
      return 0;
    }
    if (segment && this.unsavedRows.dirty.delete(segment)) {
      this.unsavedRows.refused.set(segment, error.message);
      this.events.conflict(segment);
      return 0;
    }
    this.show("refused", error.message);
    return -1;
  }

  private rest(): void {
    if (this.conflicts.size) this.show("conflict");
    else if (this.refused.size) this.show("refused", [...this.refused.values()][0]);
    else if (!this.unsavedRows.dirty.size) this.show("saved");
    const waiting = this.idle;
    this.idle = [];
    for (const resolve of waiting) resolve();
  }

  private show(state: SaveState, message = ""): void {
    this.state = state;
    this.events.state(state, message);
  }
}

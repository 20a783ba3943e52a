// Gets what is typed into the database, and says honestly whether it is there.
import type { Row } from "./model";
import { sameRow } from "./model";
import { forget, keep, type Stash } from "./stash";
import type { Store } from "./store";
import { acknowledged, changeOf, readRow, type Change, type StoredRow } from "./wire";

export type SaveState =
  "saved" | "typing" | "saving" | "offline" | "conflict" | "refused" | "replaced" | "signed-out";

/** Both texts of a row that somebody else changed as well; null where it was taken out. */
export interface Conflict {
  readonly theirs: Row | null;
  readonly by: string;
}

interface News {
  revision: number;
  news: StoredRow[];
  gone: string[];
}
interface Refusal {
  code: string;
  message: string;
  segment?: string;
  revision?: number;
}

export interface SaverEvents {
  state(state: SaveState, message: string): void;
  others(names: readonly string[]): void;
  conflict(id: string): void;
  masked(): void;
}

const MOST_ROWS = 200;
const SETTLE_MS = 600;
const AGAIN_MS = 3000;
const PULSE_MS = 8000;

/** One window's way to the database. */
export class Saver {
  readonly conflicts = new Map<string, Conflict>();
  readonly refused = new Map<string, string>();
  private readonly known = new Map<string, Row>();
  private readonly dirty = new Set<string>();
  private travelling: readonly string[] = [];
  private base = 0;
  private generation = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy = false;
  private state: SaveState = "saved";
  private stopped = false;
  private idle: (() => void)[] = [];

  constructor(
    private readonly store: Store,
    private readonly where: { draft: string; pulse: string; publish: string; recording: string },
    private readonly token: string,
    readonly tab: string,
    private readonly events: SaverEvents,
  ) {
    window.addEventListener("online", () => void this.flush());
    setInterval(() => void this.pulse(), PULSE_MS);
  }

  /** Start from what the server has. */
  load(rows: readonly Row[], revision: number, generation: number): void {
    this.known.clear();
    for (const row of rows) this.known.set(row.id, row);
    [this.base, this.generation] = [revision, generation];
  }

  /** Lay what an earlier window left unsaved over it, to be saved now; false when it was typed for another text. */
  takeOver(stash: Stash): boolean {
    if (stash.generation !== this.generation) return false;
    this.base = Math.min(this.base, stash.base);
    const places = new Map(stash.rows.map(({ row, after }) => [row.id, after]));
    this.store.change(
      stash.rows.map(({ row }) => row),
      { places, gone: stash.gone },
    );
    return true;
  }

  /** Rows were changed here. */
  touch(ids: readonly string[]): void {
    for (const id of ids) {
      this.refused.delete(id);
      if (!this.conflicts.has(id)) this.dirty.add(id);
    }
    void this.stash();
    this.show(this.state === "offline" ? "offline" : "typing");
    this.schedule(SETTLE_MS);
  }

  get unsaved(): boolean {
    return this.dirty.size > 0 || this.conflicts.size > 0 || this.refused.size > 0 || this.busy;
  }

  /** Resolves when everything that can be saved is. */
  async settled(): Promise<boolean> {
    clearTimeout(this.timer);
    if (this.dirty.size || this.busy) {
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
    this.conflicts.delete(id);
    if (mine) {
      this.touch([id]);
    } else {
      this.store.receive(conflict.theirs ? [conflict.theirs] : [], conflict.theirs ? [] : [id]);
      void this.stash();
      this.schedule(0);
    }
  }

  /** Make what is saved the next version; gives what was made, by language. */
  async publish(note: string): Promise<Record<string, number>> {
    const answer = await this.post<{ made: Record<string, number>; revision: number }>(this.where.publish, {
      note,
    });
    return answer.made;
  }

  /** The window closes: send what fits, and say that nobody is here any more. */
  leave(): void {
    this.stopped = true;
    void this.post(this.where.pulse, { tab: this.tab, leaving: true }, true).catch(() => undefined);
  }

  async flush(): Promise<void> {
    clearTimeout(this.timer);
    if (this.busy || this.stopped) return;
    if (!this.dirty.size) {
      this.rest();
      return;
    }
    this.busy = true;
    this.show("saving");
    const batch = this.batch();
    this.travelling = batch.ids;
    let again = 0;
    try {
      if (batch.changes.length || batch.gone.length) {
        const answer = await this.post<News & { rows: StoredRow[]; masked: boolean }>(this.where.draft, {
          base: this.base,
          generation: this.generation,
          tab: this.tab,
          changes: batch.changes,
          gone: batch.gone,
        });
        this.taken(answer.rows.map(readRow), batch.gone);
        this.hear(answer);
        if (answer.masked) this.events.masked();
      }
    } catch (error) {
      for (const id of batch.ids) if (!this.conflicts.has(id)) this.dirty.add(id);
      again = await this.failed(error);
    } finally {
      this.busy = false;
      this.travelling = [];
    }
    await this.stash();
    if (again < 0) this.rest();
    else if (this.dirty.size) this.schedule(again);
    else this.rest();
  }

  async pulse(): Promise<void> {
    if (this.stopped || this.busy || this.state === "replaced") return;
    try {
      const answer = await this.post<News & { others: string[] }>(this.where.pulse, {
        base: this.base,
        generation: this.generation,
        tab: this.tab,
      });
      this.events.others(answer.others);
      if (!this.busy) this.hear(answer);
      if (this.state === "offline" || this.state === "signed-out") void this.flush();
    } catch (error) {
      if (error instanceof Refused && error.refusal.code === "draft-replaced")
        this.show("replaced", error.message);
      else if (error instanceof SignedOut) this.show("signed-out");
      else if (!(error instanceof Refused)) this.show("offline");
    }
  }

  private schedule(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  /** Rows to send in the order of the text, so that a new one follows the one it stands after. */
  private batch(): { ids: string[]; changes: Change[]; gone: string[] } {
    const gone = [...this.dirty].filter((id) => !this.store.get(id)).slice(0, MOST_ROWS);
    const rows = this.store.order.filter((id) => this.dirty.has(id)).slice(0, MOST_ROWS);
    const changes = rows.flatMap(
      (id) => changeOf(this.store.get(id)!, this.known.get(id), this.store.above(id)) ?? [],
    );
    const ids = [...gone, ...rows];
    for (const id of ids) this.dirty.delete(id);
    return { ids, changes, gone: gone.filter((id) => this.known.has(id)) };
  }

  private taken(rows: readonly Row[], gone: readonly string[]): void {
    for (const row of rows) {
      this.known.set(row.id, row);
      const now = this.store.get(row.id);
      if (now) this.store.settle(acknowledged(now, row));
    }
    for (const id of gone) this.known.delete(id);
  }

  /** What others changed: taken in, unless the same rows were changed here and are not saved. */
  private hear({ revision, news, gone }: News): void {
    const fresh: (Row & { place?: string | null })[] = [];
    for (const stored of news) {
      const row = readRow(stored);
      this.known.set(row.id, row);
      const mine = this.store.get(row.id);
      const held = this.dirty.has(row.id) || this.conflicts.has(row.id) || this.refused.has(row.id);
      if (held && !(mine && sameRow(mine, row))) this.dispute(row.id, row, stored.by ?? "");
      else if (!mine || !sameRow(mine, row)) fresh.push({ ...row, place: stored.after ?? null });
    }
    const lost: string[] = [];
    for (const id of gone) {
      this.known.delete(id);
      if (this.store.get(id) && this.dirty.has(id)) this.dispute(id, null, "");
      else lost.push(id);
    }
    if (fresh.length || lost.length) this.store.receive(fresh, lost);
    this.base = Math.max(this.base, revision);
  }

  private dispute(id: string, theirs: Row | null, by: string): void {
    this.dirty.delete(id);
    this.refused.delete(id);
    this.conflicts.set(id, { theirs, by });
    this.events.conflict(id);
    this.show("conflict");
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
      this.hear(
        await this.post<News>(this.where.pulse, {
          base: this.base,
          generation: this.generation,
          tab: this.tab,
        }),
      );
      return 0;
    }
    if (segment && this.dirty.delete(segment)) {
      this.refused.set(segment, error.message);
      this.events.conflict(segment);
      return 0;
    }
    this.show("refused", error.message);
    return -1;
  }

  private rest(): void {
    if (this.conflicts.size) this.show("conflict");
    else if (this.refused.size) this.show("refused", [...this.refused.values()][0]);
    else if (!this.dirty.size) this.show("saved");
    const waiting = this.idle;
    this.idle = [];
    for (const resolve of waiting) resolve();
  }

  private show(state: SaveState, message = ""): void {
    this.state = state;
    this.events.state(state, message);
  }

  private async stash(): Promise<void> {
    const ids = new Set([
      ...this.dirty,
      ...this.travelling,
      ...this.conflicts.keys(),
      ...this.refused.keys(),
    ]);
    try {
      if (!ids.size) return await forget(this.tab);
      const rows = this.store.order
        .filter((id) => ids.has(id))
        .map((id) => ({ row: this.store.get(id)!, after: this.store.above(id) }));
      const gone = [...ids].filter((id) => !this.store.get(id));
      if (!rows.length && !gone.length) return;
      await keep({
        tab: this.tab,
        recording: this.where.recording,
        base: this.base,
        generation: this.generation,
        rows,
        gone,
      });
    } catch {
      // A browser that keeps nothing (a private window, no room): the state on screen still tells the truth.
    }
  }

  private async post<T>(address: string, body: object, keepalive = false): Promise<T> {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
      body: JSON.stringify(body),
      redirect: "manual",
      keepalive,
    });
    if (answer.type === "opaqueredirect" || answer.status === 401) throw new SignedOut();
    if (answer.ok) return (await answer.json()) as T;
    if (answer.status >= 500 || !answer.headers.get("content-type")?.includes("json")) {
      if (answer.status === 403) throw new SignedOut();
      throw new Error(String(answer.status));
    }
    throw new Refused((await answer.json()) as Refusal);
  }
}

class SignedOut extends Error {}

class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

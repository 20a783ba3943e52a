// Which rows the database has as they stand here, which it has not, and which somebody else changed as well.
import { type Row, sameRow } from "./model";
import { forget, keep, type Stash } from "./stash";
import type { Store } from "./store";
import { acknowledged, changeOf, readRow, type Change, type StoredRow } from "./wire";

/** Both texts of a row that somebody else changed as well; null where it was taken out. */
export interface Conflict {
  readonly theirs: Row | null;
  readonly by: string;
}
/** What others changed since a revision. */
export interface News {
  revision: number;
  news: StoredRow[];
  gone: string[];
}
/** Rows on their way. */
export interface Batch {
  readonly ids: readonly string[];
  readonly changes: readonly Change[];
  readonly gone: readonly string[];
}

const MOST_ROWS = 200;

/** The account of one window with the database. */
export class Unsaved {
  readonly conflicts = new Map<string, Conflict>();
  readonly refused = new Map<string, string>();
  readonly dirty = new Set<string>();
  base = 0;
  generation = 0;
  private readonly known = new Map<string, Row>();
  private travelling: readonly string[] = [];

  constructor(
    private readonly store: Store,
    private readonly recording: string,
    private readonly tab: string,
    private readonly disputed: (id: string) => void,
  ) {}

  /** Start from what the server has. */
  load(rows: readonly Row[], revision: number, generation: number): void {
    this.known.clear();
    for (const row of rows) this.known.set(row.id, row);
    [this.base, this.generation] = [revision, generation];
  }

  /** Rows were changed here. */
  touch(ids: readonly string[]): void {
    for (const id of ids) {
      this.refused.delete(id);
      if (!this.conflicts.has(id)) this.dirty.add(id);
    }
  }

  /** True while something is neither saved nor on its way. */
  get any(): boolean {
    return this.dirty.size > 0 || this.conflicts.size > 0 || this.refused.size > 0;
  }

  /** Rows to send in the order of the text, so that a new one follows the one it stands after. */
  batch(): Batch {
    const gone = [...this.dirty].filter((id) => !this.store.get(id)).slice(0, MOST_ROWS);
    const rows = this.store.order.filter((id) => this.dirty.has(id)).slice(0, MOST_ROWS);
    const changes = rows.flatMap(
      (id) => changeOf(this.store.get(id)!, this.known.get(id), this.store.above(id)) ?? [],
    );
    const ids = [...gone, ...rows];
    for (const id of ids) this.dirty.delete(id);
    this.travelling = ids;
    return { ids, changes, gone: gone.filter((id) => this.known.has(id)) };
  }

  /** The batch was not taken: it is to be sent again. */
  returned({ ids }: Batch): void {
    for (const id of ids) if (!this.conflicts.has(id)) this.dirty.add(id);
  }

  /** The batch has arrived, or is back. */
  landed(): void {
    this.travelling = [];
  }

  /** The database has these now. */
  taken(stored: readonly StoredRow[], gone: readonly string[]): void {
    for (const row of stored.map(readRow)) {
      this.known.set(row.id, row);
      const now = this.store.get(row.id);
      if (now) this.store.settle(acknowledged(now, row));
    }
    for (const id of gone) this.known.delete(id);
  }

  /** What others changed: taken in, unless the same rows were changed here and are not saved. */
  hear({ revision, news, gone }: News): void {
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

  /** Keep what is not saved in this browser, or forget it when there is nothing. */
  async stash(): Promise<void> {
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
      const { tab, recording, base, generation } = this;
      await keep({ tab, recording, base, generation, rows, gone });
    } catch {
      // A browser that keeps nothing (a private window, no room): the state on screen still tells the truth.
    }
  }

  /** Lay what an earlier window left unsaved over the text; false when it was typed for another text. */
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

  private dispute(id: string, theirs: Row | null, by: string): void {
    this.dirty.delete(id);
    this.refused.delete(id);
    this.conflicts.set(id, { theirs, by });
    this.disputed(id);
  }
}

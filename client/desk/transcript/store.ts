// The text being edited, with a history that reaches back over the whole session.
import type { Row } from "./model";

/** A row before and after; `place` is the id of the row above it (null: the first). */
interface Edit {
  readonly id: string;
  readonly before: Row | null;
  readonly after: Row | null;
  readonly place: string | null;
}

interface Step {
  readonly edits: readonly Edit[];
  readonly key: string;
  readonly at: number;
}

/** Told of every change; `own` when it was made in this window. */
export type Listener = (ids: readonly string[], structural: boolean, own: boolean) => void;

const ONE_BREATH_MS = 1000;

/** Rows in order; every change goes through `change` and can be undone. */
export class Store {
  order: string[] = [];
  private readonly rows = new Map<string, Row>();
  private done: Step[] = [];
  private undone: Step[] = [];

  constructor(
    private readonly changed: Listener,
    private readonly now: () => number = () => performance.now(),
  ) {}

  load(rows: readonly Row[]): void {
    this.order = rows.map(({ id }) => id);
    this.rows.clear();
    for (const row of rows) this.rows.set(row.id, row);
    this.done = [];
    this.undone = [];
  }

  get(id: string): Row | undefined {
    return this.rows.get(id);
  }

  all(): Row[] {
    return this.order.map((id) => this.rows.get(id)!);
  }

  above(id: string): string | null {
    return this.order[this.order.indexOf(id) - 1] ?? null;
  }

  neighbour(id: string, step: number): Row | undefined {
    const at = this.order.indexOf(id);
    return at < 0 ? undefined : this.rows.get(this.order[at + step]);
  }

  /**
   * Change rows: each replaces the one with its id; a new one stands after the row `places` names for it; `gone` go.
   * Steps with the same `key` in one breath are undone together.
   */
  change(
    rows: readonly Row[],
    options: { places?: ReadonlyMap<string, string | null>; gone?: readonly string[]; key?: string } = {},
  ): void {
    const edits: Edit[] = [];
    for (const row of rows) {
      const before = this.rows.get(row.id) ?? null;
      if (before === row) continue;
      const place = before ? this.above(row.id) : (options.places?.get(row.id) ?? null);
      edits.push({ id: row.id, before, after: row, place });
      this.put(edits.at(-1)!);
    }
    for (const id of options.gone ?? []) {
      const before = this.rows.get(id);
      if (!before) continue;
      edits.push({ id, before, after: null, place: this.above(id) });
      this.put(edits.at(-1)!);
    }
    if (!edits.length) return;
    this.remember({ edits, key: options.key ?? "", at: this.now() });
    this.tell(edits);
  }

  /** Take what came from the server: it is no step of ours, and ours on the same rows cannot be undone any more. */
  receive(rows: readonly (Row & { place?: string | null })[], gone: readonly string[] = []): void {
    const edits: Edit[] = [
      ...rows.map(({ place, ...row }) => ({
        id: row.id,
        before: this.rows.get(row.id) ?? null,
        after: row,
        place: place ?? null,
      })),
      ...gone
        .filter((id) => this.rows.has(id))
        .map((id) => ({ id, before: this.rows.get(id)!, after: null, place: null })),
    ];
    for (const edit of edits) this.put(edit);
    const touched = new Set(edits.map(({ id }) => id));
    const free = (step: Step) => !step.edits.some(({ id }) => touched.has(id));
    this.done = this.done.filter(free);
    this.undone = this.undone.filter(free);
    this.tell(edits, false);
  }

  /** Replace a row by the same one with what the server knows better about it. */
  settle(row: Row): void {
    if (this.rows.has(row.id)) this.rows.set(row.id, row);
  }

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** Take the last step back; gives the id of a row it touched. */
  undo(): string | undefined {
    const step = this.done.pop();
    if (!step) return undefined;
    this.undone.push(step);
    const edits = [...step.edits]
      .reverse()
      .map((edit) => ({ ...edit, before: edit.after, after: edit.before }));
    for (const edit of edits) this.put(edit);
    this.tell(edits);
    return step.edits.find(({ before }) => before)?.id;
  }

  /** Take the last step that was taken back again. */
  redo(): string | undefined {
    const step = this.undone.pop();
    if (!step) return undefined;
    this.done.push(step);
    for (const edit of step.edits) this.put(edit);
    this.tell(step.edits);
    return step.edits.find(({ after }) => after)?.id;
  }

  /** The next change starts a step of its own. */
  breathe(): void {
    const last = this.done.at(-1);
    if (last) this.done[this.done.length - 1] = { ...last, key: "" };
  }

  private remember(step: Step): void {
    this.undone = [];
    const last = this.done.at(-1);
    const joins = step.key !== "" && last?.key === step.key && step.at - last.at < ONE_BREATH_MS;
    if (!joins || step.edits.length !== 1 || last.edits.length !== 1) {
      this.done.push(step);
      return;
    }
    const edits = [{ ...last.edits[0], after: step.edits[0].after }];
    this.done[this.done.length - 1] = { ...step, edits };
  }

  private put({ id, after, place }: Edit): void {
    if (!after) {
      this.rows.delete(id);
      this.order = this.order.filter((other) => other !== id);
      return;
    }
    if (!this.rows.has(id)) this.order.splice(this.placeFor(after, place), 0, id);
    this.rows.set(id, after);
  }

  private placeFor(row: Row, place: string | null): number {
    if (place === null) return 0;
    const at = this.order.indexOf(place);
    if (at >= 0) return at + 1;
    const later = this.order.findIndex((id) => this.rows.get(id)!.start > row.start);
    return later < 0 ? this.order.length : later;
  }

  private tell(edits: readonly Edit[], own = true): void {
    this.changed(
      edits.map(({ id }) => id),
      edits.some(({ before, after }) => !before || !after),
      own,
    );
  }
}

// Measured times for words that were typed since: the worker listens, and the rows come back with them.
import type { Here } from "./acts";
import type { Desk } from "./desk";
import type { Notices } from "./notices";
import { get, post, Refused } from "./post";
import type { Saver } from "./saver";
import { say } from "./texts";
import type { StoredRow } from "./wire";

interface Told {
  job: string;
  state: "waiting" | "running" | "done" | "failed";
  problem?: string;
  timed?: number;
  unsure?: number;
  rows: StoredRow[];
}

const ASK_AGAIN_MS = 1000;
const PATIENCE_MS = 15 * 60_000;

export class Timing {
  private busy = false;

  constructor(
    private readonly desk: Desk,
    private readonly saver: Saver,
    private readonly notices: Notices,
    private readonly measured: () => void,
  ) {}

  /** Have new words listened for; those of the row one is at as well. */
  readonly measure = ({ row }: Here): void => {
    if (!this.busy) void this.run(row?.id ?? "");
  };

  private async run(segment: string): Promise<void> {
    this.busy = true;
    try {
      if (!(await this.saver.settled())) {
        this.notices.say(say("times.unsaved"));
        return;
      }
      this.notices.say(say("times.listening"));
      this.tell(await this.answer(segment));
    } catch (error) {
      this.notices.say(error instanceof Refused ? error.message : say("times.offline"));
    } finally {
      this.busy = false;
    }
  }

  private async answer(segment: string): Promise<Told> {
    const address = this.desk.settings.times;
    let told = await post<Told>(address, { segment }, this.saver.token);
    const until = performance.now() + PATIENCE_MS;
    while ((told.state === "waiting" || told.state === "running") && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
      told = await get<Told>(`${address}?job=${encodeURIComponent(told.job)}`);
    }
    return told;
  }

  private tell({ state, problem, timed = 0, unsure = 0, rows }: Told): void {
    if (state !== "done") {
      this.notices.say(problem || say("times.failed"));
      return;
    }
    this.saver.learn(rows);
    for (const { id } of rows) this.desk.refresh(id);
    this.measured();
    const parts = [say("times.found", { count: timed })];
    if (unsure) parts.push(say("times.unsure", { count: unsure }));
    this.notices.say(parts.join(" "));
  }
}

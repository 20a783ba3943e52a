// What can be done at the desk, each by its name: keys and buttons ask for it by that.
import { type Cursor, cursorNow, wordsSelected } from "./cursor";
import type { Desk } from "./desk";
import type { Dialogs } from "./dialogs";
import * as edits from "./edits";
import type { Finder } from "./finding";
import type { Row } from "./model";
import type { Notices } from "./notices";
import type { Playback } from "./playback";
import type { Saver } from "./saver";
import { say } from "./texts";

const JUMP_MS = 3000;

/** Where somebody is when they ask for something. */
export interface Here {
  readonly cursor: Cursor | undefined;
  readonly row: Row | undefined;
  readonly language: string;
  readonly shift: boolean;
}
export type Act = (here: Here) => void;
/** An act that needs a row. */
type RowAct = (row: Row, here: Here) => void;
/** An act that needs the cursor in a field. */
type WordAct = (cursor: Cursor) => void;

interface Parts {
  desk: Desk;
  playback: Playback;
  finder: Finder;
  dialogs: Dialogs;
  saver: Saver;
  notices: Notices;
}

/** Everything that can be done, by name. */
export class Acts {
  private readonly acts = new Map<string, Act>();

  constructor(parts: Parts) {
    this.add(soundActs(parts));
    this.add(textActs(parts));
    this.add(onRow(rowActs(parts)));
    this.add(onWords(wordActs(parts)));
  }

  /** More that can be done. */
  add(acts: Readonly<Record<string, Act>>): void {
    for (const [name, act] of Object.entries(acts)) this.acts.set(name, act);
  }

  run(name: string, desk: Desk, button?: HTMLElement, shift = false): void {
    const cursor = cursorNow();
    const id = button?.closest<HTMLElement>("[data-row]")?.dataset.row ?? desk.currentId();
    const language =
      button?.closest<HTMLElement>("[data-language]")?.dataset.language ??
      cursor?.language ??
      desk.last?.language ??
      desk.shown[0];
    this.acts.get(name)?.({ cursor, row: desk.store.get(id ?? ""), language, shift });
  }
}

/** Acts on rows as acts that do nothing where there is no row. */
export function onRow(acts: Readonly<Record<string, RowAct>>): Record<string, Act> {
  return Object.fromEntries(
    Object.entries(acts).map(([name, act]) => [name, (here: Here) => here.row && act(here.row, here)]),
  );
}

function onWords(acts: Readonly<Record<string, WordAct>>): Record<string, Act> {
  return Object.fromEntries(
    Object.entries(acts).map(([name, act]) => [name, (here: Here) => here.cursor && act(here.cursor)]),
  );
}

function soundActs({ desk, playback, dialogs }: Parts): Record<string, Act> {
  const { sound } = playback;
  return {
    toggle: () => sound.toggle(),
    back: () => sound.seek(sound.ms - JUMP_MS),
    forward: () => sound.seek(sound.ms + JUMP_MS),
    slower: () => sound.step(-1),
    faster: () => sound.step(1),
    loop: ({ row }) => playback.toggleLoop(row),
    bleeped: () => {
      const row = desk.store.get(dialogs.maskRow ?? desk.currentId() ?? "");
      if (row) playback.playBleeped(row, dialogs.maskIds);
    },
  };
}

function textActs({ desk, finder, dialogs, saver, notices }: Parts): Record<string, Act> {
  const { store } = desk;
  const backTo = (id: string | undefined): void => {
    if (id !== undefined) desk.land({ id, language: desk.last?.language ?? desk.shown[0], offset: Infinity });
  };
  return {
    undo: () => backTo(store.undo()),
    redo: () => backTo(store.redo()),
    find: () => finder.open(getSelection()?.toString() ?? "", false),
    replace: () => finder.open(getSelection()?.toString() ?? "", true),
    findNext: ({ shift }) => finder.next(shift ? -1 : 1),
    replaceOne: () => finder.replaceOne(),
    replaceAll: () => finder.replaceAll(),
    // Typing goes on at the place found, else where it was.
    closeFind: () => {
      const found = finder.current;
      finder.close();
      if (found) desk.show(found);
      else if (desk.last) desk.land({ ...desk.last, offset: 0 });
    },
    publish: () => void publish(dialogs, saver, notices),
    help: () => dialogs.keys(),
    speakers: () => void dialogs.speakers(),
    suggestions: () => void dialogs.suggestions(),
    reviewAll: ({ language }) => edits.review(store, store.order, language, "reviewed", desk.settings.person),
  };
}

function rowActs({ desk, playback, saver }: Parts): Record<string, RowAct> {
  const { store } = desk;
  const { sound } = playback;
  const { durationMs, person } = desk.settings;
  const go = (row: Row, language: string, step: number): void => {
    const next = store.neighbour(row.id, step);
    if (next) desk.land({ id: next.id, language, offset: 0 });
  };
  const settle = ({ id }: Row, mine: boolean): void => {
    saver.settle(id, mine);
    desk.refresh(id);
    desk.land({ id, language: desk.last?.language ?? desk.shown[0], offset: 0 });
  };
  return {
    playRow: ({ start }) => void sound.play(start),
    join: ({ id }, { language }) => desk.land(edits.join(store, id, language)),
    insert: ({ id }, { language }) => desk.land(edits.insert(store, id, language)),
    remove: ({ id }, { language }) => desk.land(edits.remove(store, id, language)),
    up: (row, { language }) => go(row, language, -1),
    down: (row, { language }) => go(row, language, 1),
    left: ({ id }) => desk.land({ id, language: desk.shown[0], offset: 0 }),
    right: ({ id }) => desk.land({ id, language: desk.shown.at(-1)!, offset: 0 }),
    startHere: ({ id, end }) => edits.moveBorders(store, id, sound.ms, end, durationMs),
    endHere: ({ id, start }) => edits.moveBorders(store, id, start, sound.ms, durationMs),
    earlier: ({ id }, { shift }) => edits.nudge(store, id, -1, shift, durationMs),
    later: ({ id }, { shift }) => edits.nudge(store, id, 1, shift, durationMs),
    speaker: ({ id }) => {
      const field = desk.list.element(id)?.querySelector<HTMLInputElement>("[data-part=speaker]");
      field?.focus();
      field?.select();
    },
    review: (row, { language }) => {
      const reviewed = row.sides[language].state === "reviewed";
      edits.review(store, [row.id], language, reviewed ? "draft" : "reviewed", person);
    },
    keepMine: (row) => settle(row, true),
    takeTheirs: (row) => settle(row, false),
  };
}

function wordActs({ desk, playback, dialogs }: Parts): Record<string, WordAct> {
  const { store } = desk;
  return {
    playWord: (cursor) => playback.playFrom(cursor),
    split: (cursor) => desk.land(edits.split(store, cursor)),
    unclear: (cursor) => desk.land(edits.bracket(store, cursor, "unclear")),
    soundBracket: (cursor) => desk.land(edits.bracket(store, cursor, "sound")),
    clarification: (cursor) => desk.land(edits.bracket(store, cursor, "clarification")),
    mask: (cursor) => {
      const [from, to] = wordsSelected(cursor);
      void dialogs.mask(cursor, from, to);
    },
  };
}

async function publish(dialogs: Dialogs, saver: Saver, notices: Notices): Promise<void> {
  const note = await dialogs.publish();
  if (note === undefined) return;
  if (!(await saver.settled())) {
    notices.say(say("publish.unsaved"));
    return;
  }
  try {
    const made = Object.entries(await saver.publish(note));
    const versions = made.map(([language, number]) => `${number} (${language})`).join(", ");
    notices.say(made.length ? say("publish.made", { versions }) : say("publish.nothing"));
  } catch (error) {
    notices.say(say("publish.failed", { reason: (error as Error).message || say("publish.offline") }));
  }
}

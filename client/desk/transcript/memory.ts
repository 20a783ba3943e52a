// What was translated before: offered for the segment that somebody translates, put in by a key, never by itself.
import type { Act } from "./acts";
import type { Desk } from "./desk";
import { translating } from "./glossary";
import { retype, type Row, textOf, withWords } from "./model";
import { post } from "./post";
import { make } from "./row-view";
import { say } from "./texts";

interface Offer {
  words: string;
  percent: number;
  reviewed: boolean;
  by: string;
  date: string;
  recording: string;
  changes: [op: "same" | "out" | "in", text: string][];
}

const SETTLE_MS = 200;
const MOST = 3;

/** The offers for one segment, in a panel at the foot of the screen. */
export class Memory {
  private readonly panel: HTMLElement;
  private readonly cache = new Map<string, Offer[]>();
  private at: { id: string; language: string; offers: Offer[] } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly desk: Desk,
    private readonly token: string,
  ) {
    this.panel = desk.target("memory");
    desk.target("list").addEventListener("focusin", () => this.later());
    desk.changed((ids) => {
      if (this.at && ids.includes(this.at.id)) this.later();
    });
  }

  /** What the keys do: each takes one offer. */
  get acts(): Record<string, Act> {
    return Object.fromEntries(
      Array.from({ length: MOST }, (_, number) => [`offer${number + 1}`, () => this.take(number)]),
    );
  }

  private take(number: number): void {
    const { at, desk } = this;
    const [row, offer] = [desk.store.get(at?.id ?? ""), at?.offers[number]];
    if (!at || !row || !offer) return;
    const words = retype(row.sides[at.language].words, offer.words);
    desk.store.change([withWords(row, at.language, words)]);
    const field = desk.field(at.id, at.language);
    if (field) field.textContent = textOf(words);
    desk.land({ id: at.id, language: at.language, offset: Infinity });
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), SETTLE_MS);
  }

  private async look(): Promise<void> {
    const cursor = translating(this.desk);
    const row = this.desk.store.get(cursor?.id ?? "");
    if (!cursor || !row) return;
    const { language } = cursor;
    const offers = await this.offers(row, language);
    // Somebody may have gone on meanwhile.
    if (translating(this.desk)?.id === row.id) this.show(row.id, language, offers);
  }

  private async offers(row: Row, language: string): Promise<Offer[]> {
    const words = row.sides[this.desk.shown[0]].words.map(({ text, mask, reads }) => [text, mask, reads]);
    const key = `${language} ${row.id} ${JSON.stringify(words)}`;
    const known = this.cache.get(key);
    if (known) return known;
    try {
      const body = { segment: row.id, language, words };
      const { offers } = await post<{ offers: Offer[] }>(this.desk.settings.memory, body, this.token);
      this.cache.set(key, offers);
      return offers;
    } catch {
      return []; // a help: without a connection there is none
    }
  }

  private show(id: string, language: string, found: readonly Offer[]): void {
    const now = textOf(this.desk.store.get(id)?.sides[language].words ?? []);
    const offers = found.filter(({ words }) => words !== now).slice(0, MOST);
    this.at = { id, language, offers };
    this.panel.hidden = !offers.length;
    const list = make("ol", "or-memory");
    offers.forEach((offer, number) => list.append(this.item(offer, number, language)));
    this.panel.replaceChildren(make("strong", "or-small", say("memory.title")), list);
  }

  private item(offer: Offer, number: number, language: string): HTMLElement {
    const item = make("li");
    const take = make("button", "button button-small button-secondary", say("memory.take"));
    take.type = "button";
    take.dataset.act = `offer${number + 1}`;
    take.append(" ", make("kbd", "", `Alt+${number + 1}`));
    const words = make("span", "or-memory__words", offer.words);
    words.lang = language;
    const percent = make("span", "or-memory__percent", say("memory.percent", { percent: offer.percent }));
    const { recording, date, by } = offer;
    const who = by ? say("memory.whoBy", { recording, date, by }) : say("memory.who", { recording, date });
    const where = make(
      "span",
      "or-small",
      offer.reviewed ? `${who}, ${say("memory.reviewed")}` : `${who}, ${say("memory.draft")}`,
    );
    item.append(percent, words, take, where);
    if (offer.percent < 100 || offer.changes.some(([op]) => op !== "same")) item.append(changes(offer));
    return item;
  }
}

/** What was said then, over what is said now. */
function changes(offer: Offer): HTMLElement {
  const line = make("span", "or-memory__changes or-small");
  line.append(make("span", "", say("memory.differs")), " ");
  for (const [op, text] of offer.changes)
    line.append(op === "same" ? text : make(op === "out" ? "del" : "ins", "", text), " ");
  return line;
}

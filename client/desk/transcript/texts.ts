// What the screen says comes from the page, in the language of the desk: see onrecord.transcripts.screen_texts.

type Texts = Record<string, string | Record<string, string>>;

let texts: Texts | undefined;

/** A text of the screen with its `{places}` filled; one that counts takes its form from `count`. */
export function say(name: string, values: Readonly<Record<string, string | number>> = {}): string {
  texts ??= JSON.parse(document.getElementById("or-desk-texts")!.textContent!) as Texts;
  const found = texts[name];
  if (found === undefined) throw new Error(`There is no text ${name}`);
  const text = typeof found === "string" ? found : formOf(found, Number(values.count));
  return text.replace(/\{(\w+)\}/g, (whole, place: string) => String(values[place] ?? whole));
}

function formOf(forms: Readonly<Record<string, string>>, count: number): string {
  const category = new Intl.PluralRules(document.documentElement.lang || "en").select(count);
  return forms[category] ?? forms.other;
}

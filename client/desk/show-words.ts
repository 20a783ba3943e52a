const FIRST_WORDS = 4;

/** Put the cursor of a field on these words, or light the place up where there is no such field. */
export function showWords(place: HTMLElement, words: string): void {
  const start = words.split(/\s+/).slice(0, FIRST_WORDS).join(" ");
  const field = place.querySelector<HTMLInputElement | HTMLTextAreaElement>("input[type=text], textarea");
  const at = field ? field.value.indexOf(start) : -1;
  if (field && at >= 0) {
    field.focus({ preventScroll: true });
    field.setSelectionRange(at, at + words.length);
    return;
  }
  const text = place.querySelector<HTMLElement>("[contenteditable=true]");
  text?.focus({ preventScroll: true });
  const walker = document.createTreeWalker(text ?? place, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
    const found = node.data.indexOf(start);
    if (found < 0) continue;
    getSelection()?.setBaseAndExtent(node, found, node, Math.min(node.length, found + words.length));
    node.parentElement?.scrollIntoView({ block: "center" });
    return;
  }
}

const pages = new Map<string, Promise<Element>>();

/** The transcript on a recording's page, asked for once; not to be changed, but cloned. Rejects without an answer. */
export function transcriptOf(address: string): Promise<Element> {
  const page = pageOf(address);
  const loading = pages.get(page) ?? load(page);
  pages.set(page, loading);
  loading.catch(() => pages.delete(page));
  return loading;
}

/** The whole address of a page, without a fragment. */
export function pageOf(address: string): string {
  return new URL(address, location.href).href.replace(/#.*$/, "");
}

async function load(address: string): Promise<Element> {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(String(response.status));
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const transcript = page.querySelector(".transcript");
  if (!transcript) throw new Error("no transcript");
  return transcript;
}

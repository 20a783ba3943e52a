// Sending to the newsroom: the answer, or in which of three ways there is none.

/** Why the newsroom does not take something, in words for people. */
export interface Refusal {
  code: string;
  message: string;
  segment?: string;
  revision?: number;
}

/** Nobody is signed in any more. */
export class SignedOut extends Error {}

/** The newsroom was reached, and says no. Everything else that is thrown means that it was not reached. */
export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

/** Post JSON and get JSON. */
export async function post<T>(address: string, body: object, token: string, keepalive = false): Promise<T> {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
    redirect: "manual",
    keepalive,
  });
  return taken<T>(answer);
}

/** Get JSON. */
export async function get<T>(address: string): Promise<T> {
  return taken<T>(await fetch(address, { redirect: "manual" }));
}

async function taken<T>(answer: Response): Promise<T> {
  if (answer.type === "opaqueredirect" || answer.status === 401) throw new SignedOut();
  if (answer.ok) return (await answer.json()) as T;
  if (answer.status >= 500 || !answer.headers.get("content-type")?.includes("json")) {
    if (answer.status === 403) throw new SignedOut();
    throw new Error(String(answer.status));
  }
  throw new Refused((await answer.json()) as Refusal);
}

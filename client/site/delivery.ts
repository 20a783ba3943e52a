// One message brought to the newsroom, with a proof of work, and what came of it.

import { proofOfWork } from "./proof.ts";

export interface Answer {
  ok: boolean;
  message: string;
  errors?: Record<string, string[]>;
  withdraw_url?: string;
}

/** Taken; refused with the newsroom's words; or not reached: no connection, no answer in time, an error over there. */
export type Outcome =
  | { kind: "taken"; answer: Answer }
  | { kind: "refused"; status: number; answer: Answer }
  | { kind: "unreached" };

export interface Parcel {
  url: string;
  challenge: string;
  fields: [string, string][];
  /** Made while the reader typed; it may have grown too old, then a new one is made. */
  proof?: Promise<string> | null;
}

const PATIENCE_MS = 20_000;

/** Send it. Whatever the clocks say, a proof that is refused is made anew, once: the server alone counts time. */
export async function deliver(parcel: Parcel): Promise<Outcome> {
  const first = await attempt(parcel, parcel.proof ?? null);
  const stale = first.kind === "refused" && first.answer.errors?.altcha;
  return stale ? attempt(parcel, null) : first;
}

async function attempt(parcel: Parcel, ready: Promise<string> | null): Promise<Outcome> {
  try {
    const proof = parcel.challenge
      ? await (ready ?? proofOfWork(parcel.challenge, document.body.dataset.proofWorker ?? ""))
      : "";
    const response = await fetch(parcel.url, {
      method: "POST",
      body: new URLSearchParams([...parcel.fields.filter(([name]) => name !== "altcha"), ["altcha", proof]]),
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout?.(PATIENCE_MS),
    });
    if (response.status >= 500 || response.status === 408) return { kind: "unreached" };
    const answer = (await response.json()) as Answer;
    return answer.ok ? { kind: "taken", answer } : { kind: "refused", status: response.status, answer };
  } catch {
    return { kind: "unreached" };
  }
}

/** The browser's own storage, or null where it is forbidden. */
export function browserShelf(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

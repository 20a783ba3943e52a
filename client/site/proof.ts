import { payload, type Challenge } from "./challenge.ts";

/** Fetch a challenge and solve it in a worker; rejects when either can't be done. */
export async function proofOfWork(challengeUrl: string, workerUrl: string): Promise<string> {
  const response = await fetch(challengeUrl, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!response.ok) throw new Error(`challenge: ${response.status}`);
  const challenge = (await response.json()) as Challenge;
  const worker = new Worker(workerUrl);
  try {
    const number = await new Promise<number | null>((resolve, reject) => {
      worker.onmessage = (event: MessageEvent<number | null>) => resolve(event.data);
      worker.onerror = () => reject(new Error("worker"));
      worker.postMessage(challenge);
    });
    if (number === null) throw new Error("challenge without a solution");
    return payload(challenge, number);
  } finally {
    worker.terminate();
  }
}

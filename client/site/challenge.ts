// Proof of work as ALTCHA's version 1 has it (https://altcha.org/docs/v1/). No DOM.

export interface Challenge {
  algorithm: string;
  challenge: string;
  maxnumber?: number;
  salt: string;
  signature: string;
}

/** What the server reads: Base64 of JSON. */
export function payload({ algorithm, challenge, salt, signature }: Challenge, number: number): string {
  return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
}

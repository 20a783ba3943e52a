import assert from "node:assert/strict";
import { test } from "node:test";
import { type Variant, variantAt } from "./glossary";

const first: Variant = [4, 9, "Velnograd", "", false];
const second: Variant = [20, 30, "Marsh Guard", "", true];

test("the variant at the cursor, the next one, or the first", () => {
  assert.equal(variantAt([first, second], 4), first);
  assert.equal(variantAt([first, second], 9), first);
  assert.equal(variantAt([first, second], 12), second);
  assert.equal(variantAt([first, second], 31), first);
  assert.equal(variantAt([], 0), undefined);
});

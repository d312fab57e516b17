import assert from "node:assert/strict";
import { amountOf } from "../../../graph/intent/quantity";

const GOOD: [quantity: string, amount: number][] = [
  ["0", 0],
  ["2", 2],
  ["+1.5", 1.5],
  [".5", 0.5],
  ["3.", 3],
  ["100m", 0.1],
  ["1k", 1000],
  ["128Mi", 128 * 1024 * 1024],
  ["1Gi", 1024 ** 3],
  ["1Ei", 1024 ** 6],
  ["1E", 1e18],
  ["1E3", 1000],
  ["12e-1", 1.2],
];

describe("intent: Kubernetes quantities", () => {
  for (const [quantity, amount] of GOOD) it(`${quantity} is ${amount}`, () => assert.equal(amountOf(quantity), amount));

  for (const quantity of ["", "two", "-1", "128MB", "1 Gi", "1ki", "1mi", "1e", "e3", ".", "0x10", "1K"])
    it(`"${quantity}" is none`, () => assert.equal(amountOf(quantity), undefined));
});

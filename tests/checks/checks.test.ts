import assert from "node:assert/strict";
import { execa } from "execa";
import { ROOT } from "../support/demo";

/** What `make lint` runs, as tests. */
const CHECKS: [title: string, command: string, ...args: string[]][] = [
  ["types are right, strictly", "tsc", "--noEmit", "-p", "."],
  ["style and likely mistakes (biome)", "biome", "check", "."],
  [
    "nobody imports whom he may not (dependency-cruiser)",
    "depcruise",
    "--config",
    ".dependency-cruiser.cjs",
    "graph",
    "components",
    "cli",
    "policy",
    "lab",
    "demo",
  ],
];

describe("checks", function () {
  this.timeout(300_000);
  for (const [title, command, ...args] of CHECKS) {
    it(title, async () => {
      const { exitCode, all } = await execa(command, args, { cwd: ROOT, preferLocal: true, reject: false, all: true });
      assert.equal(exitCode, 0, all);
    });
  }
});

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Compares with a file that people read; `UPDATE_GOLDEN=1` writes it anew, but never in CI. */
export function assertGolden(file: string, actual: string): void {
  const path = join(__dirname, "../golden", file);
  if (process.env.UPDATE_GOLDEN === "1") {
    assert.ok(!process.env.CI, "golden files are not written in CI");
    writeFileSync(path, actual);
  }
  assert.ok(existsSync(path), `${file} is missing: run with UPDATE_GOLDEN=1 and read it`);
  assert.equal(
    actual,
    readFileSync(path, "utf8"),
    `differs from tests/golden/${file}; if that is right, run with UPDATE_GOLDEN=1`,
  );
}

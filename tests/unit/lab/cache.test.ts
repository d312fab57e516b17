import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheKey, makeOnce } from "../../../lab/cache";

describe("lab: the cache", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lab-cache-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("makes a thing once", async () => {
    let made = 0;
    for (let time = 0; time < 2; time++) {
      await makeOnce(join(folder, "thing"), async (temporary) => {
        made++;
        mkdirSync(temporary);
      });
    }
    assert.deepEqual([made, readdirSync(folder)], [1, ["thing"]]);
  });

  it("leaves nothing of what failed", async () => {
    const failing = makeOnce(join(folder, "thing"), async (temporary) => {
      writeFileSync(temporary, "half");
      throw new Error("no luck");
    });
    await assert.rejects(failing, /no luck/);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("removes what a killed process left half made", async () => {
    mkdirSync(join(folder, "thing.making-1", "deep"), { recursive: true });
    await makeOnce(join(folder, "thing"), async (temporary) => writeFileSync(temporary, ""));
    assert.deepEqual([existsSync(join(folder, "thing")), readdirSync(folder)], [true, ["thing"]]);
  });

  it("has a key for each input", () => {
    assert.equal(cacheKey(["a", { b: 1 }]), cacheKey(["a", { b: 1 }]));
    assert.notEqual(cacheKey(["a", { b: 1 }]), cacheKey(["a", { b: 2 }]));
  });
});

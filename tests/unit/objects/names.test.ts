import assert from "node:assert/strict";
import { hostName } from "../../../graph/objects/meta";

describe("objects: names", () => {
  it("are the host itself up to 63 characters", () => {
    assert.equal(hostName("www.github.com"), "www.github.com");
  });

  it("are cut with a hash beyond, and stay apart", () => {
    const long = `${"a".repeat(60)}.example.com`;
    const other = `${"a".repeat(60)}.example.org`;
    assert.equal(hostName(long).length <= 63, true);
    assert.notEqual(hostName(long), hostName(other));
    assert.match(hostName(long), /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);
  });
});

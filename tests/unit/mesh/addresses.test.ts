import assert from "node:assert/strict";
import {
  addressIn,
  isAddress,
  isLoopback,
  maskedRange,
  normalAddress,
  prefixMatch,
} from "../../../graph/mesh/addresses";

describe("addresses", () => {
  it("are told from names", () => {
    const texts = ["1.2.3.4", "::1", "fd00::1", "vip:x.com", "x.com", "1.2.3", "1.2.3.4.com", "a:b", ""];
    assert.deepEqual(texts.filter(isAddress), ["1.2.3.4", "::1", "fd00::1", "vip:x.com", "1.2.3"]);
  });

  it("of the machine itself", () => {
    assert.deepEqual(["127.0.0.1", "127.9.9.9", "::1", "128.0.0.1", "10.127.0.1", "::2"].map(isLoopback), [
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  for (const [address, range, bits] of [
    ["10.1.2.3", "10.0.0.0/8", 8],
    ["11.1.2.3", "10.0.0.0/8", undefined],
    ["10.1.2.3", "10.1.2.3", 32],
    ["10.1.2.3", "10.1.2.4", undefined],
    ["fd00::1", "fd00::/16", 16],
    ["fd00::1", "fd00::1", 128],
    ["fd00::1", "fd00::2", undefined],
    ["fd00::1", "10.0.0.0/8", undefined],
    ["10.0.0.1", "::/0", undefined],
    ["10.0.0.1", "x.com", undefined],
    ["10.0.0.1", "10.0.0.0/99", undefined],
    ["x.com", "0.0.0.0/0", undefined],
    ["10.0.0.1", "0.0.0.0/0", 0],
  ] as const)
    it(`${address} in ${range}: ${bits}`, () => assert.equal(prefixMatch(address, range), bits));

  it("are written in one way", () => {
    assert.deepEqual(
      ["1.2.3.4", "1.2.3.4/32", "1.2.3.0/24", "fd00::1/128", "fd00::/16", "x.com", "1.2.3.4/99"].map(normalAddress),
      ["1.2.3.4", "1.2.3.4", "1.2.3.0/24", "fd00::1", "fd00::/16", undefined, undefined],
    );
  });

  it("of ranges: what is masked, and the first one", () => {
    const ranges = ["10.1.2.3/8", "10.1.2.3", "fd00:1::1/16", "nonsense/8"];
    assert.deepEqual(ranges.map(maskedRange), ["10.0.0.0/8", "10.1.2.3", "fd00::/16", "nonsense/8"]);
    assert.deepEqual(["10.1.2.0/24", "10.1.2.3", "nonsense/8"].map(addressIn), ["10.1.2.0", "10.1.2.3", "nonsense/8"]);
  });
});

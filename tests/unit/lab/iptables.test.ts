import assert from "node:assert/strict";
import { undoing } from "../../../lab/iptables";

describe("lab: what undoes the rules of Kubernetes", () => {
  const saved = [
    "*nat",
    ":PREROUTING ACCEPT [0:0]",
    ":KUBE-SERVICES - [0:0]",
    ":KUBE-MARK-MASQ - [0:0]",
    ":DOCKER - [0:0]",
    '-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    "-A PREROUTING -j DOCKER",
    "-A KUBE-SERVICES -d 198.18.128.1/32 -j KUBE-MARK-MASQ",
    "COMMIT",
    "*filter",
    ":INPUT ACCEPT [0:0]",
    "-A INPUT -p tcp -j ACCEPT",
    "COMMIT",
    "",
  ].join("\n");

  it("takes the jumps away, empties the chains, then removes them", () => {
    assert.deepEqual(undoing(saved).split("\n"), [
      "*nat",
      '-D PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
      "-F KUBE-SERVICES",
      "-F KUBE-MARK-MASQ",
      "-X KUBE-SERVICES",
      "-X KUBE-MARK-MASQ",
      "COMMIT",
      "",
    ]);
  });

  it("undoes a part of them alone, by name", () => {
    const both = saved.replace("COMMIT", ":KUBE-NWPLCY-X - [0:0]\n-A KUBE-SERVICES -j KUBE-NWPLCY-X\nCOMMIT");
    assert.deepEqual(undoing(both, /^KUBE-NWPLCY-/).split("\n"), [
      "*nat",
      "-D KUBE-SERVICES -j KUBE-NWPLCY-X",
      "-F KUBE-NWPLCY-X",
      "-X KUBE-NWPLCY-X",
      "COMMIT",
      "",
    ]);
  });

  it("leaves the rules of others alone", () => {
    assert.doesNotMatch(undoing(saved), /DOCKER|INPUT|filter/);
    assert.equal(undoing("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n"), "");
    assert.equal(undoing(""), "");
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { HostIndex } from "../../../graph/mesh/hostIndex";
import { bySpecificity, fqdn, intersect, overlaps, subsetOf } from "../../../graph/mesh/hosts";

const label = fc.constantFrom("a", "b", "com", "x");
const plain = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));
const host = fc.oneof(
  plain,
  plain.map((name) => `*.${name}`),
  plain.map((name) => `*${name}`),
  fc.constant("*"),
);

describe("host names", () => {
  const rows: [inner: string, outer: string, covered: boolean][] = [
    ["a.b.com", "*.com", true],
    ["foo.com", "*.foo.com", false],
    ["barfoo.com", "*foo.com", true],
    ["foo.com", "*foo.com", true],
    ["*.b.com", "*.com", true],
    ["*.com", "*.b.com", false],
    ["*.com", "a.com", false],
    ["a.com", "*", true],
    ["*", "*", true],
  ];
  for (const [inner, outer, covered] of rows)
    it(`${inner} is ${covered ? "" : "not "}under ${outer}`, () => assert.equal(subsetOf(inner, outer), covered));

  it("more specific: exact, longer, alphabetical", () => {
    assert.deepEqual(["*", "*.com", "b.com", "a.com", "*.b.com", "long.com"].sort(bySpecificity), [
      "long.com",
      "a.com",
      "b.com",
      "*.b.com",
      "*.com",
      "*",
    ]);
  });

  it("short names become Services of the namespace; others stay", () => {
    assert.equal(fqdn("gw", "egress", "cluster.local"), "gw.egress.svc.cluster.local");
    for (const name of ["x.com", "*", "fd00::1", ""]) assert.equal(fqdn(name, "egress", "cluster.local"), name);
  });

  it("an intersection holds the more specific of each pair", () => {
    assert.deepEqual(intersect(["foo.com", "*.net"], ["*.com", "bar.net"]), ["foo.com", "bar.net"]);
    assert.deepEqual(intersect(["foo.com"], ["bar.com"]), []);
  });
});

describe("index of host names", () => {
  it("finds what a walk over all names finds", () => {
    fc.assert(
      fc.property(fc.uniqueArray(host, { maxLength: 12 }), host, (names, asked) => {
        const index = new HostIndex<string>();
        for (const name of names) index.add(name, name);
        const covering = names.filter((name) => subsetOf(asked, name));
        const covered = names.filter((name) => name !== asked && asked.startsWith("*") && subsetOf(name, asked));
        assert.deepEqual([...index.covering(asked)].sort(), [...covering].sort());
        assert.deepEqual([...index.covered(asked)].sort(), [...covered].sort());
        for (const name of index.overlapping(asked)) assert.ok(overlaps(name, asked));
      }),
    );
  });

  it("gives the most specific first", () => {
    const index = new HostIndex<number>();
    for (const name of ["*", "*.com", "*.a.com", "x.a.com"]) index.add(name, 1);
    assert.deepEqual(index.covering("x.a.com"), ["x.a.com", "*.a.com", "*.com", "*"]);
  });
});

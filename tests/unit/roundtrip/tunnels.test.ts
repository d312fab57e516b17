import assert from "node:assert/strict";
import { type Destination, keyOf, type Manifest, manifests, withDefaults } from "../../../graph";
import { explain } from "../../../graph/explain/explain";
import type { Call, Verdict } from "../../../graph/explain/types";
import { buildMesh } from "../../../graph/mesh/mesh";
import type { Draft } from "./mutation";

const EXACT: Destination = { hosts: ["github.com"], checkInnerSni: true };
const WILD: Destination = { hosts: ["*.example.org"], wildcardTls: true };

function objectsOf(destination: Destination): Manifest[] {
  return manifests(
    withDefaults({
      destinations: { it: destination },
      applications: [{ namespace: "shop", name: "cart", allow: ["it"] }],
    }),
  );
}

function ask(objects: readonly Manifest[], call: Partial<Call>): Verdict {
  const workload = { namespace: "shop", labels: { app: "cart" }, serviceAccount: "cart", injected: true };
  return explain(buildMesh(objects.map((manifest) => ({ manifest }))), {
    workload,
    protocol: "tls",
    port: 443,
    ...call,
  });
}

function say({ verdict, destination, reason, path }: Verdict): string {
  return `${verdict} ${destination ?? ""}: ${reason}\n${path.map(({ stage, object, message }) => `  ${stage} [${object ?? ""}]: ${message}`).join("\n")}`;
}

/** The objects with one of them changed; undefined takes it away. */
function with_(objects: readonly Manifest[], key: string, change: (draft: Draft) => unknown): Manifest[] {
  let found = false;
  const changed = objects.flatMap((object) => {
    if (keyOf(object) !== key) return [object];
    found = true;
    const draft = structuredClone(object) as Draft;
    return change(draft) === undefined ? [] : [draft as Manifest];
  });
  assert.ok(found, `no ${key}`);
  return changed;
}

/** Dialled at an address, as with DNS capture: such a listener of the sidecar takes any SNI, so the gateway must judge. */
function withAddress(objects: readonly Manifest[]): Manifest[] {
  return with_(objects, "ServiceEntry external-routes/it", (draft) => {
    draft.spec.addresses = ["240.240.0.1"];
    return draft;
  });
}

describe("graph: tunnels, backwards", () => {
  it("follow the loopback to the host itself, in one gateway", () => {
    const verdict = ask(objectsOf(EXACT), { host: "github.com" });
    assert.deepEqual(
      [verdict.verdict, verdict.gateways, verdict.destination],
      ["gateway", ["external/egress-it"], "github.com:443"],
      say(verdict),
    );
    assert.equal(verdict.path.filter(({ stage }) => stage === "gateway-listener").length, 3, say(verdict));
  });

  it("carry another SNI nowhere, where without them it would arrive", () => {
    const call = { host: "github.com", address: "240.240.0.1", sni: "evil.example" };
    const checked = ask(withAddress(objectsOf(EXACT)), call);
    assert.deepEqual([checked.verdict, checked.where], ["blocked", "gateway-listener"], say(checked));
    assert.match(checked.missing ?? "", /SNI evil\.example/);
    const unchecked = ask(withAddress(objectsOf({ ...EXACT, checkInnerSni: false })), call);
    assert.deepEqual([unchecked.verdict, unchecked.destination], ["gateway", "github.com:443"], say(unchecked));
  });

  it("carry no TLS without SNI, and no other bytes", () => {
    for (const call of [{ sni: "" }, { protocol: "tcp" as const }]) {
      const verdict = ask(withAddress(objectsOf(EXACT)), { host: "github.com", address: "240.240.0.1", ...call });
      assert.deepEqual([verdict.verdict, verdict.where], ["blocked", "gateway-listener"], say(verdict));
    }
  });

  it("carry names under a wildcard, and neither the name itself nor others", () => {
    const objects = objectsOf(WILD);
    const verdict = ask(objects, { host: "a.b.example.org" });
    assert.deepEqual([verdict.verdict, verdict.destination], ["gateway", "a.b.example.org:443"], say(verdict));
    for (const host of ["example.org", "example.org.evil.example", "badexample.org"])
      assert.equal(ask(objects, { host }).verdict, "blocked", host);
  });

  it("hold the port that a Host header under a wildcard names", () => {
    const objects = objectsOf({ hosts: ["*.example.org"], ports: [{ number: 80 }] });
    const http = (authority: string) => ask(objects, { protocol: "http", port: 80, host: "a.example.org", authority });
    for (const good of ["a.example.org", "a.example.org:80"]) {
      const verdict = http(good);
      assert.deepEqual([verdict.verdict, verdict.destination], ["gateway", "a.example.org:80"], say(verdict));
    }
    assert.deepEqual([http("a.example.org:22").verdict, http("a.example.org:22").seen], ["blocked", "HTTP 403"]);
  });
});

describe("graph: what the gateway cannot see", () => {
  const limits = (destination: Destination, call: Partial<Call>) => ask(objectsOf(destination), call).limits;

  it("is nothing of plain requests", () => {
    assert.equal(limits(EXACT, { host: "github.com", protocol: "http", port: 80 }), undefined);
  });

  it("is all inside TLS that passes, SNI included", () => {
    const found = limits({ ...EXACT, checkInnerSni: false }, { host: "github.com" });
    assert.equal(found?.length, 1);
    assert.match(found?.[0] ?? "", /server name and the requests inside/);
  });

  it("is the requests alone where the inner SNI is read", () => {
    const found = limits(EXACT, { host: "github.com" });
    assert.equal(found?.length, 1);
    assert.match(found?.[0] ?? "", /Host header may name another site/);
  });

  it("is also the address of names under a wildcard", () => {
    const found = limits(WILD, { host: "a.example.org" });
    assert.equal(found?.length, 2);
    assert.match(found?.[1] ?? "", /controls its DNS/);
    assert.equal(limits(WILD, { host: "a.example.org", protocol: "http", port: 80 })?.length, 1);
  });

  it("is said of calls that arrive alone", () => {
    assert.equal(limits(EXACT, { host: "evil.example" }), undefined);
  });
});

type Break = [title: string, key: string, change: (draft: Draft) => unknown, unknown?: "unknown"];

/** The loopback server is the last of the Gateway. */
function loopback(change: (server: Draft) => void): (draft: Draft) => unknown {
  return (draft) => {
    change(draft.spec.servers.at(-1));
    return draft;
  };
}

function patched(change: (patch: Draft, spec: Draft) => void): (draft: Draft) => unknown {
  return (draft) => {
    change(draft.spec.configPatches[0], draft.spec);
    return draft;
  };
}

const gone = () => undefined;

const OF_BOTH = (name: string): Break[] => [
  ["the loopback's name deleted", `ServiceEntry external/lo.${name}`, gone],
  [
    "the loopback's name exported elsewhere",
    `ServiceEntry external/lo.${name}`,
    (draft) => Object.assign(draft.spec, { exportTo: ["nowhere"] }) && draft,
  ],
  [
    "the loopback's name on another port",
    `ServiceEntry external/lo.${name}`,
    (draft) => {
      draft.spec.ports[0].number++;
      return draft;
    },
  ],
  [
    "the loopback's name without an endpoint",
    `ServiceEntry external/lo.${name}`,
    (draft) => {
      draft.spec.endpoints = [];
      return draft;
    },
  ],
  [
    "the loopback server deleted",
    "Gateway external/egress-it",
    (draft) => {
      draft.spec.servers.pop();
      return draft;
    },
  ],
  [
    "the loopback server bound to another address",
    "Gateway external/egress-it",
    loopback((server) => {
      server.bind = "127.0.0.2";
    }),
  ],
  [
    "the loopback server on another port",
    "Gateway external/egress-it",
    loopback((server) => {
      server.port.number++;
    }),
  ],
  [
    "the loopback server for another host",
    "Gateway external/egress-it",
    loopback((server) => {
      server.hosts = ["./other.example"];
    }),
  ],
  [
    "the loopback server demands a mesh certificate",
    "Gateway external/egress-it",
    loopback((server) => {
      server.tls = { mode: "ISTIO_MUTUAL" };
    }),
  ],
  [
    "the route from the loopback taken away",
    `VirtualService external/${name}`,
    (draft) => {
      draft.spec.tls = undefined;
      return draft;
    },
  ],
  [
    "the route from the loopback takes another SNI",
    `VirtualService external/${name}`,
    (draft) => {
      draft.spec.tls[0].match[0].sniHosts = ["other.example"];
      draft.spec.hosts = [...draft.spec.hosts, "other.example"];
      return draft;
    },
  ],
  [
    "the route from the loopback is for another port",
    `VirtualService external/${name}`,
    (draft) => {
      draft.spec.tls[0].match[0].port++;
      return draft;
    },
  ],
  [
    "the policy forgets the loopback",
    "AuthorizationPolicy external/egress-it",
    (draft) => {
      draft.spec.rules.pop();
      return draft;
    },
  ],
];

const FILTER = "EnvoyFilter external/any.example.org-443";

const OF_FILTER: Break[] = [
  ["the EnvoyFilter deleted", FILTER, gone, "unknown"],
  [
    "the EnvoyFilter on another listener",
    FILTER,
    patched(({ match }) => {
      match.listener.portNumber++;
    }),
    "unknown",
  ],
  [
    "the EnvoyFilter with another DNS cache",
    FILTER,
    patched(({ patch }) => {
      patch.value.typed_config.dns_cache_config.name = "other_dfp_dns_cache";
    }),
    "unknown",
  ],
  [
    "the EnvoyFilter with another lookup family",
    FILTER,
    patched(({ patch }) => {
      patch.value.typed_config.dns_cache_config.dns_lookup_family = "ALL";
    }),
    "unknown",
  ],
  [
    "the EnvoyFilter with a field more",
    FILTER,
    patched(({ patch }) => {
      patch.value.typed_config.save_upstream_address = true;
    }),
    "unknown",
  ],
  [
    "the EnvoyFilter with a second patch",
    FILTER,
    patched((patch, spec) => {
      spec.configPatches.push(patch);
    }),
    "unknown",
  ],
  [
    "the EnvoyFilter for other pods",
    FILTER,
    patched((_, spec) => {
      spec.workloadSelector.labels = { app: "other" };
    }),
    "unknown",
  ],
  [
    "the gateway's side resolves no names",
    "ServiceEntry external/any.example.org",
    (draft) => Object.assign(draft.spec, { resolution: "NONE" }) && draft,
  ],
];

describe("graph: break any one link of a tunnel, and the verdict changes", () => {
  const cases: [string, Destination, string, Break[]][] = [
    ["an exact host", EXACT, "github.com", OF_BOTH("github.com")],
    ["a wildcard", WILD, "a.example.org", [...OF_BOTH("any.example.org"), ...OF_FILTER]],
  ];
  for (const [what, destination, host, breaks] of cases) {
    for (const [title, key, change, unknown] of breaks) {
      it(`${what}: ${title}`, () => {
        const verdict = ask(with_(objectsOf(destination), key, change), { host });
        assert.equal(verdict.verdict, unknown ?? "blocked", say(verdict));
        assert.ok(verdict.missing, say(verdict));
      });
    }
  }

  it("a wildcard: the EnvoyFilter's port is the port that is dialled", () => {
    const objects = with_(
      objectsOf(WILD),
      FILTER,
      patched(({ patch }) => {
        patch.value.typed_config.port_value = 22;
      }),
    );
    const { verdict, where } = ask(objects, { host: "a.example.org" });
    assert.deepEqual([verdict, where], ["blocked", "network-policy"]);
    const open = objects.filter(({ kind }) => kind !== "NetworkPolicy");
    assert.equal(ask(open, { host: "a.example.org" }).destination, "a.example.org:22");
  });

  it("a wildcard: another EnvoyFilter beside ours leaves the answer open", () => {
    const other: Manifest = {
      apiVersion: "networking.istio.io/v1alpha3",
      kind: "EnvoyFilter",
      metadata: { name: "other", namespace: "external" },
      spec: { configPatches: [{ applyTo: "LISTENER", match: { context: "GATEWAY" }, patch: { operation: "REMOVE" } }] },
    } as Manifest;
    const verdict = ask([...objectsOf(WILD), other], { host: "a.example.org" });
    assert.deepEqual([verdict.verdict, verdict.how], ["unknown", "feature"]);
  });
});

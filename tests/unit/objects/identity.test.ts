import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type EgressConfig,
  flows,
  MESH_HEADERS,
  manifests,
  type PortProtocol,
  plan,
  TRACING_HEADERS,
  validate,
  withDefaults,
} from "../../../graph";
import { seesRequests } from "../../../graph/intent/protocols";
import { exactName } from "../../../graph/objects/meta";
import { containerPort } from "../../../graph/objects/ports";
import { arbitraryConfig } from "../../support/arbitraryConfig";

const RUNS = { seed: 17, numRuns: 100 };

interface PolicyRule {
  from: { source: { principals?: string[]; ipBlocks?: string[] } }[];
  to: { operation: { hosts?: string[]; ports: string[]; methods?: string[]; paths?: string[] } }[];
  when?: { key: string; values: string[] }[];
}

interface Policy {
  name: string;
  rules: PolicyRule[] | undefined;
}

function policies(config: EgressConfig): Policy[] {
  return manifests(withDefaults(config))
    .filter(({ kind }) => kind === "AuthorizationPolicy")
    .map(({ metadata, spec }) => ({ name: metadata.name, rules: (spec as { rules?: PolicyRule[] }).rules }));
}

/** What a gateway's rules allow, one line for each principal, host and port, with its limits. */
function allowed({ name, rules = [] }: Policy): string[] {
  return rules.flatMap(({ from, to, when }) =>
    to.flatMap(({ operation: { hosts, ports, methods, paths } }) =>
      [...new Set(hosts?.map((host) => host.replace(/:.*/, "")) ?? when?.[0]?.values ?? [])].flatMap((host) =>
        ports.flatMap((port) =>
          (from[0]?.source.principals ?? []).map((who) => JSON.stringify([name, who, host, port, methods, paths])),
        ),
      ),
    ),
  );
}

function requestsSeen(protocol: string): boolean {
  return seesRequests(protocol as PortProtocol);
}

describe("objects: identity at the gateways", () => {
  it("allows exactly the flows, each with its limits", () => {
    fc.assert(
      fc.property(arbitraryConfig, ({ guards: _default, ...config }) => {
        const wanted = flows(withDefaults(config)).map(({ gateway, principal, host, port, protocol, methods, paths }) =>
          JSON.stringify([
            gateway.split("/")[1],
            principal.replace("spiffe://", ""),
            requestsSeen(protocol) ? host : exactName(host),
            String(containerPort(port)),
            methods,
            paths,
          ]),
        );
        assert.deepEqual(policies(config).flatMap(allowed).sort(), wanted.sort());
      }),
      RUNS,
    );
  });

  it("names ports and callers in every rule, and the server name where requests are not seen", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        for (const { rules = [] } of policies(config)) {
          for (const { from, to, when } of rules) {
            assert.equal(from.length, 1);
            const { principals = [], ipBlocks } = from[0]?.source ?? {};
            // The second pass of a tunnel.
            if (ipBlocks !== undefined) {
              assert.deepEqual([ipBlocks, principals, when], [["127.0.0.1/32"], [], undefined]);
              assert.ok(to.every(({ operation }) => operation.ports.every((port) => /^1[0-4]\d{3}$/.test(port))));
              continue;
            }
            assert.ok(principals.length > 0);
            for (const { operation } of to) {
              assert.ok(operation.ports.length > 0);
              assert.equal(operation.hosts === undefined, when !== undefined, "hosts or server name, never neither");
            }
          }
        }
      }),
      RUNS,
    );
  });

  it("takes a wildcard's names with the port that they are dialled at alone", () => {
    const config = {
      destinations: { wild: { hosts: ["*.wild.example", "named.example"], ports: [{ number: 80 }] } },
      applications: [{ namespace: "shop", name: "cart", allow: ["wild"] }],
    };
    const rule = policies(config as EgressConfig).find(({ name }) => name === "egress-wild")?.rules?.[0];
    assert.deepEqual(rule?.to[0]?.operation.hosts, [
      "*.wild.example",
      "*.wild.example:80",
      "named.example",
      "named.example:*",
    ]);
  });

  it("makes what denies before any gateway, and what allows before any server", () => {
    fc.assert(
      fc.property(arbitraryConfig, ({ guards: _default, ...config }) => {
        const intent = withDefaults(config);
        const objects = plan(intent);
        const after = new Map(objects.map((each) => [each.key, each.after]));
        const ns = intent.gatewayNamespace;
        for (const { service } of intent.gateways) {
          for (const first of ["PeerAuthentication", "AuthorizationPolicy"]) {
            const key = `${first} ${ns}/${first === "PeerAuthentication" ? "default" : "deny-by-default"}`;
            assert.ok(after.get(`Release ${ns}/${service}`)?.includes(key), `${service} does not wait for ${key}`);
          }
          const servers = after.get(`Gateway ${ns}/${service}`);
          assert.ok(servers === undefined || servers.includes(`AuthorizationPolicy ${ns}/${service}`));
        }
      }),
      RUNS,
    );
  });

  it("makes neither kind of policy where its guard is switched off", () => {
    const config = {
      destinations: { api: { hosts: ["api.example"] } },
      applications: [{ namespace: "shop", name: "cart", allow: ["api"] }],
      guards: { authorization: false, strictMutualTls: false },
    };
    assert.ok(validate(config, { today: "2026-11-24" }).ok);
    const kinds = manifests(withDefaults(config)).map(({ kind }) => kind);
    assert.ok(!kinds.includes("AuthorizationPolicy") && !kinds.includes("PeerAuthentication"));
  });
});

describe("objects: what leaves with a call", () => {
  function removed(sendTracingHeaders: boolean): string[][] {
    const config = {
      destinations: { api: { hosts: ["api.example"], sendTracingHeaders } },
      applications: [{ namespace: "shop", name: "cart", allow: ["api"] }],
    };
    return manifests(withDefaults(config))
      .filter(({ kind }) => kind === "VirtualService")
      .flatMap(({ spec }) => (spec as { http: { headers: { request: { remove: string[] } } }[] }).http)
      .map(({ headers }) => headers.request.remove);
  }

  it("carries no header of the mesh, and none of traces", () => {
    assert.deepEqual(removed(false), [[...MESH_HEADERS, ...TRACING_HEADERS].sort()]);
    for (const name of ["x-forwarded-client-cert", "x-forwarded-for", "x-envoy-peer-metadata", "x-request-id"])
      assert.ok(removed(false)[0]?.includes(name), name);
  });

  it("carries those of traces where a destination asks for them", () => {
    assert.deepEqual(removed(true), [[...MESH_HEADERS].sort()]);
    assert.ok(!removed(true)[0]?.includes("traceparent"));
  });

  it("names each header once, in small letters", () => {
    const all = [...MESH_HEADERS, ...TRACING_HEADERS];
    assert.equal(new Set(all).size, all.length);
    for (const name of all) assert.match(name, /^[a-z0-9-]+$/);
  });
});

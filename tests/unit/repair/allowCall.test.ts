import assert from "node:assert/strict";
import fc from "fast-check";
import { type EgressConfig, flows, manifests, withDefaults } from "../../../graph";
import { explain } from "../../../graph/explain/explain";
import { buildMesh } from "../../../graph/mesh/mesh";
import { type Allowance, allowCall, type WantedCall } from "../../../graph/repair/allowCall";
import { arbitraryConfig } from "../../support/arbitraryConfig";
import { questions } from "../../support/questions";

const TODAY = "2026-01-15";
const CONFIG: EgressConfig = {
  destinations: {
    github: { hosts: ["github.com", "www.github.com"] },
    api: { hosts: ["api.example.org"], ports: [{ number: 80 }], onlyFor: ["shop/orders"] },
    db: {
      hosts: ["db.example.org"],
      addresses: { "db.example.org": ["198.51.100.7"] },
      ports: [{ number: 5432, protocol: "TCP" as never }],
    },
    partners: { cidrs: ["198.51.100.64/30"], ports: [{ number: 22, protocol: "TCP" as never }] },
  },
  applications: [
    {
      namespace: "shop",
      name: "orders",
      allow: ["github", "api"],
      terms: { api: { methods: ["GET"], paths: ["/v1/*"] } },
    },
    { namespace: "shop", name: "mail", selector: { app: "post" }, serviceAccount: "mailer", allow: ["github"] },
  ],
};

function wanted(call: Partial<WantedCall>): WantedCall {
  return { namespace: "shop", application: "orders", host: "github.com", port: 443, protocol: "tls", ...call };
}

function allow(call: Partial<WantedCall>, config = CONFIG): Allowance {
  return allowCall(config, wanted(call), TODAY);
}

function changes(call: Partial<WantedCall>): Record<string, unknown> {
  const found = allow(call);
  assert.ok(found.ok, JSON.stringify(found));
  return Object.fromEntries(found.changes.map(({ path, value }) => [path.join("."), value]));
}

function why(call: Partial<WantedCall>, config = CONFIG): string {
  const found = allow(call, config);
  assert.ok(!found.ok, JSON.stringify(found));
  return found.why;
}

describe("the change of the configuration that allows a call", () => {
  it("is the allowance, where the destination is there", () => {
    assert.deepEqual(changes({ application: "mail", host: "db.example.org", port: 5432, protocol: "tcp" }), {
      "applications.1.allow.1": "db",
    });
  });

  it("finds the application by its service account or its selector", () => {
    for (const call of [{ serviceAccount: "mailer" }, { labels: { app: "post", "pod-template-hash": "x" } }])
      assert.deepEqual(
        changes({ application: "mail-5d4", host: "198.51.100.65", port: 22, protocol: "tcp", ...call }),
        {
          "applications.1.allow.1": "partners",
        },
      );
  });

  it("adds a port, with the usual ones kept where none was said", () => {
    assert.deepEqual(changes({ port: 8443 }), {
      "destinations.github.ports": [{ number: 80 }, { number: 443 }, { number: 8443, protocol: "TLS" }],
    });
    assert.deepEqual(changes({ host: "api.example.org", port: 8080, protocol: "http" }), {
      "destinations.api.ports.1": { number: 8080, protocol: "HTTP" },
    });
  });

  it("adds a destination with the one port, as short as it can be said", () => {
    assert.deepEqual(changes({ host: "pay.example.org" }), {
      "destinations.pay-example-org": { hosts: ["pay.example.org"], ports: [{ number: 443 }] },
      "applications.0.allow.2": "pay-example-org",
    });
    const tcp = { host: "mx.example.org", port: 25, protocol: "tcp", address: "198.51.100.9" } as const;
    assert.deepEqual(changes(tcp)["destinations.mx-example-org"], {
      hosts: ["mx.example.org"],
      addresses: { "mx.example.org": ["198.51.100.9"] },
      ports: [{ number: 25, protocol: "TCP" }],
    });
    assert.deepEqual(changes({ host: "203.0.113.9" })["destinations.ip-203-0-113-9"], {
      cidrs: ["203.0.113.9/32"],
      ports: [{ number: 443, protocol: "TCP" }],
    });
  });

  it("adds an application, with what the usual selector and account do not say", () => {
    const key = "applications.2";
    assert.deepEqual(changes({ namespace: "bank", application: "till" })[key], {
      namespace: "bank",
      name: "till",
      allow: ["github"],
    });
    const call = { application: "till", labels: { app: "till-pos" }, serviceAccount: "cash" };
    assert.deepEqual(changes({ namespace: "bank", ...call })[key], {
      namespace: "bank",
      name: "till",
      selector: { app: "till-pos" },
      serviceAccount: "cash",
      allow: ["github"],
    });
  });

  it("says when the pods must get an identity of their own", () => {
    const found = allow({ namespace: "bank", application: "till", serviceAccount: "default" });
    assert.ok(found.ok);
    assert.match(found.says.join("\n"), /run its pods by the service account till/);
  });

  it("adds the method and the path that the terms leave out", () => {
    const call = { host: "api.example.org", port: 80, protocol: "http", method: "POST" } as const;
    assert.deepEqual(changes({ ...call, path: "/v2/x?y=1" }), {
      "applications.0.terms.api.methods.1": "POST",
      "applications.0.terms.api.paths.1": "/v2/x",
    });
    assert.deepEqual(Object.keys(changes({ ...call, path: "/v1/x" })), ["applications.0.terms.api.methods.1"]);
  });

  it("names the list of a sensitive destination, and says whom to ask", () => {
    const call = { application: "mail", host: "api.example.org", port: 80, protocol: "http" } as const;
    assert.deepEqual(changes(call), {
      "applications.1.allow.1": "api",
      "destinations.api.onlyFor.1": "shop/mail",
    });
  });

  it("shares a gateway where a new one may not be asked for by name", () => {
    const config: EgressConfig = {
      ...CONFIG,
      guards: { clusterDns: false },
      istio: { discoveryIp: "198.18.128.15" },
      gateways: Object.fromEntries(
        Object.keys(CONFIG.destinations).map((name, n) => [name, { clusterIp: `198.18.129.${n + 1}` }]),
      ),
    };
    const found = allow({ host: "pay.example.org" }, config);
    assert.ok(found.ok, JSON.stringify(found));
    assert.equal(found.config.destinations["pay-example-org"]?.gateway, "github");
  });

  it("is none, with the reason, where none helps", () => {
    assert.match(why({}), /allows the call already/);
    assert.match(why({ protocol: "http" }), /port 443 of destination github is for TLS, and the call speaks HTTP/);
    assert.match(why({ host: "mx.example.org", port: 25, protocol: "tcp" }), /addresses/);
    assert.match(why({ namespace: "external", application: "x" }), /external/);
    assert.match(why({ namespace: "bank", application: "*" }), /is no name of an application/);
    assert.match(why({ port: 15001 }), /15001/);
  });

  it("leaves the configuration that it is given as it is", () => {
    const before = structuredClone(CONFIG);
    allow({ host: "pay.example.org", application: "mail" });
    assert.deepEqual(CONFIG, before);
  });

  it("lets the call through an egress gateway, whichever allowance is taken away", function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(arbitraryConfig, fc.nat(), (config, n) => {
        const all = questions(withDefaults(config)).filter(({ gateway, call }) => gateway !== undefined && call.host);
        const question = all[n % all.length];
        if (question === undefined) return;
        const { call } = question;
        const { workload, host = "", port, protocol, address, method, path } = call;
        const { labels, serviceAccount } = workload;
        const [namespace = "", application = ""] = question.title.split(" ")[0]?.split("/") ?? [];
        const poorer = withoutFlow(config, namespace, application, question.title.split(" ")[2] ?? "");
        const wish = { namespace, application, labels, serviceAccount, host, port, protocol, address, method, path };
        const found = allowCall(poorer, wish, TODAY);
        assert.ok(found.ok, `${question.title}: ${JSON.stringify(found)}`);
        const mesh = buildMesh(manifests(withDefaults(found.config)).map((manifest) => ({ manifest })));
        const verdict = explain(mesh, call);
        assert.equal(verdict.verdict, "gateway", `${question.title}: ${verdict.reason}\n${found.says.join("\n")}`);
      }),
      { seed: 7, numRuns: 150 },
    );
  });
});

/** The configuration without what allows a flow to `host:port`: the allowance, or with it the whole application. */
function withoutFlow(config: EgressConfig, namespace: string, name: string, at: string): EgressConfig {
  const flow = flows(withDefaults(config)).find(
    (each) => each.application === `${namespace}/${name}` && `${each.host}:${each.port}` === at,
  );
  assert.ok(flow, at);
  const applications = config.applications.flatMap((each) => {
    if (each.namespace !== namespace || each.name !== name) return [each];
    const allow = each.allow.filter((destination) => destination !== flow.destination);
    const { [flow.destination]: _gone, ...terms } = each.terms ?? {};
    return allow.length === 0 ? [] : [{ ...each, allow, terms }];
  });
  return { ...config, applications };
}

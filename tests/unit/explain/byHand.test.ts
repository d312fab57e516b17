import { manifests, withDefaults } from "../../../graph";
import type { Call } from "../../../graph/explain/types";
import { buildMesh } from "../../../graph/mesh/mesh";
import { check, type Expected } from "../../cases/ask";

/** Two applications on one gateway: app-a may reach alpha (all ports) and GET /api/* of limited; app-b may reach beta. */
const INTENT = withDefaults({
  destinations: {
    alpha: { hosts: ["alpha.example"], gateway: "shared" },
    beta: { hosts: ["beta.example"], gateway: "shared" },
    limited: { hosts: ["limited.example"], ports: [{ number: 80 }], gateway: "shared" },
  },
  applications: [
    {
      namespace: "shop",
      name: "app-a",
      allow: ["alpha", "limited"],
      terms: { limited: { methods: ["GET"], paths: ["/api/*"] } },
    },
    { namespace: "shop", name: "app-b", allow: ["beta"] },
  ],
});
const MESH = buildMesh(manifests(INTENT).map((manifest) => ({ manifest })));
const GATEWAY = "egress-shared.external.svc.cluster.local";

/** A process of the pod that leaves capture, as the proxy's own user, and dials the gateway's Service itself. */
function byHand(application: string, rest: Partial<Call>): Call {
  const workload = {
    namespace: "shop",
    labels: { app: application },
    serviceAccount: application,
    injected: true,
    runAsUser: 1337,
  };
  return { workload, protocol: "http", host: GATEWAY, port: 80, ...rest };
}

const through = (destination: string): Expected => ({
  verdict: "gateway",
  gateway: "external/egress-shared",
  destination,
});
const notAdmitted: Expected = { verdict: "blocked", missing: /subjectAltNames does not name/ };
const alpha = { ownCertificate: { sni: "alpha.example" } };
const beta = { ownCertificate: { sni: "beta.example" } };
const limited = { ownCertificate: { sni: "limited.example" }, authority: "limited.example" };

const CALLS: [title: string, call: Call, expected: Expected][] = [
  [
    "its own certificate, SNI and Host of an allowed host",
    byHand("app-a", { ...alpha, authority: "alpha.example" }),
    through("alpha.example:80"),
  ],
  [
    "the same with TLS inside",
    byHand("app-a", { ...alpha, protocol: "tls", port: 443, sni: "alpha.example" }),
    through("alpha.example:443"),
  ],
  [
    "another application's certificate",
    byHand("app-b", { ...alpha, authority: "alpha.example" }),
    { ...notAdmitted, by: "Gateway external/egress-shared spec.servers[0].tls" },
  ],
  [
    "another application's certificate, with TLS inside",
    byHand("app-b", { ...alpha, protocol: "tls", port: 443, sni: "alpha.example" }),
    notAdmitted,
  ],
  ["the SNI of another application's host", byHand("app-a", { ...beta, authority: "beta.example" }), notAdmitted],
  [
    "an allowed SNI, and the Host of another application's host",
    byHand("app-a", { ...alpha, authority: "beta.example" }),
    { verdict: "blocked", seen: "HTTP 403", by: "AuthorizationPolicy external/egress-shared" },
  ],
  [
    "an allowed SNI, and a Host that no destination has",
    byHand("app-a", { ...alpha, authority: "evil.example" }),
    { verdict: "blocked", seen: "HTTP 403", by: "AuthorizationPolicy external/egress-shared" },
  ],
  [
    "an allowed SNI, and the Host of another allowed host",
    byHand("app-a", { ...alpha, authority: "limited.example", path: "/api/x" }),
    { verdict: "blocked", seen: "HTTP 404" },
  ],
  [
    "an SNI that no server has",
    byHand("app-a", { ownCertificate: { sni: "evil.example" }, authority: "alpha.example" }),
    { verdict: "blocked", missing: /evil\.example/ },
  ],
  ["no SNI", byHand("app-a", { ownCertificate: { sni: "" }, authority: "alpha.example" }), { verdict: "blocked" }],
  [
    "plaintext",
    byHand("app-a", { authority: "alpha.example" }),
    { verdict: "blocked", missing: /no Gateway server accepts plaintext/ },
  ],
  [
    "TLS without a certificate",
    byHand("app-a", { protocol: "tls", port: 443, sni: "alpha.example" }),
    { verdict: "blocked", missing: /certificate of the mesh, but the client shows none/ },
  ],
  ["a port that the gateway does not have", byHand("app-a", { ...alpha, port: 8080 }), { verdict: "blocked" }],
  ["within its limits", byHand("app-a", { ...limited, path: "/api/x" }), through("limited.example:80")],
  [
    "another method",
    byHand("app-a", { ...limited, path: "/api/x", method: "POST" }),
    { verdict: "blocked", seen: "HTTP 403", missing: /other methods or paths/ },
  ],
  [
    "a path out of its limits by an escaped slash",
    byHand("app-a", { ...limited, path: "/api/..%2fadmin" }),
    {
      verdict: "blocked",
      seen: "HTTP 403",
      missing: /GET limited\.example\/admin/,
      by: "AuthorizationPolicy external/egress-shared spec.rules[4].to",
    },
  ],
];

describe("explain: a pod that goes around its sidecar to a gateway", () => {
  for (const [title, call, expected] of CALLS) it(title, () => void check(MESH, call, expected));
});

import { A, call, table } from "../../cases/ask";
import { ONE_A } from "./layouts.test";

/** A limit to `/api/*`, under each setting of the mesh (Istio API, `MeshConfig.ProxyPathNormalization`). */
const LIMITED = ONE_A.replace('ports: ["80"]}}]}', 'ports: ["80"], methods: [GET], paths: ["/api/*", "/status"]}}]}');
const passes = { verdict: "gateway" } as const;
const denied = {
  verdict: "blocked",
  seen: "HTTP 403",
  by: "AuthorizationPolicy egress/allow spec.rules[0].to",
} as const;

const EVERYWHERE: [path: string, passes: boolean][] = [
  ["/api/x", true],
  ["/api/", true],
  ["/api/x?next=/admin", true],
  ["/status", true],
  ["/api", false],
  ["/API/x", false],
  ["/status/x", false],
  ["/admin", false],
];

const BY_SETTING: [path: string, none: boolean, base: boolean, merge: boolean, decode: boolean][] = [
  ["/api/../admin", true, false, false, false],
  ["/api/%2e%2e/admin", true, false, false, false],
  ["/api/..", true, false, false, false],
  ["/x/../api/y", false, true, true, true],
  ["/api/./y", true, true, true, true],
  ["/api\\..\\admin", false, false, false, false],
  ["//api/x", false, false, true, true],
  ["/api//..//x", true, true, true, true],
  ["/api/..%2fadmin", true, true, true, false],
  ["/api/%2e%2e%2Fadmin", true, true, true, false],
  ["/api/..%5cadmin", true, true, true, false],
  // Decoded once: what a server makes of it is the server's.
  ["/api/..%252fadmin", true, true, true, true],
];

for (const [index, setting] of ["NONE", "BASE", "MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES"].entries()) {
  const rows = [...EVERYWHERE, ...BY_SETTING.map(([path, ...by]): [string, boolean] => [path, by[index] === true])];
  table(
    `limits of paths under pathNormalization ${setting}`,
    LIMITED,
    rows.map(([path, allowed]) => [
      `${path} ${allowed ? "passes" : "is denied"}`,
      call("http://x.com/", { path }),
      allowed ? passes : denied,
    ]),
    { meshConfig: { pathNormalization: { normalization: setting } } },
  );
}

table("limits of methods", LIMITED, [
  ["GET", call("http://x.com/api/x"), passes],
  ["POST", call("http://x.com/api/x", { method: "POST" }), denied],
  ["another spelling", call("http://x.com/api/x", { method: "gEt" }), denied],
]);
table("without a setting BASE holds", LIMITED, [
  ["..", call("http://x.com/", { path: "/api/../admin" }), denied],
  ["//", call("http://x.com/", { path: "//api/x" }), denied],
  [
    "escapes that may or may not be decoded",
    call("http://x.com/", { path: "/%61pi/x" }),
    { verdict: "unknown", how: "feature" },
  ],
  [
    "a caller with no rule at all",
    call("http://x.com/", { workload: { ...A, serviceAccount: "z" } }),
    { verdict: "blocked", missing: /no rule of/ },
  ],
]);

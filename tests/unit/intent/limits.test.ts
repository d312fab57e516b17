import assert from "node:assert/strict";
import { type AllowanceTerms, flows, formatProblem, validate, withDefaults } from "../../../graph";

/** An application with terms for its one destination, of HTTP alone. */
function config(terms: Record<string, AllowanceTerms>, parts: Record<string, unknown> = {}) {
  return {
    destinations: { api: { hosts: ["api.example"], ports: [{ number: 80 }] }, files: { hosts: ["files.example"] } },
    applications: [{ namespace: "shop", name: "cart", allow: ["api", "files"], terms }],
    ...parts,
  };
}

function lines(raw: unknown): string[] {
  const result = validate(raw, { today: "2026-11-24" });
  return result.ok ? [] : result.problems.map(formatProblem);
}

const api = (terms: AllowanceTerms) => config({ api: terms });
const paths = (path: string) => api({ paths: [path] });
const at = "applications[0].terms.api";

/** Each bad configuration with the one line that it must give. */
const BAD: [title: string, raw: unknown, line: string][] = [
  [
    "a limit where the gateway sees connections",
    config({ files: { methods: ["GET"] } }),
    'applications[0].terms.files.methods = ["GET"]: cannot be held on port 443 (TLS), where the gateway sees connections only. Give destinations.files HTTP ports alone, e.g. ports: [{number: 80, originateTls: {}}], or remove it.',
  ],
  [
    "a limit without the guard that holds it",
    config({ api: { paths: ["/x"] } }, { guards: { authorization: false } }),
    `${at}.paths = ["/x"]: would not be held, as guards.authorization is false. Remove it, or leave guards.authorization on.`,
  ],
  [
    "a method in small letters",
    api({ methods: ["get"] }),
    `${at}.methods[0] = "get": has lower-case letters, and methods are told apart by them. Write "GET".`,
  ],
  [
    "any method by a wildcard",
    api({ methods: ["*"] }),
    `${at}.methods[0] = "*": is no HTTP method. Write methods like GET, or leave methods out for any.`,
  ],
  [
    "a method twice",
    api({ methods: ["GET", "HEAD", "GET"] }),
    `${at}.methods[2] = "GET": is listed twice. Remove one of the two.`,
  ],
  [
    "CONNECT",
    api({ methods: ["CONNECT"] }),
    `${at}.methods[0] = "CONNECT": opens a tunnel, which no egress gateway passes on. Remove it, or use a TCP port.`,
  ],
  ["no method", api({ methods: [] }), `${at}.methods = []: is empty. Name at least one, or remove the key.`],
  ["a path without slash", paths("api/x"), `${at}.paths[0] = "api/x": does not start with a slash. Write "/api/x".`],
  ["every path", paths("*"), `${at}.paths[0] = "*": stands for every path. Leave paths out for any path.`],
  [
    "a wildcard inside",
    paths("/a/*/c"),
    `${at}.paths[0] = "/a/*/c": has a "*" elsewhere than as its last part. Write "/a/*", or whole paths.`,
  ],
  [
    "a wildcard within a part",
    paths("/api/v*"),
    `${at}.paths[0] = "/api/v*": has a "*" elsewhere than as its last part. Write "/api/*", or whole paths.`,
  ],
  [
    "a suffix",
    paths("/*/admin"),
    `${at}.paths[0] = "/*/admin": has a "*" elsewhere than as its last part. Write "/*", or whole paths.`,
  ],
  [
    "a query",
    paths("/search?q=1"),
    `${at}.paths[0] = "/search?q=1": has a query or fragment, which is not compared. Write "/search".`,
  ],
  ["a fragment", paths("/a#b"), `${at}.paths[0] = "/a#b": has a query or fragment, which is not compared. Write "/a".`],
  [
    "an escape that is not needed",
    paths("/%61pi"),
    `${at}.paths[0] = "/%61pi": has an escape, and the gateway compares decoded paths. Write "/api".`,
  ],
  [
    "an escape that stays one",
    paths("/a/b%20c"),
    `${at}.paths[0] = "/a/b%20c": has an escape, and the gateway compares decoded paths. Write "/a/*", the nearest prefix without it.`,
  ],
  [
    "a broken escape",
    paths("/a/%zz"),
    `${at}.paths[0] = "/a/%zz": has an escape, and the gateway compares decoded paths. Write "/a/*", the nearest prefix without it.`,
  ],
  [
    "an empty part",
    paths("/a//b/*"),
    `${at}.paths[0] = "/a//b/*": has an empty part, and the gateway merges slashes before it compares. Write "/a/b/*".`,
  ],
  [
    "a part that leads up",
    paths("/a/../b"),
    `${at}.paths[0] = "/a/../b": has a part "." or "..", which the gateway resolves before it compares. Write "/b".`,
  ],
  [
    "a template",
    paths("/a/{id}"),
    `${at}.paths[0] = "/a/{id}": has a character that no path holds as it is. Write "/a/*", the nearest prefix without it.`,
  ],
  [
    "a letter of another script",
    paths("/straße"),
    `${at}.paths[0] = "/straße": has a character that no path holds as it is. Write "/*", the nearest prefix without it.`,
  ],
  [
    "a gateway with more rules than a policy holds",
    {
      destinations: { api: { hosts: ["api.example"], ports: [{ number: 80 }] } },
      applications: Array.from({ length: 513 }, (_, n) => ({
        namespace: "shop",
        name: `app-${n}`,
        allow: ["api"],
        terms: { api: { paths: [`/${n}`] } },
      })),
    },
    'destinations.api: gateway "api" would need 513 rules in its AuthorizationPolicy, which holds 512. Give some of its destinations a gateway of their own, or split the destination.',
  ],
  [
    "a gateway too large for the cluster",
    {
      destinations: { many: { hosts: Array.from({ length: 100 }, (_, n) => `h${n}.example`) } },
      applications: Array.from({ length: 130 }, (_, n) => ({ namespace: "shop", name: `app-${n}`, allow: ["many"] })),
    },
    'destinations.many: gateway "many" would be a Gateway of about 1155 kB, over the 1000 kB that fit into the cluster. Give some of its destinations a gateway of their own, or split the destination.',
  ],
];

describe("intent: limits of allowances", () => {
  for (const [title, raw, line] of BAD) it(`refuse ${title}`, () => assert.deepEqual(lines(raw), [line]));

  it("take whole paths, prefixes of whole parts, and gRPC's methods", () => {
    for (const path of [
      "/",
      "/*",
      "/status",
      "/api/*",
      "/v1/a.b-c_d~e",
      "/pkg.Service/*",
      "/pkg.Service/Get",
      "/a;v=1",
    ])
      assert.deepEqual(lines(paths(path)), [], path);
    assert.deepEqual(lines(api({ methods: ["GET", "M-SEARCH", "VERSION-CONTROL"] })), []);
  });

  it("stand in the flows, sorted, and nowhere else", () => {
    const all = flows(withDefaults(config({ api: { methods: ["POST", "GET"], paths: ["/b/*", "/a"] } })));
    assert.deepEqual(
      all.map(({ host, port, methods, paths }) => [host, port, methods, paths]),
      [
        ["api.example", 80, ["GET", "POST"], ["/a", "/b/*"]],
        ["files.example", 80, undefined, undefined],
        ["files.example", 443, undefined, undefined],
      ],
    );
    assert.ok(all.slice(1).every((flow) => !("methods" in flow) && !("paths" in flow)));
  });
});

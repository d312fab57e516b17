import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../support/demo";

/*
 * What no committed file may hold: a path of somebody's machine, the address of a package registry, a secret.
 * The patterns are put together from pieces, so that this file does not find itself.
 */

const FORBIDDEN: [what: string, pattern: RegExp][] = [
  [
    "a path of one machine",
    new RegExp(
      `(^|[^A-Za-z0-9_.~$}/-])/(${["root", "home", "work", "farm", "Users", "mnt", "tmp"].join("|")})/[A-Za-z0-9_.-]`,
    ),
  ],
  [
    "a path below this machine's home or temporary folder",
    new RegExp(`(${[homedir(), tmpdir()].map((path) => path.replaceAll("/", "\\/")).join("|")})/[A-Za-z0-9]`),
  ],
  [
    "a registry's address",
    new RegExp(
      [
        "registry\\.npm" + "js",
        "registry\\.yarn" + "pkg",
        "proxy\\.go" + "lang",
        "sum\\.go" + "lang",
        "py" + "pi\\.org",
        "python" + "hosted",
        "deb\\.deb" + "ian",
        "(repo1?|central)\\.mav" + "en",
        "static\\.cra" + "tes",
        "cra" + "tes\\.io",
      ].join("|"),
    ),
  ],
  ["a private key", new RegExp("-----BEGIN [A-Z ]*PRIVATE" + " KEY-----")],
  ["an access token", /(ghp_|github_pat_|xox[bp]-|AKIA|npm_)[A-Za-z0-9]{16,}|pul-[0-9a-f]{40}/],
];

function trackedFiles(): string[] {
  return execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: ROOT,
    encoding: "utf8",
  })
    .split("\0")
    .filter((file) => file !== "");
}

/** Each place where a file holds what it may not, as `file:line: what`. */
function findings(file: string, text: string): string[] {
  return text
    .split("\n")
    .flatMap((line, index) =>
      FORBIDDEN.filter(([, pattern]) => pattern.test(line)).map(([what]) => `${file}:${index + 1}: ${what}`),
    );
}

describe("house: committed files", () => {
  it("hold no path of a machine, no registry's address and no secret", () => {
    const found = trackedFiles().flatMap((file) => {
      try {
        return findings(file, readFileSync(join(ROOT, file), "utf8"));
      } catch {
        return []; // deleted in the work tree
      }
    });
    assert.deepEqual(found, []);
  });

  it("would be found: the test can fail", () => {
    const bad = [
      "cd /ro" + "ot/x",
      "https://registry.npm" + "js.org/",
      "-----BEGIN RSA PRIVATE" + " KEY-----",
      `token: ghp_${"a".repeat(36)}`,
    ];
    assert.deepEqual(
      bad.filter((line) => findings("x.md", line).length === 0),
      [],
    );
  });
});

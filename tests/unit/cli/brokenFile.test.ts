import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../../support/runCli";

const ENTRY = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: x, namespace: shop}
spec: {hosts: [x.com], resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
`;
const NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n";

describe("a folder with one broken file", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "controlled-egress-broken-"));
    writeFileSync(join(folder, "good.yaml"), `${ENTRY}---\n${NAMESPACE}`);
    writeFileSync(join(folder, "broken.yaml"), "apiVersion: v1\nkind: [Pod\n");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const VERBS: Record<string, { args: (folder: string) => string[]; says: RegExp }> = {
    explain: { args: (from) => ["explain", "shop?app=a", "https://x.com", "--from", from], says: /direct: leaves/ },
    map: { args: (from) => ["map", "--from", from], says: /x\.com/ },
    diff: { args: (from) => ["diff", join(from, "good.yaml"), from], says: /Nothing changed/ },
    check: { args: (from) => ["check", "--from", from], says: /ServiceEntry shop\/x/ },
  };

  for (const [verb, { args, says }] of Object.entries(VERBS))
    it(`is named by ${verb}, which still reports on the rest, and ends with 65`, async () => {
      const { code, out, err } = await runCli(...args(folder));
      assert.equal(code, 65, err);
      assert.match(out, says);
      assert.match(err, /^error: .*broken\.yaml:\d: .*Not valid YAML; nothing of it was read\.\n$/);
    });

  it("is named once for each side of a diff", async () => {
    const { code, err } = await runCli("diff", folder, folder);
    assert.equal(code, 65);
    assert.equal(err.match(/broken\.yaml/g)?.length, 2);
  });
});

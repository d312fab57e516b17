import assert from "node:assert/strict";
import {
  accessSync,
  constants,
  mkdtempSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fillPulumiHome, hasPulumiHome, KUBERNETES_PLUGIN } from "../../../lab/pulumiHome";

describe("Pulumi's folder in the lab", () => {
  const project = dirname(dirname(dirname(__dirname)));
  let pulumi: string;
  let plugin: string;
  const plugins = (...path: string[]) => join(pulumi, "home", "plugins", ...path);
  const host = () => plugins("language-nodejs-v0.1.0", "pulumi-language-nodejs");

  beforeEach(() => {
    pulumi = mkdtempSync(join(tmpdir(), "pulumi-home-"));
    plugin = join(pulumi, "provider");
    writeFileSync(plugin, "");
  });
  afterEach(() => rmSync(pulumi, { recursive: true, force: true }));

  const fill = () => fillPulumiHome({ pulumi }, { project, kubernetesPlugin: plugin });

  it("is filled from nothing", () => {
    assert.equal(hasPulumiHome({ pulumi }), false);
    fill();
    assert.equal(hasPulumiHome({ pulumi }), true);
    accessSync(host(), constants.X_OK);
  });

  it("is left alone when it is as it should be", () => {
    fill();
    const before = statSync(host()).ino;
    fill();
    assert.equal(statSync(host()).ino, before);
  });

  it("is mended after a crash: a link to nothing, a host half written", () => {
    fill();
    const link = plugins(KUBERNETES_PLUGIN, "pulumi-resource-kubernetes");
    rmSync(link);
    symlinkSync(join(pulumi, "gone"), link);
    rmSync(host());
    rmSync(plugins("language-nodejs-v0.1.0", "key"));
    assert.equal(hasPulumiHome({ pulumi }), false);
    fill();
    assert.equal(hasPulumiHome({ pulumi }), true);
    assert.equal(readlinkSync(link), plugin);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Kubectl } from "../demo/kubectl";
import type { Attackers } from "./attackers";
import type { Attacker } from "./attempt";
import type { Loot } from "./attempts/gateways";
import type { Ground } from "./ground";
import { meshCertificate } from "./meshCertificate";

const FILES = { own: "own.pem", others: "others.pem" } as const;

/** What an attacker has gathered before: addresses, and certificates of both applications in every place. */
export async function gatherLoot(
  kubectl: Kubectl,
  ground: Ground,
  attackers: Attackers,
): Promise<Loot & { drop: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), "controlled-egress-loot-"));
  const istiod = await addressOfPod(kubectl, "istio-system", "app=istiod");
  const account = (name: string) => meshCertificate(kubectl, { namespace: ground.namespace, name }, istiod);
  const texts = { own: await account(ground.application), others: await account(ground.otherApplication) };
  for (const key of ["own", "others"] as const) {
    writeFileSync(join(folder, FILES[key]), texts[key]);
    for (const { namespace, name } of [attackers.application, attackers.bare])
      await kubectl(
        ["exec", "-i", "-n", namespace, name, "-c", "app", "--", "sh", "-c", `cat > /tmp/${FILES[key]}`],
        texts[key],
      );
  }
  const place = (attacker: Attacker, file: string) => (attacker === "node" ? join(folder, file) : `/tmp/${file}`);
  return {
    gateway: await addressOfPod(kubectl, ground.gatewayNamespace, `app=${ground.gateway}`),
    otherGateway: await addressOfPod(kubectl, ground.gatewayNamespace, `app=${ground.otherGateway}`),
    limitedGateway:
      ground.limited && (await addressOfPod(kubectl, ground.gatewayNamespace, `app=${ground.limited.gateway}`)),
    istiod,
    own: (attacker) => place(attacker, FILES.own),
    others: (attacker) => place(attacker, FILES.others),
    drop: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function addressOfPod(kubectl: Kubectl, namespace: string, selector: string): Promise<string> {
  const address = await kubectl([
    "get",
    "pods",
    "-n",
    namespace,
    "-l",
    selector,
    "-o",
    "jsonpath={.items[0].status.podIP}",
  ]);
  if (address === "") throw new Error(`no pod ${selector} in namespace ${namespace}`);
  return address;
}

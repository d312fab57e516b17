import { type AccessLogLine, accessLog } from "../../../demo/accessLog";
import { type CurlResult, curlAll } from "../../../demo/curl";
import { runningPod } from "../../../demo/kubectl";
import { outcome } from "../../../demo/walk";
import { type InternetEvent, internetLog } from "../../../lab";
import { eventuallyResolved } from "../../support/eventually";
import { kubectl } from "./cluster";

/** Calls a URL from the pod of an application (`namespace/app`), and says what a person would: `HTTP 200`, `closed (curl 35)`. */
export async function call(from: string, ...urls: string[]): Promise<string[]> {
  return (await curl(from, ...urls)).map(outcome);
}

/** The same, with what came back. */
export async function curl(from: string, ...urls: string[]): Promise<CurlResult[]> {
  const [namespace = "", app = ""] = from.split("/");
  return curlAll(
    kubectl,
    namespace,
    await runningPod(kubectl, namespace, { app }),
    urls.map((url) => ({ url })),
  );
}

/** Waits until the calls come out as expected, as proxies may still be getting their configuration. Throws with the last difference. */
export async function eventuallyCalls(from: string, expected: Record<string, string>): Promise<void> {
  const urls = Object.keys(expected);
  await eventuallyResolved(`calls from ${from}`, async () => {
    const seen = await call(from, ...urls);
    const wrong = urls.flatMap((url, index) =>
      seen[index] === expected[url] ? [] : `${url}: ${seen[index]} instead of ${expected[url]}`,
    );
    return wrong.length === 0 ? undefined : wrong.join("; ");
  });
}

/** What reached the internet since a moment from elsewhere than the given gateways' pods: calls that left directly. */
export async function direct(since: Date, gatewayNamespaces: readonly string[]): Promise<InternetEvent[]> {
  const gateways = await podAddresses(gatewayNamespaces);
  return internetLog(since).filter(({ peer }) => !gateways.includes(peer));
}

async function podAddresses(namespaces: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(
    namespaces.map((namespace) => kubectl(["get", "pods", "-n", namespace, "-o", "jsonpath={.items[*].status.podIP}"])),
  );
  return lists.flatMap((list) => list.split(" ").filter(Boolean));
}

/**
 * Lines of a gateway's log since a moment that carried anything between a caller and an outside host. A caller whom the
 * gateway refuses in the handshake leaves a line too, and an empty connection to the destination: Envoy's TCP proxy
 * dials before the handshake ends. Not a byte passes.
 */
export async function carried(gateway: string, since: Date): Promise<AccessLogLine[]> {
  const [namespace = "", service = ""] = gateway.split("/");
  const lines = await accessLog(kubectl, namespace, service, since.toISOString());
  return lines.filter(({ upstream_host, bytes_sent }) => upstream_host && bytes_sent > 0);
}

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Manifest } from "../../../graph/manifest";
import { labEnvironment } from "../../../lab";

/** Plural names, as the API server's paths have them. */
const PLURALS: Record<string, string> = {
  ServiceEntry: "serviceentries",
  VirtualService: "virtualservices",
  DestinationRule: "destinationrules",
  Gateway: "gateways",
  Sidecar: "sidecars",
  WorkloadEntry: "workloadentries",
  EnvoyFilter: "envoyfilters",
  AuthorizationPolicy: "authorizationpolicies",
  PeerAuthentication: "peerauthentications",
  Service: "services",
  EndpointSlice: "endpointslices",
  Pod: "pods",
  Namespace: "namespaces",
  Deployment: "deployments",
  ConfigMap: "configmaps",
};

/** The API server's REST interface through `kubectl proxy`: a case's objects come and go in milliseconds. */
export class Cluster {
  private constructor(
    private readonly proxy: ChildProcess,
    private readonly base: string,
  ) {}

  static async open(): Promise<Cluster> {
    const proxy = spawn("kubectl", ["proxy", "--port=0"], {
      env: { ...process.env, ...labEnvironment() },
      stdio: ["ignore", "pipe", "inherit"],
    });
    for await (const line of createInterface({ input: proxy.stdout })) {
      const address = /127\.0\.0\.1:\d+/.exec(line)?.[0];
      if (address) return new Cluster(proxy, `http://${address}`);
    }
    throw new Error("kubectl proxy ended before it served");
  }

  close(): void {
    this.proxy.kill();
  }

  /** The stored object. @throws Error with the API server's or a webhook's message */
  async create(object: Manifest): Promise<Manifest> {
    return this.send("POST", collection(object), object);
  }

  async replace(object: Manifest): Promise<Manifest> {
    return this.send("PUT", path(object), object);
  }

  async remove(object: Manifest): Promise<void> {
    await this.send("DELETE", path(object));
  }

  async list(apiVersion: string, kind: string, namespace?: string, query = ""): Promise<Manifest[]> {
    const at = collection({ apiVersion, kind, metadata: { name: "", ...(namespace !== undefined && { namespace }) } });
    const { items } = await this.send<{ items: Manifest[] }>("GET", `${at}${query}`);
    return items.map((item) => ({ ...item, apiVersion, kind }));
  }

  private async send<T = Manifest>(method: string, at: string, body?: object): Promise<T> {
    const response = await fetch(this.base + at, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const answer = (await response.json()) as T & { message?: string };
    if (!response.ok) throw new Error(answer.message ?? `${method} ${at}: ${response.status}`);
    return answer;
  }
}

function collection({ apiVersion, kind, metadata }: Manifest): string {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  return `${group}${namespace}/${PLURALS[kind] ?? `${kind.toLowerCase()}s`}`;
}

function path(object: Manifest): string {
  return `${collection(object)}/${object.metadata.name}`;
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Item {
  apiVersion: string;
  kind: string;
  metadata: Record<string, unknown>;
  [field: string]: unknown;
}

export interface FakeCluster {
  /** Objects by the path of their list, e.g. "/api/v1/pods". A list that is not here is not served. */
  lists: Record<string, Item[]>;
  /** Single objects by path. */
  objects?: Record<string, Item>;
  /** Answers in place of these paths' own (without query), in turn; the last one stays. */
  refusals?: Record<string, number[]>;
  /** Versions of a group, the preferred first; default: those of `lists`, in their order. */
  versions?: Record<string, string[]>;
}

/** An API server on 127.0.0.1 that knows discovery, lists in pages and refusals, and a kubeconfig with the context "fake". */
export class FakeApiServer {
  /** Paths with queries, in the order asked. */
  readonly asked: string[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), "controlled-egress-cluster-"));
  private readonly before = process.env.KUBECONFIG;
  private server?: Server;

  constructor(private readonly cluster: FakeCluster) {}

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const { status, body } = this.answer(request);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.server = server;
    useKubeconfig(this.folder, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  async stop(): Promise<void> {
    if (this.before === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = this.before;
    rmSync(this.folder, { recursive: true });
    const { server } = this;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  private answer({ url = "" }: IncomingMessage): { status: number; body: unknown } {
    this.asked.push(url);
    const { pathname, searchParams } = new URL(url, "http://server");
    const refusals = this.cluster.refusals?.[pathname];
    const status = refusals && (refusals.length > 1 ? refusals.shift() : refusals[0]);
    if (status !== undefined && status !== 200)
      return { status, body: { kind: "Status", message: `refused: ${pathname}` } };
    const body = this.found(pathname, searchParams);
    return body === undefined ? { status: 404, body: { kind: "Status", message: "not found" } } : { status: 200, body };
  }

  private found(path: string, query: URLSearchParams): unknown {
    const { lists, objects } = this.cluster;
    if (path === "/apis") return { groups: this.groups() };
    if (lists[path]) return page(lists[path], query);
    if (objects?.[path]) return objects[path];
    const served = Object.keys(lists).filter((list) => list.startsWith(`${path}/`));
    const known = served.length > 0 || path === "/api/v1";
    return known ? { resources: served.map((list) => ({ name: list.slice(path.length + 1) })) } : undefined;
  }

  private groups(): object[] {
    const found = new Map<string, string[]>();
    for (const path of Object.keys(this.cluster.lists)) {
      const [, group, version] = /^\/apis\/([^/]+)\/([^/]+)\//.exec(path) ?? [];
      if (group && version) found.set(group, [...new Set([...(found.get(group) ?? []), version])]);
    }
    return [...found].map(([name, listed]) => {
      const versions = (this.cluster.versions?.[name] ?? listed).map((version) => ({ version }));
      return { name, versions, preferredVersion: versions[0] };
    });
  }
}

/** Writes a kubeconfig with the one context "fake" and makes it the environment's. */
export function useKubeconfig(folder: string, server: string): void {
  const file = join(folder, "kubeconfig");
  const named = (name: string, key: string, value: object) => [{ name, [key]: value }];
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: named("c", "cluster", { server }),
    users: named("u", "user", { token: "t" }),
    contexts: named("fake", "context", { cluster: "c", user: "u" }),
    "current-context": "fake",
  };
  writeFileSync(file, JSON.stringify(config));
  process.env.KUBECONFIG = file;
}

function page(items: Item[], query: URLSearchParams): object {
  const start = Number(query.get("continue") ?? 0);
  const limit = Number(query.get("limit") ?? items.length);
  const rest = items.length - start - limit;
  return {
    items: items.slice(start, start + limit).map(({ apiVersion: _, kind: __, ...item }) => item),
    metadata: rest > 0 ? { continue: String(start + limit), remainingItemCount: rest } : {},
  };
}

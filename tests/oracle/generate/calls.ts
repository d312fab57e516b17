import type { OracleCall } from "../oracle";

type CallBase = Omit<OracleCall, "workload">;

const STRANGER = "198.18.250.1";

/** The questions asked of every random mesh: each is cheap, and the refused stand beside the allowed. */
const GRID: CallBase[] = [
  { protocol: "http", host: "x.com", port: 80, address: STRANGER },
  { protocol: "http", host: "www.x.com", port: 80, address: STRANGER, path: "/api/v1" },
  { protocol: "http", host: "y.com", port: 80, address: "198.18.1.1" },
  { protocol: "http", host: "b.x.com", port: 80, address: STRANGER },
  { protocol: "http", host: "unknown.org", port: 80, address: STRANGER },
  {
    protocol: "http",
    host: "x.com",
    port: 80,
    address: "198.18.1.1",
    path: "/api",
    method: "POST",
    headers: { team: "red" },
  },
  { protocol: "http", host: "x.com", port: 80, address: STRANGER, authority: "x.com:80" },
  { protocol: "http", host: "X.com", port: 8080, address: STRANGER },
  { protocol: "http", host: "x.com", port: 443, address: STRANGER },
  { protocol: "http", host: "x.com", port: 9000, address: "198.18.1.2" },
  { protocol: "http", host: "web.app2", port: 80, address: "10.96.0.4" },
  { protocol: "tls", host: "x.com", port: 443, address: STRANGER },
  { protocol: "tls", host: "www.x.com", port: 443, address: STRANGER },
  { protocol: "tls", host: "y.com", port: 443, address: "198.18.1.1" },
  { protocol: "tls", host: "b.x.com", port: 443, address: "198.18.1.2" },
  { protocol: "tls", host: "x.com", port: 443, address: "198.18.1.1" },
  { protocol: "tls", host: "unknown.org", port: 443, address: STRANGER },
  { protocol: "tls", host: "x.com", sni: "", port: 443, address: STRANGER },
  { protocol: "tls", host: "x.com", port: 80, address: STRANGER },
  { protocol: "tls", host: "x.com", port: 8443, address: "198.18.1.1" },
  { protocol: "tcp", port: 5432, address: STRANGER },
  { protocol: "tcp", port: 5432, address: "198.18.1.1" },
  { protocol: "tcp", port: 5432, address: "10.96.0.4" },
  { protocol: "tcp", port: 443, address: STRANGER },
  { protocol: "tcp", port: 443, address: "10.96.0.8" },
];

const WORKLOADS: OracleCall["workload"][] = [
  { namespace: "app", labels: { app: "a", version: "v1" }, serviceAccount: "a", ip: "10.1.0.1" },
  { namespace: "app", labels: { app: "b" }, serviceAccount: "b", ip: "10.1.0.2" },
  { namespace: "app2", labels: { app: "c" }, serviceAccount: "c", ip: "10.1.0.3" },
];

export const CALLS: OracleCall[] = WORKLOADS.flatMap((workload) => GRID.map((call) => ({ workload, ...call })));

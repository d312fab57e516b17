/** The lab's addresses and link names: all in 198.18.0.0/15, the range kept for tests, so that no real network is hidden. */
export const NODE_NAME = "lab";
/** The node's own address, on a bridge without ports (kubelet refuses a loopback address). */
export const NODE_ADDRESS = "198.18.255.1";
export const NODE_LINK = "egress-node";

export const POD_RANGE = "198.18.0.0/24";
export const POD_LINK = "egress-pods";
export const POD_NETWORK = "controlled-egress";

export const SERVICE_RANGE = "198.18.128.0/18";
export const API_SERVICE_ADDRESS = "198.18.128.1";
export const DNS_SERVICE_ADDRESS = "198.18.128.10";

/** All of the cluster's own addresses: pods, Services, node. */
export const CLUSTER_RANGE = "198.18.0.0/16";

/** The "internet": a network namespace behind a veth pair. */
export const INTERNET_NAMESPACE = "egress-internet";
export const INTERNET_RANGE = "198.19.0.0/24";
export const INTERNET_LINK = "egress-net";
export const INTERNET_ROUTER = "198.19.0.1";
export const INTERNET_DNS = "198.19.0.2";

export const API_PORT = 6443;
export const ETCD_PORT = 23790;

import assert from "node:assert/strict";
import fc from "fast-check";
import { formatProblem, validate } from "../../../graph";
import { arbitraryConfig } from "../../support/arbitraryConfig";
import { demoConfig } from "../../support/demo";

/** A small good configuration, to be spoilt. */
function good() {
  return {
    destinations: { github: { hosts: ["github.com", "www.github.com"] }, httpbin: { hosts: ["httpbin.org"] } },
    applications: [
      { namespace: "shop", name: "cart", allow: ["github"] },
      { namespace: "shop", name: "till", allow: ["github", "httpbin"] },
    ],
  };
}

/** The good configuration with some parts replaced. */
function with_(parts: Record<string, unknown>): unknown {
  return { ...good(), ...parts };
}

function destination(parts: Record<string, unknown>): unknown {
  return with_({ destinations: { ...good().destinations, github: { hosts: ["github.com"], ...parts } } });
}

/** A wildcard whose ports are no question. */
function plainWildcard(host: string): unknown {
  return destination({ hosts: [host], ports: [{ number: 80 }] });
}

const TCP = [{ number: 5432, protocol: "TCP" }];

function originating(originateTls: Record<string, unknown>): unknown {
  return destination({ ports: [{ number: 80, originateTls }] });
}

function application(parts: Record<string, unknown>): unknown {
  return with_({
    applications: [{ namespace: "shop", name: "cart", allow: ["github"], ...parts }, good().applications[1]],
  });
}

function terms(terms: Record<string, unknown>): unknown {
  return application({ terms: { github: terms } });
}

function gateways(github: Record<string, unknown>, gatewayDefaults: Record<string, unknown> = {}): unknown {
  return with_({ gateways: { github }, gatewayDefaults });
}

const TODAY = "2026-11-24";

function lines(config: unknown): string[] {
  const result = validate(config, { today: TODAY });
  return result.ok ? [] : result.problems.map(formatProblem);
}

function warnings(config: unknown): string[] {
  const result = validate(config, { today: TODAY });
  assert.ok(result.ok, lines(config).join());
  return result.warnings.map(formatProblem);
}

/** Each bad configuration with the one line that it must give. */
const BAD: [title: string, config: unknown, line: string][] = [
  [
    "an unknown destination, with the nearest known one",
    application({ allow: ["gitub"] }),
    'applications[0].allow[0] = "gitub": is no destination. Did you mean "github"?',
  ],
  [
    "an unknown destination, with none near",
    application({ allow: ["warehouse"] }),
    'applications[0].allow[0] = "warehouse": is no destination. Use one of github, httpbin, or add it to destinations.',
  ],
  [
    "a destination listed twice",
    application({ allow: ["github", "github"] }),
    'applications[0].allow[1] = "github": is listed twice. Remove one of the two.',
  ],
  [
    "an unknown application, with the nearest known one",
    destination({ onlyFor: ["shop/card", "shop/till", "shop/cart"] }),
    'destinations.github.onlyFor[0] = "shop/card": is no application. Did you mean "shop/cart"?',
  ],
  [
    "an application that its destination is not for",
    destination({ onlyFor: ["shop/till"] }),
    'applications[0].allow[0] = "github": is only for shop/till (destinations.github.onlyFor). Remove it here, or add "shop/cart" there.',
  ],
  [
    "a host in two destinations",
    destination({ hosts: ["httpbin.org"] }),
    'destinations.httpbin.hosts[0] = "httpbin.org": is listed at destinations.github.hosts[0] already. Keep one of the two.',
  ],
  [
    "a host twice in one destination, in other letters",
    destination({ hosts: ["github.com", "github.com"] }),
    'destinations.github.hosts[1] = "github.com": is listed at destinations.github.hosts[0] already. Keep one of the two.',
  ],
  [
    "a host with a scheme",
    destination({ hosts: ["https://github.com/x"] }),
    'destinations.github.hosts[0] = "https://github.com/x": is no host but an address with scheme, port or path. Write the host alone: "github.com".',
  ],
  [
    "a host with a port",
    destination({ hosts: ["github.com:443"] }),
    'destinations.github.hosts[0] = "github.com:443": is no host but an address with scheme, port or path. Write the host alone: "github.com".',
  ],
  [
    "a TLS port on a wildcard, without a word for its risk",
    destination({ hosts: ["*.github.com"] }),
    'destinations.github.hosts[0] = "*.github.com": is a wildcard with TLS port 443: a gateway passes TLS on to hosts that it knows by name, and finds others by an EnvoyFilter only, which Istio may break at any upgrade. Name the hosts; or leave out TLS ports, as "ports: [{number: 80}]" does; or accept the risk with "wildcardTls: true".',
  ],
  [
    "the word for a risk that is not taken",
    destination({ wildcardTls: true }),
    "destinations.github.wildcardTls = true: has no effect: the destination has no wildcard host with a TLS port. Remove it.",
  ],
  [
    "a wildcard within a name",
    destination({ hosts: ["api.*.github.com"] }),
    'destinations.github.hosts[0] = "api.*.github.com": has a wildcard that is not the whole first label. Write it like "*.example.org".',
  ],
  [
    "a wildcard that is part of a label",
    plainWildcard("*api.github.com"),
    'destinations.github.hosts[0] = "*api.github.com": has a wildcard that is not the whole first label. Write it like "*.example.org".',
  ],
  [
    "a wildcard over everything",
    plainWildcard("*"),
    'destinations.github.hosts[0] = "*": has a wildcard that is not the whole first label. Write it like "*.example.org".',
  ],
  [
    "a wildcard over one label",
    plainWildcard("*.com"),
    'destinations.github.hosts[0] = "*.com": is a wildcard over a single label. Name the hosts, or a domain, as "*.example.org".',
  ],
  [
    "a wildcard over names that anybody may register",
    plainWildcard("*.co.uk"),
    'destinations.github.hosts[0] = "*.co.uk": stands for every name under co.uk, which anybody may register. Name the hosts.',
  ],
  [
    "a wildcard over the cluster's Services",
    plainWildcard("*.shop.svc.cluster.local"),
    'destinations.github.hosts[0] = "*.shop.svc.cluster.local": is a Service of the cluster, not an external host after the wildcard. Allow it with meshHosts.',
  ],
  [
    "a wildcard over the cluster's own domain",
    with_({
      istio: { clusterDomain: "k8s.corp.example.org" },
      destinations: { ...good().destinations, github: { hosts: ["*.example.org"], ports: [{ number: 80 }] } },
    }),
    'destinations.github.hosts[0] = "*.example.org": stands for names of the cluster itself (k8s.corp.example.org). Name the hosts.',
  ],
  [
    "a wildcard with an upper-case letter",
    plainWildcard("*.GitHub.com"),
    'destinations.github.hosts[0] = "*.GitHub.com": has upper-case letters after the wildcard. Write "*.github.com".',
  ],
  [
    "a host under another destination's wildcard",
    with_({
      destinations: {
        ...good().destinations,
        httpbin: { hosts: ["*.github.com"], ports: [{ number: 80 }] },
      },
    }),
    'destinations.github.hosts[1] = "www.github.com": lies under "*.github.com" at destinations.httpbin.hosts[0], and whoever may reach the one would reach the other. Remove one of the two: "*.github.com" stands for "www.github.com" already.',
  ],
  [
    "a wildcard under a wildcard",
    destination({ hosts: ["*.github.com", "*.api.github.com"], ports: [{ number: 80 }] }),
    'destinations.github.hosts[1] = "*.api.github.com": lies under "*.github.com" at destinations.github.hosts[0], and whoever may reach the one would reach the other. Remove one of the two: "*.github.com" stands for "*.api.github.com" already.',
  ],
  [
    "a wildcard's HTTP port without the policy that holds the port dialled",
    with_({
      guards: { authorization: false },
      destinations: { ...good().destinations, github: { hosts: ["*.github.com"], ports: [{ number: 80 }] } },
    }),
    'destinations.github.hosts[0] = "*.github.com": is a wildcard with an HTTP port: its gateway dials whatever port the Host header names, which only an AuthorizationPolicy holds to the port allowed. Remove guards.authorization: false, or name the hosts.',
  ],
  [
    "an inner SNI where there is no TLS",
    destination({ checkInnerSni: true, ports: [{ number: 80 }] }),
    "destinations.github.checkInnerSni = true: has no effect: the destination has no TLS port, and elsewhere the gateway sees no TLS of the application's. Remove it.",
  ],
  [
    "an inner SNI of wildcards, which is read anyway",
    destination({ hosts: ["*.github.com"], checkInnerSni: true, wildcardTls: true }),
    "destinations.github.checkInnerSni = true: has no effect: on wildcard hosts wildcardTls always reads the SNI of the application's TLS. Remove it.",
  ],
  [
    "more inner SNIs than a gateway has ports for",
    with_({
      destinations: {
        ...good().destinations,
        ...Object.fromEntries(
          Array.from({ length: 11 }, (_, n) => [
            `many-${n + 10}`,
            {
              gateway: "many",
              checkInnerSni: true,
              ports: [{ number: 443 }],
              hosts: Array.from({ length: 100 }, (_, h) => `h${h}.many-${n}.example`),
            },
          ]),
        ),
      },
    }),
    'destinations.many-20: brings gateway "many" to more than 1000 hosts and ports whose inner SNI is checked. Give the destination a gateway of its own.',
  ],
  [
    "an IP address",
    destination({ hosts: ["198.19.0.1"] }),
    'destinations.github.hosts[0] = "198.19.0.1": is an address, not a name. List it in cidrs as "198.19.0.1/32", with TCP ports.',
  ],
  [
    "an IPv6 address",
    destination({ hosts: ["2001:db8::1"] }),
    'destinations.github.hosts[0] = "2001:db8::1": is an address, not a name. List it in cidrs as "2001:db8::1/128", with TCP ports.',
  ],
  [
    "a bad DNS name",
    destination({ hosts: ["git_hub.com"] }),
    'destinations.github.hosts[0] = "git_hub.com": is no DNS name: each part must be lower-case letters, digits and inner hyphens, 63 at most. Correct the name.',
  ],
  [
    "a name in another script",
    destination({ hosts: ["bücher.example"] }),
    'destinations.github.hosts[0] = "bücher.example": is no DNS name: each part must be lower-case letters, digits and inner hyphens, 63 at most. Write its ASCII form: "xn--bcher-kva.example".',
  ],
  [
    "capital letters",
    destination({ hosts: ["GitHub.com"] }),
    'destinations.github.hosts[0] = "GitHub.com": has upper-case letters. Write "github.com".',
  ],
  [
    "a trailing dot",
    destination({ hosts: ["github.com."] }),
    'destinations.github.hosts[0] = "github.com.": ends with a dot. Write "github.com".',
  ],
  [
    "a name inside the cluster",
    destination({ hosts: ["orders.shop.svc.cluster.local"] }),
    'destinations.github.hosts[0] = "orders.shop.svc.cluster.local": is a Service of the cluster, not an external host. Allow it with meshHosts.',
  ],
  [
    "a name without a dot",
    destination({ hosts: ["orders"] }),
    'destinations.github.hosts[0] = "orders": has no dot, so it is a name inside the cluster. Use the full external name.',
  ],
  [
    "no hosts",
    destination({ hosts: [] }),
    "destinations.github.hosts = []: is empty. Name at least one host, or remove the destination.",
  ],
  [
    "a port out of range",
    destination({ ports: [{ number: 70000, protocol: "TLS" }] }),
    "destinations.github.ports[0].number = 70000: is no port number. Use a whole number from 1 to 65535.",
  ],
  [
    "two ports of one gateway that its pods could not tell apart",
    destination({
      ports: [
        { number: 50051, protocol: "GRPC" },
        { number: 51, protocol: "TLS" },
      ],
    }),
    "destinations.github.ports[1].number = 51: would be the same port of the gateway's pods as 50051 at destinations.github.ports[0]. Give one of the two destinations a gateway of its own.",
  ],
  [
    "a port of Istio's own",
    destination({ ports: [{ number: 15001, protocol: "TLS" }] }),
    "destinations.github.ports[0].number = 15001: is a port that Istio's proxies use themselves. Use a port outside 15000 to 15100.",
  ],
  [
    "a port without protocol",
    destination({ ports: [{ number: 8443 }] }),
    "destinations.github.ports[0].protocol: is missing for port 8443. Say one of HTTP, HTTP2, GRPC, TLS, TCP.",
  ],
  [
    "a port twice",
    destination({ ports: [{ number: 443 }, { number: 443, protocol: "HTTP" }] }),
    "destinations.github.ports[1].number = 443: is listed twice in this destination. Keep one of the two.",
  ],
  [
    "an unknown protocol",
    destination({ ports: [{ number: 443, protocol: "TSL" }] }),
    'destinations.github.ports[0].protocol = "TSL": is not a known value. Did you mean "TLS"?',
  ],
  [
    "a port clash on a shared gateway",
    destination({ gateway: "httpbin", ports: [{ number: 443, protocol: "HTTP" }] }),
    'destinations.httpbin.protocol = "TLS": clashes with HTTP on port 443 of the same gateway "httpbin" at destinations.github.ports[0]: on one port a gateway sees either requests (HTTP, HTTP2, GRPC) or connections (TLS, TCP). Give one of the two destinations a gateway of its own.',
  ],
  [
    "neither hosts nor CIDRs",
    with_({ destinations: { ...good().destinations, github: {} } }),
    "destinations.github.hosts: is missing, and cidrs too. Name hosts, or cidrs with TCP ports.",
  ],
  [
    "more hosts than a destination may have, with the addresses of its CIDRs",
    destination({
      hosts: Array.from({ length: 97 }, (_, n) => `h${n}.example`),
      addresses: Object.fromEntries(Array.from({ length: 97 }, (_, n) => [`h${n}.example`, [`198.51.100.${n}`]])),
      cidrs: ["203.0.113.64/30"],
      ports: TCP,
    }),
    "destinations.github.hosts: has 101 hosts and addresses of cidrs, over the limit of 100. Split the destination in two.",
  ],
  [
    "a made-up name of a CIDR's address",
    destination({ hosts: ["198-19-0-64.partners.cidr.internal"] }),
    'destinations.github.hosts[0] = "198-19-0-64.partners.cidr.internal": is a name that stands for an address of cidrs. Use cidrs.',
  ],
  [
    "a TCP host without address",
    destination({ ports: TCP }),
    'destinations.github.hosts[0] = "github.com": has TCP port 5432 but no addresses: a TCP connection names no host, so calls to any address on that port would end at the first such host. Give the addresses that applications dial in destinations.github.addresses, or set istio.dnsCapture: true.',
  ],
  [
    "addresses of a host that is not there",
    destination({ addresses: { "gihub.com": ["198.51.100.7"] } }),
    'destinations.github.addresses["gihub.com"]: "gihub.com" is no host of this destination. Did you mean "github.com"?',
  ],
  ...(
    [
      ["127.0.0.1", "is the pod's own (loopback). Write the address of the outside host."],
      ["224.0.0.1", "is a multicast address. Write the address of the outside host."],
      ["0.0.0.0", "stands for any address. Write the address of the outside host."],
      [
        "::ffff:198.51.100.7",
        'is an IPv4 address in the clothes of IPv6, which no connection ever bears. Write "198.51.100.7".',
      ],
      ["2001:DB8:0::7", 'is not written in its usual form. Write "2001:db8::7".'],
      ["198.51.7", 'is not written in its usual form. Write "198.51.0.7".'],
      ["fe80::1%eth0", "is no IP address. Write an address like 198.51.100.7 or 2001:db8::7."],
      ["db.example", "is no IP address. Write an address like 198.51.100.7 or 2001:db8::7."],
      ["198.51.100.0/24", "is a range, not an address. Write single addresses, or a destination with cidrs."],
    ] as const
  ).map(([address, rest]): [string, unknown, string] => [
    `the address ${address}`,
    destination({ addresses: { "github.com": [address] } }),
    `destinations.github.addresses["github.com"][0] = "${address}": ${rest}`,
  ]),
  [
    "an address of two hosts",
    destination({
      hosts: ["a.example", "b.example"],
      addresses: { "a.example": ["198.51.100.7"], "b.example": ["2001:db8::7", "198.51.100.7"] },
    }),
    'destinations.github.addresses["b.example"][1] = "198.51.100.7": has the address 198.51.100.7, which is at destinations.github.addresses["a.example"][0] already. Give each address to one host only: nothing else tells their connections apart.',
  ],
  [
    "a CIDR over another destination's address",
    with_({
      destinations: {
        github: { hosts: ["github.com"], addresses: { "github.com": ["198.51.100.66"] } },
        httpbin: { cidrs: ["198.51.100.64/30"], ports: TCP },
      },
    }),
    'destinations.httpbin.cidrs[0] = "198.51.100.64/30": has the address 198.51.100.66, which is at destinations.github.addresses["github.com"][0] already. Give each address to one host only: nothing else tells their connections apart.',
  ],
  ...(
    [
      ["198.51.100.64", 'has no prefix length. Write "198.51.100.64/32" for this one address.'],
      ["2001:db8::1", 'has no prefix length. Write "2001:db8::1/128" for this one address.'],
      ["198.51.100.65/30", 'is not written in its usual form. Write "198.51.100.64/30".'],
      ["198.51.100.64/33", "is no IP range. Write IP/PREFIX like 198.51.100.64/30."],
      ["127.0.0.0/30", "is the pod's own (loopback). Write the range of the outside hosts."],
      [
        "::ffff:198.51.100.0/126",
        "is an IPv4 address in the clothes of IPv6, which no connection ever bears. Write the range of the outside hosts.",
      ],
    ] as const
  ).map(([cidr, rest]): [string, unknown, string] => [
    `the CIDR ${cidr}`,
    destination({ hosts: undefined, cidrs: [cidr], ports: TCP }),
    `destinations.github.cidrs[0] = "${cidr}": ${rest}`,
  ]),
  [
    "CIDRs of too many addresses in all",
    destination({ hosts: undefined, cidrs: ["198.51.100.0/26", "2001:db8::/127"], ports: TCP }),
    'destinations.github.cidrs = ["198.51.100.0/26","2001:db8::/127"]: has 66 addresses in all, over the limit of 64: a gateway cannot keep the address that was dialled, so each becomes a host of its own. Name smaller ranges, the hosts themselves, or several destinations.',
  ],
  [
    "a CIDR of a whole network",
    destination({ hosts: undefined, cidrs: ["2001:db8::/32"], ports: TCP }),
    'destinations.github.cidrs = ["2001:db8::/32"]: has millions of addresses in all, over the limit of 64: a gateway cannot keep the address that was dialled, so each becomes a host of its own. Name smaller ranges, the hosts themselves, or several destinations.',
  ],
  [
    "CIDRs without ports",
    destination({ hosts: undefined, cidrs: ["198.51.100.64/30"] }),
    "destinations.github.ports: is missing, but cidrs need it. Say the TCP ports, e.g. [{number: 5432, protocol: TCP}].",
  ],
  [
    "CIDRs with a port that goes by names",
    destination({ hosts: undefined, cidrs: ["198.51.100.64/30"], ports: [{ number: 443 }] }),
    'destinations.github.ports[0].protocol = "TLS": goes by names, but cidrs have none. Use TCP ports with cidrs, and name the hosts of others in a destination of their own.',
  ],
  [
    "TLS origination on a TLS port",
    destination({ ports: [{ number: 443, originateTls: {} }] }),
    "destinations.github.ports[0].originateTls: is on port 443 of protocol TLS, where the application speaks to the outside by itself. Use HTTP, HTTP2 or GRPC for what the application speaks, or remove originateTls.",
  ],
  [
    "TLS origination on a TCP port",
    destination({ addresses: { "github.com": ["198.51.100.7"] }, ports: [{ ...TCP[0], originateTls: {} }] }),
    "destinations.github.ports[0].originateTls: is on port 5432 of protocol TCP, where the application speaks to the outside by itself. Use HTTP, HTTP2 or GRPC for what the application speaks, or remove originateTls.",
  ],
  [
    "mutual TLS without certificate",
    originating({ mutual: true }),
    "destinations.github.ports[0].originateTls.secret: is missing, but mutual needs the client's certificate. Name a Secret of the gateway namespace with tls.crt, tls.key and ca.crt.",
  ],
  ...["Client", "configmap://ca", "ns/ca", "partner-cacert"].map((secret): [string, unknown, string] => [
    `the Secret ${secret}`,
    originating({ secret }),
    `destinations.github.ports[0].originateTls.secret = "${secret}": is no name of a Secret that a gateway reads. Use the Secret's own name: lower-case letters, digits, dots and hyphens, not ending in -cacert.`,
  ]),
  [
    "a server name that is none",
    originating({ sni: "*.github.com" }),
    'destinations.github.ports[0].originateTls.sni = "*.github.com": is no DNS name. Write the server\'s name.',
  ],
  [
    "a name of the certificate with a wildcard",
    originating({ subjectAltNames: ["github.com", "*.github.com"] }),
    'destinations.github.ports[0].originateTls.subjectAltNames[1] = "*.github.com": is no single name. Write names that stand in the server\'s certificate; they are compared as they are.',
  ],
  [
    "an outside port out of range",
    originating({ port: 0 }),
    "destinations.github.ports[0].originateTls.port = 0: is no port number. Use a whole number from 1 to 65535.",
  ],
  [
    "gRPC over HTTP/1.1",
    destination({ ports: [{ number: 80, protocol: "GRPC", originateTls: { http2: false } }] }),
    "destinations.github.ports[0].originateTls.http2 = false: is not possible on a port of protocol GRPC. Remove it, or let the application speak HTTP.",
  ],
  [
    "a long destination name",
    with_({ destinations: { ...good().destinations, ["x".repeat(47)]: { hosts: ["x.example"] } } }),
    `destinations.${"x".repeat(47)} = "${"x".repeat(47)}": is 47 characters long, over the limit of 46. Use at most 46 lower-case letters, digits and inner hyphens; "egress-NAME" becomes a Helm release.`,
  ],
  [
    "a bad gateway name",
    destination({ gateway: "Partners" }),
    'destinations.github.gateway = "Partners": is no DNS label (lower-case letters, digits and inner hyphens). Use at most 46 lower-case letters, digits and inner hyphens; "egress-NAME" becomes a Helm release.',
  ],
  [
    "an application twice",
    with_({ applications: [good().applications[0], good().applications[0]] }),
    'applications[1] = "shop/cart": is the application at applications[0] again. Merge the two into one, with both lists in allow.',
  ],
  [
    "empty allow",
    application({ allow: [] }),
    "applications[0].allow = []: is empty. Name at least one destination, or remove the application: what is not listed is denied anyway.",
  ],
  [
    "a long application name",
    application({ name: "x".repeat(64), serviceAccount: "x", selector: { app: "x" } }),
    `applications[0].name = "${"x".repeat(64)}": is 64 characters long, over the limit of 63. Use at most 63 lower-case letters, digits and inner hyphens.`,
  ],
  [
    "an application of the denying Sidecar's name",
    application({ name: "deny-by-default" }),
    'applications[0].name = "deny-by-default": is the name of the namespace-wide Sidecar. Use another name.',
  ],
  [
    "the shared service account",
    application({ serviceAccount: "default" }),
    'applications[0].serviceAccount = "default": is shared by every pod without an account. Give the application an account of its own; createServiceAccount: true makes it.',
  ],
  [
    "a service account of another application",
    application({ serviceAccount: "till" }),
    'applications[1].serviceAccount = "till": is the service account of shop/cart too, so the gateway could not tell the two apart. Give each application its own service account.',
  ],
  [
    "selectors that a pod can fit both",
    application({ selector: { tier: "web" } }),
    'applications[1].selector = {"app":"till"}: a pod can fit both this application and shop/cart. Make the two selectors differ in the value of one label.',
  ],
  [
    "a selector of the same label",
    application({ selector: { app: "till", tier: "web" } }),
    'applications[1].selector = {"app":"till"}: a pod can fit both this application and shop/cart. Make the two selectors differ in the value of one label.',
  ],
  [
    "a bad label value",
    application({ selector: { app: "a b" } }),
    'applications[0].selector.app = "a b": is no Kubernetes label value (63 characters at most). Use a valid label.',
  ],
  [
    "an empty selector",
    application({ selector: {} }),
    'applications[0].selector = {}: is empty and would select every pod. Leave it out for "app: cart", or name a label.',
  ],
  [
    "an application beside the gateways",
    application({ namespace: "external" }),
    'applications[0].namespace = "external": is the gateways\' namespace, where no application may live. Move the application to a namespace of its own.',
  ],
  [
    "one namespace for gateways and routes",
    with_({ routesNamespace: "external" }),
    'routesNamespace = "external": is the gateways\' namespace already. Give each its own namespace.',
  ],
  [
    "an existing namespace that nothing uses",
    with_({ existingNamespaces: ["shopp"] }),
    'existingNamespaces[0] = "shopp": is no namespace of this configuration. Did you mean "shop"?',
  ],
  [
    "a mesh host of any namespace",
    with_({ meshHosts: ["*/*"] }),
    'meshHosts[0] = "*/*": is not of the form namespace/host, with one namespace and a host of the mesh. Write it like "shop/orders.shop.svc.cluster.local" or "shop/*.shop.svc.cluster.local".',
  ],
  [
    "a chart repository that is a folder",
    with_({ istio: { repository: "./charts" } }),
    'istio.repository = "./charts": is no address of a chart repository. Write https://… or oci://…; for charts in a folder use istio.charts.',
  ],
  [
    "a version that is none",
    with_({ istio: { version: "latest" } }),
    'istio.version = "latest": is no version. Write the version of the charts, e.g. 1.31.0.',
  ],
  [
    "a misspelt key",
    with_({ gatewayNamespase: "egress" }),
    'gatewayNamespase = "egress": this key is not known. Did you mean "gatewayNamespace"?',
  ],
  [
    "a misspelt key of a destination",
    destination({ prots: [] }),
    'destinations.github.prots = []: this key is not known. Did you mean "ports"?',
  ],
  [
    "a misspelt key of Istio",
    with_({ istio: { instal: false } }),
    'istio.instal = false: this key is not known. Did you mean "install"?',
  ],
  [
    "a missing key",
    with_({ applications: [{ namespace: "shop", name: "cart" }] }),
    "applications[0].allow: is missing. Give it a list.",
  ],
  [
    "a wrong type",
    destination({ hosts: "github.com" }),
    'destinations.github.hosts = "github.com": must be a list. Write a list here.',
  ],
  [
    "options of a gateway that no destination has, with the nearest",
    with_({ gateways: { githob: { replicas: 3 } } }),
    'gateways.githob = "githob": is no destination\'s gateway. Did you mean "github"?',
  ],
  [
    "options of a gateway that no destination has, with none near",
    with_({
      destinations: { ...good().destinations, github: { hosts: ["github.com"], gateway: "httpbin" } },
      gateways: { warehouse: {} },
    }),
    'gateways.warehouse = "warehouse": is no destination\'s gateway. Use one of httpbin, or remove it.',
  ],
  [
    "no pods",
    gateways({ replicas: 0 }),
    "gateways.github.replicas = 0: is out of range. Use a whole number of at least 1.",
  ],
  [
    "half a pod",
    with_({ gatewayDefaults: { replicas: 1.5 } }),
    "gatewayDefaults.replicas = 1.5: is out of range. Use a whole number of at least 1.",
  ],
  [
    "a pod count beside autoscaling",
    gateways({ replicas: 2, autoscaling: { maxReplicas: 4 } }),
    "gateways.github.replicas = 2: stands beside autoscaling, which decides the number of pods. Remove one of the two.",
  ],
  [
    "bounds of autoscaling the wrong way round",
    gateways({ autoscaling: { minReplicas: 5, maxReplicas: 4 } }),
    "gateways.github.autoscaling.maxReplicas = 4: is below minReplicas, 5. Raise it, or lower minReplicas.",
  ],
  [
    "an upper bound below the default lower one",
    gateways({ autoscaling: { maxReplicas: 1 } }),
    "gateways.github.autoscaling.maxReplicas = 1: is below minReplicas, 2. Raise it, or lower minReplicas.",
  ],
  [
    "autoscaling at no use of CPU",
    gateways({ autoscaling: { maxReplicas: 4, targetCpuPercent: 0 } }),
    "gateways.github.autoscaling.targetCpuPercent = 0: is out of range. Use a whole number of at least 1.",
  ],
  [
    "autoscaling without upper bound",
    gateways({ autoscaling: {} }),
    "gateways.github.autoscaling.maxReplicas: is missing. Give it a number.",
  ],
  [
    "a budget that no pod may leave",
    gateways({ minAvailable: 2 }),
    'gateways.github.minAvailable = 2: leaves none of the 2 pods of gateway "github" free to stop, so its nodes could never be drained. Run more pods, or use at most 1.',
  ],
  [
    "a default budget above one gateway's pods",
    gateways({ replicas: 1 }, { minAvailable: 1 }),
    'gatewayDefaults.minAvailable = 1: leaves none of the one pod of gateway "github" free to stop, so its nodes could never be drained. Run more pods, or use 0, which sets no budget.',
  ],
  [
    "a negative budget",
    gateways({ minAvailable: -1 }),
    "gateways.github.minAvailable = -1: is out of range. Use a whole number of at least 0.",
  ],
  [
    "a drain of more than an hour",
    gateways({ drainSeconds: 3601 }),
    "gateways.github.drainSeconds = 3601: is out of range. Use a whole number from 0 to 3600.",
  ],
  [
    "a quantity of CPU in words",
    gateways({ resources: { requests: { cpu: "two" } } }),
    'gateways.github.resources.requests.cpu = "two": is no Kubernetes quantity. Write it like 100m or 2.',
  ],
  [
    "a quantity of memory with a wrong suffix",
    gateways({ resources: { limits: { memory: "128MB" } } }),
    'gateways.github.resources.limits.memory = "128MB": is no Kubernetes quantity. Write it like 128Mi or 1Gi.',
  ],
  [
    "a request above its limit",
    gateways({ resources: { requests: { memory: "1Gi" }, limits: { memory: "1000Mi" } } }),
    'gateways.github.resources.requests.memory = "1Gi": is above the limit, 1000Mi. Lower the request, or raise the limit.',
  ],
  [
    "a bad label of nodes",
    gateways({ nodeSelector: { pool: "egress nodes" } }),
    'gateways.github.nodeSelector.pool = "egress nodes": is no Kubernetes label value (63 characters at most). Use a label that nodes can carry.',
  ],
  [
    "an unknown operator of a toleration",
    gateways({ tolerations: [{ key: "pool", operator: "Exist" }] }),
    'gateways.github.tolerations[0].operator = "Exist": is not a known value. Did you mean "Exists"?',
  ],
  [
    "an unknown effect of a toleration",
    gateways({ tolerations: [{ key: "pool", effect: "NoScedule" }] }),
    'gateways.github.tolerations[0].effect = "NoScedule": is not a known value. Did you mean "NoSchedule"?',
  ],
  [
    "a toleration of nothing",
    gateways({ tolerations: [{ effect: "NoExecute" }] }),
    "gateways.github.tolerations[0].key: is missing. Name the taint, or say operator: Exists to tolerate every taint.",
  ],
  [
    "a toleration that compares no value",
    gateways({ tolerations: [{ key: "pool", operator: "Exists", value: "egress" }] }),
    'gateways.github.tolerations[0].value = "egress": stands beside operator Exists, which compares no value. Remove one of the two.',
  ],
  [
    "a bad key of a taint",
    gateways({ tolerations: [{ key: "-pool" }] }),
    'gateways.github.tolerations[0].key = "-pool": is no Kubernetes label key. Use the key of a taint.',
  ],
  [
    "a bad key of an annotation",
    gateways({ serviceAnnotations: { "a b": "c" } }),
    'gateways.github.serviceAnnotations.a b = "c": is no Kubernetes annotation key. Write it like example.org/name.',
  ],
  [
    "an address that is none",
    gateways({ clusterIp: "10.1" }),
    'gateways.github.clusterIp = "10.1": is no IP address. Use a free address of the cluster\'s Service range, or remove it.',
  ],
  [
    "one address for two gateways",
    with_({ gatewayDefaults: { clusterIp: "198.18.128.20" } }),
    'gatewayDefaults.clusterIp = "198.18.128.20": would be the address of gateway "github" and of gateway "httpbin". Give each gateway an address of its own, under gateways.',
  ],
  [
    "a misspelt option of gateways",
    gateways({ replica: 2 }),
    'gateways.github.replica = 2: this key is not known. Did you mean "replicas"?',
  ],
  [
    "terms of a destination that is not allowed",
    application({ terms: { gihub: { owner: "team-a" } } }),
    'applications[0].terms.gihub = "gihub": is not in allow. Did you mean "github"?',
  ],
  [
    "an owner without a name",
    terms({ owner: " " }),
    'applications[0].terms.github.owner = " ": says nothing. Write it, or remove the key.',
  ],
  [
    "a reason like a novel",
    terms({ reason: "x".repeat(257) }),
    `applications[0].terms.github.reason = "${"x".repeat(76)}…: is 257 characters long, over the limit of 256. Shorten it, and name a place where the rest can be read.`,
  ],
  [
    "a last day that the calendar does not know",
    terms({ expires: "2027-02-29" }),
    'applications[0].terms.github.expires = "2027-02-29": is no day of the calendar. Write it as YYYY-MM-DD.',
  ],
  [
    "a last day in another order",
    terms({ expires: "31.12.2027" }),
    'applications[0].terms.github.expires = "31.12.2027": is no day of the calendar. Write it as YYYY-MM-DD.',
  ],
  [
    "an expired allowance",
    terms({ expires: "2026-11-23" }),
    'applications[0].terms.github.expires = "2026-11-23": is past, so the allowance has expired. Remove the allowance or set a later day.',
  ],
];

describe("intent: validation", () => {
  it("accepts the demo and the good configuration", () => {
    assert.deepEqual(lines(demoConfig()), []);
    assert.deepEqual(lines(good()), []);
  });

  for (const [title, config, line] of BAD) {
    it(`refuses ${title}`, () => assert.deepEqual(lines(config), [line]));
  }

  it("takes TCP hosts without addresses where sidecars answer DNS", () => {
    const { destinations } = destination({ ports: TCP }) as { destinations: Record<string, unknown> };
    assert.deepEqual(lines(with_({ destinations, istio: { dnsCapture: true } })), []);
    assert.equal(
      lines(with_({ destinations, istio: { dnsCapture: false }, guards: { clusterDns: false } })).length > 0,
      true,
    );
  });

  it("refuses on wildcard hosts what their many names make impossible", () => {
    const tcp = lines(destination({ hosts: ["*.w.example"], ports: TCP }));
    const start =
      'destinations.github.hosts[0] = "*.w.example": cannot have TCP port 5432: a TCP connection names no host';
    assert.ok(tcp.some((line) => line.startsWith(start)));
    const ports = (originateTls: object, number = 80) => [{ number, protocol: "HTTP", originateTls }];
    const paths = (list: object[]) =>
      lines(destination({ hosts: ["*.w.example"], ports: list })).filter((line) => line.includes("originateTls"));
    assert.deepEqual(paths(ports({})), []);
    assert.match(
      paths(ports({ sni: "a.w.example" })).join(),
      /originateTls\.sni = .* is not possible with the wildcard host/,
    );
    assert.match(paths(ports({ subjectAltNames: ["a.w.example"] })).join(), /originateTls\.subjectAltNames = /);
    assert.match(paths(ports({}, 8080)).join(), /only from 80 to 443 is possible/);
    assert.match(paths(ports({ port: 8443 })).join(), /only from 80 to 443 is possible/);
  });

  it("lists every problem at once, faults of shape beside faults of meaning", () => {
    const config = {
      gatewayNamespase: "x",
      destinations: { github: { hosts: ["*.github.com", "http://a.example"] }, bad: { hosts: 7 } },
      applications: [
        { namespace: "shop", name: "cart", allow: ["gitub", "bad"] },
        { namespace: "shop", allow: [] },
      ],
    };
    const paths = lines(config).map((line) => line.split(/[ :]/)[0]);
    assert.deepEqual(paths.sort(), [
      "applications[0].allow[0]",
      "applications[1].allow",
      "applications[1].name",
      "destinations.bad.hosts",
      "destinations.github.hosts[0]",
      "destinations.github.hosts[1]",
      "gatewayNamespase",
    ]);
  });

  it("survives anything that YAML can hold", () => {
    fc.assert(
      fc.property(fc.anything(), (config) => Array.isArray(lines(config))),
      { seed: 7 },
    );
  });

  it("accepts every configuration of the generator, in any order of its lists", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => assert.deepEqual(lines(config), [])),
      { seed: 7 },
    );
  });

  it("fills in the defaults", () => {
    const result = validate(good(), { today: TODAY });
    assert.ok(result.ok);
    const { intent } = result;
    assert.equal(intent.gatewayNamespace, "external");
    assert.equal(intent.routesNamespace, "external-routes");
    assert.deepEqual(
      intent.gateways.map(({ service }) => service),
      ["egress-github", "egress-httpbin"],
    );
    assert.deepEqual(intent.destinations[0]?.ports, [
      { number: 80, protocol: "HTTP", originateTls: undefined },
      { number: 443, protocol: "TLS", originateTls: undefined },
    ]);
    assert.deepEqual(intent.applications[0]?.selector, { app: "cart" });
    assert.equal(intent.applications[0]?.serviceAccount, "cart");
  });

  it("warns of allowances from 14 days before their last day on, and refuses none of them", () => {
    assert.deepEqual(warnings(terms({ expires: "2026-12-09" })), []);
    assert.deepEqual(warnings(terms({ expires: "2026-12-08", owner: "team-a" })), [
      'applications[0].terms.github.expires = "2026-12-08": is the last day of the allowance, in 14 days. Remove the allowance or set a later day.',
    ]);
    const words = ["2026-11-25", "2026-11-24"].map((expires) => warnings(terms({ expires }))[0] ?? "");
    assert.match(words[0] ?? "", /is the last day of the allowance, tomorrow\./);
    assert.match(words[1] ?? "", /is the last day of the allowance, today\./);
  });

  it("lays a gateway's options over the defaults of all, and its own way of scaling over theirs", () => {
    const options = (config: unknown) => {
      const result = validate(config, { today: TODAY });
      assert.ok(result.ok, lines(config).join());
      return result.intent.gateways.map(({ options: { replicas, autoscaling, minAvailable, drainSeconds } }) => ({
        pods: autoscaling === undefined ? replicas : [autoscaling.minReplicas, autoscaling.maxReplicas],
        minAvailable,
        drainSeconds,
      }));
    };
    assert.deepEqual(options(good())[0], { pods: 2, minAvailable: 1, drainSeconds: 30 });
    assert.deepEqual(options(gateways({ autoscaling: { maxReplicas: 5 } }, { replicas: 1, drainSeconds: 0 })), [
      { pods: [2, 5], minAvailable: 1, drainSeconds: 0 },
      { pods: 1, minAvailable: undefined, drainSeconds: 0 },
    ]);
    assert.deepEqual(options(gateways({ replicas: 3, minAvailable: 0 }, { autoscaling: { maxReplicas: 9 } })), [
      { pods: 3, minAvailable: undefined, drainSeconds: 30 },
      { pods: [2, 9], minAvailable: 1, drainSeconds: 30 },
    ]);
  });
});

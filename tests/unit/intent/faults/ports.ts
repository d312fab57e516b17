import { destination, type Fault, good, originating, TCP, with_ } from "./spoilt";

/** Ports, addresses, ranges and TLS origination of destinations. */
export const PORT_FAULTS: readonly Fault[] = [
  [
    "a CIDR inside the cluster",
    destination({ hosts: undefined, cidrs: ["10.1.0.0/30"], ports: [{ number: 5432, protocol: "TCP" }] }),
    'destinations.github.cidrs[0] = "10.1.0.0/30": lies in the cluster\'s own range 10.0.0.0/8 (guards.clusterRanges), which no gateway may reach. Use an address outside, or narrow guards.clusterRanges; for a private network name gateways.NAME.egressRanges.',
  ],
  [
    "a CIDR that its gateway may not reach",
    {
      ...(destination({
        hosts: undefined,
        cidrs: ["10.1.0.0/30"],
        ports: [{ number: 5432, protocol: "TCP" }],
      }) as object),
      gateways: { github: { egressRanges: ["10.2.0.0/16"] } },
    },
    'destinations.github.cidrs[0] = "10.1.0.0/30": lies outside the ranges that its gateway may reach (gateways.github.egressRanges: 10.2.0.0/16). Add the range there, or give the destination another gateway.',
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
    "a misspelt key of a destination",
    destination({ prots: [] }),
    'destinations.github.prots = []: this key is not known. Did you mean "ports"?',
  ],
];

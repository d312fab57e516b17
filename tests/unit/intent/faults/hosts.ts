import { destination, type Fault, good, plainWildcard, TCP, with_ } from "./spoilt";

/** Names and hosts of destinations. */
export const HOST_FAULTS: readonly Fault[] = [
  [
    "an unknown application, with the nearest known one",
    destination({ onlyFor: ["shop/card", "shop/till", "shop/cart"] }),
    'destinations.github.onlyFor[0] = "shop/card": is no application. Did you mean "shop/cart"?',
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
    "a wrong type",
    destination({ hosts: "github.com" }),
    'destinations.github.hosts = "github.com": must be a list. Write a list here.',
  ],
];

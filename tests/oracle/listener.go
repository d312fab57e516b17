package main

import (
	"net/netip"
	"strings"

	envoycore "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"

	"istio.io/istio/pilot/pkg/model"
	xdsfilters "istio.io/istio/pilot/pkg/xds/filters"
	"istio.io/istio/pilot/test/xdstest"
)

// listenerFor finds the listener of a connection. A sidecar's traffic is redirected, so the original destination
// decides, and the virtual outbound listener takes the rest; a gateway's pod is dialled as it is.
func (e *envoy) listenerFor(conn connection) *listener.Listener {
	for _, address := range []string{conn.address, "0.0.0.0"} {
		for _, l := range e.listeners {
			socket := l.GetAddress().GetSocketAddress()
			if socket.GetAddress() == address && socket.GetPortValue() == conn.port && l.Name != model.VirtualInboundListenerName {
				return l
			}
		}
	}
	if e.gateway() {
		return nil
	}
	for _, l := range e.listeners {
		if l.Name == model.VirtualOutboundListenerName {
			return l
		}
	}
	return nil
}

func inspects(l *listener.Listener, filter string, port uint32) bool {
	found := xdstest.ExtractListenerFilters(l)[filter]
	return found != nil &&
		(found.FilterDisabled == nil || !xdstest.EvaluateListenerFilterPredicates(found.FilterDisabled, int(port)))
}

// seen is what the listener filters learn of a connection.
type seen struct {
	sni       string
	transport string
	alpn      []string
}

func inspect(l *listener.Listener, conn connection) seen {
	found := seen{transport: xdsfilters.RawBufferTransportProtocol}
	if top := conn.top(); top != nil {
		if inspects(l, xdsfilters.TLSInspector.Name, conn.port) {
			return seen{sni: top.sni, transport: xdsfilters.TLSTransportProtocol, alpn: top.alpn}
		}
		return found
	}
	if conn.request != nil && inspects(l, xdsfilters.HTTPInspector.Name, conn.port) {
		found.alpn = []string{"http/1.1"}
	}
	return found
}

// chainFor follows Envoy's filter chain match (API FilterChainMatch): port, CIDR, server name, transport, application
// protocols; at each step only the best remain, and chains without the condition count only if no other fits.
func chainFor(l *listener.Listener, conn connection) (*listener.FilterChain, string) {
	found := inspect(l, conn)
	chains := sieve(l.FilterChains, func(m *listener.FilterChainMatch) (bool, int) {
		return m.GetDestinationPort() != nil, rank(m.GetDestinationPort().GetValue() == conn.port)
	})
	chains = sieve(chains, func(m *listener.FilterChainMatch) (bool, int) {
		return len(m.GetPrefixRanges()) > 0, prefixRank(m.GetPrefixRanges(), conn.address)
	})
	chains = sieve(chains, func(m *listener.FilterChainMatch) (bool, int) {
		return len(m.GetServerNames()) > 0, sniRank(m.GetServerNames(), found.sni)
	})
	chains = sieve(chains, func(m *listener.FilterChainMatch) (bool, int) {
		return m.GetTransportProtocol() != "", rank(m.GetTransportProtocol() == found.transport)
	})
	for _, c := range chains {
		if m := c.GetFilterChainMatch(); m.GetSourceType() != 0 || len(m.GetSourcePrefixRanges()) > 0 || len(m.GetSourcePorts()) > 0 {
			return nil, "filter chain with a source condition"
		}
	}
	chains = sieve(chains, func(m *listener.FilterChainMatch) (bool, int) {
		return len(m.GetApplicationProtocols()) > 0, alpnRank(m.GetApplicationProtocols(), found.alpn)
	})
	switch {
	case len(chains) > 1:
		return nil, "two filter chains match: Envoy refuses the listener"
	case len(chains) == 1:
		return chains[0], ""
	}
	return l.DefaultFilterChain, ""
}

func sieve(chains []*listener.FilterChain, judge func(*listener.FilterChainMatch) (bool, int)) []*listener.FilterChain {
	best, fitting, open := 0, []*listener.FilterChain{}, []*listener.FilterChain{}
	for _, chain := range chains {
		conditioned, score := judge(chain.GetFilterChainMatch())
		switch {
		case !conditioned:
			open = append(open, chain)
		case score > best:
			best, fitting = score, []*listener.FilterChain{chain}
		case score == best && score > 0:
			fitting = append(fitting, chain)
		}
	}
	if len(fitting) > 0 {
		return fitting
	}
	return open
}

func rank(fits bool) int {
	if fits {
		return 1
	}
	return 0
}

func prefixRank(ranges []*envoycore.CidrRange, address string) int {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return 0
	}
	best := 0
	for _, r := range ranges {
		base, err := netip.ParseAddr(r.AddressPrefix)
		if err != nil {
			continue
		}
		if prefix := netip.PrefixFrom(base, int(r.GetPrefixLen().GetValue())); prefix.Contains(ip) {
			best = max(best, prefix.Bits()+1)
		}
	}
	return best
}

func sniRank(names []string, sni string) int {
	best := 0
	for _, name := range names {
		switch {
		case sni == "":
		case name == sni:
			best = 1 << 20
		case strings.HasPrefix(name, "*.") && strings.HasSuffix(sni, name[1:]):
			best = max(best, len(name))
		}
	}
	return best
}

// alpnRank prefers the client's earlier protocols, as Envoy tries them in the client's order.
func alpnRank(protocols, offered []string) int {
	for i, name := range offered {
		for _, protocol := range protocols {
			if protocol == name {
				return len(offered) - i
			}
		}
	}
	return 0
}

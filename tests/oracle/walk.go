package main

import (
	"fmt"

	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	rbacfilter "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/rbac/v3"
	snidfp "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/sni_dynamic_forward_proxy/v3"
	tcpproxy "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/tcp_proxy/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	corev1 "k8s.io/api/core/v1"
)

// maxHops ends loops of gateways that send to each other.
const maxHops = 6

// walker follows one connection through the proxies; it is copied at each fork.
type walker struct {
	world    *world
	hops     []Hop
	gateways []string
	share    float64
	mirror   bool
	http     bool // some proxy so far speaks HTTP with the application: failures come as status codes
}

func (w walker) end(outcome Outcome) []Branch {
	outcome.Gateways = w.gateways
	return []Branch{{Share: w.share, Mirror: w.mirror, Hops: w.hops, Outcome: outcome}}
}

func (w walker) unsupported(format string, args ...any) []Branch {
	return w.end(Outcome{Kind: Unsupported, Reason: fmt.Sprintf(format, args...)})
}

// blocked ends a way; seen is what the HTTP application gets, while others see their connection closed.
func (w walker) blocked(stage, seen, format string, args ...any) []Branch {
	if !w.http {
		seen = "closed"
	}
	return w.end(Outcome{Kind: Blocked, Stage: stage, Seen: seen, Reason: fmt.Sprintf(format, args...)})
}

// closed is a connection refused: the application sees that itself, or 503 from the proxy that speaks HTTP with it.
func (w walker) closed(stage, format string, args ...any) []Branch {
	return w.blocked(stage, "503", format, args...)
}

func (w walker) hop() *Hop { return &w.hops[len(w.hops)-1] }

// enter begins the next proxy's hop, on a copy of the hops so far.
func (w walker) enter(proxy string) walker {
	w.hops = append(w.hops[:len(w.hops):len(w.hops)], Hop{Proxy: proxy})
	return w
}

// fork copies the hop that is being filled, for several ways out of one proxy.
func (w walker) fork(share float64) walker {
	w.hops = append([]Hop{}, w.hops...)
	w.share = share
	return w
}

// through walks a connection through one proxy.
func (w walker) through(e *envoy, conn connection) []Branch {
	if len(w.hops) >= maxHops {
		return w.unsupported("more than %d proxies: a loop", maxHops)
	}
	name := "sidecar " + key(e.pod)
	if e.gateway() {
		name = "gateway " + key(e.pod)
	}
	w = w.enter(name)
	l := e.listenerFor(conn)
	if l == nil {
		return w.closed("listener", "no listener on %s:%d", conn.address, conn.port)
	}
	w.hop().Listener = l.Name
	if conflict := conflictIn(l); conflict != "" {
		return w.end(Outcome{Kind: Unsupported, Stage: "refused", Reason: conflict})
	}
	chain, doubt := chainFor(l, conn)
	if doubt != "" {
		return w.unsupported("%s", doubt)
	}
	if chain == nil {
		return w.closed("filter-chain", "no filter chain of %s takes it", l.Name)
	}
	w.hop().Chain = chain.Name
	sni := ""
	if top := conn.top(); top != nil && inspects(l, "envoy.filters.listener.tls_inspector", conn.port) {
		sni = top.sni
	}
	conn, peer, fault := e.terminate(chain, conn)
	if fault != "" {
		return w.closed("transport", "%s", fault)
	}
	facts := peerFacts{tls: chain.GetTransportSocket() != nil, sni: sni, port: conn.port, source: conn.source, address: conn.address, peer: peer}
	return w.filters(e, chain, conn, facts)
}

// peerFacts is what filters know of the connection beside its bytes.
type peerFacts struct {
	tls     bool // this proxy ended a TLS layer
	sni     string
	port    uint32
	source  string
	address string
	peer    *corev1.Pod // the client whose mesh certificate was verified
}

// filters runs the network filters of a chain.
func (w walker) filters(e *envoy, chain *listener.FilterChain, conn connection, facts peerFacts) []Branch {
	var dynamic *snidfp.FilterConfig
	for _, filter := range chain.Filters {
		config, err := unwrap(filter.GetTypedConfig())
		if err != nil {
			if ignoredFilters[filter.Name] {
				continue
			}
			return w.unsupported("network filter %s", filter.Name)
		}
		switch f := config.(type) {
		case *rbacfilter.RBAC:
			switch judge(f.Rules, requestFacts{peerFacts: facts, trust: w.world}) {
			case no:
				w.hop().Policy = f.StatPrefix
				return w.closed("authorization", "denied by the network filter RBAC")
			case maybe:
				return w.unsupported("an AuthorizationPolicy that the oracle cannot evaluate")
			}
		case *snidfp.FilterConfig:
			dynamic = f
		case *tcpproxy.TcpProxy:
			return w.proxyTCP(e, f, conn, facts, dynamic)
		case *hcm.HttpConnectionManager:
			if conn.top() != nil || conn.request == nil {
				return w.closed("protocol", "bytes that are not HTTP reach an HTTP chain")
			}
			return w.proxyHTTP(e, f, conn, facts)
		default:
			if !ignoredFilters[filter.Name] {
				return w.unsupported("network filter %s", filter.Name)
			}
		}
	}
	return w.unsupported("a filter chain without a terminal filter")
}

var ignoredFilters = map[string]bool{
	"istio.metadata_exchange": true, "istio.stats": true, "envoy.filters.network.set_filter_state": true,
	"envoy.filters.network.mongo_proxy": true, "envoy.filters.network.mysql_proxy": true, "forward_downstream_sni": true,
	"envoy.filters.network.istio_authn": true, "connect_authority": true, "envoy.filters.network.upstream_disable_istio_mtls": true,
}

func unwrap(any *anypb.Any) (proto.Message, error) {
	if any == nil {
		return nil, fmt.Errorf("no configuration")
	}
	return any.UnmarshalNew()
}

func (w walker) proxyTCP(e *envoy, f *tcpproxy.TcpProxy, conn connection, facts peerFacts, dynamic *snidfp.FilterConfig) []Branch {
	if f.TunnelingConfig != nil {
		return w.unsupported("tunnel")
	}
	if weighted := f.GetWeightedClusters(); weighted != nil {
		total := uint32(0)
		for _, c := range weighted.Clusters {
			total += c.Weight
		}
		found := []Branch{}
		for _, c := range weighted.Clusters {
			if c.Weight > 0 {
				next := w.fork(w.share * float64(c.Weight) / float64(total))
				found = append(found, next.upstream(e, target{cluster: c.Name, missing: "503"}, conn, facts, dynamic)...)
			}
		}
		return found
	}
	return w.upstream(e, target{cluster: f.GetCluster(), missing: "503"}, conn, facts, dynamic)
}

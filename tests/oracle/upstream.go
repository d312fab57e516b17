package main

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	dfpcluster "github.com/envoyproxy/go-control-plane/envoy/extensions/clusters/dynamic_forward_proxy/v3"
	dfp "github.com/envoyproxy/go-control-plane/envoy/extensions/common/dynamic_forward_proxy/v3"
	snidfp "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/sni_dynamic_forward_proxy/v3"
	"google.golang.org/protobuf/proto"
	corev1 "k8s.io/api/core/v1"

	"istio.io/istio/pilot/pkg/model"
)

// target is what a route or TCP proxy names.
type target struct {
	cluster string
	missing string // what an HTTP client sees if there is no such cluster
	http    bool
}

// upstream sends a connection to a cluster: one way for each endpoint that makes a difference.
func (w walker) upstream(e *envoy, to target, conn connection, facts peerFacts, dynamic *snidfp.FilterConfig) []Branch {
	w.hop().Cluster = to.cluster
	c := e.clusters[to.cluster]
	if c == nil {
		return w.blocked("cluster", to.missing, "cluster %s does not exist", to.cluster)
	}
	if to.cluster == "BlackHoleCluster" {
		return w.blocked("outbound-policy", "503", "no listener or chain takes it, outbound policy REGISTRY_ONLY")
	}
	if c.GetClusterType() != nil {
		return w.dynamicForward(e, c, to, conn, facts, dynamic)
	}
	points := []*endpoint.LbEndpoint{nil}
	if c.GetType() != cluster.Cluster_ORIGINAL_DST {
		if points = e.endpointsOf(c); len(points) == 0 {
			return w.blocked("cluster", "503", "cluster %s has no endpoint", to.cluster)
		}
		if c.GetType() == cluster.Cluster_LOGICAL_DNS && len(points) > 1 {
			return w.unsupported("cluster %s of type LOGICAL_DNS with several endpoints: Envoy refuses it", c.Name)
		}
	}
	return w.eachEndpoint(e, c, to, conn, points)
}

func (w walker) eachEndpoint(e *envoy, c *cluster.Cluster, to target, conn connection, points []*endpoint.LbEndpoint) []Branch {
	found := []Branch{}
	done := map[string]bool{}
	for _, point := range points {
		address, port := conn.address, conn.port
		if override := c.GetOriginalDstLbConfig().GetUpstreamPortOverride(); override != nil {
			port = override.Value
		}
		if point != nil {
			if point.GetEndpoint().GetAddress().GetSocketAddress() == nil {
				return w.unsupported("endpoint of cluster %s that is no socket", c.Name)
			}
			address = point.GetEndpoint().GetAddress().GetSocketAddress().GetAddress()
			port = point.GetEndpoint().GetAddress().GetSocketAddress().GetPortValue()
		}
		layer, err := e.originate(c, point, requestIf(to.http, conn.request))
		if err != nil {
			return w.unsupported("%s", err)
		}
		next := conn
		next.source = e.pod.Status.PodIP
		if layer != nil {
			next.layers = append([]tlsLayer{*layer}, conn.layers...)
		}
		for _, branch := range w.fork(w.share).arrive(e, c, next, layer, address, port) {
			if summary := summarise(branch); !done[summary] {
				done[summary] = true
				found = append(found, branch)
			}
		}
	}
	return found
}

func requestIf(http bool, r *request) *request {
	if http {
		return r
	}
	return nil
}

func summarise(b Branch) string {
	return fmt.Sprintf("%v %s %v %s", b.Outcome.Kind, b.Outcome.Destination, b.Outcome.Gateways, b.Outcome.Reason)
}

// arrive finds who is at an address: a gateway, another pod of the mesh, or the outside.
func (w walker) arrive(e *envoy, c *cluster.Cluster, conn connection, layer *tlsLayer, address string, port uint32) []Branch {
	hop := w.hop()
	hop.Endpoint = net.JoinHostPort(address, strconv.Itoa(int(port)))
	if layer != nil {
		hop.SNI, hop.SANs, hop.TLS = layer.sni, layer.sans, modeOf(layer)
	}
	if ip, err := netip.ParseAddr(address); err == nil && ip.IsLoopback() && e.gateway() {
		conn.address, conn.port, conn.source = address, port, address
		return w.through(e, conn)
	}
	if pod := e.world.podAt(address); pod != nil {
		return w.deliver(e, c, conn, pod, port, e.world.serviceOfPod(pod, c))
	}
	service := e.world.serviceAt(address)
	if service == nil {
		service = e.world.serviceNamed(address, e.pod.Namespace)
	}
	if service == nil {
		return w.exit(c, conn, hop, address, port)
	}
	for i := range service.Spec.Ports {
		if uint32(service.Spec.Ports[i].Port) == port {
			return w.throughService(e, c, conn, service, &service.Spec.Ports[i])
		}
	}
	return w.blocked("cluster", "503", "Service %s has no port %d", key(service), port)
}

// throughService goes where kube-proxy sends what is dialled at a Service's own address.
func (w walker) throughService(e *envoy, c *cluster.Cluster, conn connection, service *corev1.Service, port *corev1.ServicePort) []Branch {
	found := []Branch{}
	done := map[string]bool{}
	for _, pod := range e.world.kube.podsOf(service) {
		number, known := targetPort(pod, port)
		if !known {
			continue
		}
		for _, branch := range w.fork(w.share).deliver(e, c, conn, pod, number, service) {
			if summary := summarise(branch); !done[summary] {
				done[summary] = true
				found = append(found, branch)
			}
		}
	}
	if len(found) == 0 {
		return w.blocked("cluster", "503", "Service %s has no ready pod", key(service))
	}
	return found
}

func (w walker) deliver(e *envoy, c *cluster.Cluster, conn connection, pod *corev1.Pod, port uint32, service *corev1.Service) []Branch {
	conn.address, conn.port = pod.Status.PodIP, port
	name := key(pod)
	if service != nil {
		name = key(service)
	}
	if !isGateway(pod) {
		return w.end(Outcome{Kind: InMesh, Destination: destinationOf(c, name, port), Address: fmt.Sprintf("%s:%d", pod.Status.PodIP, port)})
	}
	w.gateways = append(w.gateways[:len(w.gateways):len(w.gateways)], name)
	return w.through(e.world.envoyOf(pod), conn)
}

// exit leaves the mesh.
func (w walker) exit(c *cluster.Cluster, conn connection, hop *Hop, address string, port uint32) []Branch {
	outcome := Outcome{
		Kind: Direct, Destination: destinationOf(c, address, port), Address: hop.Endpoint, TLS: hop.TLS,
		Passthrough: !strings.HasPrefix(c.Name, "outbound|"),
	}
	if len(w.gateways) > 0 {
		outcome.Kind = ViaGateway
	}
	for _, layer := range conn.layers {
		outcome.MeshTLS = outcome.MeshTLS || layer.client != nil
	}
	if outcome.MeshTLS && outcome.Kind == ViaGateway {
		return w.closed("exit", "the mesh's TLS reaches %s, which does not speak it", outcome.Destination)
	}
	return w.end(outcome)
}

// dynamicForward resolves the name in Host or SNI at request time.
func (w walker) dynamicForward(e *envoy, c *cluster.Cluster, to target, conn connection, facts peerFacts, dynamic *snidfp.FilterConfig) []Branch {
	layer, err := e.originate(c, nil, requestIf(to.http, conn.request))
	if err != nil {
		return w.unsupported("%s", err)
	}
	name, port := "", conn.port
	switch {
	case to.http && conn.request != nil:
		name = hostOnly(conn.request.host)
		// Envoy's own default: by the scheme, whatever the ServiceEntry's port.
		port = 80
		if layer != nil {
			port = 443
		}
		if _, text, err := net.SplitHostPort(conn.request.host); err == nil {
			if number, err := strconv.Atoi(text); err == nil {
				port = uint32(number)
			}
		}
	case dynamic != nil:
		if cache := dynamic.GetDnsCacheConfig(); !proto.Equal(cache, dnsCacheOf(c)) {
			return w.end(Outcome{Kind: Unsupported, Stage: "refused", Reason: "Envoy refuses two configurations of DNS cache " + cache.GetName()})
		}
		name, port = facts.sni, dynamic.GetPortValue()
	default:
		return w.unsupported("TCP through the dynamic forward proxy cluster %s without its SNI filter", c.Name)
	}
	if e.world.serviceNamed(name, e.pod.Namespace) != nil && !strings.Contains(name, ".svc") {
		return w.unsupported("%s: a short name of the mesh, resolved by the proxy's own search domains", name)
	}
	if layer != nil {
		conn.layers = append([]tlsLayer{*layer}, conn.layers...)
	}
	return w.arrive(e, c, conn, layer, name, port)
}

// dnsCacheOf is the DNS cache of a dynamic forward proxy cluster.
func dnsCacheOf(c *cluster.Cluster) *dfp.DnsCacheConfig {
	config := &dfpcluster.ClusterConfig{}
	if c.GetClusterType().GetTypedConfig().UnmarshalTo(config) != nil {
		return nil
	}
	return config.GetDnsCacheConfig()
}

// destinationOf names the service of a cluster, else (and under a wildcard) what was dialled, with the port dialled.
func destinationOf(c *cluster.Cluster, dialled string, port uint32) string {
	if strings.HasPrefix(c.Name, "outbound|") {
		_, _, host, _ := model.ParseSubsetKey(c.Name)
		if strings.HasPrefix(string(host), "*") {
			return fmt.Sprintf("%s:%d", dialled, port)
		}
		return fmt.Sprintf("%s:%d", host, port)
	}
	return fmt.Sprintf("%s:%d", dialled, port)
}

func modeOf(layer *tlsLayer) string {
	switch {
	case layer.client != nil:
		return "ISTIO_MUTUAL"
	case layer.custom:
		return "MUTUAL"
	}
	return "SIMPLE"
}

package main

import (
	"encoding/json"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	corev1 "k8s.io/api/core/v1"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/xds/endpoints"
)

// envoy is the configuration of one proxy, indexed for questions.
type envoy struct {
	world     *world
	proxy     *model.Proxy
	pod       *corev1.Pod
	listeners []*listener.Listener
	routes    map[string]*route.RouteConfiguration
	clusters  map[string]*cluster.Cluster
}

func newEnvoy(w *world, proxy *model.Proxy, pod *corev1.Pod) *envoy {
	e := &envoy{
		world: w, proxy: proxy, pod: pod,
		listeners: w.server.Listeners(proxy),
		routes:    map[string]*route.RouteConfiguration{},
		clusters:  map[string]*cluster.Cluster{},
	}
	for _, c := range w.server.Clusters(proxy) {
		e.clusters[c.Name] = c
	}
	names := routeNames(e.listeners)
	resources, _ := w.server.ConfigGen.BuildHTTPRoutes(proxy, &model.PushRequest{Push: w.server.PushContext()}, names)
	for _, resource := range resources {
		table := &route.RouteConfiguration{}
		if err := resource.Resource.UnmarshalTo(table); err == nil {
			e.routes[table.Name] = table
		}
	}
	return e
}

func (e *envoy) gateway() bool { return e.proxy.Type == model.Router }

// routeNames lists the route tables that listeners fetch, those of default chains included.
func routeNames(listeners []*listener.Listener) []string {
	names := []string{}
	for _, l := range listeners {
		chains := l.FilterChains
		if l.DefaultFilterChain != nil {
			chains = append(chains[:len(chains):len(chains)], l.DefaultFilterChain)
		}
		for _, chain := range chains {
			for _, filter := range chain.Filters {
				manager := &hcm.HttpConnectionManager{}
				if filter.GetTypedConfig().MessageIs(manager) && filter.GetTypedConfig().UnmarshalTo(manager) == nil {
					if rds := manager.GetRds(); rds != nil {
						names = append(names, rds.RouteConfigName)
					}
				}
			}
		}
	}
	return names
}

// endpointsOf lists a cluster's endpoints, inline or by EDS.
func (e *envoy) endpointsOf(c *cluster.Cluster) []*endpoint.LbEndpoint {
	assignment := c.LoadAssignment
	if c.GetType() == cluster.Cluster_EDS {
		name := c.GetEdsClusterConfig().GetServiceName()
		if name == "" {
			name = c.Name
		}
		builder := endpoints.NewEndpointBuilder(name, e.proxy, e.world.server.PushContext())
		assignment = builder.BuildClusterLoadAssignment(e.world.server.Env().EndpointIndex)
	}
	found := []*endpoint.LbEndpoint{}
	for _, locality := range assignment.GetEndpoints() {
		found = append(found, locality.LbEndpoints...)
	}
	return found
}

func (e *envoy) dump() any {
	return map[string]any{
		"listeners": jsonOf(e.listeners), "routes": jsonOf(values(e.routes)), "clusters": jsonOf(values(e.clusters)),
	}
}

func jsonOf[M proto.Message](messages []M) []json.RawMessage {
	texts := []json.RawMessage{}
	for _, message := range messages {
		if text, err := protojson.Marshal(message); err == nil {
			texts = append(texts, text)
		}
	}
	return texts
}

func values[K comparable, V any](m map[K]V) []V {
	found := make([]V, 0, len(m))
	for _, v := range m {
		found = append(found, v)
	}
	return found
}

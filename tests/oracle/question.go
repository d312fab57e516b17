// The oracle answers, for a folder of manifests and calls of its workloads, what the proxies' configuration that
// Istio computes would do with each call. This file holds the JSON of questions and answers.
package main

import "encoding/json"

// Question is one line of standard input: a mesh and the calls made in it.
type Question struct {
	ID         string            `json:"id"`
	Manifests  []json.RawMessage `json:"manifests"`
	MeshConfig json.RawMessage   `json:"meshConfig,omitempty"`
	Calls      []Call            `json:"calls"`
	// SidecarsFirst computes sidecars before gateways: a gateway then shares the default scope of its namespace.
	SidecarsFirst bool `json:"sidecarsFirst,omitempty"`
	// Dump adds the generated listeners, routes and clusters of every proxy asked, for reading by people.
	Dump bool `json:"dump,omitempty"`
}

// Call is one connection of a captured workload, with its first request where it is HTTP.
type Call struct {
	Workload Workload          `json:"workload"`
	Protocol string            `json:"protocol"` // http, tls or tcp
	Host     string            `json:"host,omitempty"`
	Address  string            `json:"address,omitempty"`
	Port     uint32            `json:"port"`
	SNI      *string           `json:"sni,omitempty"` // tls only; absent: the host
	Path     string            `json:"path,omitempty"`
	Method   string            `json:"method,omitempty"`
	Headers  map[string]string `json:"headers,omitempty"`
	// Authority is the whole Host header; default: the host, with the port unless 80.
	Authority string `json:"authority,omitempty"`
}

// Workload names the caller; labels, account and ip are completed from the pod of the manifests that fits.
type Workload struct {
	Namespace      string            `json:"namespace"`
	Labels         map[string]string `json:"labels,omitempty"`
	ServiceAccount string            `json:"serviceAccount,omitempty"`
	IP             string            `json:"ip,omitempty"`
}

// Answer is one line of standard output.
type Answer struct {
	ID       string     `json:"id"`
	Error    string     `json:"error,omitempty"`
	Rejected []Rejected `json:"rejected,omitempty"`
	Calls    []Verdict  `json:"calls,omitempty"`
	Dump     any        `json:"dump,omitempty"`
	Millis   int64      `json:"millis"`
}

// Rejected is an object that the API server (CRD schema) or Istio's webhook refuses; it has no part in the mesh.
type Rejected struct {
	Object string `json:"object"`
	Reason string `json:"reason"`
}

// Verdict holds every way a call can take, and the worst of them as outcome.
type Verdict struct {
	Outcome Outcome  `json:"outcome"`
	Ways    []Branch `json:"ways"`
}

// Outcome kinds, the worst first.
const (
	Direct      = "direct"
	Unsupported = "unsupported"
	Blocked     = "blocked"
	Answered    = "answered"
	InMesh      = "in-mesh"
	ViaGateway  = "gateway"
)

// Outcome says where a way ends.
type Outcome struct {
	Kind        string   `json:"kind"`
	Gateways    []string `json:"gateways,omitempty"`    // namespace/service of each gateway passed
	Destination string   `json:"destination,omitempty"` // host:port of the last service
	Address     string   `json:"address,omitempty"`     // address:port dialled last
	Passthrough bool     `json:"passthrough,omitempty"` // left by the catch-all, no service involved
	Stage       string   `json:"stage,omitempty"`       // where it was blocked
	Seen        string   `json:"seen,omitempty"`        // status code, or closed
	Reason      string   `json:"reason,omitempty"`
	MeshTLS     bool     `json:"meshTLS,omitempty"` // mesh certificates are sent outside, where nobody speaks them
	TLS         string   `json:"tls,omitempty"`     // TLS begun by the last proxy
}

// Branch is one way: its share of the calls (percent; mirrors beside), its hops and its end.
type Branch struct {
	Share   float64 `json:"share"`
	Mirror  bool    `json:"mirror,omitempty"`
	Hops    []Hop   `json:"hops"`
	Outcome Outcome `json:"outcome"`
}

// Hop is what one proxy did.
type Hop struct {
	Proxy       string   `json:"proxy"`
	Listener    string   `json:"listener,omitempty"`
	Chain       string   `json:"chain,omitempty"`
	VirtualHost string   `json:"virtualHost,omitempty"`
	Route       string   `json:"route,omitempty"`
	Cluster     string   `json:"cluster,omitempty"`
	TLS         string   `json:"tls,omitempty"`
	SNI         string   `json:"sni,omitempty"`
	SANs        []string `json:"sans,omitempty"`
	Endpoint    string   `json:"endpoint,omitempty"`
	Policy      string   `json:"policy,omitempty"`
}

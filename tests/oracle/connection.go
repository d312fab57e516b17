package main

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// connection is what arrives at a proxy: where it was dialled, the TLS layers around the bytes (outermost first), and
// the request inside, where there is one.
type connection struct {
	address string
	port    uint32
	source  string // IP of the pod that dialled
	layers  []tlsLayer
	request *request // nil for bytes that are not HTTP
}

// tlsLayer is one TLS session as its client opened it.
type tlsLayer struct {
	sni    string
	alpn   []string
	app    bool        // opened by the application
	client *corev1.Pod // whose mesh certificate is presented; nil without one
	custom bool        // presents a certificate that is not the mesh's
	trust  string      // mesh: demands the mesh's CA; other: another CA; none: no check
	sans   []string    // names demanded of the server
}

type request struct {
	host    string
	path    string
	method  string
	headers map[string]string
}

func (r *request) clone() *request {
	if r == nil {
		return nil
	}
	copied := *r
	copied.headers = map[string]string{}
	for name, value := range r.headers {
		copied.headers[name] = value
	}
	return &copied
}

func (c connection) top() *tlsLayer {
	if len(c.layers) == 0 {
		return nil
	}
	return &c.layers[0]
}

// newConnection is the application's connection as its sidecar receives it.
func newConnection(call Call, pod *corev1.Pod, address string) connection {
	conn := connection{address: address, port: call.Port, source: pod.Status.PodIP}
	method, path := call.Method, call.Path
	if method == "" {
		method = "GET"
	}
	if path == "" {
		path = "/"
	}
	req := &request{host: call.Host, path: path, method: method, headers: map[string]string{}}
	for name, value := range call.Headers {
		req.headers[strings.ToLower(name)] = value
	}
	switch call.Protocol {
	case "http":
		conn.request = req
	case "tls":
		conn.request = req
		sni := call.Host
		if call.SNI != nil {
			sni = *call.SNI
		}
		conn.layers = []tlsLayer{{sni: strings.ToLower(sni), alpn: []string{"h2", "http/1.1"}, app: true, trust: "other"}}
	}
	return conn
}

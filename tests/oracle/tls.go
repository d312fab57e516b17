package main

import (
	"fmt"
	"net"
	"slices"
	"strings"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	envoycore "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	upstreamhttp "github.com/envoyproxy/go-control-plane/envoy/extensions/upstreams/http/v3"
	matcher "github.com/envoyproxy/go-control-plane/envoy/type/matcher/v3"
	corev1 "k8s.io/api/core/v1"
)

// Names of the secrets by which Istio's proxies get the mesh's certificate and CA.
const (
	meshCertificate = "default"
	meshRoot        = "ROOTCA"
)

// socketFor picks the transport socket of a cluster for one endpoint (API Cluster.transport_socket_matches).
func socketFor(c *cluster.Cluster, point *endpoint.LbEndpoint) *envoycore.TransportSocket {
	if len(c.TransportSocketMatches) == 0 {
		return c.TransportSocket
	}
	labels := point.GetMetadata().GetFilterMetadata()["envoy.transport_socket_match"].GetFields()
	for _, candidate := range c.TransportSocketMatches {
		fits := true
		for name, value := range candidate.Match.GetFields() {
			fits = fits && labels[name].GetStringValue() == value.GetStringValue()
		}
		if fits {
			return candidate.TransportSocket
		}
	}
	return c.TransportSocket
}

// originate gives the TLS layer that a proxy opens towards an endpoint; nil for plaintext.
func (e *envoy) originate(c *cluster.Cluster, point *endpoint.LbEndpoint, req *request) (*tlsLayer, error) {
	socket := socketFor(c, point)
	if socket.GetTypedConfig() == nil || strings.Contains(socket.GetTypedConfig().TypeUrl, "raw_buffer") {
		return nil, nil
	}
	context := &tlsv3.UpstreamTlsContext{}
	if err := socket.GetTypedConfig().UnmarshalTo(context); err != nil {
		return nil, fmt.Errorf("transport socket %s", socket.Name)
	}
	layer := &tlsLayer{sni: strings.ToLower(context.Sni), alpn: context.GetCommonTlsContext().GetAlpnProtocols(), trust: "none"}
	for _, secret := range context.GetCommonTlsContext().GetTlsCertificateSdsSecretConfigs() {
		if secret.Name == meshCertificate {
			layer.client = e.pod
		} else {
			layer.custom = true
		}
	}
	root, names := validation(context.GetCommonTlsContext())
	switch root {
	case "":
	case meshRoot:
		layer.trust = "mesh"
	default:
		layer.trust = "other"
	}
	layer.sans = names
	options := httpOptions(c)
	if options.GetAutoSni() && req != nil && layer.sni == "" {
		layer.sni = hostOnly(req.host)
	}
	if options.GetAutoSanValidation() && layer.trust != "none" {
		layer.sans = []string{layer.sni}
	}
	return layer, nil
}

func httpOptions(c *cluster.Cluster) *envoycore.UpstreamHttpProtocolOptions {
	options := &upstreamhttp.HttpProtocolOptions{}
	any := c.TypedExtensionProtocolOptions["envoy.extensions.upstreams.http.v3.HttpProtocolOptions"]
	if any == nil || any.UnmarshalTo(options) != nil {
		return nil
	}
	return options.UpstreamHttpProtocolOptions
}

func hostOnly(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}

// validation reads which CA a TLS context demands ("" for none) and which names.
func validation(context *tlsv3.CommonTlsContext) (root string, names []string) {
	if combined := context.GetCombinedValidationContext(); combined != nil {
		root = combined.GetValidationContextSdsSecretConfig().GetName()
		if root == "" {
			root = "file"
		}
		return root, namesOf(combined.GetDefaultValidationContext())
	}
	if sds := context.GetValidationContextSdsSecretConfig(); sds != nil {
		return sds.Name, nil
	}
	if plain := context.GetValidationContext(); plain.GetTrustedCa() != nil {
		return "file", namesOf(plain)
	}
	return "", nil
}

func namesOf(context *tlsv3.CertificateValidationContext) []string {
	found := []string{}
	add := func(m *matcher.StringMatcher) { found = append(found, m.GetExact()) }
	for _, m := range context.GetMatchSubjectAltNames() { //nolint:staticcheck // the field Istio writes
		add(m)
	}
	for _, m := range context.GetMatchTypedSubjectAltNames() {
		add(m.GetMatcher())
	}
	return found
}

// terminate ends the outermost TLS layer at a chain that does so. It gives what is inside, the client whose mesh
// certificate was verified, and why the handshake fails.
func (e *envoy) terminate(chain *listener.FilterChain, conn connection) (connection, *corev1.Pod, string) {
	any := chain.GetTransportSocket().GetTypedConfig()
	if any == nil {
		return conn, nil, ""
	}
	context := &tlsv3.DownstreamTlsContext{}
	if err := any.UnmarshalTo(context); err != nil {
		return conn, nil, "transport socket " + chain.TransportSocket.Name
	}
	layer := conn.top()
	if layer == nil {
		return conn, nil, "plaintext reaches a server that demands TLS"
	}
	meshServer := false
	for _, secret := range context.GetCommonTlsContext().GetTlsCertificateSdsSecretConfigs() {
		meshServer = meshServer || secret.Name == meshCertificate
	}
	if fault := e.checkServer(layer, meshServer); fault != "" {
		return conn, nil, fault
	}
	peer, fault := e.checkClient(layer, context)
	if fault != "" {
		return conn, nil, fault
	}
	conn.layers = conn.layers[1:]
	return conn, peer, ""
}

func (e *envoy) checkServer(layer *tlsLayer, meshServer bool) string {
	switch {
	case layer.trust == "mesh" && !meshServer:
		return "the client demands a mesh certificate, the server has another"
	case layer.trust == "other" && meshServer:
		return "the client does not trust the mesh's CA"
	case layer.trust == "mesh" && len(layer.sans) > 0 && !slices.Contains(layer.sans, e.world.spiffe(e.pod)):
		return fmt.Sprintf("the client demands one of %v, the server is %s", layer.sans, e.world.spiffe(e.pod))
	}
	return ""
}

func (e *envoy) checkClient(layer *tlsLayer, context *tlsv3.DownstreamTlsContext) (*corev1.Pod, string) {
	root, names := validation(context.GetCommonTlsContext())
	required := context.GetRequireClientCertificate().GetValue()
	switch {
	case root == "" && !required:
		return nil, "" // no certificate is asked for
	case layer.client == nil && !layer.custom:
		if required {
			return nil, "the server demands a client certificate, the client has none"
		}
		return nil, ""
	case layer.client == nil:
		if root == meshRoot {
			return nil, "the client's certificate is not the mesh's"
		}
		return nil, ""
	case root != meshRoot:
		return nil, "the server does not trust the mesh's CA"
	case len(names) > 0 && !slices.Contains(names, e.world.spiffe(layer.client)):
		return nil, fmt.Sprintf("the server demands one of %v, the client is %s", names, e.world.spiffe(layer.client))
	}
	return layer.client, ""
}

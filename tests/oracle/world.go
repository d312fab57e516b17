package main

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config/labels"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/test"
)

// world is one mesh: Istio's own control plane with the question's objects, and the proxies asked so far.
type world struct {
	kube    *kube
	server  *xds.FakeDiscoveryServer
	mesh    *meshconfig.MeshConfig
	proxies map[string]*envoy
}

func newWorld(t test.Failer, in admitted, question Question) (*world, error) {
	mc, err := mesh.ApplyMeshConfigDefaults(string(question.MeshConfig))
	if err != nil {
		return nil, fmt.Errorf("meshConfig: %w", err)
	}
	kube, err := newKube(in.objects)
	if err != nil {
		return nil, err
	}
	w := &world{kube: kube, mesh: mc, proxies: map[string]*envoy{}}
	w.server = xds.NewFakeDiscoveryServer(t, xds.FakeOptions{
		Configs:                    in.configs,
		KubernetesObjects:          kube.objects,
		MeshConfig:                 mc,
		DisableSecretAuthorization: true,
		KubeClientModifier:         markCRDs,
	})
	if !question.SidecarsFirst {
		w.connectGateways()
	}
	return w, nil
}

// connectGateways computes the gateways' scopes first, as when they were there before any application.
func (w *world) connectGateways() {
	for _, pod := range w.kube.pods {
		if isGateway(pod) {
			w.envoyOf(pod)
		}
	}
}

// envoyOf gives the configuration of a pod's proxy, computed once.
func (w *world) envoyOf(pod *corev1.Pod) *envoy {
	name := key(pod)
	if found := w.proxies[name]; found != nil {
		return found
	}
	made := newEnvoy(w, w.proxyOf(pod), pod)
	w.proxies[name] = made
	return made
}

func (w *world) proxyOf(pod *corev1.Pod) *model.Proxy {
	kind := model.SidecarProxy
	if isGateway(pod) {
		kind = model.Router
	}
	metadata := &model.NodeMetadata{
		IstioVersion:   "1.31.0",
		Namespace:      pod.Namespace,
		Labels:         pod.Labels,
		Annotations:    pod.Annotations,
		ServiceAccount: pod.Spec.ServiceAccountName,
		ClusterID:      "Kubernetes",
		InstanceIPs:    []string{pod.Status.PodIP},
	}
	for name, value := range w.mesh.GetDefaultConfig().GetProxyMetadata() {
		setMetadata(metadata, name, value)
	}
	if pod.Annotations["sidecar.istio.io/interceptionMode"] == "NONE" {
		metadata.InterceptionMode = model.InterceptionNone
	}
	return w.server.SetupProxy(&model.Proxy{
		Type:            kind,
		ID:              pod.Name + "." + pod.Namespace,
		ConfigNamespace: pod.Namespace,
		DNSDomain:       pod.Namespace + ".svc.cluster.local",
		IPAddresses:     []string{pod.Status.PodIP},
		Labels:          pod.Labels,
		Metadata:        metadata,
	})
}

// setMetadata applies the environment of the proxy that changes its configuration.
func setMetadata(metadata *model.NodeMetadata, name, value string) {
	switch name {
	case "ISTIO_META_DNS_CAPTURE":
		metadata.DNSCapture = value == "true"
	case "ISTIO_META_DNS_AUTO_ALLOCATE":
		metadata.DNSAutoAllocate = value == "true"
	case "ISTIO_META_UNPRIVILEGED_POD":
		metadata.UnprivilegedPod = value
	}
}

// callerOf finds the caller's pod: the first of the namespace with the labels asked for (and account, where given).
func (w *world) callerOf(workload Workload) *corev1.Pod {
	for _, pod := range w.kube.pods {
		if pod.Namespace != workload.Namespace || !labels.Instance(workload.Labels).SubsetOf(pod.Labels) {
			continue
		}
		if workload.ServiceAccount != "" && workload.ServiceAccount != pod.Spec.ServiceAccountName {
			continue
		}
		if workload.IP == "" || workload.IP == pod.Status.PodIP {
			return pod
		}
	}
	return nil
}

// spiffe is the identity in the certificate of a pod's proxy.
func (w *world) spiffe(pod *corev1.Pod) string {
	domain := w.mesh.GetTrustDomain()
	if domain == "" {
		domain = "cluster.local"
	}
	return fmt.Sprintf("spiffe://%s/ns/%s/sa/%s", domain, pod.Namespace, pod.Spec.ServiceAccountName)
}

// serviceNamed finds a Service by its cluster name, short or full, as the DNS of a proxy in a namespace would.
func (w *world) serviceNamed(name, namespace string) *corev1.Service {
	parts := strings.SplitN(strings.TrimSuffix(name, "."), ".", 3)
	if len(parts) == 3 && parts[2] != "svc" && parts[2] != "svc.cluster.local" {
		return nil
	}
	if len(parts) > 1 {
		namespace = parts[1]
	}
	for _, service := range w.kube.services {
		if service.Name == parts[0] && service.Namespace == namespace {
			return service
		}
	}
	return nil
}

func (w *world) serviceAt(ip string) *corev1.Service {
	for _, service := range w.kube.services {
		if service.Spec.ClusterIP == ip && ip != corev1.ClusterIPNone {
			return service
		}
	}
	return nil
}

func (w *world) podAt(ip string) *corev1.Pod {
	for _, pod := range w.kube.pods {
		if pod.Status.PodIP == ip {
			return pod
		}
	}
	return nil
}

func (w *world) dump() any {
	dumped := map[string]any{}
	for name, proxy := range w.proxies {
		dumped[name] = proxy.dump()
	}
	return dumped
}

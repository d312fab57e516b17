package main

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	corev1 "k8s.io/api/core/v1"

	networking "istio.io/api/networking/v1alpha3"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/serviceregistry/kube/controller"
	"istio.io/istio/pkg/config/schema/gvk"
)

// strangerAddress is dialled where nothing says what the host resolves to; no object may name it.
const strangerAddress = "198.18.255.254"

// ask follows one call; the outcome is the worst of its ways.
func (w *world) ask(call Call) Verdict {
	pod := w.callerOf(call.Workload)
	if pod == nil {
		outcome := Outcome{Kind: Unsupported, Reason: "no pod of the manifests fits the workload"}
		return Verdict{Outcome: outcome, Ways: []Branch{{Share: 1, Outcome: outcome}}}
	}
	call.Host = strings.ToLower(call.Host)
	address := call.Address
	if address == "" {
		address = w.resolve(call.Host, pod.Namespace)
	}
	conn := newConnection(call, pod, address)
	if conn.request != nil {
		conn.request.host = authorityOf(call)
	}
	start := walker{world: w, share: 1}
	ways := start.through(w.envoyOf(pod), conn)
	return Verdict{Outcome: worst(ways), Ways: ways}
}

func authorityOf(call Call) string {
	if call.Authority != "" {
		return call.Authority
	}
	for name, value := range call.Headers {
		if strings.EqualFold(name, "host") {
			return value
		}
	}
	if call.Port == 80 || (call.Protocol == "tls" && call.Port == 443) {
		return call.Host
	}
	return net.JoinHostPort(call.Host, strconv.Itoa(int(call.Port)))
}

// resolve is the application's DNS: an address itself, a Service's, or one that a ServiceEntry of that host names.
func (w *world) resolve(host, namespace string) string {
	if net.ParseIP(host) != nil {
		return host
	}
	if service := w.serviceNamed(host, namespace); service != nil && service.Spec.ClusterIP != "" {
		if service.Spec.ClusterIP != corev1.ClusterIPNone {
			return service.Spec.ClusterIP
		}
		if pods := w.kube.podsOf(service); len(pods) > 0 {
			return pods[0].Status.PodIP
		}
	}
	for _, config := range w.server.Store().List(gvk.ServiceEntry, model.NamespaceAll) {
		entry, _ := config.Spec.(*networking.ServiceEntry)
		for _, name := range entry.GetHosts() {
			for _, address := range entry.GetAddresses() {
				if name == host && net.ParseIP(address) != nil {
					return address
				}
			}
		}
	}
	return strangerAddress
}

var badness = map[string]int{Direct: 5, Unsupported: 4, Blocked: 3, Answered: 3, InMesh: 2, ViaGateway: 1}

func worst(ways []Branch) Outcome {
	found := Outcome{Kind: Unsupported, Reason: "no way out"}
	score := 0
	for _, way := range ways {
		if badness[way.Outcome.Kind] > score {
			found, score = way.Outcome, badness[way.Outcome.Kind]
		}
	}
	return found
}

// serviceOfPod names the Service by which a cluster led to a pod: the cluster's own, else one that selects the pod.
func (w *world) serviceOfPod(pod *corev1.Pod, c *cluster.Cluster) *corev1.Service {
	if strings.HasPrefix(c.Name, "outbound|") {
		_, _, host, _ := model.ParseSubsetKey(c.Name)
		if service := w.serviceNamed(string(host), ""); service != nil {
			return service
		}
	}
	for _, service := range w.kube.services {
		for _, selected := range w.kube.podsOf(service) {
			if selected == pod {
				return service
			}
		}
	}
	return nil
}

func targetPort(pod *corev1.Pod, port *corev1.ServicePort) (uint32, bool) {
	number, err := controller.FindPort(pod, port)
	return uint32(number), err == nil
}

func (c Call) String() string { return fmt.Sprintf("%s %s:%d", c.Protocol, c.Host, c.Port) }

package main

import (
	"encoding/json"
	"fmt"
	"sort"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"

	"istio.io/istio/pilot/pkg/serviceregistry/kube/controller"
	kubelib "istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/ptr"
)

// kube is the Kubernetes side of the mesh: what istiod would see through its informers.
type kube struct {
	objects  []runtime.Object
	pods     []*corev1.Pod
	services []*corev1.Service
}

// newKube decodes the objects and adds what a cluster's controllers would: pods, addresses, EndpointSlices, namespaces
// and the workloads of managed Gateways.
func newKube(objects []*unstructured.Unstructured) (*kube, error) {
	k := &kube{}
	namespaces := map[string]bool{}
	slices := map[string]bool{}
	for _, object := range objects {
		pod, err := podOf(object)
		if err != nil {
			return nil, err
		}
		if pod != nil {
			k.pods = append(k.pods, pod)
		}
		if pod != nil || !known(object) {
			continue
		}
		typed, err := decode(object)
		if err != nil {
			return nil, fmt.Errorf("%s %s/%s: %w", object.GetKind(), object.GetNamespace(), object.GetName(), err)
		}
		switch o := typed.(type) {
		case *corev1.Service:
			k.services = append(k.services, o)
			continue
		case *corev1.Namespace:
			namespaces[o.Name] = true
		case *discoveryv1.EndpointSlice:
			slices[o.Namespace+"/"+o.Labels[discoveryv1.LabelServiceName]] = true
		}
		k.objects = append(k.objects, typed)
	}
	k.addManagedGateways(objects)
	k.addAddresses()
	for _, service := range k.services {
		k.objects = append(k.objects, service)
		if !slices[service.Namespace+"/"+service.Name] {
			k.addSlices(service)
		}
	}
	for _, pod := range k.pods {
		k.objects = append(k.objects, pod)
	}
	k.addNamespaces(objects, namespaces)
	return k, nil
}

var knownKinds = map[string]bool{
	"Namespace": true, "Service": true, "EndpointSlice": true, "Gateway": true, "HTTPRoute": true,
	"GRPCRoute": true, "TLSRoute": true, "TCPRoute": true, "ReferenceGrant": true, "BackendTLSPolicy": true,
	"ListenerSet": true, "ServiceEntry": true, "Secret": true, "ConfigMap": true,
}

func known(object *unstructured.Unstructured) bool { return knownKinds[object.GetKind()] }

func decode(object *unstructured.Unstructured) (runtime.Object, error) {
	text, err := json.Marshal(object.Object)
	if err != nil {
		return nil, err
	}
	typed, _, err := kubelib.IstioCodec.UniversalDeserializer().Decode(text, nil, nil)
	return typed, err
}

func (k *kube) addAddresses() {
	sort.SliceStable(k.services, func(i, j int) bool { return key(k.services[i]) < key(k.services[j]) })
	for i, service := range k.services {
		if service.Namespace == "" {
			service.Namespace = "default"
		}
		if service.Spec.ClusterIP == "" && service.Spec.Type != corev1.ServiceTypeExternalName {
			service.Spec.ClusterIP = fmt.Sprintf("10.96.%d.%d", i/250, i%250+10)
		}
		if service.Spec.ClusterIP != "" && len(service.Spec.ClusterIPs) == 0 {
			service.Spec.ClusterIPs = []string{service.Spec.ClusterIP}
		}
		for p := range service.Spec.Ports {
			port := &service.Spec.Ports[p]
			if port.Protocol == "" {
				port.Protocol = corev1.ProtocolTCP
			}
			if port.TargetPort == (intstr.IntOrString{}) {
				port.TargetPort = intstr.FromInt32(port.Port)
			}
		}
	}
	sort.SliceStable(k.pods, func(i, j int) bool { return key(k.pods[i]) < key(k.pods[j]) })
	for i, pod := range k.pods {
		makeReady(pod, i)
	}
}

func key(o metav1.Object) string { return o.GetNamespace() + "/" + o.GetName() }

// podsOf lists the pods that a Service selects.
func (k *kube) podsOf(service *corev1.Service) []*corev1.Pod {
	found := []*corev1.Pod{}
	if len(service.Spec.Selector) == 0 {
		return found
	}
	selector := labels.SelectorFromSet(service.Spec.Selector)
	for _, pod := range k.pods {
		if pod.Namespace == service.Namespace && selector.Matches(labels.Set(pod.Labels)) {
			found = append(found, pod)
		}
	}
	return found
}

// addSlices makes one EndpointSlice for each pod, since named target ports may differ between pods.
func (k *kube) addSlices(service *corev1.Service) {
	for _, pod := range k.podsOf(service) {
		slice := &discoveryv1.EndpointSlice{
			TypeMeta: metav1.TypeMeta{APIVersion: "discovery.k8s.io/v1", Kind: "EndpointSlice"},
			ObjectMeta: metav1.ObjectMeta{
				Name: service.Name + "-" + pod.Name, Namespace: service.Namespace,
				Labels: map[string]string{discoveryv1.LabelServiceName: service.Name},
			},
			AddressType: discoveryv1.AddressTypeIPv4,
			Endpoints: []discoveryv1.Endpoint{{
				Addresses:  []string{pod.Status.PodIP},
				Conditions: discoveryv1.EndpointConditions{Ready: ptr.Of(true)},
				TargetRef:  &corev1.ObjectReference{Kind: "Pod", Name: pod.Name, Namespace: pod.Namespace},
			}},
		}
		for i := range service.Spec.Ports {
			port := service.Spec.Ports[i]
			if number, err := controller.FindPort(pod, &port); err == nil {
				slice.Ports = append(slice.Ports, discoveryv1.EndpointPort{
					Name: ptr.Of(port.Name), Port: ptr.Of(int32(number)), Protocol: ptr.Of(port.Protocol),
				})
			}
		}
		k.objects = append(k.objects, slice)
	}
}

// addNamespaces adds the namespaces that manifests use without declaring them.
func (k *kube) addNamespaces(objects []*unstructured.Unstructured, declared map[string]bool) {
	add := func(name string) {
		if name == "" || declared[name] {
			return
		}
		declared[name] = true
		k.objects = append(k.objects, &corev1.Namespace{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
			ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"kubernetes.io/metadata.name": name}},
		})
	}
	add("istio-system")
	for _, object := range objects {
		add(object.GetNamespace())
	}
	for _, pod := range k.pods {
		add(pod.Namespace)
	}
}

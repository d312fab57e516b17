package main

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/intstr"
	gatewayapi "sigs.k8s.io/gateway-api/apis/v1"

	"istio.io/istio/pkg/ptr"
)

// addManagedGateways makes Service and pod of each Gateway API Gateway of class istio that istiod's deployment
// controller would make: named <gateway>-istio, a Service port for each listener. It reads name-override and
// service-account; nothing else of the infrastructure's fields changes a verdict.
func (k *kube) addManagedGateways(objects []*unstructured.Unstructured) {
	k.objects = append(k.objects, &gatewayapi.GatewayClass{
		TypeMeta:   metav1.TypeMeta{APIVersion: "gateway.networking.k8s.io/v1", Kind: "GatewayClass"},
		ObjectMeta: metav1.ObjectMeta{Name: "istio"},
		Spec:       gatewayapi.GatewayClassSpec{ControllerName: "istio.io/gateway-controller"},
	})
	have := map[string]bool{}
	for _, service := range k.services {
		have[key(service)] = true
	}
	for _, object := range objects {
		class, _, _ := unstructured.NestedString(object.Object, "spec", "gatewayClassName")
		addresses, _, _ := unstructured.NestedSlice(object.Object, "spec", "addresses")
		if object.GetKind() != "Gateway" || class != "istio" || len(addresses) > 0 {
			continue
		}
		service, pod := managedGateway(object)
		if !have[key(service)] {
			k.services = append(k.services, service)
			k.pods = append(k.pods, pod)
		}
	}
}

func managedGateway(object *unstructured.Unstructured) (*corev1.Service, *corev1.Pod) {
	name := object.GetName() + "-istio"
	if override := object.GetAnnotations()["gateway.istio.io/name-override"]; override != "" {
		name = override
	}
	account := name
	if override := object.GetAnnotations()["gateway.istio.io/service-account"]; override != "" {
		account = override
	}
	labels := map[string]string{
		"gateway.networking.k8s.io/gateway-name":       object.GetName(),
		"gateway.networking.k8s.io/gateway-class-name": "istio",
		"gateway.istio.io/managed":                     "istio.io-gateway-controller",
	}
	infrastructure, _, _ := unstructured.NestedStringMap(object.Object, "spec", "infrastructure", "labels")
	for label, value := range infrastructure {
		labels[label] = value
	}
	meta := metav1.ObjectMeta{
		Name: name, Namespace: object.GetNamespace(), Labels: labels,
		CreationTimestamp: object.GetCreationTimestamp(),
	}
	ports := []corev1.ServicePort{{Name: "status-port", Port: 15021, TargetPort: intstr.FromInt32(15021)}}
	listeners, _, _ := unstructured.NestedSlice(object.Object, "spec", "listeners")
	seen := map[int64]bool{15021: true}
	for _, entry := range listeners {
		listener, _ := entry.(map[string]any)
		number, _ := listener["port"].(int64)
		if float, isFloat := listener["port"].(float64); isFloat {
			number = int64(float)
		}
		if seen[number] {
			continue
		}
		seen[number] = true
		portName, _ := listener["name"].(string)
		protocol, _ := listener["protocol"].(string)
		ports = append(ports, corev1.ServicePort{
			Name: portName, Port: int32(number), TargetPort: intstr.FromInt32(int32(number)),
			AppProtocol: ptr.Of(strings.ToLower(protocol)),
		})
	}
	service := &corev1.Service{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Service"}, ObjectMeta: meta,
		Spec: corev1.ServiceSpec{
			Selector: map[string]string{"gateway.networking.k8s.io/gateway-name": object.GetName()},
			Ports:    ports,
		},
	}
	pod := &corev1.Pod{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}, ObjectMeta: meta,
		Spec: corev1.PodSpec{ServiceAccountName: account},
	}
	return service, pod
}

package main

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// ownerKinds are the workloads whose template becomes one pod.
var ownerKinds = map[string]bool{
	"Deployment": true, "StatefulSet": true, "DaemonSet": true, "ReplicaSet": true, "Job": true, "Rollout": true,
}

// podOf makes the pod of a bare Pod or of an owner's template; nil for any other object.
func podOf(object *unstructured.Unstructured) (*corev1.Pod, error) {
	pod := &corev1.Pod{}
	switch {
	case object.GetKind() == "Pod":
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, pod); err != nil {
			return nil, err
		}
	case ownerKinds[object.GetKind()]:
		template, found, err := unstructured.NestedMap(object.Object, "spec", "template")
		if err != nil || !found {
			return nil, err
		}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(template, pod); err != nil {
			return nil, err
		}
		pod.Name = object.GetName()
		pod.Namespace = object.GetNamespace()
	default:
		return nil, nil
	}
	if pod.Namespace == "" {
		pod.Namespace = "default"
	}
	pod.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}
	if pod.Spec.ServiceAccountName == "" {
		pod.Spec.ServiceAccountName = "default"
	}
	return pod, nil
}

// makeReady gives the pod an address and a healthy status.
func makeReady(pod *corev1.Pod, number int) {
	if pod.Status.PodIP == "" {
		pod.Status.PodIP = fmt.Sprintf("10.244.%d.%d", number/250, number%250+2)
	}
	pod.Status.PodIPs = []corev1.PodIP{{IP: pod.Status.PodIP}}
	pod.Status.Phase = corev1.PodRunning
	pod.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}}
	if pod.CreationTimestamp.IsZero() {
		pod.CreationTimestamp = metav1.Unix(1_700_000_000, 0)
	}
}

// isGateway tells pods that run the proxy as router from those that run it as sidecar.
func isGateway(pod *corev1.Pod) bool {
	if pod.Labels["gateway.networking.k8s.io/gateway-name"] != "" {
		return true
	}
	if strings.Contains(pod.Annotations["inject.istio.io/templates"], "gateway") {
		return true
	}
	for _, container := range pod.Spec.Containers {
		for _, arg := range container.Args {
			if arg == "router" {
				return true
			}
		}
	}
	return false
}

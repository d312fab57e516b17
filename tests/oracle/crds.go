package main

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	metadatafake "k8s.io/client-go/metadata/fake"
	k8stesting "k8s.io/client-go/testing"
	"sigs.k8s.io/gateway-api/pkg/consts"

	kubelib "istio.io/istio/pkg/kube"
)

// markCRDs says of each CRD of the fake cluster which bundle it comes from: istiod ignores Gateway API's without that.
func markCRDs(client kubelib.Client) {
	fake, ok := client.Metadata().(*metadatafake.FakeMetadataClient)
	if !ok {
		return
	}
	mark := func(action k8stesting.Action) (bool, runtime.Object, error) {
		if create, isCreate := action.(k8stesting.CreateAction); isCreate {
			if object, hasMeta := create.GetObject().(metav1.Object); hasMeta {
				object.SetAnnotations(map[string]string{consts.BundleVersionAnnotation: consts.BundleVersion})
			}
		}
		return false, nil, nil
	}
	fake.PrependReactor("create", "customresourcedefinitions", mark)
}

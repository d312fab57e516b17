package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	kubejson "k8s.io/apimachinery/pkg/util/json"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config"
	istiocrd "istio.io/istio/pkg/config/crd"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/config/schema/resource"
)

// admission stands for the API server: CRD schemas with their defaults and rules, then Istio's webhook.
type admission struct {
	validator *istiocrd.Validator
}

// admitted are the objects that got in: Istio's as configurations, all others as plain objects.
type admitted struct {
	configs []config.Config
	objects []*unstructured.Unstructured
}

func newAdmission(istioSource string) (*admission, error) {
	if istioSource == "" {
		return &admission{}, nil
	}
	validator, err := istiocrd.NewValidatorFromFilesWithOptions([]string{
		filepath.Join(istioSource, "tests/integration/pilot/testdata/gateway-api-crd.yaml"),
		filepath.Join(istioSource, "manifests/charts/base/files/crd-all.gen.yaml"),
	}, istiocrd.WithoutCRDValidation())
	if err != nil {
		return nil, err
	}
	validator.SkipMissing = true
	return &admission{validator: validator}, nil
}

func (a *admission) admit(manifests []json.RawMessage) (admitted, []Rejected) {
	in, rejected := admitted{}, []Rejected{}
	for _, raw := range manifests {
		object := &unstructured.Unstructured{}
		// Kubernetes' own decoder keeps whole numbers integers, as CRD rules expect.
		if err := kubejson.Unmarshal(raw, &object.Object); err != nil {
			rejected = append(rejected, Rejected{Object: "?", Reason: err.Error()})
			continue
		}
		if err := a.admitOne(object, &in); err != nil {
			name := fmt.Sprintf("%s %s/%s", object.GetKind(), object.GetNamespace(), object.GetName())
			rejected = append(rejected, Rejected{Object: name, Reason: err.Error()})
		}
	}
	return in, rejected
}

func (a *admission) admitOne(object *unstructured.Unstructured, in *admitted) error {
	gvk := object.GroupVersionKind()
	schema, found := collections.PilotGatewayAPI().FindByGroupVersionAliasesKind(resource.FromKubernetesGVK(&gvk))
	if found && !schema.IsClusterScoped() && object.GetNamespace() == "" {
		object.SetNamespace("default")
	}
	if a.validator != nil {
		if err := a.validator.ValidateCustomResource(object); err != nil {
			return err
		}
	}
	if !found || schema.Group() == "gateway.networking.k8s.io" || schema.IsBuiltin() {
		if found && !schema.IsBuiltin() {
			object.SetAPIVersion(schema.APIVersion()) // the version that istiod's informers list
		}
		in.objects = append(in.objects, object)
		return nil
	}
	cfg, err := istioConfig(schema, object)
	if err != nil {
		return err
	}
	if _, err := schema.ValidateConfig(*cfg); err != nil {
		return err
	}
	in.configs = append(in.configs, *cfg)
	if object.GetKind() == "ServiceEntry" {
		// The Gateway API controller looks up parents and Hostname backends through its own informer.
		object.SetAPIVersion(schema.APIVersion())
		in.objects = append(in.objects, object)
	}
	return nil
}

func istioConfig(schema resource.Schema, object *unstructured.Unstructured) (*config.Config, error) {
	text, err := json.Marshal(object.Object)
	if err != nil {
		return nil, err
	}
	kind := &crd.IstioKind{}
	if err := json.Unmarshal(text, kind); err != nil {
		return nil, err
	}
	return crd.ConvertObject(schema, kind, "cluster.local")
}

package main

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	fault "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/fault/v3"
	httprbac "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/rbac/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
)

// proxyHTTP runs a request through an HTTP connection manager: authorization, virtual host, route, fault, cluster.
func (w walker) proxyHTTP(e *envoy, manager *hcm.HttpConnectionManager, conn connection, facts peerFacts) []Branch {
	w.http = true
	conn.request = conn.request.clone()
	for _, filter := range manager.HttpFilters {
		if blocked := w.httpFilter(filter, conn, facts); blocked != nil {
			return blocked
		}
	}
	table := manager.GetRouteConfig()
	if table == nil {
		table = e.routes[manager.GetRds().GetRouteConfigName()]
	}
	if table == nil {
		return w.blocked("route", "404", "no route table %s", manager.GetRds().GetRouteConfigName())
	}
	host := virtualHostFor(table, conn.request.host)
	if host == nil {
		return w.blocked("virtual-host", "404", "no virtual host of %s takes %s", table.Name, conn.request.host)
	}
	w.hop().VirtualHost = host.Name
	if host.RequireTls == route.VirtualHost_ALL && !facts.tls {
		return w.end(Outcome{Kind: Answered, Seen: "301", Reason: "httpsRedirect"})
	}
	for _, r := range host.Routes {
		switch matchRoute(r.Match, conn.request) {
		case maybe:
			return w.unsupported("a route match of virtual host %s", host.Name)
		case yes:
			w.hop().Route = r.Name
			return w.takeRoute(e, r, conn, facts)
		}
	}
	return w.blocked("route", "404", "no route of virtual host %s matches", host.Name)
}

func (w walker) httpFilter(filter *hcm.HttpFilter, conn connection, facts peerFacts) []Branch {
	config, err := unwrap(filter.GetTypedConfig())
	if err != nil {
		return nil // Istio's own telemetry filters, not linked here
	}
	if f, isRBAC := config.(*httprbac.RBAC); isRBAC {
		switch judge(f.Rules, requestFacts{peerFacts: facts, request: conn.request, trust: w.world}) {
		case no:
			w.hop().Policy = f.GetRules().GetAction().String()
			return w.blocked("authorization", "403", "denied by the HTTP filter RBAC")
		case maybe:
			return w.unsupported("an AuthorizationPolicy that the oracle cannot evaluate")
		}
	}
	switch filter.Name {
	case "envoy.filters.http.ext_authz", "envoy.filters.http.jwt_authn", "envoy.filters.http.ext_proc",
		"envoy.filters.http.lua", "envoy.filters.http.wasm":
		return w.unsupported("HTTP filter %s", filter.Name)
	}
	return nil
}

// virtualHostFor picks a virtual host as Envoy does: exact, longest suffix, longest prefix, then the catch-all.
func virtualHostFor(table *route.RouteConfiguration, host string) *route.VirtualHost {
	host = strings.ToLower(host)
	if table.GetIgnorePortInHostMatching() {
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
	}
	var best *route.VirtualHost
	score := -1
	for _, candidate := range table.VirtualHosts {
		for _, domain := range candidate.Domains {
			if s := domainScore(strings.ToLower(domain), host); s > score {
				best, score = candidate, s
			}
		}
	}
	return best
}

func domainScore(domain, host string) int {
	switch {
	case domain == host:
		return 1 << 24
	case domain == "*":
		return 0
	case strings.HasPrefix(domain, "*") && len(host) >= len(domain) && strings.HasSuffix(host, domain[1:]):
		return 1<<16 + len(domain)
	case strings.HasSuffix(domain, "*") && len(host) >= len(domain) && strings.HasPrefix(host, domain[:len(domain)-1]):
		return len(domain)
	}
	return -1
}

func (w walker) takeRoute(e *envoy, r *route.Route, conn connection, facts peerFacts) []Branch {
	found := []Branch{}
	if abort, status := abortOf(r); abort > 0 {
		aborted := w.fork(w.share * abort)
		found = aborted.end(Outcome{Kind: Answered, Seen: status, Reason: "fault.abort"})
		if abort >= 1 {
			return found
		}
		w = w.fork(w.share * (1 - abort))
	}
	switch action := r.Action.(type) {
	case *route.Route_Redirect:
		code := map[route.RedirectAction_RedirectResponseCode]string{0: "301", 1: "302", 2: "303", 3: "307", 4: "308"}
		return append(found, w.end(Outcome{Kind: Answered, Seen: code[action.Redirect.ResponseCode], Reason: "redirect"})...)
	case *route.Route_DirectResponse:
		return append(found, w.directResponse(r.Name, int(action.DirectResponse.Status))...)
	case *route.Route_Route:
		return append(found, w.routeAction(e, r, action.Route, conn, facts)...)
	}
	return append(found, w.unsupported("route action %T", r.Action)...)
}

// directResponse tells Istio's own refusals (catch-all, missing backend) from an answer that a user configured.
func (w walker) directResponse(name string, status int) []Branch {
	if name == "block_all" {
		return w.blocked("virtual-host", strconv.Itoa(status), "unknown host, outbound policy REGISTRY_ONLY")
	}
	if status >= 500 {
		return w.blocked("route", strconv.Itoa(status), "the route has no usable backend, or a fixed response")
	}
	return w.end(Outcome{Kind: Answered, Seen: strconv.Itoa(status), Reason: "direct response"})
}

// abortOf gives the share of calls that a fault answers, and with which status.
func abortOf(r *route.Route) (float64, string) {
	config := &fault.HTTPFault{}
	any := r.TypedPerFilterConfig["envoy.filters.http.fault"]
	if any == nil || any.UnmarshalTo(config) != nil || config.GetAbort() == nil {
		return 0, ""
	}
	percentage := config.GetAbort().GetPercentage()
	scale := map[string]float64{"HUNDRED": 100, "TEN_THOUSAND": 10_000, "MILLION": 1_000_000}
	return float64(percentage.GetNumerator()) / scale[percentage.GetDenominator().String()], fmt.Sprint(config.GetAbort().GetHttpStatus())
}

func (w walker) routeAction(e *envoy, r *route.Route, action *route.RouteAction, conn connection, facts peerFacts) []Branch {
	missing := "503"
	if action.ClusterNotFoundResponseCode != route.RouteAction_SERVICE_UNAVAILABLE {
		missing = map[route.RouteAction_ClusterNotFoundResponseCode]string{1: "404", 2: "500"}[action.ClusterNotFoundResponseCode]
	}
	found := []Branch{}
	conn.request = conn.request.clone()
	if err := rewrite(r, action, conn.request); err != "" {
		return append(found, w.unsupported("%s", err)...)
	}
	for _, mirror := range action.RequestMirrorPolicies {
		copied := conn
		copied.request = conn.request.clone()
		if !mirror.DisableShadowHostSuffixAppend {
			copied.request.host = shadowHost(copied.request.host)
		}
		next := w.fork(w.share * fraction(mirror))
		next.mirror = true
		found = append(found, next.upstream(e, target{cluster: mirror.Cluster, missing: missing, http: true}, copied, facts, nil)...)
	}
	weighted := action.GetWeightedClusters()
	if weighted == nil {
		if action.GetCluster() == "" {
			return append(found, w.unsupported("cluster specifier %T", action.ClusterSpecifier)...)
		}
		return append(found, w.upstream(e, target{cluster: action.GetCluster(), missing: missing, http: true}, conn, facts, nil)...)
	}
	total := uint32(0)
	for _, c := range weighted.Clusters {
		total += c.Weight.GetValue()
	}
	for _, c := range weighted.Clusters {
		if c.Weight.GetValue() == 0 {
			continue
		}
		next := w.fork(w.share * float64(c.Weight.GetValue()) / float64(total))
		split := conn
		split.request = conn.request.clone()
		applyHeaders(split.request, c.RequestHeadersToAdd, c.RequestHeadersToRemove)
		if literal := c.GetHostRewriteLiteral(); literal != "" {
			split.request.host = literal
		}
		found = append(found, next.upstream(e, target{cluster: c.Name, missing: missing, http: true}, split, facts, nil)...)
	}
	return found
}

// shadowHost marks the Host of a mirrored request as Envoy does (API RequestMirrorPolicy).
func shadowHost(host string) string {
	if name, port, err := net.SplitHostPort(host); err == nil {
		return name + "-shadow:" + port
	}
	return host + "-shadow"
}

func fraction(mirror *route.RouteAction_RequestMirrorPolicy) float64 {
	percentage := mirror.GetRuntimeFraction().GetDefaultValue()
	if percentage == nil {
		return 1
	}
	scale := map[string]float64{"HUNDRED": 100, "TEN_THOUSAND": 10_000, "MILLION": 1_000_000}
	return float64(percentage.GetNumerator()) / scale[fmt.Sprint(percentage.GetDenominator())]
}

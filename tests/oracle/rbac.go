package main

import (
	"net/netip"
	"regexp"
	"strings"

	envoycore "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	rbac "github.com/envoyproxy/go-control-plane/envoy/config/rbac/v3"
	uritemplate "github.com/envoyproxy/go-control-plane/envoy/extensions/path/match/uri_template/v3"
	matcher "github.com/envoyproxy/go-control-plane/envoy/type/matcher/v3"
)

// requestFacts is what RBAC rules see; request is nil for a network filter.
type requestFacts struct {
	peerFacts
	request *request
	trust   *world
}

// judge says whether RBAC rules let it pass (Envoy API RBAC): ALLOW needs a matching policy, DENY none.
func judge(rules *rbac.RBAC, f requestFacts) truth {
	if rules == nil {
		return yes // shadow rules only
	}
	matched := no
	for _, policy := range rules.Policies {
		result := yes
		if policy.Condition != nil || policy.CheckedCondition != nil {
			result = maybe
		}
		matched = max(matched, all(result, anyPermission(policy.Permissions, f), anyPrincipal(policy.Principals, f)))
	}
	switch rules.Action {
	case rbac.RBAC_ALLOW:
		return matched
	case rbac.RBAC_DENY:
		return matched.not()
	}
	return yes
}

func anyPermission(list []*rbac.Permission, f requestFacts) truth {
	found := no
	for _, p := range list {
		found = max(found, permission(p, f))
	}
	return found
}

func permission(p *rbac.Permission, f requestFacts) truth {
	switch rule := p.Rule.(type) {
	case *rbac.Permission_Any:
		return truthOf(rule.Any)
	case *rbac.Permission_AndRules:
		found := yes
		for _, r := range rule.AndRules.Rules {
			found = all(found, permission(r, f))
		}
		return found
	case *rbac.Permission_OrRules:
		return anyPermission(rule.OrRules.Rules, f)
	case *rbac.Permission_NotRule:
		return permission(rule.NotRule, f).not()
	case *rbac.Permission_Header:
		if f.request != nil {
			return matchHeader(rule.Header, f.request)
		}
	case *rbac.Permission_UrlPath:
		if f.request != nil {
			return matchString(rule.UrlPath.GetPath(), pathOnly(f.request))
		}
	case *rbac.Permission_UriTemplate:
		if f.request != nil {
			return matchTemplate(rule.UriTemplate, pathOnly(f.request))
		}
	case *rbac.Permission_DestinationIp:
		return inRange(rule.DestinationIp, f.address)
	case *rbac.Permission_DestinationPort:
		return truthOf(rule.DestinationPort == f.port)
	case *rbac.Permission_DestinationPortRange:
		return truthOf(int32(f.port) >= rule.DestinationPortRange.Start && int32(f.port) < rule.DestinationPortRange.End)
	case *rbac.Permission_RequestedServerName:
		return matchString(rule.RequestedServerName, f.sni)
	}
	return maybe
}

func anyPrincipal(list []*rbac.Principal, f requestFacts) truth {
	found := no
	for _, p := range list {
		found = max(found, principal(p, f))
	}
	return found
}

func principal(p *rbac.Principal, f requestFacts) truth {
	switch id := p.Identifier.(type) {
	case *rbac.Principal_Any:
		return truthOf(id.Any)
	case *rbac.Principal_AndIds:
		found := yes
		for _, i := range id.AndIds.Ids {
			found = all(found, principal(i, f))
		}
		return found
	case *rbac.Principal_OrIds:
		return anyPrincipal(id.OrIds.Ids, f)
	case *rbac.Principal_NotId:
		return principal(id.NotId, f).not()
	case *rbac.Principal_Authenticated_:
		return identity(id.Authenticated.PrincipalName, f)
	case *rbac.Principal_FilterState:
		if id.FilterState.Key == "io.istio.peer_principal" {
			return identity(id.FilterState.GetStringMatch(), f)
		}
	case *rbac.Principal_DirectRemoteIp:
		return inRange(id.DirectRemoteIp, f.source)
	case *rbac.Principal_RemoteIp:
		return inRange(id.RemoteIp, f.source)
	case *rbac.Principal_SourceIp: //nolint:staticcheck
		return inRange(id.SourceIp, f.source)
	case *rbac.Principal_Header:
		if f.request != nil {
			return matchHeader(id.Header, f.request)
		}
	case *rbac.Principal_Metadata:
		return truthOf(false) // a JWT's claims: the calls carry none
	}
	return maybe
}

func identity(name *matcher.StringMatcher, f requestFacts) truth {
	if f.peer == nil {
		return no
	}
	if name == nil {
		return yes
	}
	return matchString(name, f.trust.spiffe(f.peer))
}

func pathOnly(r *request) string {
	path, _, _ := strings.Cut(r.path, "?")
	return path
}

func inRange(cidr *envoycore.CidrRange, text string) truth {
	ip, err := netip.ParseAddr(text)
	base, fault := netip.ParseAddr(cidr.AddressPrefix)
	if err != nil || fault != nil {
		return maybe
	}
	return truthOf(netip.PrefixFrom(base, int(cidr.GetPrefixLen().GetValue())).Contains(ip))
}

// matchTemplate evaluates a path template: * is one segment, ** any rest.
func matchTemplate(config *envoycore.TypedExtensionConfig, path string) truth {
	template := &uritemplate.UriTemplateMatchConfig{}
	if config.GetTypedConfig().UnmarshalTo(template) != nil {
		return maybe
	}
	pattern := regexp.QuoteMeta(template.PathTemplate)
	pattern = strings.ReplaceAll(pattern, `\*\*`, `.*`)
	pattern = strings.ReplaceAll(pattern, `\*`, `[^/]+`)
	return fullMatch(pattern, path)
}

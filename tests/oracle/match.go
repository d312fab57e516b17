package main

import (
	"regexp"
	"strings"

	envoycore "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	matcher "github.com/envoyproxy/go-control-plane/envoy/type/matcher/v3"
)

// truth has a third value for what the oracle does not model.
type truth int

const (
	no truth = iota
	maybe
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

func (t truth) not() truth { return yes - t }

func all(values ...truth) truth {
	result := yes
	for _, v := range values {
		result = min(result, v)
	}
	return result
}

func matchRoute(m *route.RouteMatch, r *request) truth {
	path, query, _ := strings.Cut(r.path, "?")
	result := matchPath(m, path)
	for _, header := range m.Headers {
		result = all(result, matchHeader(header, r))
	}
	for _, parameter := range m.QueryParameters {
		result = all(result, matchQuery(parameter, query))
	}
	if m.Grpc != nil || len(m.DynamicMetadata) > 0 || m.TlsContext != nil {
		result = all(result, maybe)
	}
	return result
}

func matchPath(m *route.RouteMatch, path string) truth {
	fold := func(s string) string {
		if m.CaseSensitive != nil && !m.CaseSensitive.Value {
			return strings.ToLower(s)
		}
		return s
	}
	switch p := m.PathSpecifier.(type) {
	case *route.RouteMatch_Prefix:
		return truthOf(strings.HasPrefix(fold(path), fold(p.Prefix)))
	case *route.RouteMatch_Path:
		return truthOf(fold(path) == fold(p.Path))
	case *route.RouteMatch_PathSeparatedPrefix:
		prefix := fold(p.PathSeparatedPrefix)
		return truthOf(fold(path) == prefix || strings.HasPrefix(fold(path), prefix+"/"))
	case *route.RouteMatch_SafeRegex:
		return fullMatch(p.SafeRegex.Regex, path)
	}
	return maybe
}

func fullMatch(pattern, text string) truth {
	compiled, err := regexp.Compile("^(?:" + pattern + ")$")
	if err != nil {
		return maybe
	}
	return truthOf(compiled.MatchString(text))
}

func matchString(m *matcher.StringMatcher, text string) truth {
	fold := func(s string) string {
		if m.IgnoreCase {
			return strings.ToLower(s)
		}
		return s
	}
	switch p := m.MatchPattern.(type) {
	case *matcher.StringMatcher_Exact:
		return truthOf(fold(text) == fold(p.Exact))
	case *matcher.StringMatcher_Prefix:
		return truthOf(strings.HasPrefix(fold(text), fold(p.Prefix)))
	case *matcher.StringMatcher_Suffix:
		return truthOf(strings.HasSuffix(fold(text), fold(p.Suffix)))
	case *matcher.StringMatcher_Contains:
		return truthOf(strings.Contains(fold(text), fold(p.Contains)))
	case *matcher.StringMatcher_SafeRegex:
		return fullMatch(p.SafeRegex.Regex, text)
	}
	return maybe
}

func headerOf(name string, r *request) (string, bool) {
	switch strings.ToLower(name) {
	case ":authority", "host":
		return r.host, true
	case ":method":
		return r.method, true
	case ":path":
		return r.path, true
	case ":scheme":
		return "http", true
	}
	value, found := r.headers[strings.ToLower(name)]
	return value, found
}

func matchHeader(m *route.HeaderMatcher, r *request) truth {
	value, present := headerOf(m.Name, r)
	if p, isPresence := m.HeaderMatchSpecifier.(*route.HeaderMatcher_PresentMatch); isPresence {
		return truthOf((present == p.PresentMatch) != m.InvertMatch)
	}
	if !present && !m.TreatMissingHeaderAsEmpty {
		// Envoy: a missing header never matches by value; inverted, it therefore does.
		return truthOf(m.InvertMatch)
	}
	result := maybe
	switch p := m.HeaderMatchSpecifier.(type) {
	case *route.HeaderMatcher_StringMatch:
		result = matchString(p.StringMatch, value)
	case *route.HeaderMatcher_ExactMatch: //nolint:staticcheck // Istio's RBAC still writes it
		result = truthOf(value == p.ExactMatch)
	case *route.HeaderMatcher_PrefixMatch: //nolint:staticcheck
		result = truthOf(strings.HasPrefix(value, p.PrefixMatch))
	case *route.HeaderMatcher_SuffixMatch: //nolint:staticcheck
		result = truthOf(strings.HasSuffix(value, p.SuffixMatch))
	case *route.HeaderMatcher_SafeRegexMatch: //nolint:staticcheck
		result = fullMatch(p.SafeRegexMatch.Regex, value)
	}
	if m.InvertMatch {
		return result.not()
	}
	return result
}

func matchQuery(m *route.QueryParameterMatcher, query string) truth {
	for _, pair := range strings.Split(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if name != m.Name {
			continue
		}
		switch p := m.QueryParameterMatchSpecifier.(type) {
		case *route.QueryParameterMatcher_StringMatch:
			return matchString(p.StringMatch, value)
		case *route.QueryParameterMatcher_PresentMatch:
			return truthOf(p.PresentMatch)
		}
		return yes
	}
	return no
}

// rewrite applies what a route changes in the request before it goes on; it names what it cannot apply.
func rewrite(r *route.Route, action *route.RouteAction, req *request) string {
	applyHeaders(req, r.RequestHeadersToAdd, r.RequestHeadersToRemove)
	if literal := action.GetHostRewriteLiteral(); literal != "" {
		req.host = literal
	}
	if prefix := action.GetPrefixRewrite(); prefix != "" {
		if matched := r.Match.GetPrefix() + r.Match.GetPathSeparatedPrefix() + r.Match.GetPath(); len(matched) <= len(req.path) {
			req.path = prefix + req.path[len(matched):]
		}
	}
	switch {
	case action.GetRegexRewrite() != nil:
		pattern, err := regexp.Compile(action.GetRegexRewrite().GetPattern().GetRegex())
		if err != nil {
			return "regex rewrite"
		}
		substitution := regexp.MustCompile(`\\(\d)`).ReplaceAllString(action.GetRegexRewrite().GetSubstitution(), "$${$1}")
		req.path = pattern.ReplaceAllString(req.path, substitution)
	case action.GetHostRewriteHeader() != "", action.GetHostRewritePathRegex() != nil:
		return "host rewrite from header or path"
	}
	return ""
}

func applyHeaders(req *request, add []*envoycore.HeaderValueOption, remove []string) {
	for _, name := range remove {
		delete(req.headers, strings.ToLower(name))
	}
	for _, option := range add {
		name := strings.ToLower(option.GetHeader().GetKey())
		if name == ":authority" || name == "host" {
			req.host = option.GetHeader().GetValue()
			continue
		}
		req.headers[name] = option.GetHeader().GetValue()
	}
}

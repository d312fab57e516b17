package main

import (
	"fmt"
	"net/netip"

	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
)

// conflictIn names two filter chains of a listener with a match in common: Envoy refuses the whole listener
// (API FilterChainMatch: "overlapping matching rules").
func conflictIn(l *listener.Listener) string {
	taken := map[string]string{}
	for i, chain := range l.FilterChains {
		name := fmt.Sprintf("%d %s", i, chain.Name)
		for _, match := range matchesOf(chain.GetFilterChainMatch()) {
			if other, found := taken[match]; found && other != name {
				return fmt.Sprintf("chains %s and %s of %s", other, name, l.Name)
			}
			taken[match] = name
		}
	}
	return ""
}

// matchesOf lists every combination that a match stands for.
func matchesOf(m *listener.FilterChainMatch) []string {
	combinations := []string{fmt.Sprintf("%d|%s", m.GetDestinationPort().GetValue(), m.GetTransportProtocol())}
	ranges := []string{}
	for _, r := range m.GetPrefixRanges() {
		if base, err := netip.ParseAddr(r.AddressPrefix); err == nil {
			ranges = append(ranges, netip.PrefixFrom(base, int(r.GetPrefixLen().GetValue())).Masked().String())
		}
	}
	for _, values := range [][]string{ranges, m.GetServerNames(), m.GetApplicationProtocols()} {
		if len(values) == 0 {
			values = []string{""}
		}
		next := []string{}
		for _, combination := range combinations {
			for _, value := range values {
				next = append(next, combination+"|"+value)
			}
		}
		combinations = next
	}
	return combinations
}

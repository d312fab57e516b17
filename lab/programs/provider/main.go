// The Kubernetes provider of Pulumi, release 4.25.0, from its Go module. Its own main embeds a
// schema file that the module does not carry; Node programs need no schema from the provider.
package main

import "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"

func main() {
	leaveWithEngine()
	provider.Serve("kubernetes", "4.25.0", []byte("{}"), []byte("{}"))
}

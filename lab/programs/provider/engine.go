package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"strings"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
)

// How long cancelled work may take to note down what it leaves half done (Helm marks its release
// as failed, which a later `up` can repair; one left as pending it cannot).
const lastWords = 2 * time.Second

// leaveWithEngine ends this process when the engine has ended, kill -9 included. The engine holds
// the other end of our stdin and never writes to it: the end of that stream is the end of the
// engine. Upstream lives on for ever. Started by hand, with no pipe for stdin, nothing is watched.
func leaveWithEngine() {
	stdin, err := os.Stdin.Stat()
	if err != nil || stdin.Mode()&os.ModeNamedPipe == 0 {
		return
	}
	port := portOnStdout()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		select {
		case p := <-port:
			cancelWork(p)
		default: // not serving yet: no work to cancel
		}
		os.Exit(1)
	}()
}

// portOnStdout reads along as the provider prints its port, the first line of its output.
func portOnStdout() <-chan string {
	port := make(chan string, 1)
	engine := os.Stdout
	read, write, err := os.Pipe()
	if err != nil {
		return port
	}
	os.Stdout = write
	go func() {
		out := bufio.NewReader(read)
		line, _ := out.ReadString('\n')
		port <- strings.TrimSpace(line)
		_, _ = io.WriteString(engine, line)
		_, _ = io.Copy(engine, out)
	}()
	return port
}

// cancelWork asks our own server to cancel, as the engine does on SIGINT.
func cancelWork(port string) {
	end, stop := context.WithTimeout(context.Background(), lastWords)
	defer stop()
	conn, err := grpc.NewClient("127.0.0.1:"+port, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return
	}
	defer conn.Close()
	if _, err := pulumirpc.NewResourceProviderClient(conn).Cancel(end, &emptypb.Empty{}); err == nil {
		<-end.Done()
	}
}

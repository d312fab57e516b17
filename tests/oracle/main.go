package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"istio.io/istio/pkg/kube/krt"
	"istio.io/istio/pkg/log"
	"istio.io/istio/pkg/test"
)

func main() {
	source := flag.String("istio", "", "folder of the module istio.io/istio, for its CRDs")
	verbose := flag.Bool("v", false, "Istio's own log on standard error")
	flag.Parse()
	quiet(*verbose)
	debug.SetGCPercent(400)
	admission, err := newAdmission(*source)
	if err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(64)
	}
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 1 {
			_ = out.Encode(answerLine(admission, line))
		}
		if err == io.EOF {
			return
		}
	}
}

func quiet(verbose bool) {
	options := log.DefaultOptions()
	options.OutputPaths = []string{"stderr"}
	if !verbose {
		options.SetDefaultOutputLevel("all", log.NoneLevel)
	}
	_ = log.Configure(options)
}

func answerLine(admission *admission, line []byte) (answer Answer) {
	start := time.Now()
	defer func() {
		if r := recover(); r != nil {
			answer.Error = fmt.Sprintf("panic: %v\n%s", r, debug.Stack())
		}
		answer.Millis = time.Since(start).Milliseconds()
	}()
	question := Question{}
	if err := json.Unmarshal(line, &question); err != nil {
		return Answer{Error: err.Error()}
	}
	answer.ID = question.ID
	krt.GlobalDebugHandler = new(krt.DebugHandler) // else it keeps every mesh of the past in memory
	var panicked any
	err := test.Wrap(func(t test.Failer) {
		defer func() {
			// Fatal ends this goroutine without a panic, so whatever is recovered here is a fault of ours or Istio's.
			if r := recover(); r != nil {
				panicked = fmt.Sprintf("%v\n%s", r, debug.Stack())
			}
		}()
		answer = answerQuestion(t, admission, question)
	})
	if panicked != nil {
		answer.Error = fmt.Sprint("panic: ", panicked)
	} else if err != nil {
		answer.Error = err.Error()
	}
	answer.ID = question.ID
	return answer
}

func answerQuestion(t test.Failer, admission *admission, question Question) Answer {
	answer := Answer{ID: question.ID}
	admitted, rejected := admission.admit(question.Manifests)
	answer.Rejected = rejected
	world, err := newWorld(t, admitted, question)
	if err != nil {
		answer.Error = err.Error()
		return answer
	}
	answer.Calls = make([]Verdict, 0, len(question.Calls))
	for _, call := range question.Calls {
		answer.Calls = append(answer.Calls, world.ask(call))
	}
	if question.Dump {
		answer.Dump = world.dump()
	}
	return answer
}

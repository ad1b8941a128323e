package main

import (
	"os"
	"regexp"
	"syscall"
)

// Starting Python costs a fifth of a second of processor time, and a check runs each second while
// a service starts. A stand-in has no Python program, only this check, so it is answered here.
var urllibCheck = regexp.MustCompile(`^import urllib\.request; ?urllib\.request\.urlopen\(['"]([^'"]+)['"](?:, ?timeout=\d+)?\)$`)

// python behaves as python3 does: it asks the URL of a urllib one-liner, or becomes the real one.
func python(arguments []string) int {
	if len(arguments) == 2 && arguments[0] == "-c" {
		if match := urllibCheck.FindStringSubmatch(arguments[1]); match != nil {
			return ask(match[1])
		}
	}
	fail(syscall.Exec("/usr/bin/python3", append([]string{"python3"}, arguments...), os.Environ()))
	return 1
}

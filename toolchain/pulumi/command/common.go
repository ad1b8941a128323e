package command

import (
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

const (
	previousStdout = "PULUMI_COMMAND_STDOUT"
	previousStderr = "PULUMI_COMMAND_STDERR"
)

// Outputs is what every command leaves behind.
type Outputs struct {
	Stdout string `pulumi:"stdout"`
	Stderr string `pulumi:"stderr"`
}

// withPrevious adds the outputs of the run before to an environment, unless add says not to.
// environment itself is left alone: it is an input, and goes into the state as it came.
func withPrevious(environment map[string]string, add *bool, previous *Outputs) map[string]string {
	result := map[string]string{}
	for name, value := range environment {
		result[name] = value
	}
	if previous == nil || (add != nil && !*add) {
		return result
	}
	if previous.Stdout != "" {
		result[previousStdout] = previous.Stdout
	}
	if previous.Stderr != "" {
		result[previousStderr] = previous.Stderr
	}
	return result
}

// failed is the error of a command that ran and did not succeed: how it ended, the command, what it
// printed. Never its standard input.
func failed(err error, command string, c *capture) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return fmt.Errorf("%w: running %q:\n%s", err, command, c.both.String())
}

// first is the first command that was given.
func first(commands ...*string) *string {
	for _, command := range commands {
		if command != nil {
			return command
		}
	}
	return nil
}

// newID is the id of a created command: its name, and enough chance that two are never the same.
func newID(name string) (string, error) {
	return resource.NewUniqueHex(name, 8, 0)
}

func environmentList(variables map[string]string) []string {
	list := os.Environ()
	for name, value := range variables {
		list = append(list, name+"="+value)
	}
	return list
}

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// Manifest says what one stand-in pretends to be. It is written by the image build and read from
// the image; unknown fields are refused so that a typing mistake fails at the first start.
type Manifest struct {
	// Name of the service it stands in for, and the image reference it carries.
	Name      string `json:"name"`
	Reference string `json:"reference"`
	// Role adds behaviour that plain routes cannot express: "", "authelia", "ntfy", "adguard" or "uptime-kuma".
	Role string `json:"role,omitempty"`
	// StartupMs is how long it takes at least until it answers its health endpoint.
	StartupMs int `json:"startupMs"`
	// Writes lists folders its user must be able to write.
	Writes []string `json:"writes,omitempty"`
	// Makes lists folders it makes where they are missing; it ends when it cannot.
	Makes []string `json:"makes,omitempty"`
	// Databases lists SQLite files it keeps, one row per start.
	Databases []string `json:"databases,omitempty"`
	// Files must be there and readable, as configuration that the original refuses to start without.
	Files   []string `json:"files,omitempty"`
	Secrets []Secret `json:"secrets,omitempty"`
	// SecretFolder is a folder whose files named <prefix>… count as variables.
	SecretFolder *SecretFolder `json:"secretFolder,omitempty"`
	// Values are read from configuration files that the stack mounts.
	Values []Value    `json:"values,omitempty"`
	Needs  []Need     `json:"needs,omitempty"`
	Listen []Listener `json:"listen,omitempty"`
	// HostsEnv is the variable with the host names it answers to, besides localhost; "*" is all.
	HostsEnv string `json:"hostsEnv,omitempty"`
	// Child is a real program it starts and ends with.
	Child []string `json:"child,omitempty"`
	// Commands are calls of the same program that ask the running one, such as health checks.
	Commands []Command `json:"commands,omitempty"`
	// Serve lists first arguments that mean "run the service"; none and flags always do.
	Serve []string `json:"serve,omitempty"`
}

// Secret is a value that the original takes from the environment or from a file.
type Secret struct {
	// Name of the variable that holds the value.
	Name string `json:"name"`
	// FileEnv is the variable that holds the path of a file with the value.
	FileEnv string `json:"fileEnv,omitempty"`
	// PathAsValue: a value that is the path of an existing file stands for its content.
	PathAsValue bool `json:"pathAsValue,omitempty"`
	// Required: without it the original does not start.
	Required bool `json:"required,omitempty"`
}

type SecretFolder struct {
	Path   string `json:"path"`
	Prefix string `json:"prefix"`
}

// Value names a scalar in a YAML file.
type Value struct {
	Name string `json:"name"`
	// File may be a pattern; the first match that has the value counts.
	File string `json:"file"`
	// Path of keys, e.g. "mqtt.host".
	Path string `json:"path"`
}

// Need is a service it waits for before it is healthy.
type Need struct {
	// Kind: tcp, redis, postgres, mqtt, http or docker.
	Kind string `json:"kind"`
	// Address is a template of host:port, of a URL (http, redis, postgres) or of a socket's path.
	Address  string `json:"address"`
	User     string `json:"user,omitempty"`
	Password string `json:"password,omitempty"`
	Database string `json:"database,omitempty"`
	// Optional: nothing to wait for when the address expands to nothing.
	Optional bool `json:"optional,omitempty"`
}

// Listener is one port. Kind: http, https, tcp or udp.
type Listener struct {
	Kind   string  `json:"kind"`
	Port   int     `json:"port"`
	Routes []Route `json:"routes,omitempty"`
	// Proxy is the real program behind it, which answers what no route does.
	Proxy string `json:"proxy,omitempty"`
}

// Route answers one path; a path that ends in "*" answers all that begin so.
type Route struct {
	Path        string `json:"path"`
	Status      int    `json:"status"`
	Body        string `json:"body"`
	ContentType string `json:"contentType,omitempty"`
}

// Command answers exit code 0 when a GET of the URL answers 2xx or 3xx.
type Command struct {
	Args []string `json:"args"`
	Get  string   `json:"get"`
}

func loadManifest(path string) (*Manifest, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	decoder := json.NewDecoder(file)
	decoder.DisallowUnknownFields()
	manifest := &Manifest{}
	if err := decoder.Decode(manifest); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return manifest, nil
}

// Variables holds secrets and configuration values; the environment is the fallback.
type Variables map[string]string

func (v Variables) get(name string) string {
	if value, ok := v[name]; ok {
		return value
	}
	return os.Getenv(name)
}

// expand replaces ${NAME} and ${NAME:-default}, which also stands for an empty value.
func (v Variables) expand(template string) string {
	var out strings.Builder
	for {
		start := strings.Index(template, "${")
		if start < 0 {
			break
		}
		end := strings.IndexByte(template[start:], '}')
		if end < 0 {
			break
		}
		out.WriteString(template[:start])
		name, fallback, _ := strings.Cut(template[start+2:start+end], ":-")
		value := v.get(name)
		if value == "" {
			value = fallback
		}
		out.WriteString(value)
		template = template[start+end+1:]
	}
	out.WriteString(template)
	return out.String()
}

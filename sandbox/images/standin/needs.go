package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"time"
)

// attempt is how long one look at a needed service may take.
const attempt = 2 * time.Second

// describe names a need without its password.
func (n Need) describe(v Variables) string {
	return n.Kind + " " + withoutPassword(v.expand(n.Address))
}

// absent tells whether an optional need has no address.
func (n Need) absent(v Variables) bool {
	address := v.expand(n.Address)
	noHost := strings.HasPrefix(address, ":") || (n.Kind == "http" && strings.HasPrefix(address, "/"))
	return n.Optional && (address == "" || noHost)
}

// check answers nil when the needed service really answers.
func (n Need) check(v Variables) error {
	address := v.expand(n.Address)
	switch n.Kind {
	case "tcp":
		connection, err := net.DialTimeout("tcp", address, attempt)
		if err != nil {
			return err
		}
		return connection.Close()
	case "redis":
		return checkRedis(address)
	case "postgres":
		return checkPostgres(address, v.expand(n.User), v.expand(n.Password), v.expand(n.Database))
	case "mqtt":
		return checkMQTT(address, v.expand(n.User), v.expand(n.Password))
	case "http":
		return checkHTTP(http.DefaultTransport, address)
	case "docker":
		socket := func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", address)
		}
		return checkHTTP(&http.Transport{DialContext: socket}, "http://docker/_ping")
	}
	return fmt.Errorf("unknown kind of need %q", n.Kind)
}

func checkHTTP(transport http.RoundTripper, address string) error {
	client := http.Client{Transport: transport, Timeout: attempt}
	response, err := client.Get(address)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<16))
	if response.StatusCode >= 400 {
		return fmt.Errorf("it answers %s", response.Status)
	}
	return nil
}

// checkRedis accepts host:port or redis://[user:password@]host:port.
func checkRedis(address string) error {
	password := ""
	if parsed, err := url.Parse(address); err == nil && parsed.Host != "" {
		address = parsed.Host
		password, _ = parsed.User.Password()
	}
	if !strings.Contains(address, ":") {
		address += ":6379"
	}
	connection, err := net.DialTimeout("tcp", address, attempt)
	if err != nil {
		return err
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(attempt))
	reader := bufio.NewReader(connection)
	commands := []string{"PING\r\n"}
	if password != "" {
		commands = []string{fmt.Sprintf("*2\r\n$4\r\nAUTH\r\n$%d\r\n%s\r\n", len(password), password), "PING\r\n"}
	}
	for _, command := range commands {
		if _, err := io.WriteString(connection, command); err != nil {
			return err
		}
		line, err := reader.ReadString('\n')
		if err != nil {
			return err
		}
		if !strings.HasPrefix(line, "+") {
			return errors.New(strings.TrimSpace(line))
		}
	}
	return nil
}

// checkPostgres logs in with the real client, so that a wrong password keeps the service waiting.
// The address may be a URL with everything in it.
func checkPostgres(address, user, password, database string) error {
	if parsed, err := url.Parse(address); err == nil && parsed.Host != "" {
		address, user = parsed.Host, parsed.User.Username()
		password, _ = parsed.User.Password()
		database = strings.TrimPrefix(parsed.Path, "/")
	}
	if !strings.Contains(address, ":") {
		address += ":5432"
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*attempt)
	defer cancel()
	command := exec.CommandContext(ctx, "psql", "--no-psqlrc", "--no-password", "--quiet",
		"--host", host, "--port", port, "--username", user, "--dbname", database, "--command", "select 1")
	command.Env = append(os.Environ(), "PGPASSWORD="+password, "PGCONNECT_TIMEOUT=2")
	output, err := command.CombinedOutput()
	if err == nil {
		return nil
	}
	if text := strings.TrimSpace(string(output)); text != "" {
		return errors.New(text)
	}
	return err
}

func withoutPassword(address string) string {
	if parsed, err := url.Parse(address); err == nil && parsed.User != nil {
		return parsed.Redacted()
	}
	return address
}

package command

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	p "github.com/pulumi/pulumi-go-provider"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// Pauses between two dials: the first, and the longest after growing.
const (
	firstPause   = time.Second
	longestPause = 10 * time.Second
)

// dial opens the connection, through the proxy where there is one. The caller calls close.
// A server that does not answer, or does not take us yet, is tried again as the limits say: a
// machine that was just made is like that.
func (c Connection) dial(ctx context.Context) (client *ssh.Client, close func(), err error) {
	if c.Proxy == nil {
		return c.ConnectionBase.dialWith(ctx, dialTCP)
	}
	proxy, closeProxy, err := c.Proxy.dialWith(ctx, dialTCP)
	if err != nil {
		return nil, nil, fmt.Errorf("proxy: %w", err)
	}
	client, closeClient, err := c.ConnectionBase.dialWith(ctx, func(ctx context.Context, address string) (net.Conn, error) {
		return proxy.DialContext(ctx, "tcp", address)
	})
	if err != nil {
		closeProxy()
		return nil, nil, err
	}
	return client, func() { closeClient(); closeProxy() }, nil
}

type dialFunc func(ctx context.Context, address string) (net.Conn, error)

func dialTCP(ctx context.Context, address string) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, "tcp", address)
}

func (c ConnectionBase) dialWith(ctx context.Context, dial dialFunc) (*ssh.Client, func(), error) {
	config, closeAgent, err := c.clientConfig()
	if err != nil {
		return nil, nil, err
	}
	address := net.JoinHostPort(c.Host, strconv.Itoa(int(valueOr(c.Port, defaultPort))))
	limit := valueOr(c.DialErrorLimit, defaultDialErrorLimit)
	pause := firstPause
	for attempt := 1; ; attempt++ {
		client, err := c.dialOnce(ctx, address, config, dial)
		if err == nil {
			return client, func() { _ = client.Close(); closeAgent() }, nil
		}
		if limit >= 0 && attempt >= limit {
			closeAgent()
			return nil, nil, fmt.Errorf("ssh to %s: gave up after %d failed attempt(s): %w", address, attempt, err)
		}
		p.GetLogger(ctx).InfoStatusf("ssh to %s: attempt %d failed: %v", address, attempt, err)
		select {
		case <-ctx.Done():
			closeAgent()
			return nil, nil, fmt.Errorf("ssh to %s: cancelled after %d attempt(s); the last failed: %w", address, attempt, err)
		case <-time.After(pause):
		}
		pause = min(pause*3/2, longestPause)
	}
}

func (c ConnectionBase) dialOnce(
	ctx context.Context, address string, config *ssh.ClientConfig, dial dialFunc,
) (*ssh.Client, error) {
	if seconds := valueOr(c.PerDialTimeout, defaultPerDialTimeout); seconds > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(seconds)*time.Second)
		defer cancel()
	}
	connection, err := dial(ctx, address)
	if err != nil {
		return nil, err
	}
	// The handshake knows no context: closing the connection is what ends it.
	done := context.AfterFunc(ctx, func() { _ = connection.Close() })
	client, channels, requests, err := ssh.NewClientConn(connection, address, config)
	if !done() && err == nil {
		_ = client.Close()
		err = ctx.Err()
	}
	if err != nil {
		_ = connection.Close()
		return nil, err
	}
	return ssh.NewClient(client, channels, requests), nil
}

func (c ConnectionBase) clientConfig() (*ssh.ClientConfig, func(), error) {
	config := &ssh.ClientConfig{
		User: valueOr(c.User, defaultUser),
		// As the package documents it: without a host key nothing is checked.
		HostKeyCallback: ssh.InsecureIgnoreHostKey(),
	}
	if c.HostKey != nil {
		key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(*c.HostKey))
		if err != nil {
			return nil, nil, fmt.Errorf("hostKey of %s is not a public key such as \"ssh-ed25519 AAAA...\": %w", c.Host, err)
		}
		config.HostKeyCallback = ssh.FixedHostKey(key)
		config.HostKeyAlgorithms = algorithmsOf(key)
	}
	if c.PrivateKey != nil {
		signer, err := c.signer()
		if err != nil {
			return nil, nil, err
		}
		config.Auth = append(config.Auth, ssh.PublicKeys(signer))
	}
	if c.Password != nil {
		password := *c.Password
		config.Auth = append(config.Auth, ssh.Password(password), ssh.KeyboardInteractive(
			func(_, _ string, questions []string, _ []bool) ([]string, error) {
				answers := make([]string, len(questions))
				for i := range answers {
					answers[i] = password
				}
				return answers, nil
			}))
	}
	method, closeAgent, err := c.agent()
	if err != nil {
		return nil, nil, err
	}
	if method != nil {
		config.Auth = append(config.Auth, method)
	}
	return config, closeAgent, nil
}

func (c ConnectionBase) signer() (ssh.Signer, error) {
	var signer ssh.Signer
	var err error
	if c.PrivateKeyPassword != nil {
		signer, err = ssh.ParsePrivateKeyWithPassphrase([]byte(*c.PrivateKey), []byte(*c.PrivateKeyPassword))
	} else {
		signer, err = ssh.ParsePrivateKey([]byte(*c.PrivateKey))
	}
	if err != nil {
		return nil, fmt.Errorf("privateKey for %s cannot be read: %w", c.Host, err)
	}
	return signer, nil
}

// agent offers the keys of an ssh agent: the one named, else the one of the environment, if it answers.
func (c ConnectionBase) agent() (ssh.AuthMethod, func(), error) {
	path := valueOr(c.AgentSocketPath, os.Getenv("SSH_AUTH_SOCK"))
	if path == "" {
		return nil, func() {}, nil
	}
	connection, err := net.Dial("unix", path)
	if err != nil {
		if c.AgentSocketPath == nil {
			return nil, func() {}, nil
		}
		return nil, nil, fmt.Errorf("agentSocketPath %q does not answer: %w", path, err)
	}
	return ssh.PublicKeysCallback(agent.NewClient(connection).Signers), func() { _ = connection.Close() }, nil
}

// algorithmsOf makes the server show the key we know, where it has several. One RSA key signs in
// three ways.
func algorithmsOf(key ssh.PublicKey) []string {
	if key.Type() == ssh.KeyAlgoRSA {
		return []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256, ssh.KeyAlgoRSA}
	}
	return []string{key.Type()}
}

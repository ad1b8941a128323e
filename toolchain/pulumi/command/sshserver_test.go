package command

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"io"
	"net"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// sshServer is a small ssh server on this machine: it runs commands with sh and speaks sftp.
type sshServer struct {
	address   string
	hostKey   string // as in authorized_keys
	acceptEnv string // the one variable it accepts, "" for none
	mutex     sync.Mutex
	refuse    int // connections to drop first
	seen      int // connections so far
	signals   chan string
	forwarded chan string
}

const (
	goodUser     = "tester"
	goodPassword = "right"
)

// newKey gives a private key as PEM and its public half as authorized_keys has it.
func newKey(t *testing.T) (private, public string, signer ssh.Signer) {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	if signer, err = ssh.NewSignerFromKey(key); err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(block)), string(ssh.MarshalAuthorizedKey(signer.PublicKey())), signer
}

// startServer starts one that lets goodUser in with goodPassword or with the key authorized.
func startServer(t *testing.T, authorized string) *sshServer {
	t.Helper()
	_, hostKey, signer := newKey(t)
	config := &ssh.ServerConfig{
		PasswordCallback: func(user ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
			if user.User() == goodUser && string(password) == goodPassword {
				return nil, nil
			}
			return nil, io.EOF
		},
		PublicKeyCallback: func(user ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
			if user.User() == goodUser && string(ssh.MarshalAuthorizedKey(key)) == authorized {
				return nil, nil
			}
			return nil, io.EOF
		},
	}
	config.AddHostKey(signer)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	server := &sshServer{
		address: listener.Addr().String(), hostKey: hostKey,
		signals: make(chan string, 1), forwarded: make(chan string, 1),
	}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go server.serve(connection, config)
		}
	}()
	return server
}

func (s *sshServer) serve(connection net.Conn, config *ssh.ServerConfig) {
	s.mutex.Lock()
	s.seen++
	drop := s.seen <= s.refuse
	s.mutex.Unlock()
	if drop {
		_ = connection.Close()
		return
	}
	_, channels, requests, err := ssh.NewServerConn(connection, config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for channel := range channels {
		switch channel.ChannelType() {
		case "session":
			go s.session(channel)
		case "direct-tcpip":
			go s.forward(channel)
		}
	}
}

func (s *sshServer) session(opened ssh.NewChannel) {
	channel, requests, err := opened.Accept()
	if err != nil {
		return
	}
	environment := []string{}
	for request := range requests {
		switch request.Type {
		case "env":
			var variable struct{ Name, Value string }
			_ = ssh.Unmarshal(request.Payload, &variable)
			accepted := s.acceptEnv != "" && strings.HasPrefix(variable.Name, s.acceptEnv)
			if accepted {
				environment = append(environment, variable.Name+"="+variable.Value)
			}
			_ = request.Reply(accepted, nil)
		case "exec":
			var command struct{ Text string }
			_ = ssh.Unmarshal(request.Payload, &command)
			_ = request.Reply(true, nil)
			go run(channel, command.Text, environment)
		case "subsystem":
			_ = request.Reply(true, nil)
			go func() {
				if server, err := sftp.NewServer(channel); err == nil {
					_ = server.Serve()
				}
				_ = channel.Close()
			}()
		case "signal":
			var signal struct{ Name string }
			_ = ssh.Unmarshal(request.Payload, &signal)
			s.signals <- signal.Name
		}
	}
}

func run(channel ssh.Channel, command string, environment []string) {
	process := exec.Command("sh", "-c", command)
	process.Env = environment
	process.Stdout, process.Stderr = channel, channel.Stderr()
	if stdin, err := process.StdinPipe(); err == nil {
		go func() {
			_, _ = io.Copy(stdin, channel)
			_ = stdin.Close()
		}()
	}
	code := uint32(0)
	if err := process.Run(); err != nil {
		code = uint32(process.ProcessState.ExitCode())
	}
	_, _ = channel.SendRequest("exit-status", false, ssh.Marshal(struct{ Code uint32 }{code}))
	_ = channel.Close()
}

// forward joins a channel to the address that the client asked for: what a bastion does.
func (s *sshServer) forward(opened ssh.NewChannel) {
	var target struct {
		Host   string
		Port   uint32
		Origin string
		From   uint32
	}
	_ = ssh.Unmarshal(opened.ExtraData(), &target)
	address := net.JoinHostPort(target.Host, itoa(target.Port))
	s.forwarded <- address
	upstream, err := net.Dial("tcp", address)
	if err != nil {
		_ = opened.Reject(ssh.ConnectionFailed, err.Error())
		return
	}
	channel, requests, err := opened.Accept()
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	go func() { _, _ = io.Copy(channel, upstream); _ = channel.Close() }()
	_, _ = io.Copy(upstream, channel)
	_ = upstream.Close()
}

package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// State is what the stand-in is waiting for. It answers its routes only when that is nothing.
type State struct {
	mutex   sync.Mutex
	waiting []string
	// made unhealthy by a signal, for tests of what follows
	broken bool
}

func (s *State) set(waiting []string) (changed bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	changed = strings.Join(s.waiting, "\n") != strings.Join(waiting, "\n")
	s.waiting = waiting
	return changed
}

func (s *State) setBroken(broken bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.broken = broken
}

// pending lists what it waits for; nil when it is ready.
func (s *State) pending() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.broken {
		return []string{"signal USR2: it was made unhealthy by USR1"}
	}
	return s.waiting
}

// gate answers 503 with the reasons until the stand-in is ready.
func (s *State) gate(name string, hosts *hostList, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		waiting := s.pending()
		if waiting == nil && !hosts.allows(r.Host) {
			http.Error(w, "Host validation failed. See logs for more details.", http.StatusBadRequest)
			say("host %q is not in %s", r.Host, hosts.env)
			return
		}
		if waiting == nil {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusServiceUnavailable)
		_ = json.NewEncoder(w).Encode(map[string]any{"standIn": name, "waitingFor": waiting})
	})
}

// hostList is the list of host names a service answers to; nil allows all.
type hostList struct {
	env   string
	names []string
}

func newHostList(env string) *hostList {
	if env == "" {
		return nil
	}
	return &hostList{env: env, names: split(os.Getenv(env))}
}

func (h *hostList) allows(host string) bool {
	if h == nil || slices.Contains(h.names, "*") || slices.Contains(h.names, host) {
		return true
	}
	name, _, err := net.SplitHostPort(host)
	return err == nil && (name == "localhost" || name == "127.0.0.1" || name == "::1")
}

// routes answers the documented paths of one port.
func routes(manifest *Manifest, list []Route, rest http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, route := range list {
			prefix, wild := strings.CutSuffix(route.Path, "*")
			if r.URL.Path != route.Path && !(wild && strings.HasPrefix(r.URL.Path, prefix)) {
				continue
			}
			if route.ContentType != "" {
				w.Header().Set("Content-Type", route.ContentType)
			}
			w.WriteHeader(route.Status)
			if r.Method != http.MethodHead {
				_, _ = io.WriteString(w, body(manifest, r, route.Body))
			}
			return
		}
		rest.ServeHTTP(w, r)
	})
}

// body fills in the bodies that cannot be constants.
func body(manifest *Manifest, r *http.Request, text string) string {
	switch text {
	case "@page":
		user := r.Header.Get("Remote-User")
		if user != "" {
			user = ", user " + user
		}
		return fmt.Sprintf("<!doctype html><title>%s</title><p>stand-in for %s%s</p>\n",
			manifest.Name, manifest.Reference, user)
	case "@time":
		return `"` + time.Now().UTC().Format("2006-01-02T15:04:05.000000Z") + `"`
	case "@metrics":
		return fmt.Sprintf("# TYPE standin_up gauge\nstandin_up{name=%q} 1\n# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds %d\n",
			manifest.Name, started.Unix())
	}
	return text
}

var started = time.Now()

// listen opens every port, so that a port that is taken or refused is an error at the start.
func listen(manifest *Manifest, state *State, special http.Handler) (servers []*http.Server, err error) {
	for _, listener := range manifest.Listen {
		address := fmt.Sprintf(":%d", listener.Port)
		if listener.Kind == "udp" {
			packets, err := net.ListenPacket("udp", address)
			if err != nil {
				return nil, err
			}
			go swallow(packets)
			continue
		}
		socket, err := net.Listen("tcp", address)
		if err != nil {
			return nil, err
		}
		if listener.Kind == "tcp" {
			go accept(socket)
			continue
		}
		if listener.Kind == "https" {
			certificate, err := selfSigned(manifest.Name)
			if err != nil {
				return nil, err
			}
			socket = tls.NewListener(socket, &tls.Config{Certificates: []tls.Certificate{certificate}})
		}
		rest := http.NotFoundHandler()
		if listener.Proxy != "" {
			target, err := url.Parse(listener.Proxy)
			if err != nil {
				return nil, err
			}
			rest = &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
		}
		handler := routes(manifest, listener.Routes, rest)
		if special != nil {
			handler = firstOf(special, handler)
		}
		server := &http.Server{Handler: state.gate(manifest.Name, newHostList(manifest.HostsEnv), handler), ReadHeaderTimeout: 10 * time.Second}
		servers = append(servers, server)
		go func() {
			if err := server.Serve(socket); err != http.ErrServerClosed {
				fail(err)
			}
		}()
	}
	return servers, nil
}

// firstOf serves by the first handler unless that one answers 404.
func firstOf(first, second http.Handler) http.Handler {
	mux, ok := first.(*http.ServeMux)
	if !ok {
		return first
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern == "" {
			second.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func swallow(packets net.PacketConn) {
	buffer := make([]byte, 2048)
	for {
		if _, _, err := packets.ReadFrom(buffer); err != nil {
			fail(err)
		}
	}
}

func accept(socket net.Listener) {
	for {
		connection, err := socket.Accept()
		if err != nil {
			fail(err)
		}
		go func() {
			_ = connection.SetDeadline(time.Now().Add(10 * time.Second))
			_, _ = io.Copy(io.Discard, connection)
			_ = connection.Close()
		}()
	}
}

func selfSigned(name string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: name},
		DNSNames:     []string{name, "localhost"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().AddDate(1, 0, 0),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

package main

import (
	"bufio"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// ntfy keeps published messages and enforces users, tokens and access. Nothing expires, nobody is
// pushed to: a reader polls GET /<topic>/json?poll=1.
type ntfy struct {
	mutex    sync.Mutex
	messages []message
	cache    string
	accounts *accounts
}

type message struct {
	ID       string   `json:"id"`
	Time     int64    `json:"time"`
	Event    string   `json:"event"`
	Topic    string   `json:"topic"`
	Message  string   `json:"message"`
	Title    string   `json:"title,omitempty"`
	Priority int      `json:"priority,omitempty"`
	Tags     []string `json:"tags,omitempty"`
}

func newNtfy(variables Variables) http.Handler {
	n := &ntfy{cache: variables.get("NTFY_CACHE_FILE"), accounts: newAccounts(variables)}
	n.load()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{$}", n.publishJSON)
	mux.HandleFunc("PUT /{$}", n.publishJSON)
	mux.HandleFunc("POST /{topic}", n.publish)
	mux.HandleFunc("PUT /{topic}", n.publish)
	mux.HandleFunc("GET /{topic}/json", n.poll)
	mux.HandleFunc("GET /{topic}/auth", func(w http.ResponseWriter, r *http.Request) {
		if n.allowed(w, r, r.PathValue("topic"), "read") {
			answer(w, http.StatusOK, map[string]any{"success": true})
		}
	})
	return mux
}

func (n *ntfy) load() {
	file, err := os.Open(n.cache)
	if err != nil {
		return
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var m message
		if json.Unmarshal(lines.Bytes(), &m) == nil {
			n.messages = append(n.messages, m)
		}
	}
}

func (n *ntfy) publish(w http.ResponseWriter, r *http.Request) {
	topic := r.PathValue("topic")
	if !n.allowed(w, r, topic, "write") {
		return
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		answer(w, http.StatusRequestEntityTooLarge, map[string]any{"http": 413, "error": err.Error()})
		return
	}
	n.keep(w, message{
		Topic:    topic,
		Message:  strings.TrimRight(string(text), "\n"),
		Title:    header(r, "Title"),
		Priority: priority(header(r, "Priority")),
		Tags:     split(header(r, "Tags")),
	})
}

func (n *ntfy) publishJSON(w http.ResponseWriter, r *http.Request) {
	var m message
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&m); err != nil || m.Topic == "" {
		answer(w, http.StatusBadRequest, map[string]any{"http": 400, "error": "invalid request: body must be message JSON"})
		return
	}
	if n.allowed(w, r, m.Topic, "write") {
		n.keep(w, m)
	}
}

func (n *ntfy) keep(w http.ResponseWriter, m message) {
	id := make([]byte, 6)
	_, _ = rand.Read(id)
	m.ID, m.Time, m.Event = hex.EncodeToString(id), time.Now().Unix(), "message"
	if m.Message == "" {
		m.Message = "triggered"
	}
	n.mutex.Lock()
	n.messages = append(n.messages, m)
	n.mutex.Unlock()
	if line, err := json.Marshal(m); err == nil && n.cache != "" {
		if file, err := os.OpenFile(n.cache, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
			_, _ = file.Write(append(line, '\n'))
			_ = file.Close()
		}
	}
	answer(w, http.StatusOK, m)
}

func (n *ntfy) poll(w http.ResponseWriter, r *http.Request) {
	topic := r.PathValue("topic")
	if !n.allowed(w, r, topic, "read") {
		return
	}
	since, _ := strconv.ParseInt(r.URL.Query().Get("since"), 10, 64)
	w.Header().Set("Content-Type", "application/x-ndjson")
	n.mutex.Lock()
	defer n.mutex.Unlock()
	encoder := json.NewEncoder(w)
	for _, m := range n.messages {
		if m.Topic == topic && m.Time >= since {
			_ = encoder.Encode(m)
		}
	}
}

// allowed answers the request itself when it is not.
func (n *ntfy) allowed(w http.ResponseWriter, r *http.Request, topic, what string) bool {
	user, known := n.accounts.identify(r)
	if !known {
		w.Header().Set("WWW-Authenticate", `Basic realm="ntfy"`)
		answer(w, http.StatusUnauthorized, map[string]any{"code": 40101, "http": 401, "error": "unauthorized"})
		return false
	}
	if !n.accounts.may(user, topic, what) {
		answer(w, http.StatusForbidden, map[string]any{"code": 40301, "http": 403, "error": "forbidden"})
		return false
	}
	return true
}

func answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}

func header(r *http.Request, name string) string {
	if value := r.Header.Get("X-" + name); value != "" {
		return value
	}
	if value := r.Header.Get(name); value != "" {
		return value
	}
	return r.URL.Query().Get(strings.ToLower(name))
}

func priority(text string) int {
	names := map[string]int{"min": 1, "low": 2, "default": 3, "high": 4, "urgent": 5, "max": 5}
	if value, ok := names[text]; ok {
		return value
	}
	value, _ := strconv.Atoi(text)
	return value
}

func split(text string) []string {
	var parts []string
	for _, part := range strings.Split(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

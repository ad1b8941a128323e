package main

import (
	"bufio"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// ntfy keeps published messages and enforces users, tokens, access and limits (ntfy_limits.go).
// Nothing expires, nobody is pushed to: a reader polls GET /<topics>/json?poll=1.
type ntfy struct {
	mutex       sync.Mutex
	messages    []message
	cache       string
	accounts    *accounts
	behindProxy bool
	requests    *visitors
	failures    *visitors
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
	n := &ntfy{
		cache:       variables.get("NTFY_CACHE_FILE"),
		accounts:    newAccounts(variables),
		behindProxy: variables.get("NTFY_BEHIND_PROXY") == "true",
		requests:    newVisitors(requestBurst, requestEvery),
		failures:    newVisitors(failureBurst, failureEvery),
	}
	n.load()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{$}", n.publishJSON)
	mux.HandleFunc("PUT /{$}", n.publishJSON)
	mux.HandleFunc("POST /{topic}", n.publish)
	mux.HandleFunc("PUT /{topic}", n.publish)
	mux.HandleFunc("GET /{topic}/json", n.poll)
	mux.HandleFunc("GET /{topic}/auth", func(w http.ResponseWriter, r *http.Request) {
		if n.allowed(w, r, "read", r.PathValue("topic")) {
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
	if !n.allowed(w, r, "write", topic) {
		return
	}
	m := message{
		Topic:    topic,
		Title:    header(r, "Title"),
		Priority: priority(header(r, "Priority")),
		Tags:     split(header(r, "Tags")),
	}
	refused := n.takeBody(&m, r)
	if refused == nil {
		refused = checkMessage(m)
	}
	if refused != nil {
		refused.write(w)
		return
	}
	n.keep(w, m)
}

// takeBody puts what was sent into the message, by the template that is asked for.
func (n *ntfy) takeBody(m *message, r *http.Request) *refusal {
	template := header(r, "Template")
	if template == "" {
		text, _ := readWhole(r.Body, longestMessage)
		m.Message = strings.TrimSpace(string(text))
		return checkText(string(text))
	}
	text, whole := readWhole(r.Body, longestTemplated)
	if !whole {
		return &longJSON
	}
	if template != "alertmanager" {
		return &noTemplate
	}
	var refused *refusal
	m.Title, m.Message, refused = alertmanagerText(text)
	return refused
}

func checkMessage(m message) *refusal {
	if refused := checkTopic(m.Topic); refused != nil {
		return refused
	}
	if m.Priority < 0 || m.Priority > 5 {
		return &noPriority
	}
	return nil
}

func (n *ntfy) publishJSON(w http.ResponseWriter, r *http.Request) {
	var m message
	text, whole := readWhole(r.Body, longestJSON)
	if !whole {
		longJSON.write(w)
		return
	}
	if json.Unmarshal(text, &m) != nil {
		noMessageJSON.write(w)
		return
	}
	refused := checkMessage(m)
	if refused == nil {
		refused = checkText(m.Message)
	}
	if refused != nil {
		refused.write(w)
		return
	}
	if n.allowed(w, r, "write", m.Topic) {
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
	topics := strings.Split(r.PathValue("topic"), ",")
	if !n.allowed(w, r, "read", topics...) {
		return
	}
	since, _ := strconv.ParseInt(r.URL.Query().Get("since"), 10, 64)
	w.Header().Set("Content-Type", "application/x-ndjson")
	n.mutex.Lock()
	defer n.mutex.Unlock()
	encoder := json.NewEncoder(w)
	for _, m := range n.messages {
		if slices.Contains(topics, m.Topic) && m.Time >= since {
			_ = encoder.Encode(m)
		}
	}
}

// allowed answers the request itself when it is not.
func (n *ntfy) allowed(w http.ResponseWriter, r *http.Request, what string, topics ...string) bool {
	visitor := visitorOf(r, n.behindProxy)
	if n.failures.has(visitor) < 1 {
		tooManyFailures.write(w)
		return false
	}
	if !n.requests.take(visitor) {
		tooManyRequests.write(w)
		return false
	}
	user, known := n.accounts.identify(r)
	if !known {
		n.failures.take(visitor)
		w.Header().Set("WWW-Authenticate", `Basic realm="ntfy"`)
		unauthorized.write(w)
		return false
	}
	for _, topic := range topics {
		if !n.accounts.may(user, topic, what) {
			forbidden.write(w)
			return false
		}
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
	if value, ok := names[text]; ok || text == "" {
		return value
	}
	value, err := strconv.Atoi(text)
	if err != nil || value < 1 {
		return -1
	}
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

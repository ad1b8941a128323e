package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// kuma keeps what Uptime Kuma 1.23 keeps of its first user, monitors and notifications, and takes
// it by the same Socket.IO events. It asks nothing and tells nobody. Unlike the original it also
// answers events it does not know, with an error.
type kuma struct {
	mutex sync.Mutex
	file  string
	data  kumaData
}

type kumaData struct {
	User, Salt, Password string
	LastID               int
	Monitors             map[string]fields
	Notices              map[string]fields
}

type fields = map[string]any

func newKuma(file string) http.Handler {
	k := &kuma{file: file, data: kumaData{Monitors: map[string]fields{}, Notices: map[string]fields{}}}
	if text, err := os.ReadFile(file); err == nil {
		if err := json.Unmarshal(text, &k.data); err != nil {
			fail(fmt.Errorf("%s: %w", file, err))
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /socket.io/", k.connect)
	return mux
}

// session is one connected page.
type session struct {
	kuma     *kuma
	socket   *websocket.Conn
	signedIn bool
	writing  sync.Mutex
}

// connect speaks Engine.IO 4 over a WebSocket, and Socket.IO 5 in its one namespace.
func (k *kuma) connect(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if query.Get("EIO") != "4" || query.Get("transport") != "websocket" {
		answer(w, http.StatusBadRequest, map[string]any{"code": 0, "message": "Transport unknown"})
		return
	}
	socket, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer socket.CloseNow()
	socket.SetReadLimit(1 << 20)
	s := &session{kuma: k, socket: socket}
	s.write(`0{"sid":"` + randomHex(8) + `","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`)
	done := make(chan struct{})
	defer close(done)
	go s.ping(done)
	for {
		_, text, err := socket.Read(context.Background())
		if err != nil {
			return
		}
		if !s.packet(string(text)) {
			return
		}
	}
}

func (s *session) ping(done chan struct{}) {
	for ticker := time.NewTicker(25 * time.Second); ; {
		select {
		case <-done:
			ticker.Stop()
			return
		case <-ticker.C:
			s.write("2")
		}
	}
}

// packet handles one message and is false when the connection is over.
func (s *session) packet(text string) bool {
	switch {
	case text == "3":
	case text == "40":
		s.write(`40{"sid":"` + randomHex(8) + `"}`)
		s.emit("info", fields{"version": "1.23.0-standin"})
	case strings.HasPrefix(text, "42"):
		s.event(text[2:])
	default:
		return false
	}
	return true
}

// event answers `<id>["name",argument…]`.
func (s *session) event(text string) {
	at := strings.IndexByte(text, '[')
	if at <= 0 {
		say("an event without acknowledgement: %q", text)
		return
	}
	if _, err := strconv.Atoi(text[:at]); err != nil {
		say("not an event: %q", text)
		return
	}
	var call []json.RawMessage
	var name string
	if json.Unmarshal([]byte(text[at:]), &call) != nil || len(call) == 0 || json.Unmarshal(call[0], &name) != nil {
		say("not an event: %q", text)
		return
	}
	s.kuma.mutex.Lock()
	defer s.kuma.mutex.Unlock()
	var result any
	result, err := s.handle(name, call[1:])
	if err != nil {
		say("refused %s: %v", name, err)
		result = fields{"ok": false, "msg": err.Error()}
	}
	reply, _ := json.Marshal([]any{result})
	s.write("43" + text[:at] + string(reply))
}

func (s *session) emit(event string, argument any) {
	text, _ := json.Marshal([]any{event, argument})
	s.write("42" + string(text))
}

func (s *session) write(text string) {
	s.writing.Lock()
	defer s.writing.Unlock()
	limit, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_ = s.socket.Write(limit, websocket.MessageText, []byte(text))
}

var errLogin = errors.New("You are not logged in.")

func (s *session) handle(name string, args []json.RawMessage) (any, error) {
	handler, known := kumaEvents[name]
	if !known {
		return nil, fmt.Errorf("the stand-in knows no event %q", name)
	}
	if handler.arguments != len(args) {
		return nil, fmt.Errorf("%q takes %d arguments, not %d", name, handler.arguments, len(args))
	}
	if !handler.public && !s.signedIn {
		return nil, errLogin
	}
	return handler.run(s, args)
}

type kumaEvent struct {
	arguments int
	// public events need no login.
	public bool
	run    func(s *session, args []json.RawMessage) (any, error)
}

var kumaEvents map[string]kumaEvent

func init() {
	kumaEvents = map[string]kumaEvent{
		"needSetup":          {0, true, func(s *session, _ []json.RawMessage) (any, error) { return s.kuma.data.User == "", nil }},
		"setup":              {2, true, kumaSetup},
		"login":              {1, true, kumaLogin},
		"changePassword":     {1, false, kumaChangePassword},
		"getMonitorList":     {0, false, func(s *session, _ []json.RawMessage) (any, error) { s.sendMonitors(); return done("") }},
		"add":                {1, false, kumaAdd},
		"editMonitor":        {1, false, kumaEdit},
		"deleteMonitor":      {1, false, kumaDelete},
		"pauseMonitor":       {1, false, kumaActive(false)},
		"resumeMonitor":      {1, false, kumaActive(true)},
		"addNotification":    {2, false, kumaSaveNotice},
		"deleteNotification": {1, false, kumaDeleteNotice},
	}
}

func kumaSetup(s *session, args []json.RawMessage) (any, error) {
	var user, password string
	if json.Unmarshal(args[0], &user) != nil || json.Unmarshal(args[1], &password) != nil || user == "" {
		return nil, errors.New("setup takes a name and a password")
	}
	if s.kuma.data.User != "" {
		return nil, errors.New("Uptime Kuma has been initialized. If you want to run setup again, please delete the database.")
	}
	if err := s.kuma.setPassword(password); err != nil {
		return nil, err
	}
	s.kuma.data.User = user
	return s.kuma.kept(done("Added Successfully."))
}

func kumaLogin(s *session, args []json.RawMessage) (any, error) {
	var login struct{ Username, Password, Token string }
	if err := strict(args[0], &login); err != nil {
		return nil, err
	}
	if login.Username == "" || login.Username != s.kuma.data.User || !s.kuma.isPassword(login.Password) {
		return nil, errors.New("Incorrect username or password.")
	}
	s.signedIn = true
	s.sendMonitors()
	s.sendNotices()
	return fields{"ok": true, "token": randomHex(16)}, nil
}

func kumaChangePassword(s *session, args []json.RawMessage) (any, error) {
	var change struct{ CurrentPassword, NewPassword string }
	if err := strict(args[0], &change); err != nil {
		return nil, err
	}
	if !s.kuma.isPassword(change.CurrentPassword) {
		return nil, errors.New("Incorrect current password")
	}
	if err := s.kuma.setPassword(change.NewPassword); err != nil {
		return nil, err
	}
	return s.kuma.kept(done("Password has been updated successfully."))
}

// kept writes the data and then answers.
func (k *kuma) kept(result any, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(k.data)
	if err == nil {
		err = os.WriteFile(k.file+".new", text, 0o600)
	}
	if err == nil {
		err = os.Rename(k.file+".new", k.file)
	}
	return result, err
}

func (k *kuma) setPassword(password string) error {
	if len(password) < 6 || !strings.ContainsAny(password, "0123456789") || strings.Trim(password, "0123456789") == "" {
		return errors.New("Password is too weak. It should contain alphabetic and numeric characters. It must be at least 6 characters in length.")
	}
	k.data.Salt = randomHex(8)
	k.data.Password = hashed(k.data.Salt, password)
	return nil
}

func (k *kuma) isPassword(password string) bool {
	return k.data.Password != "" && hashed(k.data.Salt, password) == k.data.Password
}

func hashed(salt, password string) string {
	sum := sha256.Sum256([]byte(salt + password))
	return hex.EncodeToString(sum[:])
}

func done(message string) (any, error) { return fields{"ok": true, "msg": message}, nil }

func randomHex(bytes int) string {
	random := make([]byte, bytes)
	_, _ = rand.Read(random)
	return hex.EncodeToString(random)
}

// strict reads an object and refuses fields that nobody reads.
func strict(text json.RawMessage, into any) error {
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// kumaFile is where the data of a stand-in with these folders lies.
func kumaFile(writes []string) string {
	if len(writes) == 0 {
		return "kuma.json"
	}
	return filepath.Join(slices.Min(writes), "kuma.json")
}

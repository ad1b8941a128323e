package main

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path"
	"strings"
	"sync"
	"time"
)

// ntfyCommands are the parts of ntfy's command line that manage accounts.
var ntfyCommands = []string{"user", "token", "access"}

// accounts are ntfy's users, tokens and rights: those of the environment (NTFY_AUTH_USERS,
// NTFY_AUTH_TOKENS, NTFY_AUTH_ACCESS) and those kept in the file that the commands write.
type accounts struct {
	file        string
	enabled     bool
	defaultMay  string
	environment record
	mutex       sync.Mutex
	loaded      record
	modified    time.Time
}

type record struct {
	Users  map[string]account `json:"users"`
	Tokens map[string]string  `json:"tokens"`
	Access []right            `json:"access"`
}

type account struct {
	// Password is "<salt>:<hex sha256>" of the file, or a bcrypt hash of the environment.
	Password string `json:"password"`
	Admin    bool   `json:"admin"`
}

type right struct{ User, Topic, May string }

func newAccounts(variables Variables) *accounts {
	a := &accounts{file: variables.get("NTFY_AUTH_FILE"), defaultMay: variables.get("NTFY_AUTH_DEFAULT_ACCESS")}
	a.enabled = a.file != ""
	if a.defaultMay == "" {
		a.defaultMay = "read-write"
	}
	a.environment = record{Users: map[string]account{}, Tokens: map[string]string{}}
	for _, entry := range split(variables.get("NTFY_AUTH_USERS")) {
		if parts := strings.SplitN(entry, ":", 3); len(parts) == 3 {
			a.environment.Users[parts[0]] = account{Password: parts[1], Admin: parts[2] == "admin"}
		}
	}
	for _, entry := range split(variables.get("NTFY_AUTH_TOKENS")) {
		if parts := strings.SplitN(entry, ":", 3); len(parts) >= 2 {
			a.environment.Tokens[parts[1]] = parts[0]
		}
	}
	for _, entry := range split(variables.get("NTFY_AUTH_ACCESS")) {
		if parts := strings.SplitN(entry, ":", 3); len(parts) == 3 {
			a.environment.Access = append(a.environment.Access, right{parts[0], parts[1], parts[2]})
		}
	}
	return a
}

// current reads the file again when a command has written it.
func (a *accounts) current() record {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if info, err := os.Stat(a.file); err == nil && info.ModTime() != a.modified {
		if text, err := os.ReadFile(a.file); err == nil {
			var next record
			if json.Unmarshal(text, &next) == nil {
				a.loaded, a.modified = next, info.ModTime()
			}
		}
	}
	return a.loaded
}

// identify answers the user of the request ("" for nobody) and whether its login is right.
func (a *accounts) identify(r *http.Request) (user string, known bool) {
	credentials := r.Header.Get("Authorization")
	if credentials == "" {
		if raw, err := base64.RawURLEncoding.DecodeString(r.URL.Query().Get("auth")); err == nil {
			credentials = string(raw)
		}
	}
	if credentials == "" || !a.enabled {
		return "", true
	}
	stored := a.current()
	kind, value, _ := strings.Cut(credentials, " ")
	if strings.EqualFold(kind, "Bearer") {
		return tokenOwner(value, a.environment.Tokens, stored.Tokens)
	}
	decoded, err := base64.StdEncoding.DecodeString(value)
	name, password, ok := strings.Cut(string(decoded), ":")
	if err != nil || !ok {
		return "", false
	}
	if name == "" {
		return tokenOwner(password, a.environment.Tokens, stored.Tokens)
	}
	found, ok := stored.Users[name]
	if !ok {
		found, ok = a.environment.Users[name]
	}
	if !ok || !matches(found.Password, password) {
		return "", false
	}
	return name, true
}

func tokenOwner(token string, tables ...map[string]string) (string, bool) {
	for _, table := range tables {
		for known, user := range table {
			if subtle.ConstantTimeCompare([]byte(known), []byte(token)) == 1 {
				return user, true
			}
		}
	}
	return "", false
}

// matches compares a password with a hash. Bcrypt is left to the C library, through perl's crypt.
func matches(hash, password string) bool {
	if salt, want, ok := strings.Cut(hash, ":"); ok {
		return subtle.ConstantTimeCompare([]byte(want), []byte(digest(salt, password))) == 1
	}
	command := exec.Command("perl", "-e", `chomp(my $p = <STDIN>); exit(crypt($p, $ARGV[0]) eq $ARGV[0] ? 0 : 1)`, hash)
	command.Stdin = strings.NewReader(password + "\n")
	return strings.HasPrefix(hash, "$2") && command.Run() == nil
}

func digest(salt, password string) string {
	sum := sha256.Sum256([]byte(salt + password))
	return hex.EncodeToString(sum[:])
}

// may tells whether the user has the right: admins always, then the first entry that fits.
func (a *accounts) may(user, topic, what string) bool {
	if !a.enabled {
		return true
	}
	stored := a.current()
	if user != "" && (stored.Users[user].Admin || a.environment.Users[user].Admin) {
		return true
	}
	for _, who := range []string{user, "everyone"} {
		for _, entry := range append(append([]right{}, stored.Access...), a.environment.Access...) {
			name := entry.User
			if name == "*" {
				name = "everyone"
			}
			fits, _ := path.Match(entry.Topic, topic)
			if who != "" && name == who && fits {
				return grants(entry.May, what)
			}
		}
	}
	return grants(a.defaultMay, what)
}

func grants(may, what string) bool {
	switch may {
	case "rw", "read-write":
		return true
	case "ro", "read", "read-only":
		return what == "read"
	case "wo", "write", "write-only":
		return what == "write"
	}
	return false
}

// ntfyCommand runs "user add|remove", "token add" and "access" on the file of the running server.
func ntfyCommand(arguments []string) error {
	a := newAccounts(Variables{})
	if !a.enabled {
		return fmt.Errorf("NTFY_AUTH_FILE is not set")
	}
	stored := a.current()
	if stored.Users == nil {
		stored = record{Users: map[string]account{}, Tokens: map[string]string{}}
	}
	var words []string
	flags := map[string]string{}
	for _, argument := range arguments {
		if name, value, _ := strings.Cut(argument, "="); strings.HasPrefix(argument, "-") {
			flags[strings.TrimLeft(name, "-")] = value
		} else {
			words = append(words, argument)
		}
	}
	switch call := strings.Join(words[:min(2, len(words))], " "); {
	case call == "user add" && len(words) == 3:
		_, ignore := flags["ignore-exists"]
		if _, exists := stored.Users[words[2]]; exists {
			if ignore {
				return nil
			}
			return fmt.Errorf("user %s already exists", words[2])
		}
		password := os.Getenv("NTFY_PASSWORD")
		if password == "" {
			return fmt.Errorf("set NTFY_PASSWORD: the stand-in does not ask")
		}
		salt := random()
		stored.Users[words[2]] = account{Password: salt + ":" + digest(salt, password), Admin: flags["role"] == "admin"}
	case (call == "user remove" || call == "user del") && len(words) == 3:
		delete(stored.Users, words[2])
	case call == "user list":
		for name, user := range stored.Users {
			fmt.Printf("user %s (admin: %v)\n", name, user.Admin)
		}
		return nil
	case call == "token add" && len(words) == 3:
		token := "tk_" + random()
		stored.Tokens[token] = words[2]
		fmt.Fprintf(os.Stderr, "token %s created for user %s, never expires\n", token, words[2])
	case words[0] == "access" && len(words) == 4:
		stored.Access = append([]right{{words[1], words[2], words[3]}}, stored.Access...)
	default:
		return fmt.Errorf("the stand-in of ntfy has no command %q", strings.Join(arguments, " "))
	}
	text, err := json.MarshalIndent(stored, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(a.file, append(text, '\n'), 0o600)
}

func random() string {
	bytes := make([]byte, 15)
	_, _ = rand.Read(bytes)
	return hex.EncodeToString(bytes)[:29]
}

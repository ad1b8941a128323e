package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
)

const (
	adguardConfig = "/opt/adguardhome/conf/AdGuardHome.yaml"
	// The form of the file that the stand-in writes; the original's is as high or higher.
	adguardSchema = "33"
)

// adguard behaves as AdGuard Home does towards its one file: at its start it writes it anew in
// its own form, and again at every change of a rewrite in its page. It knows users and rewrites.
type adguard struct{ mutex sync.Mutex }

type rewrite struct {
	Domain  string `json:"domain"`
	Answer  string `json:"answer"`
	Enabled bool   `json:"enabled"`
}

// rewriteConfig brings the file into the form that the stand-in's version writes.
func rewriteConfig() error {
	text, err := os.ReadFile(adguardConfig)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	settings := regexp.MustCompile(`(?m)^schema_version: .*$`).ReplaceAllString(string(text), "schema_version: "+adguardSchema)
	for _, section := range []string{"filters: []", "clients:\n  persistent: []"} {
		key, _, _ := strings.Cut(section, ":")
		if !regexp.MustCompile(`(?m)^` + key + `:`).MatchString(settings) {
			settings = section + "\n" + settings
		}
	}
	return writeConfig(withRewrites(settings, rewritesOf(settings)))
}

func writeConfig(settings string) error {
	if err := os.WriteFile(adguardConfig+".part", []byte(settings), 0o600); err != nil {
		return err
	}
	return os.Rename(adguardConfig+".part", adguardConfig)
}

var rewritesBlock = regexp.MustCompile(`(?m)^  rewrites:.*\n(?:(?:    |  - ).*\n)*`)

func rewritesOf(settings string) []rewrite {
	var list []rewrite
	for _, entry := range strings.Split(rewritesBlock.FindString(settings), "- domain: ")[1:] {
		lines := strings.Split(entry, "\n")
		one := rewrite{Domain: unquote(lines[0]), Enabled: true}
		for _, line := range lines[1:] {
			switch key, value, _ := cutKey(strings.TrimSpace(line)); key {
			case "answer":
				one.Answer = value
			case "enabled":
				one.Enabled = value == "true"
			}
		}
		list = append(list, one)
	}
	return list
}

func withRewrites(settings string, list []rewrite) string {
	block := "  rewrites: []\n"
	if len(list) > 0 {
		block = "  rewrites:\n"
	}
	for _, one := range list {
		block += fmt.Sprintf("    - domain: %s\n      answer: %s\n      enabled: %t\n", one.Domain, one.Answer, one.Enabled)
	}
	at := rewritesBlock.FindStringIndex(settings)
	if at == nil {
		return settings
	}
	return settings[:at[0]] + block + settings[at[1]:]
}

func newAdguard() http.Handler {
	a := &adguard{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /control/rewrite/list", a.signedIn(func(settings string, _ rewrite) (any, []rewrite, bool) {
		return rewritesOf(settings), nil, false
	}))
	mux.HandleFunc("POST /control/rewrite/add", a.signedIn(func(settings string, one rewrite) (any, []rewrite, bool) {
		one.Enabled = true
		return nil, append(rewritesOf(settings), one), true
	}))
	mux.HandleFunc("POST /control/rewrite/delete", a.signedIn(func(settings string, one rewrite) (any, []rewrite, bool) {
		var left []rewrite
		for _, present := range rewritesOf(settings) {
			if present.Domain != one.Domain || present.Answer != one.Answer {
				left = append(left, present)
			}
		}
		return nil, left, true
	}))
	return mux
}

// signedIn checks the login and the request, and writes the file when the rewrites changed.
func (a *adguard) signedIn(work func(settings string, given rewrite) (any, []rewrite, bool)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a.mutex.Lock()
		defer a.mutex.Unlock()
		text, err := os.ReadFile(adguardConfig)
		user, password, _ := r.BasicAuth()
		if err != nil || !adguardKnows(string(text), user, password) {
			http.Error(w, "Forbidden", http.StatusForbidden)
			return
		}
		var given rewrite
		if r.Method == http.MethodPost {
			decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16))
			decoder.DisallowUnknownFields()
			if err := decoder.Decode(&given); err != nil || given.Domain == "" || given.Answer == "" {
				http.Error(w, fmt.Sprintf("json.Decode: %v", err), http.StatusBadRequest)
				return
			}
		}
		result, list, changed := work(string(text), given)
		if changed {
			if err := writeConfig(withRewrites(string(text), list)); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
		}
		if result != nil {
			answer(w, http.StatusOK, result)
		}
	}
}

// adguardKnows compares with the bcrypt hash of the first user of that name.
func adguardKnows(settings, user, password string) bool {
	at := strings.Index(settings, "- name: "+user+"\n")
	if user == "" || at < 0 {
		return false
	}
	hash := regexp.MustCompile(`password: (\S+)`).FindStringSubmatch(settings[at:])
	if hash == nil || !strings.HasPrefix(hash[1], "$2") {
		return false
	}
	command := exec.Command("perl", "-e", `chomp(my $p = <STDIN>); exit(crypt($p, $ARGV[0]) eq $ARGV[0] ? 0 : 1)`, hash[1])
	command.Stdin = strings.NewReader(password + "\n")
	return command.Run() == nil
}

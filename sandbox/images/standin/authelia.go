package main

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
)

// authelia checks passwords and answers the forward-auth question. A session is its cookie,
// "<user>.<hex HMAC-SHA256 of the user with the session secret>"; it never ends, and a second
// factor is never asked for.
type authelia struct {
	secret, users           string
	cookie, domain, authURL string
}

func newAuthelia(variables Variables) http.Handler {
	users := variables.get("USERS_FILE")
	if users == "" {
		users = "/config/users_database.yml"
	}
	a := &authelia{
		secret:  variables.get("AUTHELIA_SESSION_SECRET"),
		users:   users,
		cookie:  variables.get("SESSION_NAME"),
		domain:  variables.get("SESSION_DOMAIN"),
		authURL: variables.get("AUTHELIA_URL"),
	}
	if a.cookie == "" {
		a.cookie = "authelia_session"
	}
	if a.authURL == "" {
		a.authURL = "https://auth." + a.domain
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/authz/forward-auth", a.forwardAuth)
	mux.HandleFunc("POST /api/firstfactor", a.firstFactor)
	return mux
}

// sessionValue is the cookie that stands for a login of the user.
func sessionValue(secret, user string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(user))
	return user + "." + hex.EncodeToString(mac.Sum(nil))
}

func (a *authelia) forwardAuth(w http.ResponseWriter, r *http.Request) {
	method, host := r.Header.Get("X-Forwarded-Method"), r.Header.Get("X-Forwarded-Host")
	proto, uri := r.Header.Get("X-Forwarded-Proto"), r.Header.Get("X-Forwarded-Uri")
	bare := strings.ToLower(host)
	if at := strings.LastIndexByte(bare, ':'); at >= 0 {
		bare = bare[:at]
	}
	inDomain := a.domain == "" || bare == a.domain || strings.HasSuffix(bare, "."+a.domain)
	if method == "" || host == "" || proto != "https" || !inDomain {
		http.Error(w, "400 Bad Request", http.StatusBadRequest)
		return
	}
	if user := a.user(r); user != "" {
		text, _ := os.ReadFile(a.users)
		w.Header().Set("Remote-User", user)
		w.Header().Set("Remote-Name", yamlScalar(string(text), "users."+user+".displayname"))
		w.Header().Set("Remote-Email", yamlScalar(string(text), "users."+user+".email"))
		w.Header().Set("Remote-Groups", strings.Join(groupsOf(string(text), user), ","))
		w.WriteHeader(http.StatusOK)
		return
	}
	target := a.authURL + "/?rd=" + url.QueryEscape(proto+"://"+host+uri) + "&rm=" + method
	status := http.StatusFound
	switch {
	case r.Header.Get("X-Requested-With") == "XMLHttpRequest" || !acceptsHTML(r.Header.Get("Accept")):
		status = http.StatusUnauthorized
	case method != "GET" && method != "HEAD" && method != "OPTIONS":
		status = http.StatusSeeOther
	}
	w.Header().Set("Location", target)
	w.WriteHeader(status)
}

// firstFactor takes a user's name and password as the sign-in page sends them.
func (a *authelia) firstFactor(w http.ResponseWriter, r *http.Request) {
	var login struct{ Username, Password string }
	text, _ := os.ReadFile(a.users)
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&login) != nil || login.Username == "" ||
		!passwordMatches(yamlScalar(string(text), "users."+login.Username+".password"), login.Password) {
		answer(w, http.StatusUnauthorized, map[string]any{
			"status": "KO", "message": "Authentication failed. Check your credentials.",
		})
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: a.cookie, Value: sessionValue(a.secret, login.Username), Domain: a.domain, Path: "/",
		HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode,
	})
	answer(w, http.StatusOK, map[string]any{"status": "OK", "data": map[string]any{"redirect": a.authURL}})
}

// passwordMatches knows the form $pbkdf2-sha512$<rounds>$<salt>$<hash>; other hashes match nothing.
func passwordMatches(hash, password string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 5 || parts[1] != "pbkdf2-sha512" {
		return false
	}
	rounds, err := strconv.Atoi(parts[2])
	salt, saltErr := adaptedBase64(parts[3])
	want, wantErr := adaptedBase64(parts[4])
	if err != nil || saltErr != nil || wantErr != nil {
		return false
	}
	got, err := pbkdf2.Key(sha512.New, password, salt, rounds, len(want))
	return err == nil && hmac.Equal(got, want)
}

// adaptedBase64 has "." for "+" and no padding.
func adaptedBase64(text string) ([]byte, error) {
	return base64.RawStdEncoding.DecodeString(strings.ReplaceAll(text, ".", "+"))
}

// acceptsHTML is true for browsers, and for clients whose first choice is anything.
func acceptsHTML(accept string) bool {
	for i, part := range strings.Split(accept, ",") {
		kind, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		if kind == "text/html" || (i == 0 && kind == "*/*") {
			return true
		}
	}
	return false
}

// user answers who the cookie belongs to, or nothing.
func (a *authelia) user(r *http.Request) string {
	cookie, err := r.Cookie(a.cookie)
	if err != nil || a.secret == "" {
		return ""
	}
	at := strings.LastIndexByte(cookie.Value, '.')
	if at <= 0 {
		return ""
	}
	user := cookie.Value[:at]
	if !hmac.Equal([]byte(cookie.Value), []byte(sessionValue(a.secret, user))) {
		return ""
	}
	return user
}

// groupsOf reads the list under users.<user>.groups.
func groupsOf(text, user string) []string {
	var groups []string
	indent, inside, listing := -1, false, false
	for _, line := range strings.Split(text, "\n") {
		body := strings.TrimLeft(line, " ")
		depth := len(line) - len(body)
		key, _, isKey := cutKey(body)
		switch {
		case body == "" || body[0] == '#':
		case isKey && key == user && !inside:
			inside, indent = true, depth
		case inside && isKey && depth <= indent:
			return groups
		case inside && isKey && !strings.HasPrefix(body, "- "):
			listing = key == "groups"
		case listing && strings.HasPrefix(body, "- "):
			groups = append(groups, unquote(body[2:]))
		}
	}
	return groups
}

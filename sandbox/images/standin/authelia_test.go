package main

import (
	"crypto/pbkdf2"
	"crypto/sha512"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

func TestForwardAuthRedirectsBrowsersRefusesProgramsAndKnowsSessions(t *testing.T) {
	folder := t.TempDir()
	users := write(t, filepath.Join(folder, "users.yml"),
		"users:\n  ana:\n    displayname: 'Ana'\n    email: ana@example.org\n    groups:\n      - admin\n      - homelab\n")
	handler := newAuthelia(Variables{
		"USERS_FILE": users, "AUTHELIA_SESSION_SECRET": "k",
		"SESSION_DOMAIN": "example.org", "AUTHELIA_URL": "https://auth.example.org",
	})
	ask := func(accept, method, cookie, host string) *http.Response {
		request := httptest.NewRequest("GET", "/api/authz/forward-auth", nil)
		request.Header.Set("X-Forwarded-Method", method)
		request.Header.Set("X-Forwarded-Proto", "https")
		request.Header.Set("X-Forwarded-Host", host)
		request.Header.Set("X-Forwarded-Uri", "/a?b=c")
		request.Header.Set("Accept", accept)
		if cookie != "" {
			request.AddCookie(&http.Cookie{Name: "authelia_session", Value: cookie})
		}
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		return recorder.Result()
	}
	for _, c := range []struct {
		accept, method, cookie, host string
		want                         int
	}{
		{"text/html", "GET", "", "logs.example.org", 302},
		{"text/html", "POST", "", "logs.example.org", 303},
		{"application/json", "GET", "", "logs.example.org", 401},
		{"text/html", "GET", "ana.00", "logs.example.org", 302},
		{"text/html", "GET", sessionValue("k", "ana"), "logs.example.org", 200},
		{"text/html", "GET", sessionValue("other", "ana"), "logs.example.org", 302},
		{"text/html", "GET", "", "logs.example.com", 400},
	} {
		response := ask(c.accept, c.method, c.cookie, c.host)
		if response.StatusCode != c.want {
			t.Errorf("%+v answers %d", c, response.StatusCode)
		}
	}
	if at := ask("text/html", "GET", "", "logs.example.org").Header.Get("Location"); at !=
		"https://auth.example.org/?rd=https%3A%2F%2Flogs.example.org%2Fa%3Fb%3Dc&rm=GET" {
		t.Error(at)
	}
	headers := ask("text/html", "GET", sessionValue("k", "ana"), "logs.example.org").Header
	if headers.Get("Remote-User") != "ana" || headers.Get("Remote-Groups") != "admin,homelab" || headers.Get("Remote-Email") != "ana@example.org" {
		t.Error(headers)
	}
}

func TestSigningInGivesASessionThatForwardAuthKnows(t *testing.T) {
	key, _ := pbkdf2.Key(sha512.New, "geheim", []byte("0123456789abcdef"), 1000, 64)
	encode := func(b []byte) string {
		return strings.ReplaceAll(base64.RawStdEncoding.EncodeToString(b), "+", ".")
	}
	users := write(t, filepath.Join(t.TempDir(), "users.yml"), "users:\n  ana:\n    password: $pbkdf2-sha512$1000$"+
		encode([]byte("0123456789abcdef"))+"$"+encode(key)+"\n")
	handler := newAuthelia(Variables{"USERS_FILE": users, "AUTHELIA_SESSION_SECRET": "k", "SESSION_DOMAIN": "example.org"})
	for password, want := range map[string]int{"geheim": 200, "falsch": 401} {
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, httptest.NewRequest("POST", "/api/firstfactor",
			strings.NewReader(`{"username":"ana","password":"`+password+`"}`)))
		if recorder.Code != want {
			t.Errorf("%s answers %d", password, recorder.Code)
		}
		if cookie := recorder.Header().Get("Set-Cookie"); want == 200 && !strings.Contains(cookie, sessionValue("k", "ana")) {
			t.Error(cookie)
		}
	}
}

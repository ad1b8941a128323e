package main

import (
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

func TestNtfyKeepsMessagesForThoseWhoMayReadThem(t *testing.T) {
	folder := t.TempDir()
	handler := newNtfy(Variables{
		"NTFY_CACHE_FILE":          filepath.Join(folder, "cache"),
		"NTFY_AUTH_FILE":           filepath.Join(folder, "user.db"),
		"NTFY_AUTH_DEFAULT_ACCESS": "deny-all",
		"NTFY_AUTH_USERS":          "writer:x:user,boss:x:admin",
		"NTFY_AUTH_TOKENS":         "writer:tk_w,boss:tk_b",
		"NTFY_AUTH_ACCESS":         "writer:alerts*:wo",
	})
	ask := func(method, path, token, body string) *httptest.ResponseRecorder {
		request := httptest.NewRequest(method, path, strings.NewReader(body))
		if token != "" {
			request.Header.Set("Authorization", "Bearer "+token)
		}
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		return recorder
	}
	for _, c := range []struct {
		method, path, token string
		want                int
	}{
		{"POST", "/alerts-disk", "", 403},
		{"POST", "/alerts-disk", "tk_wrong", 401},
		{"POST", "/alerts-disk", "tk_w", 200},
		{"POST", "/other", "tk_w", 403},
		{"GET", "/alerts-disk/json", "tk_w", 403},
		{"GET", "/alerts-disk/json", "tk_b", 200},
	} {
		if got := ask(c.method, c.path, c.token, "full").Code; got != c.want {
			t.Errorf("%+v answers %d", c, got)
		}
	}
	if text := ask("GET", "/alerts-disk/json?poll=1", "tk_b", "").Body.String(); !strings.Contains(text, `"message":"full"`) {
		t.Error(text)
	}
	if text := ask("GET", "/nothing/json?poll=1", "tk_b", "").Body.String(); text != "" {
		t.Error(text)
	}
}

func TestNtfyRefusesWhatTheOriginalRefuses(t *testing.T) {
	handler := newNtfy(Variables{"NTFY_AUTH_FILE": filepath.Join(t.TempDir(), "user.db"), "NTFY_AUTH_DEFAULT_ACCESS": "rw", "NTFY_BEHIND_PROXY": "true"})
	ask := func(visitor, path, body string) (int, string) {
		request := httptest.NewRequest("POST", path, strings.NewReader(body))
		request.Header.Set("X-Forwarded-For", "spoofed, "+visitor)
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		return recorder.Code, recorder.Body.String()
	}
	alert := `{"status":"firing","receiver":"critical","alerts":[{"status":"firing","labels":{"alertname":"DiskSpaceCritical"},"annotations":{"summary":"%s"}}]}`
	for _, c := range []struct {
		path, body string
		status     int
		code       string
	}{
		{"/alerts", strings.Repeat("x", longestMessage), 200, ""},
		{"/alerts", strings.Repeat("x", longestMessage+1), 400, "40014"},
		{"/alerts", "\xff", 400, "40014"},
		{"/alerts?priority=6", "x", 400, "40007"},
		{"/alerts?priority=loud", "x", 400, "40007"},
		{"/settings", "x", 400, "40010"},
		{"/a.b", "x", 400, "40009"},
		{"/", `{"topic":"alerts","message":"` + strings.Repeat("x", longestMessage+1) + `"}`, 400, "40014"},
		{"/", `{"topic":"alerts","message":"` + strings.Repeat("x", longestJSON) + `"}`, 413, "41303"},
		{"/", `{"topic":"al/erts"}`, 400, "40009"},
		{"/", `{`, 400, "40017"},
		{"/alerts?template=alertmanager", strings.ReplaceAll(alert, "%s", "full"), 200, ""},
		{"/alerts?template=alertmanager", strings.ReplaceAll(alert, "%s", strings.Repeat("x", longestMessage)), 400, "40041"},
		{"/alerts?template=alertmanager", "x", 400, "40042"},
	} {
		status, text := ask("198.51.100.1", c.path, c.body)
		if status != c.status || !strings.Contains(text, c.code) {
			t.Errorf("%s with %d bytes answers %d %s", c.path, len(c.body), status, text)
		}
	}
	if _, text := ask("198.51.100.2", "/alerts?template=alertmanager", strings.ReplaceAll(alert, "%s", "full")); !strings.Contains(text, "Alert: DiskSpaceCritical") {
		t.Error(text)
	}
	last := 0
	for range requestBurst + 1 {
		last, _ = ask("198.51.100.3", "/alerts", "x")
	}
	if status, _ := ask("198.51.100.4", "/alerts", "x"); last != 429 || status != 200 {
		t.Errorf("after %d requests a visitor gets %d, and another %d", requestBurst, last, status)
	}
}

func TestAnAccountMadeByTheCommandCanLogIn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "user.db")
	t.Setenv("NTFY_AUTH_FILE", file)
	t.Setenv("NTFY_PASSWORD", "geheim")
	for _, call := range []string{"user add --role=user ana", "access ana home rw"} {
		if err := ntfyCommand(strings.Fields(call)); err != nil {
			t.Fatal(err)
		}
	}
	a := newAccounts(Variables{"NTFY_AUTH_FILE": file, "NTFY_AUTH_DEFAULT_ACCESS": "deny-all"})
	request := httptest.NewRequest("GET", "/", nil)
	request.SetBasicAuth("ana", "geheim")
	if user, known := a.identify(request); user != "ana" || !known {
		t.Errorf("got %q, %v", user, known)
	}
	if !a.may("ana", "home", "write") || a.may("ana", "other", "read") {
		t.Error("rights are wrong")
	}
	request.SetBasicAuth("ana", "falsch")
	if _, known := a.identify(request); known {
		t.Error("a wrong password is accepted")
	}
}

func TestBcryptHashesAreChecked(t *testing.T) {
	const hash = "$2b$04$abcdefghijklmnopqrstuuPp7HPfoAs8I2dCQCQ/fW7zEJv8I8C8e" // of "x"
	if !matches(hash, "x") || matches(hash, "y") {
		t.Error("crypt and matches disagree")
	}
}

package main

import (
	"crypto/pbkdf2"
	"crypto/sha512"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestExpandTakesVariablesBeforeTheEnvironmentAndThenTheDefault(t *testing.T) {
	t.Setenv("PORT", "1")
	v := Variables{"HOST": "db"}
	for template, want := range map[string]string{
		"${HOST}:${PORT:-5432}":    "db:1",
		"${HOST}:${MISSING:-5432}": "db:5432",
		"${MISSING}:5432":          ":5432",
		"plain":                    "plain",
	} {
		if got := v.expand(template); got != want {
			t.Errorf("%s gives %q, not %q", template, got, want)
		}
	}
}

func TestYamlScalarFindsValuesInMappingsAndLists(t *testing.T) {
	text := `
# comment
mqtt:
  enabled: true
  host: "mosquitto" # the broker
  user: '{FRIGATE_MQTT_USER}'
cameras:
  mqtt:
    host: wrong
session:
  cookies:
    - name: s
      domain: example.org
      authelia_url: https://auth.example.org
`
	for path, want := range map[string]string{
		"mqtt.host":                    "mosquitto",
		"mqtt.user":                    "{FRIGATE_MQTT_USER}",
		"mqtt.port":                    "",
		"session.cookies.domain":       "example.org",
		"session.cookies.authelia_url": "https://auth.example.org",
		"cameras.mqtt.host":            "wrong",
	} {
		if got := yamlScalar(text, path); got != want {
			t.Errorf("%s is %q, not %q", path, got, want)
		}
	}
}

func TestASecretComesFromItsFileAndAnUnreadableFileIsAnError(t *testing.T) {
	folder := t.TempDir()
	secret := Secret{Name: "DB_PASSWORD", FileEnv: "DB_PASSWORD_FILE", Required: true}
	t.Setenv("DB_PASSWORD_FILE", write(t, filepath.Join(folder, "password"), "s3cret\n"))
	v, err := readVariables(&Manifest{Secrets: []Secret{secret}})
	if err != nil || v["DB_PASSWORD"] != "s3cret" {
		t.Errorf("got %q, %v", v["DB_PASSWORD"], err)
	}
	t.Setenv("DB_PASSWORD_FILE", filepath.Join(folder, "none"))
	if _, err := readVariables(&Manifest{Secrets: []Secret{secret}}); err == nil {
		t.Error("a missing file is accepted")
	}
	t.Setenv("DB_PASSWORD_FILE", "")
	_, err = readVariables(&Manifest{Secrets: []Secret{secret}})
	if err == nil || !strings.Contains(err.Error(), "DB_PASSWORD_FILE") {
		t.Errorf("a missing required secret gives %v", err)
	}
}

func TestConfigurationValuesAreFilledInFromTheSecretFolder(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "FRIGATE_MQTT_PASS"), "p\n")
	config := write(t, filepath.Join(folder, "config.yml"), "mqtt:\n  password: '{FRIGATE_MQTT_PASS}'\n")
	v, err := readVariables(&Manifest{
		SecretFolder: &SecretFolder{Path: folder, Prefix: "FRIGATE_"},
		Values:       []Value{{Name: "PASSWORD", File: config, Path: "mqtt.password"}},
	})
	if err != nil || v["PASSWORD"] != "p" {
		t.Errorf("got %q, %v", v["PASSWORD"], err)
	}
}

func TestUntilItIsReadyEveryPathAnswers503WithTheReason(t *testing.T) {
	state := &State{}
	state.set([]string{"redis cache:6379: refused"})
	handler := state.gate("app", nil, routes(&Manifest{}, []Route{{Path: "/health", Status: 200, Body: "fine"}}, http.NotFoundHandler()))
	ask := func() (int, string) {
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, httptest.NewRequest("GET", "/health", nil))
		return recorder.Code, recorder.Body.String()
	}
	if code, text := ask(); code != 503 || !strings.Contains(text, "redis cache:6379") {
		t.Errorf("waiting, it answers %d %s", code, text)
	}
	state.set(nil)
	if code, text := ask(); code != 200 || text != "fine" {
		t.Errorf("ready, it answers %d %s", code, text)
	}
	state.setBroken(true)
	if code, _ := ask(); code != 503 {
		t.Errorf("made unhealthy, it answers %d", code)
	}
}

func TestOnlyListedHostsAreAnswered(t *testing.T) {
	t.Setenv("HOSTS", "home.example.org,other:1")
	hosts := newHostList("HOSTS")
	for host, want := range map[string]bool{"home.example.org": true, "localhost:3000": true, "evil.example.org": false} {
		if hosts.allows(host) != want {
			t.Errorf("%s: %v", host, !want)
		}
	}
	if !newHostList("").allows("any") {
		t.Error("without a list every host is answered")
	}
}

// answering starts a server on loopback that sends the answer to whatever comes first.
func answering(t *testing.T, answers ...string) string {
	t.Helper()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = socket.Close() })
	go func() {
		connection, err := socket.Accept()
		if err != nil {
			return
		}
		buffer := make([]byte, 512)
		for _, text := range answers {
			_, _ = connection.Read(buffer)
			_, _ = io.WriteString(connection, text)
		}
	}()
	return socket.Addr().String()
}

func TestARedisThatRefusesTheLoginIsNotThere(t *testing.T) {
	if err := checkRedis(answering(t, "+PONG\r\n")); err != nil {
		t.Error(err)
	}
	if err := checkRedis("redis://:pw@" + answering(t, "-ERR wrong\r\n")); err == nil {
		t.Error("a refused login counts as an answer")
	}
}

func TestABrokerThatRefusesTheLoginIsNotThere(t *testing.T) {
	if err := checkMQTT(answering(t, "\x20\x02\x00\x00"), "u", "p"); err != nil {
		t.Error(err)
	}
	if err := checkMQTT(answering(t, "\x20\x02\x00\x05"), "u", "p"); err == nil {
		t.Error("return code 5 counts as an answer")
	}
}

func TestAnOptionalNeedWithoutAnAddressIsNotWaitedFor(t *testing.T) {
	need := Need{Kind: "mqtt", Address: "${BROKER}:1883", Optional: true}
	if !need.absent(Variables{}) || need.absent(Variables{"BROKER": "b"}) {
		t.Error("absent is wrong")
	}
}

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

func TestAUrllibOneLinerIsAnsweredWithoutPython(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/ping" {
			w.WriteHeader(503)
		}
	}))
	defer server.Close()
	for path, want := range map[string]int{"/ping": 0, "/down": 1} {
		code := "import urllib.request; urllib.request.urlopen('" + server.URL + path + "')"
		if got := python([]string{"-c", code}); got != want {
			t.Errorf("%s gives %d", path, got)
		}
	}
	if urllibCheck.MatchString("import urllib.request; urllib.request.urlopen('http://a'); print(1)") {
		t.Error("a longer program is taken for a check")
	}
}

package main

import (
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

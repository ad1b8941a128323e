package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// What ntfy refuses, with its statuses and numbers (server/errors.go and config.go of 2.13): a message
// that is too long would be an attachment, and attachments are off unless they have a folder.
const (
	longestMessage   = 4096
	longestJSON      = 2 * longestMessage
	longestTemplated = 32 << 10
	requestBurst     = 60
	requestEvery     = 5 * time.Second
	failureBurst     = 30
	failureEvery     = time.Minute
)

var (
	topicName   = regexp.MustCompile(`^[-_A-Za-z0-9]{1,64}$`)
	takenTopics = []string{"docs", "static", "file", "app", "metrics", "account", "settings", "signup", "login", "v1"}
)

// refusal is an answer that is no message.
type refusal struct {
	status, code int
	text         string
}

var (
	noTopic         = refusal{400, 40009, "invalid request: topic invalid"}
	takenTopic      = refusal{400, 40010, "invalid request: topic name is not allowed"}
	noPriority      = refusal{400, 40007, "invalid priority parameter"}
	noAttachments   = refusal{400, 40014, "invalid request: attachments not allowed"}
	noMessageJSON   = refusal{400, 40017, "invalid request: request body must be message JSON"}
	longTemplated   = refusal{400, 40041, "invalid request: message or title is too large after replacing template"}
	noTemplateJSON  = refusal{400, 40042, "invalid request: message body must be JSON if templating is enabled"}
	noTemplate      = refusal{400, 40043, "invalid request: could not parse template"}
	unauthorized    = refusal{401, 40101, "unauthorized"}
	forbidden       = refusal{403, 40301, "forbidden"}
	longJSON        = refusal{413, 41303, "JSON body too large"}
	tooManyRequests = refusal{429, 42901, "limit reached: too many requests"}
	tooManyFailures = refusal{429, 42909, "limit reached: too many auth failures"}
)

func (r refusal) write(w http.ResponseWriter) {
	answer(w, r.status, map[string]any{"code": r.code, "http": r.status, "error": r.text})
}

// checkTopic answers why nothing can be published there.
func checkTopic(topic string) *refusal {
	if slices.Contains(takenTopics, topic) {
		return &takenTopic
	}
	if !topicName.MatchString(topic) {
		return &noTopic
	}
	return nil
}

// checkText answers why a text is no message.
func checkText(text string) *refusal {
	if len(text) > longestMessage || !utf8.ValidString(text) {
		return &noAttachments
	}
	return nil
}

// readWhole reads a body of so many bytes at most.
func readWhole(body io.Reader, most int) ([]byte, bool) {
	text, err := io.ReadAll(io.LimitReader(body, int64(most)+1))
	return text, err == nil && len(text) <= most
}

// alertmanagerText is what ntfy's template of that name makes of Alertmanager's message.
func alertmanagerText(body []byte) (title, text string, refused *refusal) {
	var sent struct {
		Status, Receiver string
		Alerts           []struct {
			Status, StartsAt    string
			Labels, Annotations map[string]string
		}
	}
	if json.Unmarshal(body, &sent) != nil || len(sent.Alerts) == 0 {
		return "", "", &noTemplateJSON
	}
	title = map[string]string{"firing": "🚨 Alert: ", "resolved": "✅ Resolved: "}[sent.Status] + sent.Alerts[0].Labels["alertname"]
	lines := []string{"Status: " + sent.Status, "Receiver: " + sent.Receiver}
	for _, alert := range sent.Alerts {
		lines = append(lines, "", "Alert: "+alert.Labels["alertname"], "  Status: "+alert.Status, "  Starts at: "+alert.StartsAt)
		for _, values := range []map[string]string{alert.Labels, alert.Annotations} {
			names := make([]string, 0, len(values))
			for name := range values {
				names = append(names, name)
			}
			slices.Sort(names)
			for _, name := range names {
				lines = append(lines, fmt.Sprintf("  %s: %s", name, values[name]))
			}
		}
	}
	if text = strings.Join(lines, "\n"); len(text) > longestMessage {
		return "", "", &longTemplated
	}
	return title, text, nil
}

// visitors have so much of something each, which comes back bit by bit.
type visitors struct {
	mutex sync.Mutex
	burst float64
	every time.Duration
	left  map[string]float64
	seen  map[string]time.Time
}

func newVisitors(burst int, every time.Duration) *visitors {
	return &visitors{burst: float64(burst), every: every, left: map[string]float64{}, seen: map[string]time.Time{}}
}

// take uses up one of a visitor's, if there is one.
func (v *visitors) take(visitor string) bool {
	left := v.has(visitor)
	v.mutex.Lock()
	defer v.mutex.Unlock()
	if left < 1 {
		return false
	}
	v.left[visitor] = left - 1
	return true
}

// has answers how many are left to a visitor.
func (v *visitors) has(visitor string) float64 {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	now := time.Now()
	left := v.burst
	if at, known := v.seen[visitor]; known {
		left = min(v.burst, v.left[visitor]+float64(now.Sub(at))/float64(v.every))
	}
	v.left[visitor], v.seen[visitor] = left, now
	return left
}

// visitorOf answers who asks: behind a proxy the last address that the proxy names.
func visitorOf(r *http.Request, behindProxy bool) string {
	forwarded := split(r.Header.Get("X-Forwarded-For"))
	if behindProxy && len(forwarded) > 0 {
		return forwarded[len(forwarded)-1]
	}
	address, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return address
}

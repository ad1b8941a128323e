package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// monitorDefaults are the columns that the stand-in has, and what they hold when nobody says.
var monitorDefaults = fields{
	"name": nil, "type": nil, "description": nil, "parent": nil, "url": nil, "method": "GET",
	"hostname": nil, "port": nil, "maxretries": 0.0, "weight": 2000.0, "timeout": 48.0, "interval": 60.0,
	"retryInterval": 60.0, "resendInterval": 0.0, "keyword": nil, "invertKeyword": false,
	"expiryNotification": false, "ignoreTls": false, "upsideDown": false, "packetSize": 56.0,
	"maxredirects": 10.0, "dns_resolve_type": "A", "dns_resolve_server": "1.1.1.1",
	"accepted_statuscodes": []any{"200-299"}, "notificationIDList": fields{},
	"kafkaProducerBrokers": []any{}, "kafkaProducerSaslOptions": fields{"mechanism": "None"},
}

// listed are in the list as well, so an edit brings them back; they are not read.
var listed = []string{"id", "active", "tags", "maintenance", "pathName", "childrenIDs", "forceInactive"}

// needed fields of each type that the stand-in knows.
var needed = map[string][]string{
	"http": {"url"}, "keyword": {"url", "keyword"}, "port": {"hostname", "port"}, "ping": {"hostname"},
	"dns": {"hostname", "port", "dns_resolve_server", "dns_resolve_type"},
}

func kumaAdd(s *session, args []json.RawMessage) (any, error) {
	given, err := monitorOf(args[0], nil)
	if err != nil {
		return nil, err
	}
	monitor := maps.Clone(monitorDefaults)
	maps.Copy(monitor, given)
	if err := s.kuma.checkMonitor(monitor); err != nil {
		return nil, err
	}
	id := s.kuma.nextID()
	monitor["active"] = true
	s.kuma.data.Monitors[id] = monitor
	s.sendMonitors()
	number, _ := strconv.Atoi(id)
	return s.kuma.kept(fields{"ok": true, "msg": "Added Successfully.", "monitorID": number}, nil)
}

func kumaEdit(s *session, args []json.RawMessage) (any, error) {
	given, err := monitorOf(args[0], listed)
	if err != nil {
		return nil, err
	}
	present, err := find(s.kuma.data.Monitors, given["id"])
	if err != nil {
		return nil, err
	}
	next := maps.Clone(monitorDefaults)
	maps.Copy(next, given)
	if err := s.kuma.checkMonitor(next); err != nil {
		return nil, err
	}
	// Whether it runs is changed by pause and resume alone.
	for name := range monitorDefaults {
		present[name] = next[name]
	}
	s.sendMonitors()
	return s.kuma.kept(fields{"ok": true, "msg": "Saved.", "monitorID": given["id"]}, nil)
}

func kumaDelete(s *session, args []json.RawMessage) (any, error) {
	id, err := idOf(args[0])
	if err != nil {
		return nil, err
	}
	delete(s.kuma.data.Monitors, id)
	result, err := s.kuma.kept(done("Deleted Successfully."))
	s.sendMonitors()
	return result, err
}

func kumaActive(active bool) func(s *session, args []json.RawMessage) (any, error) {
	return func(s *session, args []json.RawMessage) (any, error) {
		id, err := idOf(args[0])
		if err != nil {
			return nil, err
		}
		monitor, known := s.kuma.data.Monitors[id]
		if !known {
			return nil, fmt.Errorf("there is no monitor %s", id)
		}
		monitor["active"] = active
		s.sendMonitors()
		return s.kuma.kept(done("Saved."))
	}
}

// monitorOf refuses what is no column, as the original's database does.
func monitorOf(text json.RawMessage, also []string) (fields, error) {
	var given fields
	if err := json.Unmarshal(text, &given); err != nil || given == nil {
		return nil, errors.New("a monitor is an object")
	}
	for name := range given {
		if _, known := monitorDefaults[name]; !known && !slices.Contains(also, name) {
			return nil, fmt.Errorf("table monitor has no column named %s", name)
		}
	}
	return given, nil
}

func (k *kuma) checkMonitor(monitor fields) error {
	kind, _ := monitor["type"].(string)
	wanted, known := needed[kind]
	if !known {
		return fmt.Errorf("the stand-in knows no monitor of type %q", kind)
	}
	for _, name := range append([]string{"name"}, wanted...) {
		if monitor[name] == nil || monitor[name] == "" {
			return fmt.Errorf("a monitor of type %s needs %s", kind, name)
		}
	}
	if interval, ok := monitor["interval"].(float64); !ok || interval < 20 || interval > 2073600 {
		return errors.New("Interval cannot be less than 20 seconds")
	}
	codes, ok := monitor["accepted_statuscodes"].([]any)
	if !ok {
		return errors.New("monitor.accepted_statuscodes.every is not a function")
	}
	for _, code := range codes {
		if _, ok := code.(string); !ok {
			return errors.New("Accepted status codes are not all strings")
		}
	}
	notices, ok := monitor["notificationIDList"].(fields)
	if !ok {
		return errors.New("notificationIDList is an object")
	}
	for id := range notices {
		if _, known := k.data.Notices[id]; !known {
			return fmt.Errorf("there is no notification %s", id)
		}
	}
	return nil
}

func (s *session) sendMonitors() {
	list := map[string]fields{}
	for id, monitor := range s.kuma.data.Monitors {
		shown := maps.Clone(monitor)
		shown["id"], _ = strconv.Atoi(id)
		shown["tags"], shown["maintenance"] = []any{}, false
		list[id] = shown
	}
	s.emit("monitorList", list)
}

// noticeFields are those of every notification and of ntfy, the one provider the stand-in knows.
var noticeFields = []string{
	"name", "type", "isDefault", "applyExisting", "ntfyserverurl", "ntfytopic", "ntfyPriority",
	"ntfyAuthenticationMethod", "ntfyaccesstoken", "ntfyusername", "ntfypassword", "ntfyIcon",
}

func kumaSaveNotice(s *session, args []json.RawMessage) (any, error) {
	var given fields
	if err := json.Unmarshal(args[0], &given); err != nil || given == nil {
		return nil, errors.New("a notification is an object")
	}
	for name := range given {
		if !slices.Contains(noticeFields, name) {
			return nil, fmt.Errorf("a notification has no field %s", name)
		}
	}
	for _, name := range []string{"name", "ntfyserverurl", "ntfytopic"} {
		if text, ok := given[name].(string); !ok || text == "" {
			return nil, fmt.Errorf("a notification needs %s", name)
		}
	}
	if given["type"] != "ntfy" {
		return nil, fmt.Errorf("the stand-in knows no notification of type %v", given["type"])
	}
	id := ""
	if string(args[1]) == "null" {
		id = s.kuma.nextID()
	} else {
		known, err := idOf(args[1])
		if err != nil {
			return nil, err
		}
		if _, present := s.kuma.data.Notices[known]; !present {
			return nil, errors.New("notification not found")
		}
		id = known
	}
	s.kuma.data.Notices[id] = given
	s.sendNotices()
	number, _ := strconv.Atoi(id)
	return s.kuma.kept(fields{"ok": true, "msg": "Saved", "id": number}, nil)
}

func kumaDeleteNotice(s *session, args []json.RawMessage) (any, error) {
	id, err := idOf(args[0])
	if err != nil {
		return nil, err
	}
	if _, present := s.kuma.data.Notices[id]; !present {
		return nil, errors.New("notification not found")
	}
	delete(s.kuma.data.Notices, id)
	s.sendNotices()
	return s.kuma.kept(done("Deleted"))
}

// sendNotices lists the settings of each as a text of JSON in JSON, as the original does.
func (s *session) sendNotices() {
	list := []fields{}
	for _, id := range slices.Sorted(maps.Keys(s.kuma.data.Notices)) {
		notice := s.kuma.data.Notices[id]
		config, _ := json.Marshal(notice)
		number, _ := strconv.Atoi(id)
		list = append(list, fields{
			"id": number, "name": notice["name"], "active": true, "userId": 1,
			"isDefault": notice["isDefault"] == true, "config": string(config),
		})
	}
	s.emit("notificationList", list)
}

func (k *kuma) nextID() string {
	k.data.LastID++
	return strconv.Itoa(k.data.LastID)
}

func find(all map[string]fields, id any) (fields, error) {
	number, _ := id.(float64)
	found, known := all[strconv.Itoa(int(number))]
	if !known {
		return nil, fmt.Errorf("there is no monitor %v", id)
	}
	return found, nil
}

func idOf(text json.RawMessage) (string, error) {
	id := strings.TrimSpace(string(text))
	if _, err := strconv.Atoi(id); err != nil {
		return "", fmt.Errorf("%s is no id", id)
	}
	return id, nil
}

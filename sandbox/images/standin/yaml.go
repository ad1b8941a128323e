package main

import "strings"

// yamlScalar finds the first scalar under a path of keys ("a.b.c") in block-style YAML. It knows
// mappings, lists of mappings, comments and quotes, which is what the stacks' files use; anchors
// and flow style are not read.
func yamlScalar(text, path string) string {
	wanted := strings.Split(path, ".")
	type level struct {
		indent int
		key    string
	}
	var stack []level
	for _, line := range strings.Split(text, "\n") {
		body := strings.TrimLeft(line, " ")
		if body == "" || body[0] == '#' {
			continue
		}
		indent := len(line) - len(body)
		for strings.HasPrefix(body, "- ") {
			trimmed := strings.TrimLeft(body[2:], " ")
			indent += len(body) - len(trimmed)
			body = trimmed
		}
		key, value, ok := cutKey(body)
		if !ok {
			continue
		}
		for len(stack) > 0 && stack[len(stack)-1].indent >= indent {
			stack = stack[:len(stack)-1]
		}
		stack = append(stack, level{indent, key})
		if value == "" || len(stack) != len(wanted) {
			continue
		}
		match := true
		for i, name := range wanted {
			match = match && stack[i].key == name
		}
		if match {
			return value
		}
	}
	return ""
}

func cutKey(body string) (key, value string, ok bool) {
	at := strings.Index(body, ":")
	if at < 0 || (at+1 < len(body) && body[at+1] != ' ' && body[at+1] != '\t' && body[at+1] != '\r') {
		return "", "", false
	}
	return unquote(body[:at]), unquote(body[at+1:]), true
}

func unquote(text string) string {
	text = strings.TrimSpace(text)
	if len(text) > 0 && (text[0] == '"' || text[0] == '\'') {
		if end := strings.IndexByte(text[1:], text[0]); end >= 0 {
			return text[1 : end+1]
		}
	}
	if at := strings.Index(text, " #"); at >= 0 {
		text = strings.TrimSpace(text[:at])
	}
	if strings.HasPrefix(text, "#") {
		return ""
	}
	return text
}

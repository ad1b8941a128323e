package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// readVariables gathers secrets and configuration values as the present user.
// A file that was promised and cannot be read is an error, as it is for the originals.
func readVariables(manifest *Manifest) (Variables, error) {
	variables := Variables{}
	if folder := manifest.SecretFolder; folder != nil {
		files, _ := filepath.Glob(filepath.Join(folder.Path, folder.Prefix+"*"))
		for _, file := range files {
			value, err := readSecretFile(file)
			if err != nil {
				return nil, err
			}
			variables[filepath.Base(file)] = value
		}
	}
	for _, secret := range manifest.Secrets {
		value, err := readSecret(secret)
		if err != nil {
			return nil, err
		}
		if value == "" {
			value = variables[secret.Name]
		}
		if value == "" && secret.Required {
			return nil, fmt.Errorf("%s is required%s", secret.Name, orFile(secret))
		}
		if value != "" {
			variables[secret.Name] = value
		}
	}
	for _, value := range manifest.Values {
		files, _ := filepath.Glob(value.File)
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, fmt.Errorf("configuration as user %d: %w", os.Getuid(), err)
			}
			found := variables.substitute(yamlScalar(string(text), value.Path))
			if found != "" && variables[value.Name] == "" {
				variables[value.Name] = found
			}
		}
	}
	for _, file := range manifest.Files {
		opened, err := os.Open(file)
		if err != nil {
			return nil, fmt.Errorf("configuration as user %d: %w", os.Getuid(), err)
		}
		_ = opened.Close()
	}
	return variables, nil
}

func readSecret(secret Secret) (string, error) {
	value := os.Getenv(secret.Name)
	if secret.PathAsValue && strings.HasPrefix(value, "/") {
		return readSecretFile(value)
	}
	if secret.FileEnv != "" {
		if path := os.Getenv(secret.FileEnv); path != "" {
			content, err := readSecretFile(path)
			if err != nil {
				return "", fmt.Errorf("%s: %w", secret.FileEnv, err)
			}
			return content, nil
		}
	}
	return value, nil
}

// readSecretFile takes a bare name as a file of /run/secrets, which is how Pi-hole reads it.
func readSecretFile(path string) (string, error) {
	if !filepath.IsAbs(path) {
		path = filepath.Join("/run/secrets", path)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("secret file as user %d: %w", os.Getuid(), err)
	}
	return strings.TrimRight(string(content), "\r\n"), nil
}

func orFile(secret Secret) string {
	if secret.FileEnv == "" {
		return ""
	}
	return ", or the path of its file in " + secret.FileEnv
}

// substitute replaces {NAME}, the form Frigate has in its configuration file.
func (v Variables) substitute(text string) string {
	for {
		start := strings.IndexByte(text, '{')
		if start < 0 {
			return text
		}
		end := strings.IndexByte(text[start:], '}')
		if end < 0 {
			return text
		}
		text = text[:start] + v.get(text[start+1:start+end]) + text[start+end+1:]
	}
}

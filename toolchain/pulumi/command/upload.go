package command

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pkg/sftp"
)

// source is what to upload: a local path (file or folder), or a text.
type source struct {
	path string
	text *string
}

func pathSource(path string) source { return source{path: path} }
func textSource(text string) source { return source{text: &text} }

// upload copies source to remotePath over sftp and makes the folders above it. Where remotePath is
// a folder, the file or folder goes into it under its own name; an existing file is overwritten.
func upload(ctx context.Context, connection Connection, from source, remotePath string) error {
	ssh, closeClient, err := connection.dial(ctx)
	if err != nil {
		return err
	}
	defer closeClient()
	// Closing the connection is the only way to end a transfer that is under way.
	defer context.AfterFunc(ctx, func() { _ = ssh.Close() })()
	client, err := sftp.NewClient(ssh)
	if err != nil {
		return fmt.Errorf("sftp on %s: %w", connection.Host, err)
	}
	defer func() { _ = client.Close() }()
	if err := from.copyTo(client, remotePath); err != nil {
		return fmt.Errorf("copy to %s on %s: %w", remotePath, connection.Host, err)
	}
	return nil
}

func (s source) copyTo(client *sftp.Client, remotePath string) error {
	existing, err := client.Stat(remotePath)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	intoFolder := err == nil && existing.IsDir()
	if s.text != nil {
		if intoFolder {
			return fmt.Errorf("it is a folder, and a text has no name of its own: name the file")
		}
		return writeRemote(client, remotePath, strings.NewReader(*s.text))
	}
	local, err := os.Stat(s.path)
	if err != nil {
		return err
	}
	if intoFolder {
		name, err := filepath.Abs(s.path)
		if err != nil {
			return err
		}
		remotePath = path.Join(remotePath, filepath.Base(name))
	}
	if !local.IsDir() {
		return copyFile(client, s.path, remotePath)
	}
	if existing != nil && !intoFolder {
		return fmt.Errorf("it is a file, and %s is a folder", s.path)
	}
	return copyFolder(client, s.path, remotePath)
}

func copyFolder(client *sftp.Client, folder, remoteFolder string) error {
	return filepath.WalkDir(folder, func(local string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(folder, local)
		if err != nil {
			return err
		}
		remote := path.Join(remoteFolder, filepath.ToSlash(relative))
		// A link counts as what it points to.
		info, err := os.Stat(local)
		if err != nil {
			return err
		}
		if info.IsDir() && !entry.IsDir() {
			return copyFolder(client, local+string(filepath.Separator), remote)
		}
		if info.IsDir() {
			return client.MkdirAll(remote)
		}
		return copyFile(client, local, remote)
	})
}

func copyFile(client *sftp.Client, local, remote string) error {
	file, err := os.Open(local)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	return writeRemote(client, remote, file)
}

func writeRemote(client *sftp.Client, remote string, content io.Reader) error {
	if err := client.MkdirAll(path.Dir(remote)); err != nil {
		return err
	}
	file, err := client.Create(remote)
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, content); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}

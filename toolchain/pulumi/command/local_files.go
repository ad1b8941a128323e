package command

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gobwas/glob"
	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// collect gives the files that assetPaths and archivePaths name, below the command's folder.
func (b LocalBase) collect() (LocalFiles, error) {
	files := LocalFiles{}
	folder := "."
	if b.Dir != nil {
		folder = *b.Dir
	}
	// nil means "not asked for", empty "nothing found".
	if b.AssetPaths != nil {
		found, err := findAssets(folder, b.AssetPaths)
		if err != nil {
			return files, err
		}
		files.Assets = map[string]types.AssetOrArchive{}
		for path, asset := range found {
			files.Assets[path] = types.AssetOrArchive{Asset: asset}
		}
	}
	if b.ArchivePaths != nil {
		found, err := findAssets(folder, b.ArchivePaths)
		if err != nil {
			return files, err
		}
		members := map[string]any{}
		for path, asset := range found {
			members[path] = asset
		}
		archive, err := resource.NewAssetArchive(members)
		if err != nil {
			return files, fmt.Errorf("archivePaths: %w", err)
		}
		files.Archive = archive
	}
	return files, nil
}

// findAssets gives every file below folder that the patterns select, by its path relative to folder.
// Patterns are tried in order and the last that matches decides; one that starts with `!` takes files out.
func findAssets(folder string, patterns []string) (map[string]*resource.Asset, error) {
	type rule struct {
		glob    glob.Glob
		selects bool
	}
	rules := make([]rule, 0, len(patterns))
	for _, pattern := range patterns {
		text, excludes := strings.CutPrefix(pattern, "!")
		compiled, err := glob.Compile(text, '/')
		if err != nil {
			return nil, fmt.Errorf("pattern %q: %w", pattern, err)
		}
		rules = append(rules, rule{compiled, !excludes})
	}
	assets := map[string]*resource.Asset{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		relative = filepath.ToSlash(relative)
		selected := false
		for _, rule := range rules {
			if rule.glob.Match(relative) {
				selected = rule.selects
			}
		}
		if !selected {
			return nil
		}
		// Links are followed to files; a link to a folder, a socket and the like are not files.
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
			return err
		}
		assets[relative], err = resource.NewPathAsset(path)
		return err
	})
	return assets, err
}

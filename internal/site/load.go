package site

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/goccy/go-yaml"
)

// Load reads a site.yaml.
func Load(path string) (*Site, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the site: %w", err)
	}
	return Parse(data, path)
}

// Parse reads the text of a site.yaml that lies, or lay, at path.
func Parse(data []byte, path string) (*Site, error) {
	s := &Site{}
	if err := yaml.UnmarshalWithOptions(data, s, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("cannot read the site %s: %w", path, err)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	s.Path = abs
	return s, nil
}

// Marshal writes a site as YAML.
func Marshal(s *Site) ([]byte, error) { return yaml.Marshal(s) }

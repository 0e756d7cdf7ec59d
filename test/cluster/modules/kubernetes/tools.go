//go:build tools

// Package kubernetes only pins programs: go.mod's tool block names them, test/cluster/build.ts builds them.
package kubernetes

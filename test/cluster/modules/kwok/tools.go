//go:build tools

// Package kwok only pins programs: go.mod's tool block names them, test/cluster/build.ts builds them.
package kwok

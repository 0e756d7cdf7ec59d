//go:build tools

// Package argocd only pins programs: go.mod's tool block names them, test/cluster/build.ts builds them.
package argocd

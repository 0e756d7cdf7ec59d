// Program rollout-info says of Rollouts what `kubectl argo rollouts get rollout` says, by the plugin's own package, but of
// objects that it is given instead of objects that it reads: so two readers can be compared on the very same ones.
//
// It reads JSON values from standard input, each a Rollout with what belongs to it, and answers each with a line of JSON.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	"github.com/argoproj/argo-rollouts/pkg/kubectl-argo-rollouts/info"
	rolloututil "github.com/argoproj/argo-rollouts/utils/rollout"
)

type asked struct {
	Rollout      *v1alpha1.Rollout       `json:"rollout"`
	ReplicaSets  []*appsv1.ReplicaSet    `json:"replicaSets"`
	Pods         []*corev1.Pod           `json:"pods"`
	AnalysisRuns []*v1alpha1.AnalysisRun `json:"analysisRuns"`
	// Absent: the Rollout holds its own template.
	Workload *appsv1.Deployment `json:"workload"`
}

type phase struct {
	Status  string `json:"status"`
	Message string `json:"message"`
}

type replicaSet struct {
	Name      string   `json:"name"`
	Revision  int64    `json:"revision"`
	Replicas  int32    `json:"replicas"`
	Available int32    `json:"available"`
	Images    []string `json:"images"`
	Stable    bool     `json:"stable"`
	Canary    bool     `json:"canary"`
	Active    bool     `json:"active"`
	Preview   bool     `json:"preview"`
	// Not empty while it waits to be scaled down.
	ScaleDownDeadline string   `json:"scaleDownDeadline"`
	Pods              []string `json:"pods"`
}

type analysisRun struct {
	Name   string `json:"name"`
	Status string `json:"status"`
}

type answer struct {
	phase
	// The phase as the controller's own function gives it, which knows that a template was resolved from a workload. The plugin
	// never resolves one and never says that a workload was not observed yet.
	Resolved     phase             `json:"resolved"`
	Strategy     string            `json:"strategy"`
	Step         string            `json:"step"`
	SetWeight    string            `json:"setWeight"`
	ActualWeight string            `json:"actualWeight"`
	Desired      int32             `json:"desired"`
	Updated      int32             `json:"updated"`
	Available    int32             `json:"available"`
	Containers   map[string]string `json:"containers"`
	ReplicaSets  []replicaSet      `json:"replicaSets"`
	AnalysisRuns []analysisRun     `json:"analysisRuns"`
}

func answerTo(a asked) answer {
	ro := info.NewRolloutInfo(a.Rollout, a.ReplicaSets, a.Pods, nil, a.AnalysisRuns, a.Workload)
	resolved := a.Rollout.DeepCopy()
	resolved.Spec.TemplateResolvedFromRef = resolved.Spec.WorkloadRef != nil
	status, message := rolloututil.GetRolloutPhase(resolved)
	said := answer{
		phase:        phase{Status: ro.Status, Message: ro.Message},
		Resolved:     phase{Status: string(status), Message: message},
		Strategy:     ro.Strategy,
		Step:         ro.Step,
		SetWeight:    ro.SetWeight,
		ActualWeight: ro.ActualWeight,
		Desired:      ro.Desired,
		Updated:      ro.Updated,
		Available:    ro.Available,
		Containers:   map[string]string{},
		ReplicaSets:  []replicaSet{},
		AnalysisRuns: []analysisRun{},
	}
	for _, container := range ro.Containers {
		said.Containers[container.Name] = container.Image
	}
	for _, rs := range ro.ReplicaSets {
		one := replicaSet{
			Name: rs.ObjectMeta.Name, Revision: rs.Revision, Replicas: rs.Replicas, Available: rs.Available, Images: rs.Images,
			Stable: rs.Stable, Canary: rs.Canary, Active: rs.Active, Preview: rs.Preview,
			ScaleDownDeadline: rs.ScaleDownDeadline, Pods: []string{},
		}
		for _, pod := range rs.Pods {
			one.Pods = append(one.Pods, pod.ObjectMeta.Name)
		}
		said.ReplicaSets = append(said.ReplicaSets, one)
	}
	for _, run := range ro.AnalysisRuns {
		said.AnalysisRuns = append(said.AnalysisRuns, analysisRun{Name: run.ObjectMeta.Name, Status: run.Status})
	}
	return said
}

func run(in io.Reader, out io.Writer) error {
	decoder := json.NewDecoder(in)
	encoder := json.NewEncoder(out)
	for {
		var a asked
		if err := decoder.Decode(&a); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("cannot read what was asked: %w", err)
		}
		if a.Rollout == nil {
			return errors.New("a question without a Rollout")
		}
		if err := encoder.Encode(answerTo(a)); err != nil {
			return err
		}
	}
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

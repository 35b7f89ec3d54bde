// Prints, as one line of JSON, what a Go release's runtime sources say about goroutines and pclntab on js/wasm.
// Knows how to type-check the runtime package of another release (declarations only); it runs nothing of it.
//
//	go run . GOROOT MINOR TOOLTAG,TOOLTAG
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/build"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// gFields are the fields of runtime.g in the order of the table; a dot goes into a nested struct.
var gFields = []string{
	"m", "sched.sp", "sched.pc", "sched.g", "atomicstatus", "goid",
	"waitsince", "waitreason", "parentGoid", "gopc", "startpc",
}

var mFields = []string{"g0", "curg"}

// moduledataFields come after the tables that every release since 1.16 has in the same place.
var moduledataFields = []string{
	"ftab", "minpc", "maxpc", "noptrdata", "enoptrdata", "data", "edata", "bss", "ebss", "noptrbss", "enoptrbss",
	"types", "etypes", "gofunc",
}

// State of the collector: fields of the types of runtime.work, runtime.memstats and runtime.gcController.
var (
	workFields       = []string{"userForced", "cycles", "tSweepTerm", "tMark", "tMarkTerm", "tEnd", "pauseNS", "heap0", "heap1", "heap2"}
	mstatsFields     = []string{"enablegc", "numgc", "last_gc_unix", "last_gc_nanotime", "pause_total_ns", "lastHeapInUse"}
	controllerFields = []string{"heapLive", "heapInUse", "heapFree", "heapReleased", "lastHeapGoal"}
)

// firstState is the first minor release whose collector's state is described, firstMap the first whose maps are.
const (
	firstState = 21
	firstMap   = 19
)

type answer struct {
	G          []int64          // offsets of gFields, -1 when the release has no such field
	M          []int64          // offsets of mFields
	Moduledata []int64          // offsets of moduledataFields
	FuncIDs    map[string]int64 // runtime.funcID_*, from 1.21 on internal/abi.FuncID*
	Tables     map[string]int64 // PCDATA_* and FUNCDATA_* of runtime/funcdata.h
	State      []int64          // offsets of workFields, mstatsFields, controllerFields; none before firstState
	Map        []int64          // how maps are laid out, see maps.go; none before firstMap
}

func main() {
	goroot := os.Args[1]
	minor, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	source := newSource(goroot, minor, strings.Split(os.Args[3], ","))
	runtime, err := source.Import("runtime")
	if err != nil {
		panic(err)
	}
	out := answer{
		G:          offsets(source.sizes, structOf(runtime, "g"), gFields),
		M:          offsets(source.sizes, structOf(runtime, "m"), mFields),
		Moduledata: offsets(source.sizes, structOf(runtime, "moduledata"), moduledataFields),
		FuncIDs:    funcIDs(runtime),
		Tables:     tables(goroot),
	}
	if minor >= firstState {
		out.State = append(out.State, offsets(source.sizes, structOfVar(runtime, "work"), workFields)...)
		out.State = append(out.State, offsets(source.sizes, structOfVar(runtime, "memstats"), mstatsFields)...)
		out.State = append(out.State, offsets(source.sizes, structOfVar(runtime, "gcController"), controllerFields)...)
	}
	if minor >= firstMap {
		out.Map = maps(source, runtime, minor)
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		panic(err)
	}
}

// source imports packages of one GOROOT from their sources.
type source struct {
	context build.Context
	fset    *token.FileSet
	sizes   types.Sizes
	done    map[string]*types.Package
}

func newSource(goroot string, minor int, toolTags []string) *source {
	context := build.Default
	context.GOROOT, context.GOOS, context.GOARCH = goroot, "js", "wasm"
	context.Compiler, context.CgoEnabled, context.ToolTags = "gc", false, toolTags
	context.ReleaseTags = nil
	for i := 1; i <= minor; i++ {
		context.ReleaseTags = append(context.ReleaseTags, fmt.Sprintf("go1.%d", i))
	}
	return &source{context, token.NewFileSet(), types.SizesFor("gc", "wasm"), map[string]*types.Package{}}
}

func (s *source) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if found := s.done[path]; found != nil {
		return found, nil
	}
	dir := filepath.Join(s.context.GOROOT, "src", filepath.FromSlash(path))
	listed, err := s.context.ImportDir(dir, 0)
	if err != nil {
		return nil, err
	}
	files := []*ast.File{}
	for _, name := range listed.GoFiles {
		file, err := parser.ParseFile(s.fset, filepath.Join(dir, name), nil, 0)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	// Old runtimes declare what only the compiler of their day understands; a struct that cannot be sized fails later.
	config := types.Config{Importer: s, Sizes: s.sizes, IgnoreFuncBodies: true, FakeImportC: true, Error: func(error) {}}
	checked, _ := config.Check(path, s.fset, files, nil)
	s.done[path] = checked
	return checked, nil
}

func structOf(pkg *types.Package, name string) *types.Struct {
	object := pkg.Scope().Lookup(name)
	if object == nil {
		panic("no runtime." + name)
	}
	return sized(name, object)
}

func structOfVar(pkg *types.Package, name string) *types.Struct {
	object, ok := pkg.Scope().Lookup(name).(*types.Var)
	if !ok {
		panic("no variable runtime." + name)
	}
	return sized(name, object)
}

// sized is the struct of a type or variable; all of its fields have types.
func sized(name string, object types.Object) *types.Struct {
	shape := object.Type().Underlying().(*types.Struct)
	for i := 0; i < shape.NumFields(); i++ {
		if basic, ok := shape.Field(i).Type().Underlying().(*types.Basic); ok && basic.Kind() == types.Invalid {
			panic("runtime." + name + "." + shape.Field(i).Name() + " has no type")
		}
	}
	return shape
}

func offsets(sizes types.Sizes, shape *types.Struct, paths []string) []int64 {
	all := []int64{}
	for _, path := range paths {
		all = append(all, offset(sizes, shape, path))
	}
	return all
}

func offset(sizes types.Sizes, shape *types.Struct, path string) int64 {
	first, rest, nested := strings.Cut(path, ".")
	fields := []*types.Var{}
	for i := 0; i < shape.NumFields(); i++ {
		fields = append(fields, shape.Field(i))
	}
	for i, at := range sizes.Offsetsof(fields) {
		if fields[i].Name() != first {
			continue
		}
		if !nested {
			return at
		}
		return at + offset(sizes, fields[i].Type().Underlying().(*types.Struct), rest)
	}
	return -1
}

// funcIDs takes the constants from whichever package of the release declares them.
func funcIDs(runtime *types.Package) map[string]int64 {
	ids := map[string]int64{}
	for _, pkg := range append(runtime.Imports(), runtime) {
		for _, name := range pkg.Scope().Names() {
			id, ok := pkg.Scope().Lookup(name).(*types.Const)
			if !ok || !strings.HasPrefix(strings.ToLower(name), "funcid") || strings.HasPrefix(strings.ToLower(name), "funcidmax") {
				continue
			}
			value, _ := constant.Int64Val(id.Val())
			ids[strings.TrimPrefix(strings.ToLower(name[:6])+name[6:], "funcid")] = value
		}
	}
	return ids
}

var define = regexp.MustCompile(`(?m)^#define\s+((?:PC|FUNC)DATA_\w+)\s+(\d+)`)

func tables(goroot string) map[string]int64 {
	header, err := os.ReadFile(filepath.Join(goroot, "src/runtime/funcdata.h"))
	if err != nil {
		panic(err)
	}
	found := map[string]int64{}
	for _, match := range define.FindAllStringSubmatch(string(header), -1) {
		value, err := strconv.ParseInt(match[2], 10, 64)
		if err != nil {
			panic(err)
		}
		found[match[1]] = value
	}
	return found
}

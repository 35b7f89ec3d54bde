// How a release lays out maps: in buckets (runtime/map.go), in groups (internal/runtime/maps), or as its builder chose. A row has
// the fields of what describes a type, then those of buckets, then those of groups; -1 for what the release does not have.
package main

import (
	"go/types"
	"slices"
)

const (
	// firstGroups is the first minor release with groups, lastBuckets the last with buckets; in between an experiment decides.
	firstGroups = 24
	lastBuckets = 25
	// firstABI is the first in which internal/abi describes types.
	firstABI = 21
	swiss    = "goexperiment.swissmap"
)

var (
	slotSizes    = []string{"KeySize", "ValueSize", "BucketSize"}
	bucketFields = []string{"flags", "B", "buckets", "oldbuckets"}
	groupSlots   = []string{"GroupSize", "SlotSize", "ElemOff", "KeysOff", "KeyStride", "ElemsOff", "ElemStride"}
	mapFields    = []string{"dirPtr", "dirLen"}
	tableFields  = []string{"groups.data", "groups.lengthMask"}
	groupCount   = len(groupSlots) + len(mapFields) + len(tableFields)
)

func maps(source *source, runtime *types.Package, minor int) []int64 {
	at := func(shape *types.Struct, fields ...string) []int64 { return offsets(source.sizes, shape, fields) }
	if minor < firstABI {
		described := structOf(runtime, "maptype")
		row := at(described, "typ.kind", "key", "elem", "keysize", "elemsize", "bucketsize")
		row = append(row, at(structOf(runtime, "hmap"), bucketFields...)...)
		return append(row, missing(groupCount)...)
	}
	abi := source.mustImport("internal/abi")
	inBuckets, inGroups := "MapType", "MapType"
	if minor >= firstGroups && minor <= lastBuckets {
		inBuckets, inGroups = "OldMapType", "SwissMapType"
	}
	row := at(structOf(abi, inGroups), "Type.Kind_", "Key", "Elem")
	if minor <= lastBuckets {
		row = append(row, at(structOf(abi, inBuckets), slotSizes...)...)
		row = append(row, at(structOf(source.without(swiss).mustImport("runtime"), "hmap"), bucketFields...)...)
	} else {
		row = append(row, missing(len(slotSizes)+len(bucketFields))...)
	}
	if minor < firstGroups {
		return append(row, missing(groupCount)...)
	}
	groups := source.mustImport("internal/runtime/maps")
	row = append(row, at(structOf(abi, inGroups), groupSlots...)...)
	row = append(row, at(structOf(groups, "Map"), mapFields...)...)
	return append(row, at(structOf(groups, "table"), tableFields...)...)
}

func missing(count int) []int64 {
	row := make([]int64, count)
	for i := range row {
		row[i] = -1
	}
	return row
}

func (s *source) mustImport(path string) *types.Package {
	found, err := s.Import(path)
	if err != nil {
		panic(err)
	}
	return found
}

// without is the same release with one experiment less.
func (s *source) without(tag string) *source {
	context := s.context
	context.ToolTags = slices.DeleteFunc(slices.Clone(context.ToolTags), func(each string) bool { return each == tag })
	return &source{context, s.fset, s.sizes, map[string]*types.Package{}}
}

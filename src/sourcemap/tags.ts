/** Words of the `scopes` field (ECMA-426, Scopes, stage 3; as Chromium 156's DevTools decode it). */

export enum Tag {
  Empty = 0,
  ScopeStart = 1,
  ScopeEnd = 2,
  RangeStart = 4,
  RangeEnd = 5,
  CallSite = 8,
}

export enum ScopeFlag {
  HasName = 1,
  HasKind = 2,
  IsStackFrame = 4,
}

export enum RangeFlag {
  HasLine = 1,
  HasDefinition = 2,
  /** Stands on the stack by itself; inlined calls have a call site instead. */
  IsStackFrame = 4,
  IsHidden = 8,
}

/** Go names in type: functions with their package dimmed, locations as links, sentences with places in them. */
import type { Words } from '../../src/failures/failure';
import { baseName, fullPlace, shortPlace, splitFunction } from '../../src/failures/place';
import type { Place } from '../../src/symbols/frame';
import { TextLink } from './button';

interface NameProps {
  symbol: string;
  dim?: boolean;
  /** Of the package's path only the last element: the tooltip has all of it. */
  short?: boolean;
}

/** Where the path does not fit it is cut from its left end, so that the name stays whole. */
export function FunctionName({ symbol, dim, short }: NameProps) {
  const { path: whole, name } = splitFunction(symbol);
  const path = short ? baseName(whole) : whole;
  return (
    <span class={`function ${dim ? 'dim' : ''} ${short ? 'short' : ''}`} title={symbol} translate={false}>
      {path && (
        <span class="package">
          <bdi>{path}.</bdi>
        </span>
      )}
      <span class="name">{shortArguments(name)}</span>
    </span>
  );
}

/** Long type arguments would push the method's name out of sight; the tooltip has them. */
function shortArguments(name: string): string {
  return name.length < 60 ? name : name.replace(/\[[^\]]{24,}\]+/g, '[…]');
}

export interface LinkTo {
  place: Place;
  open(place: Place): void;
  /** Added to the tooltip: how precise it is. */
  note?: string;
}

export function LocationLink({ place, open, note = '' }: LinkTo) {
  return (
    <TextLink title={`${fullPlace(place)}${note && ` · ${note}`}`} onClick={() => open(place)}>
      <span translate={false}>{shortPlace(place)}</span>
    </TextLink>
  );
}

/** A sentence of the session: text, places as links, code in code type, other failures as links. */
export function Sentence({
  words,
  open,
  show,
}: {
  words: Words;
  open(place: Place): void;
  show(failure: string): void;
}) {
  return (
    <>
      {words.map((word, i) => {
        if (typeof word === 'string') return word;
        if ('code' in word) return <code key={i}>{word.code}</code>;
        if ('place' in word) return <LocationLink key={i} place={word.place} open={open} />;
        return (
          <TextLink key={i} onClick={() => show(word.failure)}>
            {word.text}
          </TextLink>
        );
      })}
    </>
  );
}

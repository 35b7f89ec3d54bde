/** The one line in a table that has no rows. */
import type { App } from '../app';
import { TextLink } from '../widgets/button';

export function Nothing({ app: { bridge } }: { app: App }) {
  const text = bridge.text.value.trim();
  const clear = () => {
    bridge.text.value = '';
  };
  const showAll = () => {
    bridge.range.value = null;
  };
  if (text !== '') {
    return (
      <>
        Nothing matches “{text}”. <TextLink onClick={clear}>Clear filter</TextLink>
      </>
    );
  }
  if (bridge.range.value) {
    return (
      <>
        No timed call in this stretch. <TextLink onClick={showAll}>Show all</TextLink>
      </>
    );
  }
  return <>No call has crossed the bridge yet.</>;
}

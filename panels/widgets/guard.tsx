/** A part may fail, the panel may not: what throws while it is drawn is replaced by a line that says so. */
import { Component, type ComponentChildren } from 'preact';
import { TextLink } from './button';
import { Icon } from './icons';

interface GuardProps {
  /** What the part is called, e.g. `Stack`. */
  name: string;
  children: ComponentChildren;
}

export class Guard extends Component<GuardProps, { why: string | null }> {
  override state = { why: null };

  static override getDerivedStateFromError(error: unknown) {
    return { why: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    const { why } = this.state;
    if (why === null) return this.props.children;
    return (
      <div class="part-failed" role="status">
        <Icon name="warning" size={16} class="tone-warn" />
        <p>
          {this.props.name} could not be shown: {why}.{' '}
          <TextLink onClick={() => this.setState({ why: null })}>Try again</TextLink>
        </p>
      </div>
    );
  }
}

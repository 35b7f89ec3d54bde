/** Whether text stands out from what is behind it: WCAG's 4.5 : 1. */
import { evaluate } from '../../../tools/browser.mjs';
import type { Panel } from './open';

/** @returns whether the theme is dark, and every text that is hard to read */
export function readable(panel: Panel): Promise<{ dark: boolean; poor: string[] }> {
  return evaluate(panel.session, look) as Promise<{ dark: boolean; poor: string[] }>;
}

/** In the page. */
const look = () => {
  const luminance = (color: string) => {
    const [r, g, b] = (color.match(/[\d.]+/g) ?? []).map((part) => {
      const level = Number(part) / 255;
      return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element): string => {
    for (let at: Element | null = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (/^rgb\(/.test(color)) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const poor: string[] = [];
  for (const element of document.querySelectorAll('.panel *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
    const color = getComputedStyle(element).color;
    if (!own || element.closest('.offscreen, :disabled') || !/^rgb\(/.test(color)) continue;
    const [a, b] = [luminance(color), luminance(behind(element))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) poor.push(`${element.className} “${element.textContent?.slice(0, 30)}”`);
  }
  return { dark: document.documentElement.classList.contains('theme-with-dark-background'), poor };
};

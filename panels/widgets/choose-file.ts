/** Chrome's own dialog for files. */

/** Calls back with what the user has chosen; not at all when nothing was. @param accept as an input's attribute, '' for any */
export function chooseFiles(use: (files: File[]) => void, { accept = '', multiple = false } = {}): void {
  const input = document.createElement('input');
  Object.assign(input, { type: 'file', accept, multiple });
  input.addEventListener('change', () => {
    if (input.files?.length) use([...input.files]);
  });
  input.click();
}

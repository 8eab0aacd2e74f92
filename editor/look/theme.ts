import { create } from 'zustand'

export type ThemeChoice = 'system' | 'light' | 'dark'
export type Theme = 'light' | 'dark'

const key = 'patchbay-theme'
const darkSystem = () => matchMedia('(prefers-color-scheme: dark)')

const stored = (): ThemeChoice => {
  const value = localStorage.getItem(key)
  return value === 'light' || value === 'dark' ? value : 'system'
}
const resolve = (choice: ThemeChoice): Theme =>
  choice === 'system' ? (darkSystem().matches ? 'dark' : 'light') : choice

type ThemeState = { choice: ThemeChoice; theme: Theme; choose: (choice: ThemeChoice) => void }

/** The look that is on, and the choice behind it. `system` follows the computer, also while the page is open. */
export const useTheme = create<ThemeState>((set) => ({
  choice: 'system',
  theme: 'light',
  choose: (choice) => {
    if (choice === 'system') localStorage.removeItem(key)
    else localStorage.setItem(key, choice)
    set({ choice, theme: resolve(choice) })
  },
}))

/** Puts the stored theme on the page and keeps it there. Called once, before the first paint. */
export const startTheme = (): void => {
  useTheme.subscribe(({ theme }) => {
    document.documentElement.dataset['theme'] = theme
  })
  useTheme.getState().choose(stored())
  darkSystem().addEventListener('change', () => useTheme.getState().choose(useTheme.getState().choice))
}

import {
  ActionIcon,
  Button,
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
} from '@mantine/core'
import { t } from './messages.ts'

const CLOSE = { 'aria-label': t.action.close }

const accent: MantineColorsTuple = [
  '#e4f3ee',
  '#cbe8de',
  '#9fd6c4',
  '#6cc1a7',
  '#3cc79d',
  '#1f9d79',
  '#0b7f61',
  '#08684f',
  '#06523f',
  '#043b2d',
]

const gray: MantineColorsTuple = [
  '#fbfbfa',
  '#f4f4f2',
  '#e7e7e3',
  '#dcdcd7',
  '#d3d3cd',
  '#a9aeab',
  '#6f7572',
  '#545a57',
  '#353a38',
  '#161817',
]

const dark: MantineColorsTuple = [
  '#eceeed',
  '#a9b1ad',
  '#89918d',
  '#5c6561',
  '#3b423f',
  '#282d2b',
  '#1e2220',
  '#171a19',
  '#131614',
  '#101211',
]

/** The one palette and type scale; base.css holds the values. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 4 },
  colors: { accent, gray, dark },
  autoContrast: true,
  // Mantine chooses the text on a color by its light shade alone; in the dark scheme the accent is bright.
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input)
    return input.variant === 'filled' ? { ...colors, color: 'var(--on-accent)' } : colors
  },
  fontFamily: 'Inter, ui-sans-serif, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: {
    xs: 'var(--t-micro)',
    sm: 'var(--t-small)',
    md: 'var(--t-body)',
    lg: 'var(--t-lead)',
    xl: 'var(--t-h3)',
  },
  defaultRadius: 8,
  cursorType: 'pointer',
  components: {
    Button: Button.extend({ styles: { root: { fontWeight: 560, letterSpacing: '-0.005em' } } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray' } }),
    Input: { styles: { input: { fontSize: 'var(--t-body)' } } },
    InputWrapper: {
      styles: {
        label: { fontSize: 'var(--t-small)', fontWeight: 560, marginBlockEnd: 6 },
        description: { fontSize: 'var(--t-small)', color: 'var(--ink-3)', marginBlockEnd: 6 },
      },
    },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: false, multiline: true, maw: 320 } },
    Drawer: { defaultProps: { closeButtonProps: CLOSE } },
    Modal: {
      defaultProps: {
        closeButtonProps: CLOSE,
        centered: true,
        radius: 12,
        overlayProps: { backgroundOpacity: 0.4 },
      },
    },
  },
})

/** Points Mantine's own variables at the palette. */
export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: shared('#0b7f61'),
  dark: shared('#3cc79d'),
})

function shared(accentFilled: string): Record<string, string> {
  return {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-2)',
    '--mantine-color-placeholder': 'var(--ink-3)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--sunken)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-accent-filled': accentFilled,
    '--mantine-color-accent-filled-hover': 'var(--accent-strong)',
    '--mantine-color-accent-light': 'var(--accent-soft)',
    '--mantine-color-accent-light-hover': 'var(--accent-soft)',
    '--mantine-color-accent-light-color': 'var(--accent)',
    '--mantine-color-error': 'var(--bad)',
  }
}

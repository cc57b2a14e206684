/** Language of the message catalogue in use. */
export const locale = 'en'

/** Writing direction of that language. */
export const direction: 'ltr' | 'rtl' = 'ltr'

/** Locale for numbers and times: the reader's own, whatever the language of the words. */
export const formatLocale: string = typeof navigator === 'undefined' ? 'en' : navigator.language

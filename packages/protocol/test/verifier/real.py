"""Logarithm, exponential and the gamma functions, to the last bit (docs/protocol.md, section 5)."""

import math

LN2_HIGH = 0.6931471803691238
LN2_LOW = 1.9082149292705877e-10
PER_LN2 = 1 / (LN2_HIGH + LN2_LOW)
SQRT_TWO = math.sqrt(2)
HALF_LOG_TWO_PI = 0.9189385332046728
ONE_MINUS_EULER = 0.42278433509846713
ZETA_MINUS_ONE = [
    0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993, 0.01734306198444914,
    0.008349277381922827, 0.00407735619794434, 0.0020083928260822143, 0.0009945751278180853,
    0.0004941886041194645, 0.0002460865533080483, 0.00012271334757848915, 6.12481350587048e-5,
    3.058823630702049e-5, 1.528225940865187e-5, 7.637197637899763e-6, 3.81729326499984e-6,
    1.908212716553939e-6, 9.539620338727962e-7, 4.769329867878066e-7, 2.38450502727733e-7,
    1.1921992596531106e-7, 5.960818905125948e-8, 2.980350351465228e-8, 1.4901554828365043e-8,
    7.45071178983543e-9, 3.725334024788457e-9, 1.8626597235130487e-9, 9.313274324196682e-10,
]  # fmt: skip
BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510]


def log(x):
    """Natural logarithm of a double above 0."""
    if x < 2.0**-1022:
        return log(x * 2.0**54) - 54 * LN2_HIGH - 54 * LN2_LOW
    mantissa, exponent = math.frexp(x)
    mantissa, exponent = 2 * mantissa, exponent - 1
    if mantissa > SQRT_TWO:
        mantissa, exponent = mantissa / 2, exponent + 1
    f = mantissa - 1
    s = f / (2 + f)
    z = s * s
    rest = 2 / 21
    for k in range(19, 2, -2):
        rest = 2 / k + z * rest
    rest = rest * z
    h = 0.5 * f * f
    return exponent * LN2_HIGH - (h - (s * (h + rest) + exponent * LN2_LOW) - f)


def exp(x):
    """e to the power of x."""
    if x < -745:
        return 0.0
    if x > 709:
        return math.inf
    k = math.floor(x * PER_LN2 + 0.5)
    r = x - k * LN2_HIGH - k * LN2_LOW
    total = 1 / math.factorial(13)
    for n in range(12, 1, -1):
        total = 1 / math.factorial(n) + r * total
    result = 1 + (r + r * r * total)
    if k < -1000:
        return result * 2.0**-1000 * 2.0 ** (k + 1000)
    if k > 1000:
        return result * 2.0**1000 * 2.0 ** (k - 1000)
    return result * 2.0**k


def _near_two(z):
    total = 0.0
    for k in range(30, 1, -1):
        term = ZETA_MINUS_ONE[k - 2] / k
        total = (term if k % 2 == 0 else -term) + z * total
    return z * (ONE_MINUS_EULER + z * total)


def _series(terms, x):
    z = 1 / (x * x)
    total = 0.0
    for term in reversed(terms):
        total = (total + term) * z
    return total


def lgamma(x):
    """Logarithm of the gamma function of x above 0."""
    if x < 0.5:
        return _near_two(x) - log(1 + x) - log(x)
    if x < 1.5:
        return _near_two(x - 1) - log(x)
    if x < 8:
        product = 1.0
        while x >= 2.5:
            x = x - 1
            product = product * x
        return _near_two(x - 2) + log(product)
    terms = [b / (2 * n * (2 * n - 1)) for n, b in enumerate(BERNOULLI, 1)]
    return (x - 0.5) * log(x) - x + HALF_LOG_TWO_PI + _series(terms, x) * x


def digamma_rise(x, y):
    """digamma(x + y) - digamma(x)."""
    low, high, above, below = x, x + y, 0.0, 1.0
    while low < 8:
        product = low * high
        above = above * product + y * below
        below = below * product
        low, high = low + 1, high + 1
    low, high, logs = 1 / low, 1 / high, log(high / low)
    series_low, series_high = 0.0, 0.0
    for n in range(len(BERNOULLI), 0, -1):
        term = BERNOULLI[n - 1] / (2 * n)
        series_low = (series_low + term) * (low * low)
        series_high = (series_high + term) * (high * high)
    return logs + 0.5 * (low - high) + (series_low - series_high) + above / below


def digamma(x):
    """Derivative of lgamma."""
    steps = 0.0
    while x < 8:
        steps = steps + 1 / x
        x = x + 1
    terms = [b / (2 * n) for n, b in enumerate(BERNOULLI, 1)]
    return log(x) - 0.5 / x - _series(terms, x) - steps

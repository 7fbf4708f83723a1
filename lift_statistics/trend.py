"""Linear trends of series whose neighbouring values resemble each other."""

import numpy as np


def newey_west_slope(series: np.ndarray, lags: int) -> tuple[np.ndarray, np.ndarray]:
    """Return least-squares slopes and standard errors that allow for autocorrelation.

    The errors weigh autocovariances up to `lags` steps by Bartlett's kernel (Newey &
    West 1987), times n / (n - 2) as for any fit of two parameters.

    Args:
        series: One series per row, in steps of equal length.
        lags: The most distant steps that may be correlated.

    Returns:
        Slopes per step and their standard errors, one element per row.

    >>> slope, error = newey_west_slope(np.array([[1.0, 2, 2, 4, 5]]), lags=1)
    >>> slope.tolist(), error.round(4).tolist()
    ([1.0], [0.0966])
    """
    length = series.shape[1]
    time = np.arange(length) - (length - 1) / 2
    time_squares = np.sum(time**2)
    centered = series - series.mean(axis=1, keepdims=True)
    slope = centered @ time / time_squares
    scores = (centered - np.outer(slope, time)) * time
    long_run = np.sum(scores**2, axis=1)
    for lag in range(1, lags + 1):
        products = scores[:, lag:] * scores[:, :-lag]
        long_run += 2 * (1 - lag / (lags + 1)) * np.sum(products, axis=1)
    # the kernel admits no negative variance, except by rounding
    variance = np.maximum(long_run, 0) / time_squares**2 * length / (length - 2)
    return slope, np.sqrt(variance)
